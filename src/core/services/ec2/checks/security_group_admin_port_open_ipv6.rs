//! Ingress rules of security groups that open ports for administration to all of IPv6.

use crate::checks::{Category, Check, Context, FailedResource, Parameters, Rule, covers};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::ec2::SecurityGroups;
use crate::services::ec2::network::internet::Family;
use crate::services::ec2::network::{admin_ports, security_groups};

pub(super) const CHECK: Check = Check {
    id: "security-group-admin-port-open-ipv6",
    title: "Security group rule opens SSH or RDP to all of IPv6",
    category: Category::NetworkSecurity,
    severity: Severity::High,
    why: "A rule for IPv6 is easily overlooked beside the rule for IPv4. It allows everyone who knows the \
          address, and DNS records and certificate logs reveal addresses. Attackers guess passwords there \
          too, and they exploit a new vulnerability within hours. Benchmarks have a separate control for \
          SSH and RDP over IPv6. The check security-group-sensitive-port-open covers them too, so this \
          check is not enabled by default.",
    fix: admin_ports::FIX,
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0123456789abcdef0",
        "tcp 22 from ::/0",
    ),
    by_default: false,
    remediation: security_groups::remediation,
    controls: &[covers("cis-7.0", "6.4"), covers("cis-5.0", "5.4")],
    prowler: admin_ports::COUNTERPARTS,
    parameters: Parameters::Fixed(admin_ports::parameters),
    needs: &[SecurityGroups::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let family = [Family::V6];
    security_groups::evaluate(&CHECK, facts, region, context, &family, admin_ports::object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::ec2::network::admin_ports::samples::{Ranges, is_of_admin_ports};

    #[test]
    fn ports_for_administration_count_from_all_of_ipv6_alone() {
        let ranges = Ranges {
            family: "IPv6",
            all: "::/0",
            halves: ["2000::/4", "3000::/4"],
            others: ["0.0.0.0/0", "fd00::/8", "10.0.0.0/8"],
        };
        is_of_admin_ports(&CHECK, &ranges);
    }
}
