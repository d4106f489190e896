//! Databases whose storage is not encrypted.

use super::databases::{self, DatabaseVerdict};
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, part,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::rds::{DbClusters, DbInstances};

pub(super) const CHECK: Check = Check {
    id: "rds-instance-unencrypted",
    title: "RDS database is not encrypted",
    category: Category::DataEncryption,
    severity: Severity::High,
    why: "Unencrypted storage is readable on the disks, and so are its snapshots. Everyone who receives a \
          snapshot has the data. Encryption has no extra charge, and clients notice no difference.",
    fix: &[
        "Run the command. It lists existing snapshots. Storage cannot be encrypted in place, so you restore \
         an encrypted copy.",
        "Stop writes to the database and create a new snapshot. In the console: RDS, Databases, Actions, \
         Take snapshot.",
        "For an instance, copy the snapshot with a KMS key: RDS, Snapshots, Actions, Copy snapshot, Enable \
         encryption, or `aws rds copy-db-snapshot --kms-key-id`.",
        "Restore the copy with `aws rds restore-db-instance-from-db-snapshot`. For an Aurora cluster, \
         restore its snapshot directly with a key: `aws rds restore-db-cluster-from-snapshot --kms-key-id`.",
        "Point the clients to the new endpoint and test them.",
        "Delete the old database and its unencrypted snapshots.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:rds:eu-west-1:111122223333:db:orders",
        "",
    ),
    by_default: true,
    remediation: |failed| {
        // The snapshots to restore a copy of, if there are any.
        match databases::is_cluster(failed) {
            true => {
                let snapshots = "rds describe-db-cluster-snapshots";
                remediation::regional(snapshots, failed, ("db-cluster-identifier", failed.name()))
            }
            false => {
                let snapshots = "rds describe-db-snapshots";
                remediation::regional(snapshots, failed, ("db-instance-identifier", failed.name()))
            }
        }
    },
    controls: &[
        covers("cis-7.0", "3.2.1"),
        covers("cis-5.0", "2.2.1"),
        covers("aws-fsbp", "RDS.3"),
        covers("aws-fsbp", "RDS.27"),
    ],
    prowler: Counterparts::per_resource(&[
        same("rds_instance_storage_encrypted").with_remark("covers clusters too"),
        part("rds_cluster_storage_encrypted"),
    ]),
    parameters: Parameters::None,
    needs: &[DbInstances::SPEC, DbClusters::SPEC],
    rule: Rule::Region(evaluate),
};

/// The storage of a cluster is one, so that the cluster is evaluated and not each of its instances.
fn evaluate(facts: &Facts<'_>, _: &Region, _: &Context<'_>) -> Result<RuleResult, Gap> {
    let problem = "is not encrypted";
    Ok(databases::evaluate(
        facts,
        |instance| {
            let is_open = !instance.is_encrypted;
            let found = is_open.then(|| databases::of_instance(&CHECK, instance, problem));
            Ok(DatabaseVerdict::of(found))
        },
        |cluster| {
            let is_open = !cluster.is_encrypted;
            let found = is_open.then(|| databases::of_cluster(&CHECK, cluster, problem));
            Ok(DatabaseVerdict::of(found))
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::services::rds::samples::{self, facts, member};
    use crate::services::rds::{DbCluster, DbInstance};

    fn instance(id: &str, is_encrypted: bool) -> DbInstance {
        DbInstance {
            is_encrypted,
            ..samples::instance(id)
        }
    }

    fn cluster(id: &str, is_encrypted: bool) -> DbCluster {
        DbCluster {
            is_encrypted,
            ..samples::cluster(id)
        }
    }

    #[test]
    fn instances_and_clusters_that_are_not_encrypted_are_found() {
        let facts = facts(
            vec![instance("orders", false), instance("users", true)],
            vec![cluster("ledger", false), cluster("vault", true)],
        );
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!(result.resources_evaluated, 4);
        let messages: Vec<_> = result.violations.iter().map(|one| &*one.message).collect();
        assert_eq!(
            messages,
            [
                "Instance orders is not encrypted",
                "Cluster ledger is not encrypted"
            ]
        );
    }

    #[test]
    fn a_cluster_is_evaluated_once_for_all_its_instances() {
        let instances = ["a", "b"].map(|id| DbInstance {
            is_encrypted: false,
            ..member(id, "ledger")
        });
        let facts = facts(instances.into(), vec![cluster("ledger", false)]);
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (1, 1)
        );
    }

    #[test]
    fn an_unread_part_leaves_the_rest_evaluated() {
        let unread = missing("rds:DescribeDBClusters");
        let facts = facts(vec![instance("orders", false)], vec![]).with::<DbClusters>(unread);
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!(result.gaps, [denied("rds:DescribeDBClusters")]);
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (1, 1)
        );
    }

    #[test]
    fn the_command_shows_the_snapshots_to_go_on_from() {
        let command = |resource: &str| {
            (CHECK.remediation)(&crate::checks::FailedResource {
                account: "111122223333",
                region: "eu-west-1",
                resource,
                part: "",
            })
        };
        let instance = "arn:aws:rds:eu-west-1:111122223333:db:orders";
        let expected =
            "aws rds describe-db-snapshots --db-instance-identifier orders --region eu-west-1";
        assert_eq!(command(instance).as_deref(), Some(expected));
        let cluster = "arn:aws:rds:eu-west-1:111122223333:cluster:ledger";
        let expected = "aws rds describe-db-cluster-snapshots --db-cluster-identifier ledger --region eu-west-1";
        assert_eq!(command(cluster).as_deref(), Some(expected));
    }
}
