//! The way by home Regions compared with DescribeTrails in every Region, which also has the copies of trails.

use std::sync::Mutex;

use aws_smithy_http_client::test_util::infallible_client_fn;
use aws_smithy_types::body::SdkBody;
use orgscan_core::facts::{Fact, Needs};
use orgscan_core::settings::RegionFilter;
use serde_json::Value;

use super::*;
use crate::assume::Session;
use crate::collect::tests::{rate_limits, session};

const ACCOUNT: &str = "111122223333";
const REGIONS: [&str; 4] = ["eu-central-1", "eu-west-1", "us-east-1", "us-west-2"];

/// The trails that the account sees: owner, name, home Region, and whether they log in all Regions.
const TRAILS: [(&str, &str, &str, bool); 4] = [
    (ACCOUNT, "all-regions", "us-east-1", true),
    (ACCOUNT, "ireland", "eu-west-1", false),
    (ACCOUNT, "second", "eu-west-1", true),
    ("444455556666", "organization", "us-east-1", true),
];

fn arn(owner: &str, name: &str, home: &str) -> String {
    format!("arn:aws:cloudtrail:{home}:{owner}:trail/{name}")
}

/// What AWS answers in a Region: with the copies of trails of other Regions and accounts, unless ARNs are given.
fn answer(region: &str, operation: &str, input: &Value) -> Value {
    let listed = TRAILS.iter().map(|&(owner, name, home, is_multi_region)| {
        let arn = arn(owner, name, home);
        let is_here = home == region || is_multi_region;
        let wanted = input["trailNameList"].as_array();
        let is_wanted = wanted.is_none_or(|wanted| wanted.contains(&json!(arn)));
        let trail = json!({
            "TrailARN": arn,
            "Name": name,
            "HomeRegion": home,
            "S3BucketName": format!("{name}-logs"),
            "IsMultiRegionTrail": is_multi_region,
            "IsOrganizationTrail": owner != ACCOUNT,
            "IncludeGlobalServiceEvents": is_multi_region,
            "LogFileValidationEnabled": name == "second",
        });
        (is_here && is_wanted, trail)
    });
    match operation {
        "ListTrails" => json!({ "Trails": listed.map(|(_, trail)| trail).collect::<Vec<_>>() }),
        "DescribeTrails" => {
            let here = listed.filter(|(is_here, _)| *is_here);
            json!({ "trailList": here.map(|(_, trail)| trail).collect::<Vec<_>>() })
        }
        "GetTrailStatus" => json!({ "IsLogging": true }),
        _ => json!({ "EventSelectors": [] }),
    }
}

/// Requests by Region and operation.
type RequestLog = Arc<Mutex<Vec<(String, String)>>>;

/// A session of the account, and the requests that it sends.
fn account() -> (Session, RequestLog) {
    let sent = RequestLog::default();
    let log = sent.clone();
    let client = infallible_client_fn(move |request: http::Request<SdkBody>| {
        let host = request.uri().host().unwrap();
        let region = host.split('.').nth(1).unwrap().to_owned();
        let target = request.headers()["x-amz-target"].to_str().unwrap();
        let operation = target.rsplit('.').next().unwrap().to_owned();
        let input = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
        let body = answer(&region, &operation, &input).to_string();
        log.lock().unwrap().push((region, operation));
        http::Response::new(SdkBody::from(body))
    });
    (session(client, &rate_limits()), sent)
}

/// The account's trails as DescribeTrails has them in every Region, each once.
async fn everywhere(session: &Session) -> BTreeMap<Arn, Trail> {
    let mut trails = BTreeMap::new();
    for region in REGIONS.map(Region::new) {
        let api_caller = session.api_caller(&TargetScope::Region(region.clone()));
        let client = session.clients.json(&CLOUDTRAIL, &region);
        let input = json!({});
        let call = client.call(&api_caller, &DESCRIBE_TRAILS, &input);
        let described: DescribedTrails = call.await.unwrap();
        for answer in described.trail_list.unwrap() {
            let arn = Arn::from(answer.trail_arn.clone().unwrap());
            if arn.account() == ACCOUNT {
                trails.insert(arn.clone(), answer.trail(&arn).unwrap());
            }
        }
    }
    trails
}

#[tokio::test]
async fn home_regions_have_the_same_trails_as_every_region() {
    let (session, sent) = account();
    let needs = Needs::of([Trails::SPEC]);
    let filter = RegionFilter::default();
    let scope = AccountScope::new(&session, "aws", &filter, &needs);
    let list = Trails::collect(&scope).await.unwrap();
    let described = |sent: &Mutex<Vec<(String, String)>>| {
        let sent = sent.lock().unwrap();
        let regions = sent
            .iter()
            .filter(|(_, operation)| operation == "DescribeTrails");
        regions
            .map(|(region, _)| region.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(described(&sent).len(), 2);
    assert_eq!(
        list.of_others,
        [arn("444455556666", "organization", "us-east-1")].map(Arn::from)
    );
    let settings = list.own.known.into_iter().map(|trail| {
        let trail = Trail {
            status: Reading::default(),
            selectors: Reading::default(),
            ..trail
        };
        (trail.arn.clone(), trail)
    });
    assert_eq!(
        settings.collect::<BTreeMap<_, _>>(),
        everywhere(&session).await
    );
    assert_eq!(described(&sent).len(), 2 + REGIONS.len());
}

#[tokio::test]
async fn a_trail_of_a_region_that_is_filtered_out_counts_only_if_it_logs_elsewhere() {
    let (session, _) = account();
    let needs = Needs::of([Trails::SPEC]);
    let filter = RegionFilter {
        include: vec!["us-west-2".into()],
        ..RegionFilter::default()
    };
    let scope = AccountScope::new(&session, "aws", &filter, &needs);
    let list = Trails::collect(&scope).await.unwrap();
    let names: Vec<&str> = list.own.iter().map(|trail| trail.name.as_str()).collect();
    assert_eq!(names, ["second", "all-regions"]);
    assert_eq!(list.outside_regions, 1);
}
