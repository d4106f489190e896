//! Keys that are going to be deleted.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, format,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::kms::{CustomerKey, CustomerKeys, KeyState};

pub(super) const CHECK: Check = Check {
    id: "kms-key-pending-deletion",
    title: "KMS key is scheduled for deletion",
    category: Category::DataProtection,
    severity: Severity::High,
    why: "Nobody can decrypt data after its key is deleted, not even AWS. An attacker can destroy encrypted \
          data and its backups that way. KMS deletes a key after a waiting period of 7 to 30 days, and only \
          until then can you cancel the deletion. The check needs one request per key, so it is not enabled \
          by default.",
    fix: &[
        "Find out who scheduled the deletion, and why. CloudTrail records it as `ScheduleKeyDeletion`.",
        "Check whether data still needs the key: search CloudTrail for the key's ARN, and ask its owner.",
        "Run the command. It cancels the deletion, and the key is disabled then. In the console: KMS, \
         Customer managed keys, Key actions, Cancel key deletion.",
        "If data needs the key, enable it: `aws kms enable-key`. If nothing does, keep it disabled for some \
         time before you delete it.",
        "If the deletion is intended, record an exception that ends on the date of the deletion.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "",
    ),
    by_default: false,
    remediation: |failed| {
        remediation::regional("kms cancel-key-deletion", failed, ("key-id", failed.name()))
    },
    controls: &[covers("aws-fsbp", "KMS.3")],
    prowler: Counterparts::per_resource(&[same("kms_cmk_not_deleted_unintentionally")]),
    parameters: Parameters::None,
    needs: &[CustomerKeys::SPEC],
    rule: Rule::Region(evaluate),
};

/// A primary key with replicas waits for their deletion in a state of its own.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html>
fn evaluate(facts: &Facts<'_>, _: &Region, _: &Context<'_>) -> Result<RuleResult, Gap> {
    let keys = facts.get::<CustomerKeys>()?;
    Ok(RuleResult::of_each(keys, |key| {
        Ok(message(key).map(|message| CHECK.violation(key.arn.clone(), message)))
    }))
}

fn message(key: &CustomerKey) -> Option<String> {
    let id = &key.id;
    let when = match &key.state {
        KeyState::PendingDeletion(Some(time)) => format!("on {}", time.strftime("%Y-%m-%d")),
        KeyState::PendingReplicaDeletion(Some(days)) => {
            let days = format::count(days.unsigned_abs().into(), "day");
            format!("{days} after its last replica is deleted")
        }
        KeyState::PendingReplicaDeletion(None) => "after its last replica is deleted".to_owned(),
        KeyState::PendingDeletion(None) => return Some(format!("KMS is going to delete key {id}")),
        KeyState::Enabled | KeyState::Other => return None,
    };
    Some(format!("KMS is going to delete key {id} {when}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::{Items, Reading};
    use crate::services::kms::samples::{arn, key, keys};

    fn in_state(state: KeyState) -> RuleResult {
        let key = CustomerKey { state, ..key("1a") };
        evaluate_region(&CHECK, &keys(vec![key])).unwrap()
    }

    #[test]
    fn a_key_that_stays_passes() {
        for state in [KeyState::Enabled, KeyState::Other] {
            let result = in_state(state);
            assert_eq!((result.resources_evaluated, result.violations), (1, vec![]));
        }
    }

    #[test]
    fn a_key_that_is_going_to_be_deleted_fails_with_the_date() {
        let time = Some("2026-12-24T08:15:00Z".parse().unwrap());
        for (state, message) in [
            (
                KeyState::PendingDeletion(time),
                "KMS is going to delete key 1a on 2026-12-24",
            ),
            (
                KeyState::PendingDeletion(None),
                "KMS is going to delete key 1a",
            ),
            (
                KeyState::PendingReplicaDeletion(Some(7)),
                "KMS is going to delete key 1a 7 days after its last replica is deleted",
            ),
            (
                KeyState::PendingReplicaDeletion(None),
                "KMS is going to delete key 1a after its last replica is deleted",
            ),
        ] {
            let result = in_state(state);
            assert_eq!(result.resources_evaluated, 1);
            assert_eq!(result.violations[0].message, message);
            assert_eq!(result.violations[0].resource, arn("1a").as_str());
            assert_eq!(result.violations[0].severity, Severity::High);
        }
    }

    /// An owner deletes a replica without its primary key, and an asymmetric or imported key like any other.
    #[test]
    fn a_key_of_any_kind_is_evaluated() {
        let state = || KeyState::PendingDeletion(None);
        let replica = CustomerKey {
            is_replica: true,
            state: state(),
            ..key("mrk-1")
        };
        let imported = CustomerKey {
            origin: "EXTERNAL".into(),
            spec: "RSA_4096".into(),
            state: state(),
            ..key("2b")
        };
        let result = evaluate_region(&CHECK, &keys(vec![replica, imported])).unwrap();
        assert_eq!(result.violations.len(), 2);
    }

    #[test]
    fn a_key_that_could_not_be_read_hides_no_other() {
        let gap = denied("kms:DescribeKey").of("denied");
        let deleted = CustomerKey {
            state: KeyState::PendingDeletion(None),
            ..key("1a")
        };
        let read: Items<CustomerKey> = [Ok(deleted), Err(gap.clone())].into_iter().collect();
        let facts = FactStore::default().with::<CustomerKeys>(Reading::known(read));
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!((result.violations.len(), result.gaps), (1, vec![gap]));
    }

    #[test]
    fn keys_that_could_not_be_listed_are_a_gap() {
        let facts = FactStore::default().with::<CustomerKeys>(missing("kms:ListKeys"));
        let gap = evaluate_region(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("kms:ListKeys"));
    }
}
