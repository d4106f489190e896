//! Which Regions an account has, and which of them are scanned.

use std::collections::BTreeMap;

use orgscan_core::model::{Cause, Region, RegionDecision, SkipReason, TargetScope};
use orgscan_core::partition::{Partition, is_enabled_by_default};
use orgscan_core::services::account::LIST_REGIONS;
use orgscan_core::services::ec2::DESCRIBE_REGIONS;
use orgscan_core::settings::RegionFilter;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::assume::{AccountRegions, Session};
use crate::{Failure, pages, require};

/// The Regions of an account: as EC2 lists them, which is also the proof that the session works in its
/// home Region; else as Account Management does, which a policy that denies EC2's requests may still allow. They are
/// listed once.
///
/// # Errors
/// EC2's failure, with that of Account Management where it was asked too.
pub async fn account_regions(session: &Session) -> Result<AccountRegions, Failure> {
    let list = || listed_regions(session);
    session.regions.get_or_init(list).await.clone()
}

async fn listed_regions(session: &Session) -> Result<AccountRegions, Failure> {
    let failure = match described(session).await {
        Ok(listed) => return Ok(known(listed, &session.home, None)),
        Err(failure) if is_about_the_account(failure.cause) => return Err(failure),
        Err(failure) => failure,
    };
    match listed(session).await {
        Ok(listed) => {
            let note = format!(
                "EC2 could not list its Regions ({failure}), so they are those that AWS Account \
                 Management lists"
            );
            Ok(known(listed, &session.home, Some(note)))
        }
        Err(second) => Err(failure.with_remark(&second.to_string())),
    }
}

/// A Region as it is listed: its name, and whether the answer says that it is off.
type ListedRegion = (Option<String>, bool);

/// The Regions that are listed. One without a name may be any of the partition's, so that those that are not
/// listed are tried as well, with a note.
fn known(listed: Vec<ListedRegion>, home: &Region, note: Option<String>) -> AccountRegions {
    let nameless = listed.iter().any(|(name, _)| name.is_none());
    let listed = listed.into_iter();
    let mut enabled: BTreeMap<Region, bool> = listed
        .filter_map(|(name, is_off)| Some(with_status(&name?, is_off)))
        .collect();
    let mut notes: Vec<String> = note.into_iter().collect();
    if nameless {
        let partition = Partition::of_region(home.as_str());
        for name in partition.into_iter().flat_map(Partition::regions) {
            enabled.entry(Region::new(name)).or_insert(true);
        }
        let note =
            "a Region is listed without its name, so every Region that is not listed was tried";
        notes.push(note.to_owned());
    }
    AccountRegions {
        enabled,
        note: (!notes.is_empty()).then(|| notes.join("; ")),
    }
}

/// Whether a failure in the home Region says that no other request can succeed either.
pub fn is_about_the_account(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::CredentialsRejected
            | Cause::ClockSkew
            | Cause::UnexpectedRole
            | Cause::CredentialsExpired
            | Cause::AccountBlocked
            | Cause::DeadlineExceeded
            | Cause::StsNotActivated
            | Cause::RoleNotAssumable
    )
}

async fn described(session: &Session) -> Result<Vec<ListedRegion>, Failure> {
    let action = DESCRIBE_REGIONS.action;
    let ec2 = session.clients.ec2(&session.home);
    let answer = session
        .api_caller(&TargetScope::Global)
        .call(&DESCRIBE_REGIONS, || {
            ec2.describe_regions().all_regions(true).send()
        })
        .await?;
    let regions = answer.regions.filter(|regions| !regions.is_empty());
    let regions = require(action, "any Region", regions)?.into_iter();
    let listed = regions.map(|region| {
        let is_off = region.opt_in_status.as_deref() == Some("not-opted-in");
        (region.region_name, is_off)
    });
    Ok(listed.collect())
}

