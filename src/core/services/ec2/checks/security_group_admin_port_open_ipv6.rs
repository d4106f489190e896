//! Ingress rules of security groups that open ports for administration to all of IPv6.

use crate::checks::{Category, Check, Context, Parameters, Rule, covers};
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
    why: "A rule for IPv6 is easily forgotten beside one for IPv4, and lets in whoever knows the address: \
          names in DNS and certificates give it away. Passwords are guessed there too, and a flaw is used \
          within hours of its being known. Auditors ask for these two ports on their own; the check of \
          sensitive ports has them among others.",
    fix: admin_ports::FIX,
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
