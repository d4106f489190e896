//! What other facts make matter: routes, network ACLs and VPC Block Public Access.

use futures::future;
use orgscan_core::checks::Need;
use orgscan_core::model::{Cause, Instance, RegionFacts};

use super::{Ec2, any};
use crate::collect::Needs;

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
        let instances = facts.instances.get();
        let instances = instances.map_or(&[][..], |instances| instances.known.as_slice());
        let public = |one: &Instance| one.public_ipv4().next().is_some();
        let has_ipv6 = |one: &Instance| one.interfaces.iter().any(|one| !one.ipv6.is_empty());
        let ipv6_only = |one: &Instance| !public(one) && has_ipv6(one);
        let addressed = instances.iter().any(Instance::may_have_address);
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

#[cfg(test)]
mod tests {
    use orgscan_core::checks::{
        Check, ec2_instance_exposed, ec2_instance_imdsv1, ec2_instance_public_address,
        vpc_peering_route_wide,
    };
    use orgscan_core::model::{Fact, Interface, Peering, PeeringSide};

    use super::*;

    fn instance(public_ipv4: &[&str], ipv6: &[&str]) -> Instance {
        let texts = |list: &[&str]| {
            let texts: Vec<String> = list.iter().map(ToString::to_string).collect();
            texts.into()
        };
        Instance {
            id: "i-1".into(),
            vpc: None,
            state: "running".into(),
            interfaces: vec![Interface {
                public_ipv4: texts(public_ipv4),
                ipv6: texts(ipv6),
                ..Interface::default()
            }],
            has_profile: false,
            answers_imdsv1: None,
        }
    }

    fn matters(check: &Check, instance: Instance, peerings: Vec<Peering>) -> [bool; 3] {
        let facts = RegionFacts {
            instances: Fact::known(vec![instance].into()),
            peerings: Fact::known(peerings.into()),
            ..RegionFacts::default()
        };
        let Matters {
            routes,
            acls,
            block,
        } = Matters::of(&Needs::of(&[check]), &facts);
        [routes, acls, block]
    }

    #[test]
    fn nothing_is_read_that_makes_no_difference() {
        let addresses = &ec2_instance_public_address::CHECK;
        let exposure = &ec2_instance_exposed::CHECK;
        let metadata = &ec2_instance_imdsv1::CHECK;
        let v4: &[&str] = &["203.0.113.5"];
        let v6: &[&str] = &["2600:1f18::1"];
        for (check, public_ipv4, ipv6, expected) in [
            (addresses, &[][..], &[][..], [false, false, false]),
            (addresses, v4, &[], [false, false, true]),
            (addresses, v4, v6, [false, false, true]),
            (addresses, &[], v6, [true, false, true]),
            (exposure, &[], &[], [false, false, false]),
            (exposure, v4, &[], [true, true, true]),
            (exposure, &[], v6, [true, true, true]),
            (metadata, v4, v6, [false, false, false]),
        ] {
            let found = matters(check, instance(public_ipv4, ipv6), vec![]);
            assert_eq!(found, expected, "{} {public_ipv4:?} {ipv6:?}", check.id);
        }
    }

    #[test]
    fn a_peering_connection_makes_routes_matter() {
        let side = || PeeringSide {
            vpc: "vpc-1".into(),
            ranges: vec![],
        };
        let peering = Peering {
            id: "pcx-1".into(),
            sides: [side(), side()],
        };
        let check = &vpc_peering_route_wide::CHECK;
        let none = matters(check, instance(&[], &[]), vec![]);
        assert_eq!(none, [false, false, false]);
        let one = matters(check, instance(&[], &[]), vec![peering]);
        assert_eq!(one, [true, false, false]);
    }
}
