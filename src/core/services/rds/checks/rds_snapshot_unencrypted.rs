//! Database snapshots that are not encrypted.

use std::collections::BTreeMap;

use super::{databases, snapshots};
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers, format,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Arn, Gap, Items, Region, RuleResult, Severity};
use crate::services::rds::{DbClusterSnapshots, DbSnapshot, DbSnapshots, SnapshotOrigin};

pub(super) const CHECK: Check = Check {
    id: "rds-snapshot-unencrypted",
    title: "RDS snapshot is not encrypted",
    category: Category::DataEncryption,
    severity: Severity::Medium,
    why: "Every account that receives an unencrypted snapshot can restore it, and only an unencrypted snapshot \
          can be made public. Manual snapshots and those of AWS Backup remain after the database is \
          encrypted or deleted. RDS deletes automated snapshots itself, so they count once for each \
          database. An account can have thousands of snapshots, so the check is not enabled by default.",
    fix: &[
        "Run the command. It shows the snapshot, or the automated snapshots of the database. In the console: \
         RDS, Snapshots.",
        "Delete a snapshot that nobody needs: RDS, Snapshots, Actions, Delete snapshot. Delete one of AWS \
         Backup in its vault.",
        "Copy a snapshot of an instance with a KMS key, then delete the original: RDS, Snapshots, Actions, \
         Copy snapshot, Enable encryption, or `aws rds copy-db-snapshot --kms-key-id`.",
        "An Aurora cluster snapshot cannot be copied this way. Restore it with `aws rds \
         restore-db-cluster-from-snapshot --kms-key-id`, and create a snapshot of the new cluster.",
        "For automated snapshots, encrypt the database: see rds-instance-unencrypted.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:rds:eu-west-1:111122223333:snapshot:orders-2026",
        "",
    ),
    by_default: false,
    remediation: command,
    controls: &[covers("aws-fsbp", "RDS.4")],
    prowler: Counterparts::per_resource(&[same("rds_snapshots_encrypted")]),
    parameters: Parameters::None,
    needs: &[DbSnapshots::SPEC, DbClusterSnapshots::SPEC],
    rule: Rule::Region(evaluate),
};

/// What findings about automated snapshots have as their part. Their resource is the database.
const AUTOMATED: &str = "automated snapshots";

fn command(failed: &FailedResource<'_>) -> Option<String> {
    let is_automated = failed.part == AUTOMATED;
    let of_database = |show: &str, option: &str| {
        let show = format!("rds {show} --snapshot-type automated");
        remediation::regional(&show, failed, (option, failed.name()))
    };
    match (is_automated, databases::is_cluster(failed)) {
        (true, true) => of_database("describe-db-cluster-snapshots", "db-cluster-identifier"),
        (true, false) => of_database("describe-db-snapshots", "db-instance-identifier"),
        (false, _) if snapshots::is_of_cluster(failed) => snapshots::command(
            "describe-db-cluster-snapshots",
            "db-cluster-snapshot-identifier",
            failed,
        ),
        (false, _) => {
            let show = match snapshots::name(failed).starts_with("awsbackup:") {
                true => "describe-db-snapshots --snapshot-type awsbackup",
                false => "describe-db-snapshots",
            };
            snapshots::command(show, "db-snapshot-identifier", failed)
        }
    }
}

/// What is said of the snapshots of a list, and of the databases that they are of.
struct SnapshotNouns {
    snapshot: &'static str,
    database: &'static str,
    /// What the ARN of a database has before its name.
    arn: &'static str,
}

const OF_INSTANCES: SnapshotNouns = SnapshotNouns {
    snapshot: "Snapshot",
    database: "Instance",
    arn: "db",
};

const OF_CLUSTERS: SnapshotNouns = SnapshotNouns {
    snapshot: "Cluster snapshot",
    database: "Cluster",
    arn: "cluster",
};

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let mut result = RuleResult::default();
    for (list, nouns) in [
        (facts.get::<DbSnapshots>(), OF_INSTANCES),
        (facts.get::<DbClusterSnapshots>(), OF_CLUSTERS),
    ] {
        let arn = |database: &str| arn::rds(context, region, nouns.arn, database);
        match list {
            Ok(list) => add(&mut result, list, &nouns, arn),
            Err(gap) => result.gaps.push(gap),
        }
    }
    Ok(result)
}

