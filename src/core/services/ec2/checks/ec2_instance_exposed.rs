//! EC2 instances that the internet reaches on a sensitive port.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, format, part,
    remediation,
};
use crate::facts::{Fact, Facts};
use crate::model::{Arn, Gap, Region, RuleResult, Severity, Violation};
use crate::services::ec2::network::exposure::{InstanceNetwork, NetworkPath, NetworkPaths};
use crate::services::ec2::{ExposureNetwork, Instance, Instances, SecurityGroups};

pub(super) const CHECK: Check = Check {
    id: "ec2-instance-exposed",
    title: "EC2 instance is exposed to the internet on a sensitive port",
    category: Category::ExposureRisks,
    severity: Severity::Critical,
    why: "Nothing blocks the internet on the way to this instance. It has a public address, and its subnet \
          has a route to an internet gateway. The network ACL allows the traffic and the replies. A \
          security group allows a sensitive port, so attackers already try passwords on it. A stopped \
          instance becomes reachable at its next start; its severity is one level lower. The severity is \
          also one level lower if the network ACL allows TCP replies only to client ports below 1024.",
    fix: &[
        "Run the command. It lists the instance's security groups.",
        "Delete the inbound rule in the security group that the finding names. In the console: EC2, \
         Security Groups, Inbound rules. With the CLI: `aws ec2 revoke-security-group-ingress`.",
        "Look for signs of access in the instance's own logs and in the VPC flow logs.",
        "Connect with Session Manager (`aws ssm start-session`) instead. It needs no open port.",
        "Remove the public address if nothing else needs it.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0",
        "",
    ),
    by_default: true,
    remediation: |failed| {
        // Which rule to take away is in the message; this shows the groups that have it.
        let groups = "ec2 describe-instances --query 'Reservations[].Instances[].NetworkInterfaces[].Groups[]'";
        remediation::regional(groups, failed, ("instance-ids", failed.name()))
    },
    controls: &[],
    prowler: Counterparts::per_resource(&[
        part("ec2_instance_port_ssh_exposed_to_internet"),
        part("ec2_instance_port_rdp_exposed_to_internet"),
        part("ec2_instance_port_cifs_exposed_to_internet"),
        part("ec2_instance_port_ftp_exposed_to_internet"),
        part("ec2_instance_port_telnet_exposed_to_internet"),
        part("ec2_instance_port_ldap_exposed_to_internet"),
        part("ec2_instance_port_sqlserver_exposed_to_internet"),
        part("ec2_instance_port_oracle_exposed_to_internet"),
        part("ec2_instance_port_mysql_exposed_to_internet"),
        part("ec2_instance_port_postgresql_exposed_to_internet"),
        part("ec2_instance_port_redis_exposed_to_internet"),
        part("ec2_instance_port_mongodb_exposed_to_internet"),
        part("ec2_instance_port_memcached_exposed_to_internet"),
        part("ec2_instance_port_kafka_exposed_to_internet"),
        part("ec2_instance_port_elasticsearch_kibana_exposed_to_internet"),
        part("ec2_instance_port_cassandra_exposed_to_internet"),
    ]),
    parameters: Parameters::SensitivePorts,
    needs: &[Instances::SPEC, ExposureNetwork::SPEC, SecurityGroups::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let instances = facts.get::<Instances>()?;
    let mut result = RuleResult {
        gaps: instances.gaps.clone(),
        ..RuleResult::default()
    };
    for instance in instances {
        let NetworkPaths { known, gap } = InstanceNetwork::of(instance, facts, context).ways();
        result.resources_evaluated += u64::from(gap.is_none() || !known.is_empty());
        result.gaps.extend(gap);
        let resource = arn::ec2(context, region, "instance", &instance.id);
        let exposed = (!known.is_empty()).then(|| violation(instance, &known, resource));
        result.violations.extend(exposed);
    }
    Ok(result)
}

fn violation(instance: &Instance, ways: &[NetworkPath<'_>], resource: Arn) -> Violation {
    let Instance { id, state, .. } = instance;
    let by_many = ways.iter().any(|way| !way.from_low_ports);
    let (severity, reached) = match (instance.is_on(), by_many) {
        (true, true) => (Severity::Critical, "is reachable"),
        (true, false) => (Severity::High, "is reachable"),
        (false, true) => (Severity::High, "is reachable after its next start"),
        (false, false) => (Severity::Medium, "is reachable after its next start"),
    };
    let ways: Vec<String> = ways.iter().map(describe).collect();
    let ways = format::few(&ways, "; and on ");
    let message = format!("Instance {id} ({state}) {reached} from the internet on {ways}");
    CHECK.violation(resource, message).with_severity(severity)
}

/// `tcp 22 (SSH) at 203.0.113.5, through security group bastion (sg-1) and route table rtb-1`
fn describe(way: &NetworkPath<'_>) -> String {
    let ports: Vec<String> = way.ports.iter().map(ToString::to_string).collect();
    let groups = way.groups.iter();
    let groups: Vec<String> = groups
        .map(|one| format!("{} ({})", one.label(), one.id))
        .collect();
    let plural = if groups.len() == 1 { "" } else { "s" };
    let table = way.table.id.as_deref();
    let low = match way.from_low_ports {
        true => {
            ", only by clients with a source port below 1024: the network ACL allows no \
             replies to other ports"
        }
        false => "",
    };
    let block = way.vpc_owner.map(|owner| {
        format!(
            ", unless VPC Block Public Access of account {owner}, the owner of the VPC, blocks it: \
             this account cannot read that setting"
        )
    });
    format!(
        "{} at {}, through security group{plural} {} and route table {}{low}{}",
        format::first_few(&ports),
        format::first_few(&way.addresses),
        format::first_few(&groups),
        table.unwrap_or("without an id"),
        block.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests;
