//! Ingress rules of security groups that open a sensitive port to the world.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, format,
    on_ports, part,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::ec2::SecurityGroups;
use crate::services::ec2::network::internet::Family;
use crate::services::ec2::network::security_groups;

pub(super) const CHECK: Check = Check {
    id: "security-group-sensitive-port-open",
    title: "Security group rule opens a sensitive port to the world",
    category: Category::NetworkSecurity,
    severity: Severity::High,
    why: "Remote desktops, shells, databases and file shares are not designed to face the internet. \
          Attackers guess their passwords around the clock, and they exploit a new vulnerability within \
          hours. A rule for all traffic is critical, because it also opens ports that nobody considered.",
    fix: &[
        "Prepare other access: Session Manager (`aws ssm start-session`) for administrators.",
        "For applications, allow the client's security group as the source instead of an address range: \
         `aws ec2 authorize-security-group-ingress --source-group`.",
        "Run the command. It revokes the rule, or lists the group's rules if several rules only together \
         cover the internet.",
        "If the command lists rules, delete those that the finding names in the EC2 console under Security \
         Groups, Inbound rules.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0123456789abcdef0",
        "tcp 22 from 0.0.0.0/0",
    ),
    by_default: true,
    remediation: security_groups::remediation,
    controls: &[covers("aws-fsbp", "EC2.19")],
    prowler: Counterparts::per_resource(&[
        on_ports(
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22",
            &[22],
        ),
        on_ports(
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_3389",
            &[3389],
        ),
        on_ports(
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_ftp_20_21",
            &[20, 21],
        )
        .formerly("ec2_securitygroup_allow_ingress_from_internet_to_tcp_ftp_port_20_21"),
        on_ports(
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_telnet_23",
            &[23],
        ),
        on_ports(
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_sql_server_1433_1434",
            &[1433, 1434],
        ),
        on_ports(
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_oracle_1521_2483",
            &[1521, 2483],
        ),
        on_ports(
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_mysql_3306",
            &[3306],
        ),
        on_ports(
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_postgres_5432",
            &[5432],
        ),
        on_ports(
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_redis_6379",
            &[6379],
        ),
        on_ports(
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_kafka_9092",
            &[9092],
        ),
        on_ports(
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_elasticsearch_kibana_9200_9300_5601",
            &[5601, 9200, 9300],
        ),
        on_ports(
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_memcached_11211",
            &[11211],
        ),
        on_ports(
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_mongodb_27017_27018",
            &[27017, 27018],
        )
        .formerly("ec2_securitygroup_allow_ingress_from_internet_to_port_mongodb_27017_27018"),
        on_ports(
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_cassandra_7199_9160_8888",
            &[7199, 8888, 9160],
        )
        .not_compared("none of the ports is sensitive by default"),
        part("ec2_securitygroup_allow_ingress_from_internet_to_all_ports"),
    ]),
    parameters: Parameters::SensitivePorts,
    needs: &[SecurityGroups::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    security_groups::evaluate(&CHECK, facts, region, context, &Family::ALL, |traffic| {
        let ports = context.sensitive_ports.iter();
        let reached: Vec<String> = ports
            .filter(|port| traffic.reaches(port))
            .map(ToString::to_string)
            .collect();
        let reached = format::first_few(&reached);
        (!reached.is_empty()).then(|| security_groups::traffic_issue(traffic, &reached))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::{PortProtocol, Reading, Violation, default_ports};
    use crate::services::ec2::PrefixList;
    use crate::services::ec2::samples::{RuleLine, group};

    fn evaluated(rules: &[RuleLine<'_>]) -> RuleResult {
        let facts = FactStore::default()
            .with::<SecurityGroups>(Reading::known(vec![group("sg-1", rules)].into()));
        evaluate_region(&CHECK, &facts).unwrap()
    }

    fn single(protocol: &str, ports: Option<(u16, u16)>) -> Violation {
        let mut result = evaluated(&[(protocol, ports, "0.0.0.0/0")]);
        assert_eq!(result.violations.len(), 1, "{protocol} {ports:?}");
        result.violations.remove(0)
    }

    #[test]
    fn rules_beside_sensitive_ports_pass() {
        let result = evaluated(&[
            ("tcp", Some((443, 443)), "0.0.0.0/0"),
            ("tcp", Some((24, 110)), "0.0.0.0/0"),
            ("udp", Some((22, 22)), "0.0.0.0/0"),
            ("icmp", None, "0.0.0.0/0"),
            ("tcp", Some((22, 22)), "10.0.0.0/8"),
        ]);
        assert_eq!(result.resources_evaluated, 5);
        assert!(result.violations.is_empty());
    }

    #[test]
    fn a_range_that_reaches_a_sensitive_port_fails() {
        let violation = single("tcp", Some((22, 22)));
        assert_eq!(violation.severity, Severity::High);
        assert_eq!(violation.part, "tcp 22 from 0.0.0.0/0");
        assert_eq!(
            violation.message,
            "Security group sg-1-name allows inbound tcp 22 from 0.0.0.0/0; this opens tcp 22 (SSH)"
        );
        assert_eq!(single("udp", None).severity, Severity::High);
        assert_eq!(single("tcp", Some((0, 20))).severity, Severity::High);
        for protocol in ["tcp", "udp"] {
            let violation = single(protocol, Some((1434, 1434)));
            assert!(violation.message.contains("SQL Server"), "{protocol}");
        }
    }

    #[test]
    fn all_ports_are_critical_and_the_list_is_cut() {
        let ports = default_ports();
        let tcp = ports.iter().filter(|p| p.protocol == PortProtocol::Tcp);
        for (protocol, reached) in [("tcp", tcp.count()), ("-1", ports.len())] {
            let violation = single(protocol, None);
            assert_eq!(violation.severity, Severity::Critical);
            assert!(violation.message.contains("tcp 22 (SSH), "));
            let more = format!(" and {} more", reached - format::SHOWN);
            assert!(violation.message.ends_with(&more), "{}", violation.message);
        }
    }

    #[test]
    fn ranges_that_are_open_only_combined_are_one_violation() {
        let result = evaluated(&[
            ("tcp", Some((5000, 6000)), "0.0.0.0/1"),
            ("tcp", Some((5432, 5432)), "128.0.0.0/1"),
        ]);
        assert_eq!(result.violations.len(), 1);
        assert_eq!(
            result.violations[0].message,
            "Security group sg-1-name allows inbound tcp 5432 from 0.0.0.0/1 + 128.0.0.0/1, which together cover \
             the whole internet; this opens tcp 5432 (PostgreSQL)"
        );
    }

    #[test]
    fn an_unread_prefix_list_matters_where_its_ports_do() {
        let mut facts = FactStore::default().with::<SecurityGroups>(Reading::known(
            vec![group(
                "sg-1",
                &[
                    ("tcp", Some((443, 443)), "pl-1"),
                    ("tcp", Some((22, 22)), "0.0.0.0/0"),
                ],
            )]
            .into(),
        ));
        let action = "ec2:GetManagedPrefixListEntries";
        facts.put_of::<PrefixList>("pl-1", missing(action));
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert!(result.gaps.is_empty());
        assert_eq!(result.resources_evaluated, 2);
        let rules = [("tcp", Some((22, 22)), "pl-1"), ("-1", None, "0.0.0.0/0")];
        facts.put::<SecurityGroups>(Reading::known(vec![group("sg-1", &rules)].into()));
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!(result.gaps, [denied(action)]);
        assert_eq!(result.violations.len(), 1);
    }
}
