//! The buckets that trails deliver to, which the checks of these buckets share.

use super::log_bucket::LogDestinations;
use crate::facts::Facts;
use crate::services::cloudtrail::Trails;

/// The buckets of the trails that the account owns, of stopped ones too: what they delivered is still there. The owner of an
/// organization's trail tells for all members.
pub(super) fn destinations(facts: &Facts<'_>) -> LogDestinations {
    let list = match facts.get::<Trails>() {
        Ok(list) => list,
        Err(gap) => {
            return LogDestinations {
                gaps: vec![gap],
                ..LogDestinations::default()
            };
        }
    };
    let of_organization = list.own.iter().filter(|trail| trail.is_organization);
    LogDestinations {
        buckets: list.own.iter().map(|trail| trail.bucket.clone()).collect(),
        of_organization: of_organization.map(|trail| trail.bucket.clone()).collect(),
        gaps: list.own.gaps.clone(),
    }
}