/// Adds the snapshots of a list: automated ones by database, whose ARN `arn` makes of its name.
fn add(
    result: &mut RuleResult,
    list: &Items<DbSnapshot>,
    nouns: &SnapshotNouns,
    arn: impl Fn(&str) -> Arn,
) {
    result.gaps.extend(list.gaps.iter().cloned());
    let mut automated: BTreeMap<&str, u64> = BTreeMap::new();
    for snapshot in list {
        let is_open = !snapshot.is_encrypted;
        if snapshot.origin == SnapshotOrigin::Automated {
            *automated.entry(&snapshot.database).or_default() += u64::from(is_open);
            continue;
        }
        let found = is_open.then(|| {
            let message = format!("{} {} is not encrypted", nouns.snapshot, snapshot.id);
            CHECK.violation(snapshot.arn.clone(), message)
        });
        result.add(Ok(found));
    }
    for (database, unencrypted) in automated {
        let found = (unencrypted > 0).then(|| {
            let snapshots = format::count(unencrypted, "automated snapshot");
            let has = format!("{} {database} has {snapshots}", nouns.database);
            let violation = CHECK.violation(arn(database), format!("{has} without encryption"));
            violation.with_part(AUTOMATED)
        });
        result.add(Ok(found));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;
    use crate::services::rds::samples::snapshot;

    fn unencrypted(id: &str) -> DbSnapshot {
        DbSnapshot {
            is_encrypted: false,
            has_kms_key: false,
            ..snapshot(id)
        }
    }

    fn automated(database: &str, is_encrypted: bool) -> DbSnapshot {
        DbSnapshot {
            database: database.into(),
            origin: SnapshotOrigin::Automated,
            is_encrypted,
            ..snapshot(&format!("rds:{database}"))
        }
    }

    fn facts(instances: Vec<DbSnapshot>, clusters: Vec<DbSnapshot>) -> FactStore {
        FactStore::default()
            .with::<DbSnapshots>(Reading::known(Items::from(instances)))
            .with::<DbClusterSnapshots>(Reading::known(Items::from(clusters)))
    }

    #[test]
    fn manual_snapshots_and_those_of_aws_backup_are_found_one_by_one() {
        let of_backup = DbSnapshot {
            origin: SnapshotOrigin::AwsBackup,
            ..unencrypted("awsbackup:job-1")
        };
        let of_cluster = DbSnapshot {
            arn: "arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:ledger-2026".into(),
            ..unencrypted("ledger-2026")
        };
        let facts = facts(
            vec![
                unencrypted("orders-2026"),
                snapshot("users-2026"),
                of_backup,
            ],
            vec![of_cluster],
        );
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!(result.resources_evaluated, 4);
        let messages: Vec<_> = result.violations.iter().map(|one| &*one.message).collect();
        let expected = [
            "Snapshot orders-2026 is not encrypted",
            "Snapshot awsbackup:job-1 is not encrypted",
            "Cluster snapshot ledger-2026 is not encrypted",
        ];
        assert_eq!(messages, expected);
    }

    #[test]
    fn automated_snapshots_count_once_for_each_database() {
        let facts = facts(
            vec![
                automated("orders", false),
                automated("orders", false),
                automated("orders", true),
                automated("users", true),
            ],
            vec![automated("ledger", false)],
        );
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!(result.resources_evaluated, 3);
        let found = result.violations.iter();
        let found = found.map(|one| (&*one.resource, &*one.part, &*one.message));
        let expected = [
            (
                "arn:aws:rds:eu-west-1:111122223333:db:orders",
                "automated snapshots",
                "Instance orders has 2 automated snapshots without encryption",
            ),
            (
                "arn:aws:rds:eu-west-1:111122223333:cluster:ledger",
                "automated snapshots",
                "Cluster ledger has 1 automated snapshot without encryption",
            ),
        ];
        assert_eq!(found.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn an_unread_list_leaves_the_rest_evaluated() {
        let facts = facts(vec![unencrypted("orders-2026")], vec![])
            .with::<DbClusterSnapshots>(missing("rds:DescribeDBClusterSnapshots"));
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!(result.gaps, [denied("rds:DescribeDBClusterSnapshots")]);
        assert_eq!(result.violations.len(), 1);
    }

    #[test]
    fn the_command_shows_the_snapshots() {
        for (resource, part, expected) in [
            (
                "snapshot:orders-2026",
                "",
                "describe-db-snapshots --db-snapshot-identifier orders-2026",
            ),
            (
                "snapshot:awsbackup:job-1",
                "",
                "describe-db-snapshots --snapshot-type awsbackup --db-snapshot-identifier awsbackup:job-1",
            ),
            (
                "cluster-snapshot:ledger-2026",
                "",
                "describe-db-cluster-snapshots --db-cluster-snapshot-identifier ledger-2026",
            ),
            (
                "db:orders",
                AUTOMATED,
                "describe-db-snapshots --snapshot-type automated --db-instance-identifier orders",
            ),
            (
                "cluster:ledger",
                AUTOMATED,
                "describe-db-cluster-snapshots --snapshot-type automated --db-cluster-identifier ledger",
            ),
        ] {
            let arn = format!("arn:aws:rds:eu-west-1:111122223333:{resource}");
            let failed = FailedResource::example("eu-west-1", &arn, part);
            let expected = format!("aws rds {expected} --region eu-west-1");
            assert_eq!((CHECK.remediation)(&failed), Some(expected));
        }
    }
}
