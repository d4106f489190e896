//! Which Regions of an account are on.

use orgscan_aws::Failure;
use orgscan_aws::collect::account_regions;
use orgscan_core::model::Region;

use super::*;

fn described(regions: &[(&str, &str)]) -> ReplayEvent {
    let items = regions.iter().map(|(name, status)| {
        format!("<item><regionName>{name}</regionName><optInStatus>{status}</optInStatus></item>")
    });
    let items: String = items.collect();
    answer(
        200,
        &format!(
            "<DescribeRegionsResponse><regionInfo>{items}</regionInfo></DescribeRegionsResponse>"
        ),
    )
}

fn listed(regions: &[(&str, &str)], next: Option<&str>) -> ReplayEvent {
    let regions = regions
        .iter()
        .map(|(name, status)| serde_json::json!({"RegionName": name, "RegionOptStatus": status}));
    let regions: Vec<_> = regions.collect();
    let body = serde_json::json!({"Regions": regions, "NextToken": next});
    answer(200, &body.to_string())
}

/// The Regions that are on, and those that are off.
async fn regions_of(events: Vec<ReplayEvent>) -> Result<(Vec<String>, Vec<String>), Failure> {
    let replay = Replay::of(events);
    let regions = account_regions(&replay.session).await?.enabled;
    let (on, off): (Vec<_>, Vec<_>) = regions.into_iter().partition(|(_, on)| *on);
    let names =
        |list: Vec<(Region, bool)>| list.into_iter().map(|(name, _)| name.to_string()).collect();
    Ok((names(on), names(off)))
}

#[tokio::test]
async fn a_region_is_off_only_where_an_answer_confirms_it() {
    let some = |names: &[&str]| {
        names
            .iter()
            .map(|&name| name.to_owned())
            .collect::<Vec<_>>()
    };
    let answer = described(&[
        ("eu-west-1", "not-opted-in"),
        ("eu-south-1", "not-opted-in"),
        ("eu-south-2", "opted-in"),
        ("us-east-1", "opt-in-not-required"),
    ]);
    let (on, off) = regions_of(vec![answer]).await.unwrap();
    assert_eq!(on, some(&["eu-south-2", "eu-west-1", "us-east-1"]));
    assert_eq!(off, some(&["eu-south-1"]));

    let denied = || {
        error(
            403,
            "UnauthorizedOperation",
            "with an explicit deny in a service control policy",
        )
    };
    let pages = vec![
        denied(),
        listed(
            &[("eu-west-1", "DISABLED"), ("af-south-1", "DISABLED")],
            Some("more"),
        ),
        listed(
            &[
                ("eu-south-1", "ENABLING"),
                ("eu-south-2", "DISABLING"),
                ("ap-east-1", "ENABLED"),
            ],
            None,
        ),
    ];
    let (on, off) = regions_of(pages).await.unwrap();
    assert_eq!(
        on,
        some(&["ap-east-1", "eu-south-1", "eu-south-2", "eu-west-1"])
    );
    assert_eq!(off, some(&["af-south-1"]));

    let both = vec![denied(), answer_denied()];
    let failure = regions_of(both).await.unwrap_err();
    assert_eq!(failure.cause, Cause::DeniedByScp);
    assert!(failure.detail.contains("account:ListRegions"), "{failure}");
    // Where no request can succeed, none follows.
    let failure = regions_of(vec![error(401, "AuthFailure", "no")])
        .await
        .unwrap_err();
    assert_eq!(failure.cause, Cause::CredentialsRejected);
}

fn answer_denied() -> ReplayEvent {
    answer(403, r#"{"__type":"AccessDeniedException","message":"no"}"#)
}
