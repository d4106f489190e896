//! Keys that are not rotated automatically.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, remediation,
    same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::kms::{CustomerKeys, KeyRotations};

pub(super) const CHECK: Check = Check {
    id: "kms-key-rotation-off",
    title: "KMS key is not rotated",
    category: Category::DataEncryption,
    severity: Severity::Medium,
    why: "Without rotation, one key material encrypts all data for as long as the key exists. With rotation, \
          KMS creates new key material every year. It keeps the old material to decrypt existing data, so \
          nothing else changes. The check covers keys that KMS can rotate: enabled symmetric keys with key \
          material from KMS. A multi-Region key is evaluated in the Region of its primary key. The check \
          needs two requests per key, so it is not enabled by default.",
    fix: &[
        "Run the command. The console has the same setting: KMS, Customer managed keys, Key rotation, Edit.",
        "Rotation changes new ciphertext only. If the key material may be exposed, create a new key and \
         encrypt the data again.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "",
    ),
    by_default: false,
    remediation: |failed| {
        remediation::regional("kms enable-key-rotation", failed, ("key-id", failed.name()))
    },
    controls: &[covers("cis-7.0", "4.6"), covers("cis-5.0", "3.6")],
    prowler: Counterparts::per_resource(&[same("kms_cmk_rotation_enabled")]),
    parameters: Parameters::None,
    needs: &[CustomerKeys::SPEC, KeyRotations::SPEC],
    rule: Rule::Region(evaluate),
};

/// Every key of the fact is one that KMS can rotate. A key that could not be read may be another one.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html>
fn evaluate(facts: &Facts<'_>, _: &Region, _: &Context<'_>) -> Result<RuleResult, Gap> {
    let keys = facts.get::<CustomerKeys>()?;
    let mut result = RuleResult::of_each(facts.get::<KeyRotations>()?, |rotation| {
        let message = format!("Automatic rotation of key {} is off", rotation.id);
        Ok((!rotation.is_on).then(|| CHECK.violation(rotation.arn.clone(), message)))
    });
    result.gaps.extend(keys.gaps.iter().cloned());
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::{Items, Reading};
    use crate::services::kms::samples::{arn, key, keys};
    use crate::services::kms::{CustomerKey, KeyRotation};

    fn rotation(id: &str, is_on: bool) -> KeyRotation {
        KeyRotation {
            id: id.into(),
            arn: arn(id),
            is_on,
        }
    }

    fn with_rotations(facts: FactStore, rotations: Items<KeyRotation>) -> FactStore {
        facts.with::<KeyRotations>(Reading::known(rotations))
    }

    #[test]
    fn a_key_that_is_rotated_passes_and_another_fails() {
        let facts = keys(vec![key("on"), key("off")]);
        let rotations = vec![rotation("on", true), rotation("off", false)];
        let result = evaluate_region(&CHECK, &with_rotations(facts, rotations.into())).unwrap();
        assert_eq!((result.resources_evaluated, result.gaps), (2, vec![]));
        let [violation] = &result.violations[..] else {
            panic!("{:?}", result.violations)
        };
        assert_eq!(violation.resource, arn("off").as_str());
        assert_eq!(violation.severity, Severity::Medium);
        assert_eq!(violation.message, "Automatic rotation of key off is off");
    }

    #[test]
    fn keys_that_kms_cannot_rotate_are_not_evaluated() {
        let imported = CustomerKey {
            origin: "EXTERNAL".into(),
            ..key("imported")
        };
        let facts = with_rotations(keys(vec![imported]), Items::default());
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!(result, RuleResult::default());
    }

    #[test]
    fn a_rotation_that_could_not_be_read_hides_no_other() {
        let gap = denied("kms:GetKeyRotationStatus").of("denied");
        let facts = keys(vec![key("off"), key("denied")]);
        let rotations = [Ok(rotation("off", false)), Err(gap.clone())];
        let facts = with_rotations(facts, rotations.into_iter().collect());
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (1, 1)
        );
        assert_eq!(result.gaps, [gap]);
    }

    #[test]
    fn a_key_that_could_not_be_read_is_a_gap_and_never_a_pass() {
        let gap = denied("kms:DescribeKey").of("denied");
        let read: Items<CustomerKey> = [Err(gap.clone())].into_iter().collect();
        let facts = FactStore::default().with::<CustomerKeys>(Reading::known(read));
        let result = evaluate_region(&CHECK, &with_rotations(facts, Items::default())).unwrap();
        assert_eq!(result.gaps, [gap]);
    }

    #[test]
    fn keys_that_could_not_be_listed_are_a_gap() {
        let facts = FactStore::default()
            .with::<CustomerKeys>(missing("kms:ListKeys"))
            .with::<KeyRotations>(missing("kms:ListKeys"));
        let gap = evaluate_region(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("kms:ListKeys"));
    }
}
