//! Manual database snapshots that are shared with everybody.

use super::snapshots;
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Items, Region, RuleResult, Severity};
use crate::services::rds::{DbClusterSnapshotSharing, DbSnapshotAccess, DbSnapshotSharing};

pub(super) const CHECK: Check = Check {
    id: "rds-snapshot-public",
    title: "RDS snapshot is public",
    category: Category::ExposureRisks,
    severity: Severity::Critical,
    why: "Anyone with an AWS account can restore a database from a public snapshot and read everything in it. \
          AWS lists public snapshots, and attackers search that list. Only manual snapshots without \
          encryption can be public. The check needs one request for each of them, so it is not enabled by \
          default.",
    fix: &[
        "Run the command. It makes the snapshot private. The console has the same setting: RDS, Snapshots, \
         Actions, Share snapshot.",
        "Assume that the data in the snapshot is known, and rotate all secrets in it.",
        "Check in CloudTrail who made it public: the event is `ModifyDBSnapshotAttribute` or \
         `ModifyDBClusterSnapshotAttribute`.",
        "Replace the snapshot with an encrypted one, which cannot be public.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:rds:eu-west-1:111122223333:snapshot:orders-2026",
        "",
    ),
    by_default: false,
    remediation: |failed| {
        let private = "--attribute-name restore --values-to-remove all";
        match snapshots::is_of_cluster(failed) {
            true => snapshots::command(
                &format!("modify-db-cluster-snapshot-attribute {private}"),
                "db-cluster-snapshot-identifier",
                failed,
            ),
            false => snapshots::command(
                &format!("modify-db-snapshot-attribute {private}"),
                "db-snapshot-identifier",
                failed,
            ),
        }
    },
    controls: &[covers("aws-fsbp", "RDS.1")],
    prowler: Counterparts::per_resource(&[same("rds_snapshots_public_access")]),
    parameters: Parameters::None,
    needs: &[DbSnapshotSharing::SPEC, DbClusterSnapshotSharing::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, _: &Region, _: &Context<'_>) -> Result<RuleResult, Gap> {
    let mut result = RuleResult::default();
    add(&mut result, "Snapshot", facts.get::<DbSnapshotSharing>());
    let of_clusters = facts.get::<DbClusterSnapshotSharing>();
    add(&mut result, "Cluster snapshot", of_clusters);
    Ok(result)
}

fn add(result: &mut RuleResult, kind: &str, list: Result<&Items<DbSnapshotAccess>, Gap>) {
    let list = match list {
        Ok(list) => list,
        Err(gap) => return result.gaps.push(gap),
    };
    result.gaps.extend(list.gaps.iter().cloned());
    for snapshot in list {
        let message = || format!("{kind} {} is public", snapshot.id);
        let is_public = snapshot.is_public;
        let found = is_public.then(|| CHECK.violation(snapshot.arn.clone(), message()));
        result.add(Ok(found));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;

    fn access(kind: &str, id: &str, is_public: bool) -> DbSnapshotAccess {
        DbSnapshotAccess {
            id: id.into(),
            arn: format!("arn:aws:rds:eu-west-1:111122223333:{kind}:{id}").into(),
            is_public,
        }
    }

    fn facts(instances: Vec<DbSnapshotAccess>, clusters: Vec<DbSnapshotAccess>) -> FactStore {
        FactStore::default()
            .with::<DbSnapshotSharing>(Reading::known(Items::from(instances)))
            .with::<DbClusterSnapshotSharing>(Reading::known(Items::from(clusters)))
    }

    #[test]
    fn public_snapshots_are_critical_and_private_ones_pass() {
        let facts = facts(
            vec![
                access("snapshot", "orders-2026", true),
                access("snapshot", "users-2026", false),
            ],
            vec![access("cluster-snapshot", "ledger-2026", true)],
        );
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!(result.resources_evaluated, 3);
        let found = result.violations.iter().map(|v| (v.severity, &*v.message));
        assert_eq!(
            found.collect::<Vec<_>>(),
            [
                (Severity::Critical, "Snapshot orders-2026 is public"),
                (Severity::Critical, "Cluster snapshot ledger-2026 is public"),
            ]
        );
    }

    #[test]
    fn what_could_not_be_read_is_a_gap_beside_the_rest() {
        let facts = facts(vec![access("snapshot", "orders-2026", true)], vec![])
            .with::<DbClusterSnapshotSharing>(missing("rds:DescribeDBClusterSnapshots"));
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!(result.gaps, [denied("rds:DescribeDBClusterSnapshots")]);
        assert_eq!(result.violations.len(), 1);
        let gap = denied("rds:DescribeDBSnapshotAttributes").of("orders-2026");
        let unread: Items<DbSnapshotAccess> = [Err(gap.clone())].into_iter().collect();
        let facts = facts.with::<DbSnapshotSharing>(Reading::known(unread));
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!(result.gaps[0], gap);
    }

    #[test]
    fn the_command_is_that_of_the_kind_of_snapshot() {
        let command = |resource: &str| {
            (CHECK.remediation)(&FailedResource::example("eu-west-1", resource, "")).unwrap()
        };
        assert_eq!(
            command("arn:aws:rds:eu-west-1:111122223333:snapshot:orders-2026"),
            "aws rds modify-db-snapshot-attribute --attribute-name restore --values-to-remove all \
             --db-snapshot-identifier orders-2026 --region eu-west-1"
        );
        assert_eq!(
            command("arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:ledger-2026"),
            "aws rds modify-db-cluster-snapshot-attribute --attribute-name restore --values-to-remove all \
             --db-cluster-snapshot-identifier ledger-2026 --region eu-west-1"
        );
    }
}
