//! What other facts make matter: routes, network ACLs and VPC Block Public Access.

use futures::future;

use super::{Ec2, any};
use crate::checks::Need;
use crate::collect::Needs;
use crate::model::{Cause, Instance, RegionFacts};

impl Ec2<'_> {
    /// Reads what the instances' addresses and the peering connections make matter, and nothing of it
    /// where there are none.
    pub(super) async fn reach(&self, needs: &Needs, facts: &mut RegionFacts) {
        let matters = Matters::of(needs, facts);
        let acls_read = facts.network_acls.cause() != Some(Cause::NotCollected);
        let acls = self.read(matters.acls && !acls_read, self.network_acls());
        let (routes, acls, block) = future::join3(
            self.read(matters.routes, self.route_tables()),
            acls,
            self.read(matters.block, self.vpc_block()),
        )
        .await;
        facts.route_tables = routes;
        facts.vpc_block = block;
        if !acls_read {
            facts.network_acls = acls;
        }
    }
}

/// What makes a difference for what was read.
#[derive(Debug, PartialEq, Eq)]
struct Matters {
    routes: bool,
    acls: bool,
    block: bool,
}

impl Matters {
    /// A public IPv4 address is one whatever the routes say, so that for the address alone they matter
    /// to instances that have only IPv6 ones. Whether the internet reaches it is another question.
    fn of(needs: &Needs, facts: &RegionFacts) -> Self {
        let instances = facts.instances.get().map_or(&[][..], Vec::as_slice);
        let public = |one: &Instance| one.public_ipv4().next().is_some();
        let ipv6_only = |one: &Instance| !public(one) && one.ipv6().next().is_some();
        let addressed = instances.iter().any(|one| public(one) || ipv6_only(one));
        let addresses = needs.has(Need::PublicAddresses);
        let exposure = needs.has(Need::Exposure) && addressed;
        Self {
            routes: (addresses && instances.iter().any(ipv6_only))
                || exposure
                || any(&facts.peerings),
            acls: exposure,
            block: (addresses && addressed) || exposure,
        }
    }
}
