//! Databases that do not install minor versions of their engine automatically.

use super::databases::{self, DatabaseVerdict};
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, format, part,
    same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::rds::{DESCRIBE_DB_CLUSTERS, DbCluster, DbClusters, DbInstance, DbInstances};

pub(super) const CHECK: Check = Check {
    id: "rds-minor-upgrade-off",
    title: "RDS database does not upgrade minor versions automatically",
    category: Category::DataProtection,
    severity: Severity::Medium,
    why: "Minor versions fix security holes of the engine. A database that nobody upgrades keeps them. With \
          automatic upgrades, RDS installs minor versions in the maintenance window. The database restarts \
          then.",
    fix: &[
        "Check the maintenance window: RDS, Databases, Maintenance & backups. Choose a time with little load.",
        "Run the command. The console has the same setting: RDS, Databases, Modify, Auto minor version \
         upgrade. For Aurora, the command changes the cluster and all its instances. RDS may upgrade the \
         database if you run the command in the maintenance window.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:rds:eu-west-1:111122223333:db:orders",
        "",
    ),
    by_default: true,
    remediation: |failed| databases::modify(failed, "--auto-minor-version-upgrade"),
    controls: &[
        covers("cis-7.0", "3.2.2"),
        covers("cis-5.0", "2.2.2"),
        covers("aws-fsbp", "RDS.13"),
        covers("aws-fsbp", "RDS.35"),
    ],
    prowler: Counterparts::per_resource(&[
        same("rds_instance_minor_version_upgrade_enabled").with_remark("covers clusters too"),
        part("rds_cluster_minor_version_upgrade_enabled"),
    ]),
    parameters: Parameters::None,
    needs: &[DbInstances::SPEC, DbClusters::SPEC],
    rule: Rule::Region(evaluate),
};

const OFF: &str = "does not upgrade minor versions automatically";

fn evaluate(facts: &Facts<'_>, _: &Region, _: &Context<'_>) -> Result<RuleResult, Gap> {
    Ok(databases::evaluate(facts, of_instance, |cluster| {
        of_cluster(cluster, facts)
    }))
}

/// RDS Custom has the setting off, and accepts nothing else.
///
/// Source: <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html>
fn of_instance(instance: &DbInstance) -> Result<DatabaseVerdict, Gap> {
    if instance.is_custom() {
        return Ok(DatabaseVerdict::Skip(
            "RDS Custom has no automatic upgrades",
        ));
    }
    let is_off = !instance.upgrades_minor_versions;
    let found = is_off.then(|| databases::of_instance(&CHECK, instance, OFF));
    Ok(DatabaseVerdict::of(found))
}

/// Aurora upgrades a cluster if the setting is on for the cluster and for all its instances. Other clusters have one setting.
///
/// Source: <https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-13>
fn of_cluster(cluster: &DbCluster, facts: &Facts<'_>) -> Result<DatabaseVerdict, Gap> {
    if let Some(reason) = never_upgraded(cluster) {
        return Ok(DatabaseVerdict::Skip(reason));
    }
    let mut members: Vec<&DbInstance> = Vec::new();
    if cluster.is_aurora() {
        let instances = facts.get::<DbInstances>()?.iter();
        members.extend(instances.filter(|one| one.cluster.as_ref() == Some(&cluster.id)));
    }
    let off = members.iter().filter(|one| !one.upgrades_minor_versions);
    let off: Vec<&str> = off.map(|one| one.id.as_str()).collect();
    let problem = match (cluster.upgrades_minor_versions, &*off) {
        (_, [_, ..]) => format!("{OFF}: the setting is off for {}", format::first_few(&off)),
        (Some(false), []) => OFF.to_owned(),
        (Some(true), []) => return Ok(DatabaseVerdict::Pass),
        // The setting of a cluster is on if that of all its instances is.
        // Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Maintenance.AMVU.html
        (None, []) if !members.is_empty() => return Ok(DatabaseVerdict::Pass),
        (None, []) => {
            let (action, field) = (DESCRIBE_DB_CLUSTERS.action, "AutoMinorVersionUpgrade");
            return Err(Gap::lacks(action, &cluster.id, field));
        }
    };
    let violation = databases::of_cluster(&CHECK, cluster, &problem);
    Ok(DatabaseVerdict::Fail(violation))
}

