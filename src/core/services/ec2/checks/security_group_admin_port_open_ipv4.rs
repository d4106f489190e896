//! Ingress rules of security groups that open ports for administration to all of IPv4.

use crate::checks::{Category, Check, Context, Parameters, Rule, covers};
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
    why: "Every address of IPv4 is tried within the hour by scanners that look for SSH and remote desktops, \
          guess passwords around the clock, and use a flaw within hours of its being known. Auditors ask for \
          these two ports on their own; the check of sensitive ports has them among others.",
    fix: admin_ports::FIX,
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
