//! What the checks of databases share: a cluster is evaluated once, for all its instances.

use std::collections::BTreeMap;

use crate::checks::{Check, FailedResource, format, remediation};
use crate::facts::Facts;
use crate::model::{Gap, Items, RuleResult, Violation};
use crate::services::rds::{DbCluster, DbClusters, DbInstance, DbInstances};

/// What a check says of a database.
pub(super) enum DatabaseVerdict {
    Pass,
    Fail(Violation),
    /// AWS has nothing to set for it, for this reason: `1 instance skipped: REASON`.
    Skip(&'static str),
}

impl DatabaseVerdict {
    /// Pass, unless there is a violation.
    pub(super) fn of(violation: Option<Violation>) -> Self {
        violation.map_or(Self::Pass, Self::Fail)
    }
}

/// Evaluates the instances that are no part of a cluster, and the clusters. What could not be listed of the one is a gap
/// beside the verdicts on the other.
pub(super) fn evaluate(
    facts: &Facts<'_>,
    instance: impl Fn(&DbInstance) -> Result<DatabaseVerdict, Gap>,
    cluster: impl Fn(&DbCluster) -> Result<DatabaseVerdict, Gap>,
) -> RuleResult {
    let mut result = RuleResult::default();
    let instances = facts.get::<DbInstances>();
    add(&mut result, "instance", instances, |one| {
        one.cluster.is_none().then(|| instance(one))
    });
    let clusters = facts.get::<DbClusters>();
    add(&mut result, "cluster", clusters, |one| Some(cluster(one)));
    result
}

/// Adds the verdicts on the items of a list, those that have one.
fn add<T>(
    result: &mut RuleResult,
    noun: &str,
    items: Result<&Items<T>, Gap>,
    evaluate: impl Fn(&T) -> Option<Result<DatabaseVerdict, Gap>>,
) {
    let items = match items {
        Ok(items) => items,
        Err(gap) => return result.gaps.push(gap),
    };
    result.gaps.extend(items.gaps.iter().cloned());
    let mut skipped: BTreeMap<&str, u64> = BTreeMap::new();
    for verdict in items.iter().filter_map(evaluate) {
        match verdict {
            Ok(DatabaseVerdict::Pass) => result.add(Ok(None)),
            Ok(DatabaseVerdict::Fail(violation)) => result.add(Ok(Some(violation))),
            Ok(DatabaseVerdict::Skip(reason)) => *skipped.entry(reason).or_default() += 1,
            Err(gap) => result.add(Err(gap)),
        }
    }
    let notes = skipped.into_iter();
    let notes = notes.map(|(reason, number)| {
        let counted = format::count(number, noun);
        format!("{counted} skipped: {reason}")
    });
    result.notes.extend(notes);
}

/// An instance's violation of a check, with what the message says after its name.
pub(super) fn of_instance(check: &Check, instance: &DbInstance, problem: &str) -> Violation {
    let message = format!("Instance {} {problem}", instance.id);
    check.violation(instance.arn.clone(), message)
}

/// A cluster's violation of a check, with what the message says after its name.
pub(super) fn of_cluster(check: &Check, cluster: &DbCluster, problem: &str) -> Violation {
    let message = format!("Cluster {} {problem}", cluster.id);
    check.violation(cluster.arn.clone(), message)
}

/// Whether a finding is about a cluster.
pub(super) fn is_cluster(failed: &FailedResource<'_>) -> bool {
    failed.resource.contains(":cluster:")
}

/// The command that changes a setting, which instances and clusters have under one name.
pub(super) fn modify(failed: &FailedResource<'_>, setting: &str) -> Option<String> {
    let (command, option) = match is_cluster(failed) {
        true => ("modify-db-cluster", "db-cluster-identifier"),
        false => ("modify-db-instance", "db-instance-identifier"),
    };
    let command = format!("rds {command} {setting}");
    remediation::regional(&command, failed, (option, failed.name()))
}

#[cfg(test)]
mod tests {
    use super::super::rds_backup_short::CHECK;
    use super::*;
    use crate::facts::{Fact, FactStore};
    use crate::services::rds::samples::{cluster, facts, instance, member};

    fn evaluated(store: &FactStore) -> RuleResult {
        let facts = Facts::new(store, &[DbInstances::SPEC, DbClusters::SPEC]);
        let found = |id: &str, problem: Violation| match id {
            "skipped" => DatabaseVerdict::Skip("it is a sample"),
            "good" => DatabaseVerdict::of(None),
            _ => DatabaseVerdict::of(Some(problem)),
        };
        evaluate(
            &facts,
            |one| Ok(found(&one.id, of_instance(&CHECK, one, "is bad"))),
            |one| Ok(found(&one.id, of_cluster(&CHECK, one, "is bad"))),
        )
    }

    #[test]
    fn a_cluster_is_evaluated_once_and_its_instances_are_not() {
        let instances = vec![instance("bad"), instance("good"), member("a", "bad")];
        let result = evaluated(&facts(instances, vec![cluster("bad"), cluster("good")]));
        let messages: Vec<_> = result.violations.iter().map(|one| &*one.message).collect();
        assert_eq!(messages, ["Instance bad is bad", "Cluster bad is bad"]);
        assert_eq!((result.resources_evaluated, result.notes.len()), (4, 0));
    }

    #[test]
    fn what_is_skipped_is_counted_with_its_reason() {
        let instances = vec![instance("skipped"), instance("skipped"), instance("good")];
        let result = evaluated(&facts(instances, vec![cluster("skipped")]));
        let expected = [
            "2 instances skipped: it is a sample",
            "1 cluster skipped: it is a sample",
        ];
        assert_eq!(result.notes, expected);
        assert_eq!(result.resources_evaluated, 1);
    }
}
