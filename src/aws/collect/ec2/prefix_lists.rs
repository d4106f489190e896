//! Prefix lists, each by its id: those that rules of security groups and routes name.

use aws_sdk_ec2::types;
use futures::stream::{FuturesUnordered, StreamExt};
use ipnet::IpNet;
use orgscan_core::model::Gap;
use orgscan_core::services::ec2::GET_PREFIX_LIST_ENTRIES as API;
use orgscan_core::services::ec2::PrefixList;

use super::address_range;
use super::list::list;
use crate::collect::{Collect, CollectScope, FactError, Memo, RegionScope};
use crate::{Failure, require};

/// One prefix list.
pub(super) struct ListScope<'a> {
    region: &'a RegionScope<'a>,
    id: &'a str,
}

impl CollectScope for ListScope<'_> {
    fn memo(&self) -> &Memo {
        self.region.memo()
    }

    fn resource(&self) -> Option<&str> {
        Some(self.id)
    }

    fn gap(&self, failure: Failure) -> Gap {
        self.region.gap(failure)
    }
}

/// Reads prefix lists, each once. What could not be read is a gap of that list.
pub(super) async fn read_lists(scope: &RegionScope<'_>, ids: impl Iterator<Item = &str>) {
    let lists: Vec<_> = ids.map(|id| ListScope { region: scope, id }).collect();
    let reads: FuturesUnordered<_> = lists.iter().map(CollectScope::fact::<PrefixList>).collect();
    reads.for_each(|_| std::future::ready(())).await;
}

impl Collect<ListScope<'_>> for PrefixList {
    /// The entries of a prefix list.
    async fn collect(list: &ListScope<'_>) -> Result<Self, FactError> {
        let (scope, id) = (list.region, list.id);
        let entry = |entry: types::PrefixListEntry| {
            let range = range(API.action, entry.cidr);
            range.map(Some).map_err(|failure| failure.of_item(Some(id)))
        };
        let ranges = list!(
            scope,
            API,
            get_managed_prefix_list_entries.prefix_list_id(id),
            entries,
            entry
        );
        let ranges = ranges.map_err(|failure| failure.of_item(Some(id)))?;
        Ok(Self { ranges })
    }
}

pub(super) fn range(action: &'static str, text: Option<String>) -> Result<IpNet, Failure> {
    address_range(action, &require(action, "cidr", text)?)
}
