//! The ranges that prefix lists stand for, in rules of security groups and in routes.

use std::collections::BTreeMap;

use ipnet::IpNet;

use crate::model::{Cause, Destination, Fact, Gap, PrefixList};

/// The ranges of a prefix list.
///
/// # Errors
/// The gap, where they could not be read.
pub(super) fn ranges<'a>(
    id: &str,
    lists: &'a BTreeMap<String, Fact<PrefixList>>,
) -> Result<&'a [IpNet], Gap> {
    match lists.get(id) {
        Some(list) => list.get().map(|list| list.ranges.as_slice()),
        None => Err(Gap {
            detail: format!("prefix list {id}"),
            ..Gap::new("ec2:GetManagedPrefixListEntries", Cause::NotCollected)
        }),
    }
}

/// The ranges that a route leads to.
///
/// # Errors
/// The gap, where its prefix list could not be read.
pub(super) fn destinations<'a>(
    destination: &'a Destination,
    lists: &'a BTreeMap<String, Fact<PrefixList>>,
) -> Result<&'a [IpNet], Gap> {
    match destination {
        Destination::Range(range) => Ok(std::slice::from_ref(range)),
        Destination::PrefixList(id) => ranges(id, lists),
    }
}
