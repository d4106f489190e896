//! EC2 instances that the internet reaches on a sensitive port.

use crate::checks::{
    Category, Check, Context, Counterparts, Parameters, Rule, arn, format, part, remediation,
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
    why: "Everything that keeps strangers from this machine is open at once: it has a public address, its \
          subnet's route table leads to an internet gateway, the network ACL lets them in and the replies \
          out, and a security group lets them in to a port that is not made to face the internet. Passwords \
          are being tried on it now. While it is stopped nobody gets in, but it is as open when it starts \
          again. If the network ACL lets TCP replies out to client ports below 1024 alone, only a client that \
          binds one gets an answer: that is one severity lower.",
    fix: "Close the port first: find the rule with `aws ec2 describe-security-group-rules --filters \
          Name=group-id,Values=GROUP --region REGION`, or in the EC2 console under the instance's Security \
          tab, and take it away with `aws ec2 revoke-security-group-ingress --group-id GROUP \
          --security-group-rule-ids RULE --region REGION`. Then see who was there, in the machine's own logs \
          and in the VPC's flow logs. Reach it with `aws ssm start-session --target INSTANCE --region \
          REGION`, and take away the public address if nothing else needs it.",
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
        result.examined += u64::from(gap.is_none() || !known.is_empty());
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
        (true, true) => (Severity::Critical, "is reached"),
        (true, false) => (Severity::High, "is reached"),
        (false, true) => (Severity::High, "is reached, as soon as it is started,"),
        (false, false) => (Severity::Medium, "is reached, as soon as it is started,"),
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
            ", by clients that send from a port below 1024 alone: the network ACL lets no reply out \
             to others"
        }
        false => "",
    };
    let block = way.vpc_owner.map(|owner| {
        format!(
            ", unless VPC Block Public Access of account {owner}, which owns the VPC, blocks it: \
             that cannot be read from this account"
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
