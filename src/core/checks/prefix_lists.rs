//! The ranges that prefix lists stand for, in rules of security groups and in routes.

use std::collections::BTreeMap;

use ipnet::IpNet;

use crate::model::{Cause, Destination, Fact, Gap, PrefixList};

/// The ranges of a prefix list that are known; and, if there may be others, the gap.
pub(super) fn ranges<'a>(
    id: &str,
    lists: &'a BTreeMap<String, Fact<PrefixList>>,
) -> (&'a [IpNet], Option<Gap>) {
    match lists.get(id).map(Fact::get) {
        Some(Ok(list)) => (&list.ranges.known, list.ranges.gaps.first().cloned()),
        Some(Err(gap)) => (&[], Some(gap)),
        None => {
            let gap = Gap::new("ec2:GetManagedPrefixListEntries", Cause::NotCollected).of(id);
            let detail = format!("prefix list {id}");
            (&[], Some(Gap { detail, ..gap }))
        }
    }
}

/// The ranges that a route leads to that are known; and, if there may be others, the gap.
pub(super) fn destinations<'a>(
    destination: &'a Destination,
    lists: &'a BTreeMap<String, Fact<PrefixList>>,
) -> (&'a [IpNet], Option<Gap>) {
    match destination {
        Destination::Range(range) => (std::slice::from_ref(range), None),
        Destination::PrefixList(id) => ranges(id, lists),
    }
}