async fn listed(session: &Session) -> Result<Vec<ListedRegion>, Failure> {
    let api = &LIST_REGIONS;
    let client = &session.clients.account();
    let api_caller = &session.api_caller(&TargetScope::Global);
    let regions = pages(api.action, |token| async move {
        let mut input = json!({ "MaxResults": api.page });
        if let Some(token) = token {
            input["NextToken"] = Value::from(token);
        }
        let page: Page = client.post(api_caller, api, "/listRegions", &input).await?;
        Ok((page.regions.unwrap_or_default(), page.next_token))
    });
    let regions = Some(regions.await?).filter(|regions| !regions.is_empty());
    let regions = require(api.action, "any Region", regions)?.into_iter();
    let listed = regions.map(|region| {
        let is_off = region.status.as_deref() == Some("DISABLED");
        (region.name, is_off)
    });
    Ok(listed.collect())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    regions: Option<Vec<RegionOptStatus>>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
struct RegionOptStatus {
    #[serde(rename = "RegionName")]
    name: Option<String>,
    #[serde(rename = "RegionOptStatus")]
    status: Option<String>,
}

/// A Region that every account has cannot be off, whatever an answer says.
///
/// Source: <https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html>
fn with_status(name: &str, is_off: bool) -> (Region, bool) {
    (Region::new(name), !is_off || is_enabled_by_default(name))
}

/// Scan or skip, for every Region.
pub fn region_decisions(
    enabled: &BTreeMap<Region, bool>,
    filter: &RegionFilter,
) -> BTreeMap<Region, RegionDecision> {
    enabled
        .iter()
        .map(|(region, enabled)| (region.clone(), decide(region, *enabled, filter)))
        .collect()
}

fn decide(region: &Region, enabled: bool, filter: &RegionFilter) -> RegionDecision {
    let reason = if filter.excludes(region) {
        SkipReason::Excluded
    } else if !filter.includes(region) {
        SkipReason::NotIncluded
    } else if !enabled {
        SkipReason::RegionDisabled
    } else {
        return RegionDecision::Scan;
    };
    RegionDecision::Skip { reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_region_gets_a_decision_and_a_region_that_is_off_is_a_skip() {
        let enabled = ["eu-west-1", "eu-north-1", "us-east-1", "eu-south-1"]
            .map(|name| (Region::new(name), name != "eu-south-1"))
            .into();
        let filter = RegionFilter {
            include: vec!["eu-*".into()],
            exclude: vec!["eu-north-1".into()],
        };
        let decisions = region_decisions(&enabled, &filter);
        let decision = |name| decisions[&Region::new(name)].clone();
        let skip = |reason| RegionDecision::Skip { reason };
        assert_eq!(decision("eu-west-1"), RegionDecision::Scan);
        assert_eq!(decision("eu-north-1"), skip(SkipReason::Excluded));
        assert_eq!(decision("us-east-1"), skip(SkipReason::NotIncluded));
        assert_eq!(decision("eu-south-1"), skip(SkipReason::RegionDisabled));
    }

    #[test]
    fn a_region_that_is_enabled_by_default_is_never_off() {
        assert_eq!(
            with_status("eu-west-1", true),
            (Region::new("eu-west-1"), true)
        );
        assert_eq!(
            with_status("eu-south-1", true),
            (Region::new("eu-south-1"), false)
        );
        assert_eq!(
            with_status("eu-south-1", false),
            (Region::new("eu-south-1"), true)
        );
    }

    #[test]
    fn a_region_without_a_name_may_be_any_that_is_not_listed() {
        let listed = |name: Option<&str>, is_off| (name.map(str::to_owned), is_off);
        let home = Region::new("us-east-1");
        let some = vec![
            listed(Some("us-east-1"), false),
            listed(Some("eu-south-1"), true),
        ];
        let regions = known(some.clone(), &home, None);
        assert_eq!((regions.enabled.len(), regions.note), (2, None));
        let regions = known([some, vec![listed(None, true)]].concat(), &home, None);
        assert_eq!(
            regions.enabled.get(&Region::new("eu-south-1")),
            Some(&false)
        );
        assert_eq!(regions.enabled.get(&Region::new("eu-south-2")), Some(&true));
        assert_eq!(regions.enabled.get(&Region::new("eu-west-1")), Some(&true));
        assert!(regions.note.unwrap().contains("without its name"));
    }
}
