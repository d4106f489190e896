//! The ranges that prefix lists stand for, in rules of security groups and in routes.

use ipnet::IpNet;

use crate::facts::Facts;
use crate::model::Gap;
use crate::services::ec2::{Destination, PrefixList};

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
    destination: &'a Destination,
    facts: &Facts<'a>,
) -> (&'a [IpNet], Option<Gap>) {
    match destination {
        Destination::Range(range) => (std::slice::from_ref(range), None),
        Destination::PrefixList(id) => ranges(id, facts),
    }
}
