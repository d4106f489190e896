//! Databases whose automated backups are kept for less than a week.

use super::databases::{self, DatabaseVerdict};
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Cause, Gap, Region, RuleResult, Severity};
use crate::services::rds::{
    Backups, DESCRIBE_DB_CLUSTERS, DESCRIBE_DB_INSTANCES, DbCluster, DbClusters, DbInstance,
    DbInstances,
};

/// As AWS requires it.
///
/// Source: <https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-11>
const DAYS: u32 = 7;

pub(super) const CHECK: Check = Check {
    id: "rds-backup-short",
    title: "RDS database keeps automated backups for less than 7 days",
    category: Category::DataProtection,
    severity: Severity::Medium,
    why: "A deletion, a bug or an attack that nobody notices for some days is then in every backup. Without \
          automated backups the database cannot be restored to a point in time at all. Manual snapshots and \
          scheduled snapshots of AWS Backup do not count, since they have no transaction logs.",
    fix: &[
        "If AWS Backup makes continuous backups of the database, change the retention period in its backup \
         plan instead: AWS Backup, Backup plans.",
        "Run the command. The console has the same setting: RDS, Databases, Modify, Backup retention period. \
         For an instance without automated backups the change causes an outage, so it takes effect in the \
         next maintenance window.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:rds:eu-west-1:111122223333:db:orders",
        "",
    ),
    by_default: true,
    remediation: |failed| databases::modify(failed, &format!("--backup-retention-period {DAYS}")),
    controls: &[covers("aws-fsbp", "RDS.11")],
    prowler: Counterparts::per_resource(&[same("rds_instance_backup_enabled")
        .with_remark("covers clusters and short retention periods too")]),
    parameters: Parameters::Fixed(|| format!("{DAYS} days")),
    needs: &[DbInstances::SPEC, DbClusters::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, _: &Region, _: &Context<'_>) -> Result<RuleResult, Gap> {
    Ok(databases::evaluate(facts, of_instance, of_cluster))
}

/// A read replica has no backups by default. Its source has them.
///
/// Source: <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html>
fn of_instance(instance: &DbInstance) -> Result<DatabaseVerdict, Gap> {
    if instance.replica_of.is_some() {
        return Ok(DatabaseVerdict::Skip(
            "the backups of a read replica are those of its source",
        ));
    }
    let problem = problem(instance.backups, DESCRIBE_DB_INSTANCES.action, &instance.id)?;
    let found = problem.map(|problem| databases::of_instance(&CHECK, instance, &problem));
    Ok(DatabaseVerdict::of(found))
}

fn of_cluster(cluster: &DbCluster) -> Result<DatabaseVerdict, Gap> {
    let action = DESCRIBE_DB_CLUSTERS.action;
    let unknown = || Gap::lacks(action, &cluster.id, "BackupRetentionPeriod");
    let backups = cluster.backups.ok_or_else(unknown)?;
    let problem = problem(backups, action, &cluster.id)?;
    let found = problem.map(|problem| databases::of_cluster(&CHECK, cluster, &problem));
    Ok(DatabaseVerdict::of(found))
}

/// What is wrong with the backups, if anything is. AWS Backup sets the retention period of the database for its continuous
/// backups, 1 to 35 days, so that none at all contradicts it.
///
/// Source: <https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery-retention-period.html>
fn problem(backups: Backups, action: &str, id: &str) -> Result<Option<String>, Gap> {
    let days = match (backups.days, backups.by_aws_backup) {
        (DAYS.., _) => return Ok(None),
        (0, false) => return Ok(Some("has no automated backups".to_owned())),
        (0, true) => {
            let detail = "AWS Backup makes continuous backups, and the retention period is 0 days";
            return Err(Gap {
                detail: detail.to_owned(),
                ..Gap::new(action, Cause::Malformed).of(id)
            });
        }
        (1, _) => "1 day".to_owned(),
        (days, _) => format!("{days} days"),
    };
    let by = match backups.by_aws_backup {
        true => ", as its plan in AWS Backup has it",
        false => "",
    };
    Ok(Some(format!("keeps automated backups for {days} only{by}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::services::rds::samples::{cluster, facts, instance, member};

    fn kept(days: u32, by_aws_backup: bool) -> DbInstance {
        DbInstance {
            backups: Backups {
                days,
                by_aws_backup,
            },
            ..instance("orders")
        }
    }

    fn evaluated(instances: Vec<DbInstance>, clusters: Vec<DbCluster>) -> RuleResult {
        evaluate_region(&CHECK, &facts(instances, clusters)).unwrap()
    }

    #[test]
    fn less_than_seven_days_are_found() {
        for (instance, expected) in [
            (
                kept(0, false),
                Some("Instance orders has no automated backups"),
            ),
            (
                kept(1, false),
                Some("Instance orders keeps automated backups for 1 day only"),
            ),
            (
                kept(6, false),
                Some("Instance orders keeps automated backups for 6 days only"),
            ),
            (
                kept(3, true),
                Some(
                    "Instance orders keeps automated backups for 3 days only, as its plan in AWS Backup has it",
                ),
            ),
            (kept(7, false), None),
            (kept(7, true), None),
            (kept(35, false), None),
        ] {
            let result = evaluated(vec![instance], vec![]);
            let found = result.violations.first().map(|one| &*one.message);
            assert_eq!((result.resources_evaluated, found), (1, expected));
        }
    }

    #[test]
    fn no_retention_with_continuous_backups_is_a_contradiction() {
        let result = evaluated(vec![kept(0, true)], vec![]);
        assert_eq!((result.resources_evaluated, result.gaps.len()), (0, 1));
        assert_eq!(result.gaps[0].cause, Cause::Malformed);
        assert_eq!(result.gaps[0].resource, "orders");
    }

    #[test]
    fn a_read_replica_is_skipped() {
        let replica = DbInstance {
            replica_of: Some("orders".into()),
            ..kept(0, false)
        };
        let result = evaluated(vec![replica], vec![]);
        assert_eq!((result.resources_evaluated, result.violations), (0, vec![]));
        assert_eq!(
            result.notes,
            ["1 instance skipped: the backups of a read replica are those of its source"]
        );
    }

    #[test]
    fn the_backups_of_a_cluster_are_its_own() {
        let short = DbCluster {
            backups: Some(Backups {
                days: 1,
                by_aws_backup: false,
            }),
            ..cluster("ledger")
        };
        let members = vec![member("ledger-1", "ledger")];
        let result = evaluated(members, vec![short, cluster("vault")]);
        assert_eq!(result.resources_evaluated, 2);
        let messages: Vec<_> = result.violations.iter().map(|one| &*one.message).collect();
        let expected = "Cluster ledger keeps automated backups for 1 day only";
        assert_eq!(messages, [expected]);
    }

    #[test]
    fn a_missing_field_and_a_denied_list_are_gaps() {
        let silent = DbCluster {
            backups: None,
            ..cluster("ledger")
        };
        let facts =
            facts(vec![], vec![silent]).with::<DbInstances>(missing("rds:DescribeDBInstances"));
        let result = evaluate_region(&CHECK, &facts).unwrap();
        let lacks = Gap::lacks("rds:DescribeDBClusters", "ledger", "BackupRetentionPeriod");
        assert_eq!(result.gaps, [denied("rds:DescribeDBInstances"), lacks]);
    }
}
