//! EC2 instances with an address that the internet can reach.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers, format,
    remediation, same,
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
    why: "One security group rule is enough to expose an instance with a public address to the internet. \
          Scanners find new addresses within minutes. Behind a load balancer, a NAT gateway or Session \
          Manager, most instances work without one.",
    fix: &[
        "Prepare other access: a load balancer for visitors, Session Manager (`aws ssm start-session`) for \
         administrators.",
        "Run the command. Each line has a network interface, its association, its public IPv4 address and \
         its subnet.",
        "For an Elastic IP address, run `aws ec2 disassociate-address`. In the console: EC2, Elastic IPs, \
         Actions.",
        "For an auto-assigned IPv4 address, run `aws ec2 modify-network-interface-attribute \
         --no-associate-public-ip-address` with the interface's ID. In the console: EC2, Instances, \
         Actions, Networking, Manage IP addresses.",
        "Stop the subnet from assigning more addresses: `aws ec2 modify-subnet-attribute \
         --no-map-public-ip-on-launch`.",
        "For IPv6, point the route for `::/0` of the subnet's route table to an egress-only internet \
         gateway with `aws ec2 replace-route`.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0",
        "",
    ),
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
        format!("IPv6 {list} in a subnet with a route to an internet gateway")
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
            "; account {owner} owns the VPC, and its VPC Block Public Access setting decides whether \
             the internet can reach it"
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
            "internet gateways block all its traffic",
        ),
        VpcBlockMode::BlockIngress => (
            "block-ingress",
            "internet gateways block inbound traffic from the internet",
        ),
    };
    let unless = match block.exclusions.complete() {
        Ok(()) => "",
        Err(_) => ", unless an exclusion that could not be read applies to it",
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
