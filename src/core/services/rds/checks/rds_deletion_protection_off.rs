//! Databases that can be deleted.

use super::databases::{self, DatabaseVerdict};
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, part, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::rds::{DESCRIBE_DB_CLUSTERS, DbCluster, DbClusters, DbInstance, DbInstances};

pub(super) const CHECK: Check = Check {
    id: "rds-deletion-protection-off",
    title: "RDS database has no deletion protection",
    category: Category::DataProtection,
    severity: Severity::Low,
    why: "A script with an error or stolen credentials can delete the database. Its automated backups are \
          deleted with it by default. With deletion protection somebody has to turn the protection off \
          first. The severity is informational for a read replica, since its source still has the data. \
          Short-lived databases rarely need protection, so the check is not enabled by default.",
    fix: &[
        "Run the command. It takes effect immediately and causes no outage. The console has the same setting: \
         RDS, Databases, Modify, Deletion protection.",
        "Update the template that creates the database, for example in CloudFormation or Terraform. \
         Otherwise the next deployment turns the protection off again.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:rds:eu-west-1:111122223333:db:orders",
        "",
    ),
    by_default: false,
    remediation: |failed| databases::modify(failed, "--deletion-protection"),
    controls: &[covers("aws-fsbp", "RDS.7"), covers("aws-fsbp", "RDS.8")],
    prowler: Counterparts::per_resource(&[
        same("rds_instance_deletion_protection").with_remark("covers clusters too"),
        part("rds_cluster_deletion_protection"),
    ]),
    parameters: Parameters::None,
    needs: &[DbInstances::SPEC, DbClusters::SPEC],
    rule: Rule::Region(evaluate),
};

const OFF: &str = "has no deletion protection";

fn evaluate(facts: &Facts<'_>, _: &Region, _: &Context<'_>) -> Result<RuleResult, Gap> {
    Ok(databases::evaluate(facts, of_instance, of_cluster))
}

fn of_instance(instance: &DbInstance) -> Result<DatabaseVerdict, Gap> {
    if instance.is_deletion_protected {
        return Ok(DatabaseVerdict::Pass);
    }
    let violation = |problem| databases::of_instance(&CHECK, instance, problem);
    let found = match instance.replica_of {
        Some(_) => violation("is a read replica without deletion protection")
            .with_severity(Severity::Informational),
        None => violation(OFF),
    };
    Ok(DatabaseVerdict::Fail(found))
}

/// The instances of a cluster can be deleted whatever is set. The cluster has the data.
///
/// Source: <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html>
fn of_cluster(cluster: &DbCluster) -> Result<DatabaseVerdict, Gap> {
    let action = DESCRIBE_DB_CLUSTERS.action;
    let unknown = || Gap::lacks(action, &cluster.id, "DeletionProtection");
    let is_off = !cluster.is_deletion_protected.ok_or_else(unknown)?;
    let found = is_off.then(|| databases::of_cluster(&CHECK, cluster, OFF));
    Ok(DatabaseVerdict::of(found))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::services::rds::samples::{cluster, facts, instance, member};

    fn open(id: &str) -> DbInstance {
        DbInstance {
            is_deletion_protected: false,
            ..instance(id)
        }
    }

    fn evaluated(instances: Vec<DbInstance>, clusters: Vec<DbCluster>) -> RuleResult {
        evaluate_region(&CHECK, &facts(instances, clusters)).unwrap()
    }

    #[test]
    fn an_instance_without_protection_is_low_and_a_replica_informational() {
        let replica = DbInstance {
            replica_of: Some("orders".into()),
            ..open("reports")
        };
        let result = evaluated(vec![open("orders"), instance("users"), replica], vec![]);
        let found: Vec<_> = result.violations.iter().map(|v| v.severity).collect();
        assert_eq!(result.resources_evaluated, 3);
        assert_eq!(found, [Severity::Low, Severity::Informational]);
        let expected = "Instance orders has no deletion protection";
        assert_eq!(result.violations[0].message, expected);
    }

    #[test]
    fn the_protection_of_a_cluster_counts_and_not_that_of_its_instances() {
        let unprotected = DbCluster {
            is_deletion_protected: Some(false),
            ..cluster("ledger")
        };
        let members = vec![
            member("ledger-1", "ledger"),
            DbInstance {
                is_deletion_protected: false,
                ..member("vault-1", "vault")
            },
        ];
        let result = evaluated(members, vec![unprotected, cluster("vault")]);
        let messages: Vec<_> = result.violations.iter().map(|one| &*one.message).collect();
        assert_eq!(messages, ["Cluster ledger has no deletion protection"]);
        assert_eq!(result.resources_evaluated, 2);
    }

    #[test]
    fn a_missing_field_and_a_denied_list_are_gaps() {
        let silent = DbCluster {
            is_deletion_protected: None,
            ..cluster("ledger")
        };
        let facts =
            facts(vec![], vec![silent]).with::<DbInstances>(missing("rds:DescribeDBInstances"));
        let result = evaluate_region(&CHECK, &facts).unwrap();
        let lacks = Gap::lacks("rds:DescribeDBClusters", "ledger", "DeletionProtection");
        assert_eq!(result.gaps, [denied("rds:DescribeDBInstances"), lacks]);
    }
}
