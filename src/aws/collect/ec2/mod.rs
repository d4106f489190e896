//! EC2, by Region: volumes, instances and what makes them reachable, networks, and settings.

mod acls;
mod instances;
mod list;
mod network;
mod peerings;
mod reach;
mod security_groups;
mod settings;
mod sharing;
mod volumes;
mod vpcs;

use std::collections::BTreeSet;
use std::sync::Arc;

use futures::future;
use futures::stream::{FuturesUnordered, StreamExt};
use ipnet::IpNet;
use orgscan_core::api;
use orgscan_core::api::Api;
use orgscan_core::checks::Need;
use orgscan_core::model::{
    Cause, Destination, Fact, Gap, Items, Place, Region, RegionFacts, Source,
};

use super::{Needs, in_region};
use crate::Failure;
use crate::assume::Session;
use crate::pace::Lane;

/// APIs called for public addresses, where an instance makes them matter; the second only where a route to
/// an internet gateway refers to a prefix list.
pub const PUBLIC_ADDRESS_APIS: &[&Api] = &[
    &api::DESCRIBE_ROUTE_TABLES,
    &api::GET_PREFIX_LIST_ENTRIES,
    &api::DESCRIBE_VPC_BLOCK,
    &api::DESCRIBE_VPC_BLOCK_EXCLUSIONS,
];

/// APIs called for the exposure of instances, where one has a public address; the second only where a route
/// to an internet gateway refers to a prefix list.
pub const EXPOSURE_APIS: &[&Api] = &[
    &api::DESCRIBE_ROUTE_TABLES,
    &api::GET_PREFIX_LIST_ENTRIES,
    &api::DESCRIBE_NETWORK_ACLS,
    &api::DESCRIBE_VPC_BLOCK,
    &api::DESCRIBE_VPC_BLOCK_EXCLUSIONS,
];

/// APIs called for security groups; the last only where a rule refers to a prefix list.
pub const SECURITY_GROUP_APIS: &[&Api] = &[
    &api::DESCRIBE_SECURITY_GROUPS,
    &api::GET_PREFIX_LIST_ENTRIES,
];

/// APIs called for peering connections; the second where there is one, and the last only where a route
/// to one refers to a prefix list.
pub const PEERING_APIS: &[&Api] = &[
    &api::DESCRIBE_PEERINGS,
    &api::DESCRIBE_ROUTE_TABLES,
    &api::GET_PREFIX_LIST_ENTRIES,
];

/// APIs called for public snapshots; the second only where there is one.
pub const PUBLIC_SNAPSHOT_APIS: &[&Api] = &[&api::DESCRIBE_SNAPSHOTS, &api::GET_SNAPSHOT_BLOCK];

/// One Region of one account, as its collectors see it.
struct Ec2<'a> {
    session: &'a Session,
    region: &'a Region,
    client: aws_sdk_ec2::Client,
    lane: Arc<Lane>,
}

/// Collects what is needed from one Region: what stands for itself, then what that makes matter, then
/// the prefix lists that both name.
pub async fn collect(session: &Session, region: &Region, needs: &Needs) -> RegionFacts {
    let ec2 = Ec2 {
        session,
        region,
        client: session.clients.ec2(region),
        lane: session.lane(&Place::Region(region.clone())),
    };
    let mut facts = RegionFacts::default();
    ec2.lists(needs, &mut facts).await;
    ec2.reach(needs, &mut facts).await;
    ec2.prefix_lists(&mut facts).await;
    facts
}

