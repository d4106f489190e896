//! EC2, by Region: volumes, instances and what makes them reachable, security groups.

mod instances;
mod network;
mod security_groups;
mod volumes;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::future;
use futures::stream::{FuturesUnordered, StreamExt};

use super::{Needs, in_region};
use crate::assume::Session;
use crate::aws::Failure;
use crate::checks::Need;
use crate::model::{
    Fact, Instance, Place, PrefixList, Region, RegionFacts, RouteTable, SecurityGroup, Source,
    VpcBlockPublicAccess,
};
use crate::pace::{Api, Lane, api};

/// APIs called for volumes.
pub const VOLUME_APIS: &[&Api] = &[&api::DESCRIBE_VOLUMES];

/// APIs called for instances; the last three only where an instance makes them matter.
pub const INSTANCE_APIS: &[&Api] = &[
    &api::DESCRIBE_INSTANCES,
    &api::DESCRIBE_ROUTE_TABLES,
    &api::DESCRIBE_VPC_BLOCK,
    &api::DESCRIBE_VPC_BLOCK_EXCLUSIONS,
];

/// APIs called for security groups; the last only where a rule refers to a prefix list.
pub const SECURITY_GROUP_APIS: &[&Api] = &[
    &api::DESCRIBE_SECURITY_GROUPS,
    &api::GET_PREFIX_LIST_ENTRIES,
];

/// One Region of one account, as its collectors see it.
struct Ec2<'a> {
    session: &'a Session,
    region: &'a Region,
    client: aws_sdk_ec2::Client,
    lane: Arc<Lane>,
}

/// Collects what is needed from one Region.
pub async fn collect(session: &Session, region: &Region, needs: &Needs) -> RegionFacts {
    let ec2 = Ec2 {
        session,
        region,
        client: session.clients.ec2(region),
        lane: session.lane(&Place::Region(region.clone())),
    };
    let volumes = async {
        if needs.has(Need::Volumes) {
            ec2.fact(ec2.volumes().await)
        } else {
            Fact::default()
        }
    };
    let instances = async {
        if needs.has(Need::Instances) {
            ec2.instances_and_exposure().await
        } else {
            Default::default()
        }
    };
    let groups = async {
        if needs.has(Need::SecurityGroups) {
            ec2.groups_and_prefix_lists().await
        } else {
            Default::default()
        }
    };
    let (volumes, instances, groups) = future::join3(volumes, instances, groups).await;
    let (instances, route_tables, vpc_block) = instances;
    let (security_groups, prefix_lists) = groups;
    RegionFacts {
        volumes,
        instances,
        route_tables,
        vpc_block,
        security_groups,
        prefix_lists,
    }
}

type Exposure = (
    Fact<Vec<Instance>>,
    Fact<Vec<RouteTable>>,
    Fact<VpcBlockPublicAccess>,
);

type Groups = (Fact<Vec<SecurityGroup>>, BTreeMap<String, Fact<PrefixList>>);

impl Ec2<'_> {
    fn fact<T>(&self, read: Result<T, Failure>) -> Fact<T> {
        let home = &self.session.home;
        let read = read.map_err(|failure| in_region(failure.into(), self.region, home));
        read.into()
    }

    /// Instances; route tables only where an IPv6 address could make the difference, and VPC Block
    /// Public Access only where it could make one.
    async fn instances_and_exposure(&self) -> Exposure {
        let instances = self.instances().await;
        let list = instances.as_deref().unwrap_or_default();
        let any_ipv6_only = list
            .iter()
            .any(|i| i.public_ipv4.is_empty() && !i.ipv6.is_empty());
        let any_address = any_ipv6_only || list.iter().any(|i| !i.public_ipv4.is_empty());
        let route_tables = async {
            if any_ipv6_only {
                self.fact(self.route_tables().await)
            } else {
                Fact::default()
            }
        };
        let vpc_block = async {
            if any_address {
                self.fact(self.vpc_block().await)
            } else {
                Fact::default()
            }
        };
        let (route_tables, vpc_block) = future::join(route_tables, vpc_block).await;
        (self.fact(instances), route_tables, vpc_block)
    }

    /// Security groups, and the prefix lists that their ingress rules name.
    async fn groups_and_prefix_lists(&self) -> Groups {
        let groups = self.security_groups().await;
        let named: BTreeSet<&str> = groups
            .iter()
            .flatten()
            .flat_map(|group| &group.ingress)
            .filter_map(|rule| match &rule.source {
                Source::PrefixList(id) => Some(id.as_str()),
                _ => None,
            })
            .collect();
        let lists: FuturesUnordered<_> = named
            .into_iter()
            .map(|id| async move { (id.to_owned(), self.fact(self.prefix_list(id).await)) })
            .collect();
        let lists = lists.collect().await;
        (self.fact(groups), lists)
    }
}
