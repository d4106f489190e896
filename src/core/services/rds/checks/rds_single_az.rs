//! Databases in a single availability zone.

use super::databases::{self, DatabaseVerdict};
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, part,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::rds::{DESCRIBE_DB_CLUSTERS, DbCluster, DbClusters, DbInstance, DbInstances};

pub(super) const CHECK: Check = Check {
    id: "rds-single-az",
    title: "RDS database runs in a single Availability Zone",
    category: Category::DataProtection,
    severity: Severity::Low,
    why: "If the Availability Zone or the host fails, the database is unavailable until somebody restores it. \
          With a standby in a second zone, RDS fails over within minutes. The standby costs as much as the \
          database. The severity is informational for a read replica, since its source still has the data. \
          Development databases rarely need a standby, so the check is not enabled by default.",
    fix: &[
        "Run the command. For an instance, it adds a standby in the next maintenance window. The console has \
         the same setting: RDS, Databases, Modify, Availability & durability. SQL Server Express has no \
         Multi-AZ deployment.",
        "For an Aurora cluster, the command shows its instances. Add a reader in another zone: RDS, \
         Databases, Actions, Add reader.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:rds:eu-west-1:111122223333:db:orders",
        "",
    ),
    by_default: false,
    remediation: |failed| match databases::is_cluster(failed) {
        // The class of the new instance has to be known.
        true => {
            let show = "rds describe-db-clusters";
            remediation::regional(show, failed, ("db-cluster-identifier", failed.name()))
        }
        false => databases::modify(failed, "--multi-az"),
    },
    controls: &[
        covers("cis-7.0", "3.2.4"),
        covers("cis-5.0", "2.2.4"),
        covers("aws-fsbp", "RDS.5"),
        covers("aws-fsbp", "RDS.15"),
    ],
    prowler: Counterparts::per_resource(&[
        same("rds_instance_multi_az").with_remark("covers clusters too"),
        part("rds_cluster_multi_az"),
    ]),
    parameters: Parameters::None,
    needs: &[DbInstances::SPEC, DbClusters::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, _: &Region, _: &Context<'_>) -> Result<RuleResult, Gap> {
    Ok(databases::evaluate(facts, of_instance, of_cluster))
}

fn of_instance(instance: &DbInstance) -> Result<DatabaseVerdict, Gap> {
    if instance.is_multi_az {
        return Ok(DatabaseVerdict::Pass);
    }
    let violation = |problem| databases::of_instance(&CHECK, instance, problem);
    let found = match instance.replica_of {
        Some(_) => violation("is a read replica in a single Availability Zone")
            .with_severity(Severity::Informational),
        None => violation("runs in a single Availability Zone"),
    };
    Ok(DatabaseVerdict::Fail(found))
}

/// A cluster is in several zones if its instances are. Its storage always is.
///
/// Source: <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html>
fn of_cluster(cluster: &DbCluster) -> Result<DatabaseVerdict, Gap> {
    let unknown = || Gap::lacks(DESCRIBE_DB_CLUSTERS.action, &cluster.id, "MultiAZ");
    let is_single = !cluster.is_multi_az.ok_or_else(unknown)?;
    let problem = "has no instances in a second Availability Zone";
    let found = is_single.then(|| databases::of_cluster(&CHECK, cluster, problem));
    Ok(DatabaseVerdict::of(found))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::services::rds::samples::{cluster, facts, instance, member};

    fn single(id: &str) -> DbInstance {
        DbInstance {
            is_multi_az: false,
            ..instance(id)
        }
    }

    fn evaluated(instances: Vec<DbInstance>, clusters: Vec<DbCluster>) -> RuleResult {
        evaluate_region(&CHECK, &facts(instances, clusters)).unwrap()
    }

    #[test]
    fn an_instance_without_a_standby_is_low_and_a_replica_informational() {
        let replica = DbInstance {
            replica_of: Some("orders".into()),
            ..single("reports")
        };
        let result = evaluated(vec![single("orders"), instance("users"), replica], vec![]);
        let found: Vec<_> = result.violations.iter().map(|v| v.severity).collect();
        assert_eq!(result.resources_evaluated, 3);
        assert_eq!(found, [Severity::Low, Severity::Informational]);
        let expected = "Instance orders runs in a single Availability Zone";
        assert_eq!(result.violations[0].message, expected);
    }

    #[test]
    fn a_cluster_is_evaluated_and_not_its_instances() {
        let single_az = DbCluster {
            is_multi_az: Some(false),
            ..cluster("ledger")
        };
        let members = vec![
            DbInstance {
                is_multi_az: false,
                ..member("vault-1", "vault")
            },
            member("ledger-1", "ledger"),
        ];
        let result = evaluated(members, vec![single_az, cluster("vault")]);
        assert_eq!(result.resources_evaluated, 2);
        let messages: Vec<_> = result.violations.iter().map(|one| &*one.message).collect();
        let expected = "Cluster ledger has no instances in a second Availability Zone";
        assert_eq!(messages, [expected]);
    }

    #[test]
    fn a_missing_field_and_a_denied_list_are_gaps() {
        let silent = DbCluster {
            is_multi_az: None,
            ..cluster("ledger")
        };
        let result = evaluated(vec![], vec![silent]);
        let gap = Gap::lacks("rds:DescribeDBClusters", "ledger", "MultiAZ");
        assert_eq!((result.resources_evaluated, result.gaps), (0, vec![gap]));
        let facts = facts(vec![single("orders")], vec![])
            .with::<DbClusters>(missing("rds:DescribeDBClusters"));
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!(result.gaps, [denied("rds:DescribeDBClusters")]);
        assert_eq!(result.violations.len(), 1);
    }

    #[test]
    fn the_command_adds_a_standby_or_shows_the_instances_of_the_cluster() {
        let command = |resource: &str| {
            (CHECK.remediation)(&FailedResource::example("eu-west-1", resource, "")).unwrap()
        };
        assert_eq!(
            command("arn:aws:rds:eu-west-1:111122223333:db:orders"),
            "aws rds modify-db-instance --multi-az --db-instance-identifier orders --region eu-west-1"
        );
        assert_eq!(
            command("arn:aws:rds:eu-west-1:111122223333:cluster:ledger"),
            "aws rds describe-db-clusters --db-cluster-identifier ledger --region eu-west-1"
        );
    }
}
