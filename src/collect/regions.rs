//! Which Regions an account has, and which of them are scanned.

use std::collections::BTreeMap;

use crate::assume::Session;
use crate::aws::{Failure, pages, require};
use crate::config::RegionFilter;
use crate::model::{Cause, Place, Region, RegionDecision, SkipReason};
use crate::pace::api::{DESCRIBE_REGIONS, LIST_REGIONS};
use crate::partition::is_enabled_by_default;

/// The largest page that ListRegions gives.
///
/// Source: <https://docs.aws.amazon.com/accounts/latest/reference/API_ListRegions.html>
const PAGE: i32 = 50;

/// The Regions of an account.
#[derive(Debug)]
pub struct AccountRegions {
    /// All Regions of the partition; false for one that AWS says is off in the account.
    pub enabled: BTreeMap<Region, bool>,
    /// What the reader should know about how they were found out.
    pub note: Option<String>,
}

/// The Regions of an account: as EC2 lists them, which is also the proof that the session works in its
/// home Region; else as Account Management does, which a policy that denies EC2's requests may still allow.
///
/// # Errors
/// EC2's failure, with that of Account Management where it was asked too.
pub async fn account_regions(session: &Session) -> Result<AccountRegions, Failure> {
    let failure = match described(session).await {
        Ok(enabled) => {
            return Ok(AccountRegions {
                enabled,
                note: None,
            });
        }
        Err(failure) if is_about_the_account(failure.cause) => return Err(failure),
        Err(failure) => failure,
    };
    match listed(session).await {
        Ok(enabled) => Ok(AccountRegions {
            enabled,
            note: Some(format!(
                "EC2 could not list its Regions ({failure}), so they are those that AWS Account \
                 Management lists"
            )),
        }),
        Err(second) => Err(failure.with_remark(&second.to_string())),
    }
}

/// Whether a failure in the home Region says that no other request can succeed either.
pub fn is_about_the_account(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::CredentialsRejected
            | Cause::ClockSkew
            | Cause::OtherRole
            | Cause::Expired
            | Cause::AccountBlocked
            | Cause::Deadline
            | Cause::RegionOff
            | Cause::RoleNotAssumable
    )
}

async fn described(session: &Session) -> Result<BTreeMap<Region, bool>, Failure> {
    let action = DESCRIBE_REGIONS.action;
    let ec2 = session.clients.ec2(&session.home);
    let answer = session
        .lane(&Place::Global)
        .call(&DESCRIBE_REGIONS, || {
            ec2.describe_regions().all_regions(true).send()
        })
        .await?;
    let regions = answer.regions.filter(|regions| !regions.is_empty());
    require(action, "any Region", regions)?
        .into_iter()
        .map(|region| {
            let name = require(action, "regionName", region.region_name)?;
            let status = require(action, "optInStatus", region.opt_in_status)?;
            Ok(with_status(&name, status == "not-opted-in"))
        })
        .collect()
}

async fn listed(session: &Session) -> Result<BTreeMap<Region, bool>, Failure> {
    let action = LIST_REGIONS.action;
    let client = &session.clients.account();
    let lane = &session.lane(&Place::Global);
    let regions = pages(action, |token| async move {
        let page = lane
            .call(&LIST_REGIONS, || {
                let request = client.list_regions().max_results(PAGE);
                request.set_next_token(token.clone()).send()
            })
            .await?;
        Ok((page.regions.unwrap_or_default(), page.next_token))
    });
    let regions = Some(regions.await?).filter(|regions| !regions.is_empty());
    require(action, "any Region", regions)?
        .into_iter()
        .map(|region| {
            let name = require(action, "RegionName", region.region_name)?;
            let status = require(action, "RegionOptStatus", region.region_opt_status)?;
            Ok(with_status(&name, status.as_str() == "DISABLED"))
        })
        .collect()
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
        SkipReason::RegionOff
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
        assert_eq!(decision("eu-south-1"), skip(SkipReason::RegionOff));
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
}
