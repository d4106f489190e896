//! EC2 instances with an address that the internet can reach.

use crate::checks::{
    Category, Check, Context, Counterparts, Parameters, Rule, arn, covers, format, remediation,
    same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::ec2::network::routing;
use crate::services::ec2::{
    Instance, Instances, PublicAddressNetwork, VpcBlockMode, VpcBlockPublicAccess,
};

pub(super) const CHECK: Check = Check {
    id: "ec2-instance-public-address",
    title: "EC2 instance has a public address",
    category: Category::ExposureRisks,
    severity: Severity::Medium,
    why: "An instance with a public address is one security group rule away from the whole internet, and is \
          found by scanners within minutes. Behind a load balancer, a NAT gateway or Session Manager it can \
          do the same work without one.",
    fix: "In the EC2 console, the instance, Actions, Networking, has Manage IP addresses and Disassociate \
          Elastic IP address. With the CLI, detach an Elastic IP address with `aws ec2 disassociate-address \
          --association-id ASSOCIATION --region REGION`, an assigned one with `aws ec2 \
          modify-network-interface-attribute --network-interface-id INTERFACE \
          --no-associate-public-ip-address --region REGION`, and keep the subnet from assigning more with \
          `aws ec2 modify-subnet-attribute --subnet-id SUBNET --no-map-public-ip-on-launch --region REGION`. \
          For IPv6 send the subnet's traffic through an egress-only internet gateway: `aws ec2 replace-route \
          --route-table-id TABLE --destination-ipv6-cidr-block ::/0 --egress-only-internet-gateway-id \
          GATEWAY --region REGION`. Let visitors in through a load balancer, and administrators with `aws \
          ssm start-session --target INSTANCE --region REGION`.",
    by_default: true,
    remediation: |failed| {
        // Which command takes the address away depends on what gave it: this shows the ids for both.
        let describe = "ec2 describe-network-interfaces --query \
                    'NetworkInterfaces[].[NetworkInterfaceId,Association.AssociationId,Association.PublicIp,SubnetId]'";
        let filter = format!("Name=attachment.instance-id,Values={}", failed.name());
        remediation::regional(describe, failed, ("filters", &filter))
    },
    controls: &[covers("aws-fsbp", "EC2.9")],
    prowler: Counterparts::per_resource(&[same("ec2_instance_public_ip")]),
    parameters: Parameters::None,
    needs: &[Instances::SPEC, PublicAddressNetwork::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let instances = facts.get::<Instances>()?;
    Ok(RuleResult::of_each(instances, |instance| {
        let addresses = addresses(instance, facts)?;
        Ok(addresses.map(|addresses| {
            let block = block(instance, facts);
            let Instance { id, state, .. } = instance;
            CHECK.violation(
                arn::ec2(context, region, "instance", id),
                format!("Instance {id} ({state}) has {addresses}{block}"),
            )
        }))
    }))
}

/// The instance's public addresses in words, if it has any. A public IPv4 address settles the verdict,
/// so route tables matter to instances without one only.
fn addresses(instance: &Instance, facts: &Facts<'_>) -> Result<Option<String>, Gap> {
    let mut public: Vec<&str> = instance.public_ipv4().collect();
    if !public.is_empty() {
        public.sort_unstable();
        public.dedup();
        let list = format::first_few(&public);
        return Ok(Some(format!("public IPv4 {list}")));
    }
    let ipv6 = routing::reachable_ipv6(instance, facts);
    if ipv6.as_ref().map_or(true, Vec::is_empty) {
        for interface in &instance.interfaces {
            interface.public_ipv4.complete()?;
        }
    }
    let ipv6 = ipv6?;
    Ok((!ipv6.is_empty()).then(|| {
        let list = format::first_few(&ipv6);
        format!("IPv6 {list} in a subnet that an internet gateway serves")
    }))
}

/// What VPC Block Public Access has to do with the instance. A violation stands whatever it says: it can
/// be turned off in one call, and then the address is public. Of a shared VPC its owner's counts.
///
/// Source: <https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html>
fn block(instance: &Instance, facts: &Facts<'_>) -> String {
    let vpc = instance.vpc.as_deref();
    if let Some(owner) = vpc.and_then(|vpc| routing::other_owner(vpc, facts)) {
        return format!(
            "; its VPC belongs to account {owner}, whose VPC Block Public Access decides whether the \
             internet reaches it"
        );
    }
    let block = match facts.get::<VpcBlockPublicAccess>() {
        Ok(block) => block,
        Err(gap) => {
            return format!("; whether VPC Block Public Access is on could not be read ({gap})");
        }
    };
    let (mode, effect) = match block.mode {
        VpcBlockMode::Off => return String::new(),
        _ if is_excluded(instance, block) => return String::new(),
        VpcBlockMode::BlockBidirectional => (
            "block-bidirectional",
            "internet gateways carry no traffic for it",
        ),
        VpcBlockMode::BlockIngress => (
            "block-ingress",
            "internet gateways let nothing in from the internet",
        ),
    };
    let unless = match block.exclusions.complete() {
        Ok(()) => "",
        Err(_) => ", unless an exclusion that could not be read is of it",
    };
    format!("; VPC Block Public Access ({mode}) is on in this Region, so {effect}{unless}")
}

fn is_excluded(instance: &Instance, block: &VpcBlockPublicAccess) -> bool {
    let subnets = instance
        .interfaces
        .iter()
        .filter_map(|one| one.subnet.as_ref());
    let mut ids = instance.vpc.iter().chain(subnets);
    ids.any(|id| block.exclusions.known.contains(id))
}

#[cfg(test)]
mod tests;
