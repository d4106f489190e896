//! Ingress rules of security groups that open ports for administration to all of IPv4.

use crate::checks::{Category, Check, Context, FailedResource, Parameters, Rule, covers};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::ec2::SecurityGroups;
use crate::services::ec2::network::internet::Family;
use crate::services::ec2::network::{admin_ports, security_groups};

pub(super) const CHECK: Check = Check {
    id: "security-group-admin-port-open-ipv4",
    title: "Security group rule opens SSH or RDP to all of IPv4",
    category: Category::NetworkSecurity,
    severity: Severity::High,
    why: "Scanners try every IPv4 address within an hour. They guess SSH and RDP passwords around the \
          clock, and they exploit a new vulnerability within hours. Benchmarks have a separate control \
          for these two ports. The check security-group-sensitive-port-open covers them too, so this check \
          is not enabled by default.",
    fix: admin_ports::FIX,
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0123456789abcdef0",
        "tcp 22 from 0.0.0.0/0",
    ),
    by_default: false,
    remediation: security_groups::remediation,
    controls: &[covers("cis-7.0", "6.3"), covers("cis-5.0", "5.3")],
    prowler: admin_ports::COUNTERPARTS,
    parameters: Parameters::Fixed(admin_ports::parameters),
    needs: &[SecurityGroups::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let family = [Family::V4];
    security_groups::evaluate(&CHECK, facts, region, context, &family, admin_ports::object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::ec2::network::admin_ports::samples::{Ranges, is_of_admin_ports};

    #[test]
    fn ports_for_administration_count_from_all_of_ipv4_alone() {
        let ranges = Ranges {
            family: "IPv4",
            all: "0.0.0.0/0",
            halves: ["0.0.0.0/1", "128.0.0.0/1"],
            others: ["::/0", "10.0.0.0/8", "fd00::/8"],
        };
        is_of_admin_ports(&CHECK, &ranges);
    }
}
