//! Databases with a public address.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, format,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{
    Gap, Items, PortProtocol, Region, RuleResult, SensitivePort, Severity, Violation,
};
use crate::services::ec2::network::exposure::{InstanceNetwork, NetworkPaths};
use crate::services::ec2::{Instance, Interface, SecurityGroups};
use crate::services::rds::{DatabaseNetwork, DbInstance, DbInstances, PublicDatabase};

pub(super) const CHECK: Check = Check {
    id: "rds-instance-public",
    title: "RDS instance is publicly accessible",
    category: Category::ExposureRisks,
    severity: Severity::Critical,
    why: "Scanners find a reachable database within hours and then guess its passwords. Public access gives \
          the database a public address. Then only the route table, the network ACL and the security group \
          can block the internet. The finding is critical if none of them does. It is medium if one of them \
          does, because one change would expose the database.",
    fix: &[
        "Move clients outside the VPC to a VPN, a peered VPC or a bastion host. They lose the connection \
         otherwise.",
        "Run the command. It turns public access off immediately. The console has the same setting: RDS, \
         Databases, Modify, Connectivity, Additional configuration.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:rds:eu-west-1:111122223333:db:orders",
        "",
    ),
    by_default: true,
    remediation: |failed| {
        let close = "rds modify-db-instance --no-publicly-accessible --apply-immediately";
        remediation::regional(close, failed, ("db-instance-identifier", failed.name()))
    },
    controls: &[
        covers("cis-7.0", "3.2.3"),
        covers("cis-5.0", "2.2.3"),
        covers("aws-fsbp", "RDS.2"),
    ],
    prowler: Counterparts::per_resource(&[same("rds_instance_no_public_access")]),
    parameters: Parameters::None,
    needs: &[
        DbInstances::SPEC,
        DatabaseNetwork::SPEC,
        SecurityGroups::SPEC,
    ],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, _: &Region, _: &Context<'_>) -> Result<RuleResult, Gap> {
    let instances = facts.get::<DbInstances>()?;
    let mut result = RuleResult {
        resources_evaluated: instances.known.len() as u64,
        gaps: instances.gaps.clone(),
        ..RuleResult::default()
    };
    for instance in instances {
        let Some(public) = &instance.public else {
            continue;
        };
        let paths = paths(instance, public, facts);
        result.violations.push(violation(instance, &paths));
        result.gaps.extend(paths.err());
    }
    Ok(result)
}

/// The ways in which the internet reaches a database, each in words.
///
/// # Errors
/// The gap, where none is known and there may be one.
fn paths(
    instance: &DbInstance,
    public: &PublicDatabase,
    facts: &Facts<'_>,
) -> Result<Vec<String>, Gap> {
    let Some((host, port)) = &public.endpoint else {
        return Ok(Vec::new());
    };
    let ports = [SensitivePort {
        port: *port,
        protocol: PortProtocol::Tcp,
        name: "database".to_owned(),
    }];
    let seen = as_instance(instance, public, host);
    let exposure = InstanceNetwork {
        instance: &seen,
        facts,
        ports: &ports,
    };
    let NetworkPaths { known, gap } = exposure.ways();
    let known = known.iter().map(|way| {
        let groups: Vec<&String> = way.groups.iter().map(|group| &group.id).collect();
        let table = way.table.id.as_deref().unwrap_or("without an id");
        let groups = format::first_few(&groups);
        format!("security group {groups} and route table {table}")
    });
    let mut known: Vec<String> = known.collect();
    known.sort();
    known.dedup();
    match gap {
        Some(gap) if known.is_empty() => Err(gap),
        _ => Ok(known),
    }
}

/// The database as the network sees it: a machine with a public IPv4 address in each subnet that it may be in. Its
/// IPv6 addresses, where it has any, are private whatever is set.
///
/// Source: <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html>
fn as_instance(instance: &DbInstance, public: &PublicDatabase, host: &str) -> Instance {
    let interfaces = public.subnets.iter().map(|subnet| Interface {
        subnet: Some(subnet.clone()),
        public_ipv4: vec![host.to_owned()].into(),
        ipv6: Items::default(),
        groups: public.groups.clone().into(),
    });
    Instance {
        id: instance.id.clone(),
        vpc: public.vpc.clone(),
        state: "running".to_owned(),
        interfaces: interfaces.collect(),
        has_profile: false,
        answers_imdsv1: None,
    }
}

