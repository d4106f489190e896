//! The ranges that prefix lists stand for, in rules of security groups and in routes.

use ipnet::IpNet;

use crate::facts::Facts;
use crate::model::Gap;
use crate::services::ec2::{PrefixList, RouteDestination};

/// The ranges of a prefix list that are known; and, if there may be others, the gap.
pub(in crate::services::ec2) fn ranges<'a>(
    id: &str,
    facts: &Facts<'a>,
) -> (&'a [IpNet], Option<Gap>) {
    match facts.of::<PrefixList>(id) {
        Ok(list) => (&list.ranges.known, list.ranges.gaps.first().cloned()),
        Err(gap) => (&[], Some(gap)),
    }
}

/// The ranges that a route leads to that are known; and, if there may be others, the gap.
pub(in crate::services::ec2) fn destinations<'a>(
    destination: &'a RouteDestination,
    facts: &Facts<'a>,
) -> (&'a [IpNet], Option<Gap>) {
    match destination {
        RouteDestination::Range(range) => (std::slice::from_ref(range), None),
        RouteDestination::PrefixList(id) => ranges(id, facts),
    }
}
