//! Which Regions an account has, and which of them are scanned.

use std::collections::BTreeMap;

use crate::assume::Session;
use crate::aws::{Failure, require};
use crate::config::RegionFilter;
use crate::model::{Place, Region, RegionDecision, SkipReason};
use crate::pace::api::DESCRIBE_REGIONS;

/// All Regions of the partition, with whether the account has them enabled.
///
/// This is also the proof that the session works in its home Region.
///
/// # Errors
/// The request's failure.
pub async fn enabled_regions(session: &Session) -> Result<BTreeMap<Region, bool>, Failure> {
    let ec2 = session.clients.ec2(&session.home);
    let answer = session
        .lane(&Place::Global)
        .call(&DESCRIBE_REGIONS, || {
            ec2.describe_regions().all_regions(true).send()
        })
        .await?;
    let regions = answer.regions.filter(|regions| !regions.is_empty());
    require(DESCRIBE_REGIONS.action, "any Region", regions)?
        .into_iter()
        .map(|region| {
            let name = require(DESCRIBE_REGIONS.action, "regionName", region.region_name)?;
            let status = require(DESCRIBE_REGIONS.action, "optInStatus", region.opt_in_status)?;
            Ok((Region::new(name), status != "not-opted-in"))
        })
        .collect()
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
}