/// Why Aurora upgrades a cluster never automatically, if it does not.
///
/// Source: <https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-13>
fn never_upgraded(cluster: &DbCluster) -> Option<&'static str> {
    let is_aurora_mysql = cluster.is_aurora() && cluster.engine != "aurora-postgresql";
    if cluster.is_aurora() && cluster.is_global {
        Some("Aurora does not upgrade global databases automatically")
    } else if is_aurora_mysql && cluster.is_replicated_across_regions {
        Some("Aurora MySQL with a replica in another Region is not upgraded automatically")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::services::rds::samples::{cluster, facts, instance, member};

    fn off(instance: DbInstance) -> DbInstance {
        DbInstance {
            upgrades_minor_versions: false,
            ..instance
        }
    }

    fn evaluated(instances: Vec<DbInstance>, clusters: Vec<DbCluster>) -> RuleResult {
        evaluate_region(&CHECK, &facts(instances, clusters)).unwrap()
    }

    #[test]
    fn instances_with_the_setting_off_are_found() {
        let result = evaluated(vec![off(instance("orders")), instance("users")], vec![]);
        assert_eq!(result.resources_evaluated, 2);
        let [violation] = &*result.violations else {
            panic!("{result:?}")
        };
        let expected = "Instance orders does not upgrade minor versions automatically";
        assert_eq!(violation.message, expected);
    }

    #[test]
    fn rds_custom_is_skipped_and_db2_is_not() {
        let of_engine = |engine: &str| DbInstance {
            engine: engine.into(),
            ..off(instance("orders"))
        };
        for engine in ["custom-oracle-ee", "custom-sqlserver-se"] {
            let result = evaluated(vec![of_engine(engine)], vec![]);
            assert_eq!((result.resources_evaluated, result.notes.len()), (0, 1));
            assert_eq!(result.violations, []);
        }
        assert_eq!(
            evaluated(vec![of_engine("db2-se")], vec![])
                .violations
                .len(),
            1
        );
    }

    #[test]
    fn aurora_needs_the_setting_on_the_cluster_and_on_every_instance() {
        let setting = |upgrades_minor_versions| DbCluster {
            upgrades_minor_versions,
            ..cluster("ledger")
        };
        let on = || member("ledger-1", "ledger");
        for (instances, cluster, expected) in [
            (
                vec![on(), member("ledger-2", "ledger")],
                cluster("ledger"),
                None,
            ),
            (vec![], cluster("ledger"), None),
            (vec![on()], setting(None), None),
            (vec![off(member("x", "other"))], cluster("ledger"), None),
            (
                vec![on(), off(member("ledger-2", "ledger"))],
                cluster("ledger"),
                Some(
                    "Cluster ledger does not upgrade minor versions automatically: the setting is off for ledger-2",
                ),
            ),
            (
                vec![on()],
                setting(Some(false)),
                Some("Cluster ledger does not upgrade minor versions automatically"),
            ),
        ] {
            let result = evaluated(instances, vec![cluster]);
            let found = result.violations.first().map(|one| &*one.message);
            assert_eq!((result.resources_evaluated, found), (1, expected));
        }
    }

    #[test]
    fn the_cluster_s_own_setting_counts_for_a_multi_az_cluster() {
        let of_mysql = |upgrades_minor_versions| DbCluster {
            engine: "mysql".into(),
            upgrades_minor_versions: Some(upgrades_minor_versions),
            ..cluster("ledger")
        };
        let result = evaluated(vec![off(member("a", "ledger"))], vec![of_mysql(true)]);
        assert_eq!(result.violations, []);
        assert_eq!(evaluated(vec![], vec![of_mysql(false)]).violations.len(), 1);
    }

    #[test]
    fn clusters_that_aurora_never_upgrades_are_skipped() {
        let global = DbCluster {
            is_global: true,
            ..cluster("ledger")
        };
        let replicated = |engine: &str| DbCluster {
            engine: engine.into(),
            is_replicated_across_regions: true,
            ..cluster("ledger")
        };
        for (cluster, evaluated_clusters) in [
            (global, 0),
            (replicated("aurora-mysql"), 0),
            (replicated("aurora-postgresql"), 1),
        ] {
            let result = evaluated(vec![], vec![cluster]);
            let notes = 1 - evaluated_clusters;
            assert_eq!(result.resources_evaluated, evaluated_clusters);
            assert_eq!(result.notes.len() as u64, notes);
        }
    }

    #[test]
    fn a_missing_setting_without_instances_is_a_gap() {
        let silent = |engine: &str| DbCluster {
            engine: engine.into(),
            upgrades_minor_versions: None,
            ..cluster("ledger")
        };
        let action = "rds:DescribeDBClusters";
        let gap = Gap::lacks(action, "ledger", "AutoMinorVersionUpgrade");
        for (instances, engine) in [
            (vec![], "aurora-postgresql"),
            (vec![member("ledger-1", "ledger")], "mysql"),
        ] {
            let result = evaluated(instances, vec![silent(engine)]);
            assert_eq!(
                (result.resources_evaluated, result.gaps),
                (0, vec![gap.clone()])
            );
        }
    }

    #[test]
    fn a_cluster_whose_instances_could_not_be_read_is_unknown() {
        let facts = facts(vec![], vec![cluster("ledger")])
            .with::<DbInstances>(missing("rds:DescribeDBInstances"));
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!(result.gaps[0], denied("rds:DescribeDBInstances"));
        assert_eq!(result.resources_evaluated, 0);
    }

    #[test]
    fn the_command_is_that_of_an_instance_or_of_a_cluster() {
        let command = |resource: &str| {
            (CHECK.remediation)(&FailedResource::example("eu-west-1", resource, "")).unwrap()
        };
        assert_eq!(
            command("arn:aws:rds:eu-west-1:111122223333:db:orders"),
            "aws rds modify-db-instance --auto-minor-version-upgrade --db-instance-identifier orders --region eu-west-1"
        );
        assert_eq!(
            command("arn:aws:rds:eu-west-1:111122223333:cluster:ledger"),
            "aws rds modify-db-cluster --auto-minor-version-upgrade --db-cluster-identifier ledger --region eu-west-1"
        );
    }
}
