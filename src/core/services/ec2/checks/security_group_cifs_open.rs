//! Ingress rules of security groups that open file shares to the world.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, PortProtocol, Region, RuleResult, Severity};
use crate::services::ec2::SecurityGroups;
use crate::services::ec2::network::internet::Family;
use crate::services::ec2::network::security_groups::{self, TrafficIssue};
use crate::services::ec2::network::traffic::Traffic;

/// The port of CIFS, which is called SMB today.
pub(super) const CIFS: u16 = 445;

pub(super) const CHECK: Check = Check {
    id: "security-group-cifs-open",
    title: "Security group rule opens CIFS to the world",
    category: Category::NetworkSecurity,
    severity: Severity::High,
    why: "Windows file shares (CIFS, today SMB) are designed for networks whose members trust each other. \
          Worms that spread over port 445 have destroyed the data of whole companies. Everyone who can \
          connect to the port can guess passwords. Benchmarks have a separate control for this port. The \
          check security-group-sensitive-port-open covers it too, so this check is not enabled by default.",
    fix: &[
        "Allow the networks that need the file share with a rule of their own. In the console: EC2, \
         Security Groups, Inbound rules. With the CLI: `aws ec2 authorize-security-group-ingress`.",
        "Run the command. It revokes the rule, or lists the group's rules if several rules only together \
         cover the internet.",
        "If the command lists rules, delete those that the finding names in the same console page.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0123456789abcdef0",
        "tcp 445 from 0.0.0.0/0",
    ),
    by_default: false,
    remediation: security_groups::remediation,
    controls: &[covers("cis-7.0", "6.1.2"), covers("cis-5.0", "5.1.2")],
    prowler: Counterparts::none(
        "Prowler has one for instances that covers port 139 too; ec2-instance-exposed is compared with it",
    ),
    parameters: Parameters::Fixed(|| format!("port {CIFS}")),
    needs: &[SecurityGroups::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    security_groups::evaluate(&CHECK, facts, region, context, &Family::ALL, object)
}

fn object(traffic: &Traffic) -> Option<TrafficIssue> {
    let reaches = traffic.reaches_port(PortProtocol::Tcp, CIFS);
    reaches.then(|| security_groups::traffic_issue(traffic, &format!("CIFS ({CIFS})")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;
    use crate::services::ec2::samples::{RuleLine, group};

    fn evaluated(rules: &[RuleLine<'_>]) -> RuleResult {
        let facts = FactStore::default()
            .with::<SecurityGroups>(Reading::known(vec![group("sg-1", rules)].into()));
        evaluate_region(&CHECK, &facts).unwrap()
    }

    #[test]
    fn ports_that_just_include_it_count() {
        for (protocol, ports, source, open) in [
            ("tcp", Some((445, 445)), "0.0.0.0/0", true),
            ("tcp", Some((445, 445)), "::/0", true),
            ("tcp", Some((445, 500)), "0.0.0.0/0", true),
            ("tcp", Some((400, 445)), "0.0.0.0/0", true),
            ("tcp", Some((446, 500)), "0.0.0.0/0", false),
            ("tcp", Some((139, 444)), "0.0.0.0/0", false),
            ("udp", Some((445, 445)), "0.0.0.0/0", false),
            ("tcp", Some((445, 445)), "10.0.0.0/8", false),
            ("tcp", Some((445, 445)), "0.0.0.0/1", false),
            ("-1", None, "0.0.0.0/0", true),
        ] {
            let found = !evaluated(&[(protocol, ports, source)])
                .violations
                .is_empty();
            assert_eq!(found, open, "{protocol} {ports:?} {source}");
        }
    }

    #[test]
    fn combined_halves_of_the_internet_are_open() {
        let half = |source| ("tcp", Some((445, 445)), source);
        let violation = evaluated(&[half("0.0.0.0/1"), half("128.0.0.0/1")])
            .violations
            .remove(0);
        assert_eq!(violation.severity, Severity::High);
        assert_eq!(
            violation.message,
            "Security group sg-1-name allows inbound tcp 445 from 0.0.0.0/1 + 128.0.0.0/1, which together \
             cover the whole internet; this opens CIFS (445)"
        );
    }

    #[test]
    fn groups_that_could_not_be_read_are_a_gap() {
        let facts =
            FactStore::default().with::<SecurityGroups>(missing("ec2:DescribeSecurityGroups"));
        let gap = evaluate_region(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("ec2:DescribeSecurityGroups"));
    }
}