fn violation(instance: &DbInstance, paths: &Result<Vec<String>, Gap>) -> Violation {
    let id = &instance.id;
    let found = |message: String| CHECK.violation(instance.arn.clone(), message);
    match paths {
        Ok(ways) if !ways.is_empty() => {
            let ways = format::few(ways, "; and through ");
            found(format!(
                "Instance {id} is reachable from the internet through {ways}"
            ))
        }
        Ok(_) => found(format!(
            "Instance {id} is publicly accessible, but its network blocks inbound traffic from the internet"
        ))
        .with_severity(Severity::Medium),
        Err(_) => found(format!(
            "Instance {id} is publicly accessible; whether its network blocks the internet is unknown"
        ))
        .with_severity(Severity::Medium),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;
    use crate::services::ec2::samples::{acl, group, table};
    use crate::services::ec2::{NetworkAcls, RouteTables, VpcBlockPublicAccess};
    use crate::services::rds::samples::instance;

    fn database(public: Option<PublicDatabase>) -> DbInstance {
        DbInstance {
            public,
            ..instance("orders")
        }
    }

    fn public(group: &str) -> PublicDatabase {
        PublicDatabase {
            vpc: Some("vpc-1".into()),
            subnets: vec!["subnet-1".into()],
            groups: vec![group.into()],
            endpoint: Some(("orders.example".into(), 5432)),
        }
    }

    fn known<T>(list: Vec<T>) -> Reading<Items<T>> {
        Reading::known(list.into())
    }

    /// A subnet that leads to the internet, and groups for everybody, for an office and for the web.
    fn facts(databases: Vec<DbInstance>) -> FactStore {
        FactStore::default()
            .with::<DbInstances>(known(databases))
            .with::<SecurityGroups>(known(vec![
                group("sg-open", &[("tcp", Some((5432, 5432)), "0.0.0.0/0")]),
                group(
                    "sg-office",
                    &[("tcp", Some((5432, 5432)), "198.51.100.0/24")],
                ),
                group("sg-web", &[("tcp", Some((443, 443)), "0.0.0.0/0")]),
            ]))
            .with::<RouteTables>(known(vec![table("rtb-1", &["subnet-1"], &["0.0.0.0/0"])]))
            .with::<NetworkAcls>(known(vec![acl(
                "acl-1",
                &[(100, true, "-1", None, "0.0.0.0/0")],
            )]))
            .with::<VpcBlockPublicAccess>(Reading::known(VpcBlockPublicAccess::default()))
    }

    fn found(facts: &FactStore) -> Vec<(Severity, String)> {
        let result = evaluate_region(&CHECK, facts).unwrap();
        let violations = result.violations.into_iter();
        violations.map(|one| (one.severity, one.message)).collect()
    }

    #[test]
    fn a_reachable_instance_is_critical_and_one_behind_a_closed_group_is_medium() {
        let (severity, message) = found(&facts(vec![database(Some(public("sg-open")))])).remove(0);
        assert_eq!(severity, Severity::Critical);
        let expected = "Instance orders is reachable from the internet through security group sg-open and route table rtb-1";
        assert_eq!(message, expected);
        for group in ["sg-office", "sg-web"] {
            let (severity, message) = found(&facts(vec![database(Some(public(group)))])).remove(0);
            assert_eq!(severity, Severity::Medium, "{group}");
            assert!(
                message.ends_with("its network blocks inbound traffic from the internet"),
                "{message}"
            );
        }
    }

    #[test]
    fn a_subnet_that_leads_nowhere_keeps_strangers_out() {
        let facts = facts(vec![database(Some(public("sg-open")))])
            .with::<RouteTables>(known(vec![table("rtb-1", &["subnet-1"], &[])]));
        assert_eq!(found(&facts)[0].0, Severity::Medium);
    }

    #[test]
    fn an_instance_without_a_public_address_passes_and_one_in_creation_is_not_reachable_yet() {
        let result = evaluate_region(&CHECK, &facts(vec![database(None)])).unwrap();
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (1, 0)
        );
        let created = PublicDatabase {
            endpoint: None,
            ..public("sg-open")
        };
        assert_eq!(
            found(&facts(vec![database(Some(created))]))[0].0,
            Severity::Medium
        );
    }

    #[test]
    fn what_is_not_known_of_the_network_is_a_gap_beside_the_finding() {
        let facts = facts(vec![database(Some(public("sg-open")))])
            .with::<RouteTables>(missing("ec2:DescribeRouteTables"));
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!(result.gaps, [denied("ec2:DescribeRouteTables")]);
        assert_eq!(result.violations[0].severity, Severity::Medium);
        assert!(result.violations[0].message.contains("is unknown"));
    }

    #[test]
    fn instances_that_could_not_be_read_are_a_gap() {
        let facts = facts(vec![]).with::<DbInstances>(missing("rds:DescribeDBInstances"));
        let gap = evaluate_region(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("rds:DescribeDBInstances"));
    }
}