impl Ec2<'_> {
    fn fact<T>(&self, read: Result<T, Failure>) -> Fact<T> {
        let read = read.map_err(|failure| in_region(failure, self.region));
        read.map_err(Gap::from).into()
    }

    /// A fact, if it is needed.
    async fn read<T>(
        &self,
        needed: bool,
        read: impl Future<Output = Result<T, Failure>>,
    ) -> Fact<T> {
        match needed {
            true => self.fact(read.await),
            false => Fact::default(),
        }
    }

    /// What is read whatever the account has. Three at a time: enough, for Regions are read side by side.
    async fn lists(&self, needs: &Needs, facts: &mut RegionFacts) {
        let has = |need| needs.has(need);
        let machines = async {
            facts.volumes = self.read(has(Need::Volumes), self.volumes()).await;
            facts.vpcs = self.read(has(Need::Vpcs), self.vpcs()).await;
            facts.flow_logs = self.read(has(Need::FlowLogs), self.flow_logs()).await;
            facts.endpoints = self.read(has(Need::VpcEndpoints), self.endpoints()).await;
            facts.interfaces = self.read(has(Need::Interfaces), self.interfaces()).await;
        };
        let network = async {
            facts.instances = self.read(has(Need::Instances), self.instances()).await;
            facts.peerings = self.read(has(Need::Peerings), self.peerings()).await;
            facts.network_acls = self.read(has(Need::NetworkAcls), self.network_acls()).await;
            let shared = self.public_images();
            facts.public_images = self.read(has(Need::PublicImages), shared).await;
            facts.image_block = self.read(has(Need::ImageBlock), self.image_block()).await;
        };
        let rest = async {
            let groups = self.security_groups();
            facts.security_groups = self.read(has(Need::SecurityGroups), groups).await;
            let shared = self.public_snapshots();
            facts.public_snapshots = self.read(has(Need::PublicSnapshots), shared).await;
            let block = has(Need::SnapshotBlock) || any(&facts.public_snapshots);
            facts.snapshot_block = self.read(block, self.snapshot_block()).await;
            let encrypts = self.encrypts_by_default();
            facts.encrypts_by_default = self.read(has(Need::EncryptionByDefault), encrypts).await;
            let metadata = self.imdsv2_by_default();
            facts.imdsv2_by_default = self.read(has(Need::MetadataDefaults), metadata).await;
        };
        future::join3(machines, network, rest).await;
    }

    /// The prefix lists that rules of groups and routes name.
    async fn prefix_lists(&self, facts: &mut RegionFacts) {
        let named: BTreeSet<&str> = named_lists(facts).collect();
        let lists: FuturesUnordered<_> = named
            .into_iter()
            .map(|id| async move { (id.to_owned(), self.fact(self.prefix_list(id).await)) })
            .collect();
        facts.prefix_lists = lists.collect().await;
    }
}

/// A range of addresses, as EC2 writes it.
fn address_range(action: &'static str, text: &str) -> Result<IpNet, Failure> {
    text.parse().map_err(|_| {
        let detail = format!("`{text}` is not an address range");
        Failure::new(action, Cause::Malformed, detail)
    })
}

/// A field with a value of which orgscan does not know what it means.
fn unknown_value(action: &'static str, field: &str, value: &str) -> Failure {
    let detail = format!("`{value}` is no known {field}");
    Failure::new(action, Cause::Malformed, detail)
}

/// Whether a list was read and has anything in it.
fn any<T>(list: &Fact<Items<T>>) -> bool {
    list.get().is_ok_and(|list| !list.is_empty())
}

fn named_lists(facts: &RegionFacts) -> impl Iterator<Item = &str> {
    let groups = facts.security_groups.get().into_iter().flatten();
    let sources = groups.flat_map(|group| &group.ingress);
    let sources = sources.filter_map(|rule| match &rule.source {
        Source::PrefixList(id) => Some(id.as_str()),
        _ => None,
    });
    let tables = facts.route_tables.get().into_iter().flatten();
    let destinations = tables.flat_map(|table| {
        let to_peers = table.to_peers.iter().map(|route| &route.destination);
        table.to_internet_gateway.iter().chain(to_peers)
    });
    sources.chain(destinations.filter_map(|destination| match destination {
        Destination::PrefixList(id) => Some(id.as_str()),
        Destination::Range(_) => None,
    }))
}

#[cfg(test)]
mod tests {
    use orgscan_core::model::{Ingress, Owner, PeerRoute, RouteTable, SecurityGroup};

    use super::*;

    #[test]
    fn lists_that_rules_and_routes_name_are_read() {
        let list = |id: &str| Destination::PrefixList(id.into());
        let rule = Ingress {
            protocol: "tcp".into(),
            ports: None,
            source: Source::PrefixList("pl-1".into()),
        };
        let group = SecurityGroup {
            id: "sg-1".into(),
            name: None,
            vpc: None,
            owner: Owner::Other("444455556666".into()),
            ingress: vec![rule].into(),
            egress_rules: 0,
            egress_groups: Items::default(),
        };
        let table = RouteTable {
            id: Ok("rtb-1".into()),
            vpc: Ok("vpc-1".into()),
            owner: Owner::Own,
            main: true,
            subnets: Items::default(),
            unread: Vec::new(),
            to_internet_gateway: vec![
                Destination::Range("0.0.0.0/1".parse().unwrap()),
                list("pl-2"),
            ],
            to_peers: vec![PeerRoute {
                connection: "pcx-1".into(),
                destination: list("pl-3"),
            }],
        };
        let facts = RegionFacts {
            security_groups: Fact::known(vec![group].into()),
            route_tables: Fact::known(vec![table].into()),
            ..RegionFacts::default()
        };
        let named: Vec<&str> = named_lists(&facts).collect();
        assert_eq!(named, ["pl-1", "pl-2", "pl-3"]);
    }
}
