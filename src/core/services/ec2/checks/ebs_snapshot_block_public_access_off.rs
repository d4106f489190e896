//! Regions in which snapshots may be shared with everybody.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, remediation,
    same, toggle,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::ec2::SnapshotBlock;

pub(super) const CHECK: Check = Check {
    id: "ebs-snapshot-block-public-access-off",
    title: "Block public access for EBS snapshots is off",
    category: Category::ExposureRisks,
    severity: Severity::Medium,
    why: "One call, by mistake or by an intruder, makes a snapshot public with all data on the volume. \
          Block public access rejects such calls in the whole Region, and it is free. The mode that blocks \
          only new sharing leaves public snapshots public, so its findings have low severity.",
    fix: &[
        "Check that no public snapshot of the Region is needed. The command also blocks access to existing \
         public snapshots.",
        "Run the command. The console has the same setting: EC2, Account attributes, Data protection and \
         security, Block public access for EBS snapshots.",
        "To set it in all accounts and Regions at once, use a declarative policy of AWS Organizations.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:ec2:eu-west-1:111122223333:account",
        "",
    ),
    by_default: false,
    remediation: |failed| {
        remediation::setting(
            "ec2 enable-snapshot-block-public-access --state block-all-sharing",
            failed,
        )
    },
    controls: &[covers("aws-fsbp", "EC2.182")],
    prowler: Counterparts::per_region(&[same("ec2_ebs_snapshot_account_block_public_access")]),
    parameters: Parameters::None,
    needs: &[SnapshotBlock::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let violation = |message| toggle::violation(&CHECK, region, context, message);
    Ok(RuleResult::of_one(match facts.get::<SnapshotBlock>()? {
        SnapshotBlock::AllSharing => None,
        SnapshotBlock::NewSharing => Some(
            violation("Block public access for EBS snapshots blocks only new sharing")
                .with_severity(Severity::Low),
        ),
        SnapshotBlock::Off => Some(violation("Block public access for EBS snapshots is off")),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;

    fn evaluated(block: Reading<SnapshotBlock>) -> Result<RuleResult, Gap> {
        let facts = FactStore::default().with::<SnapshotBlock>(block);
        evaluate_region(&CHECK, &facts)
    }

    #[test]
    fn only_a_block_of_all_sharing_passes() {
        for (block, severity) in [
            (SnapshotBlock::AllSharing, None),
            (SnapshotBlock::NewSharing, Some(Severity::Low)),
            (SnapshotBlock::Off, Some(Severity::Medium)),
        ] {
            let result = evaluated(Reading::known(block)).unwrap();
            assert_eq!(result.resources_evaluated, 1);
            let found = result.violations.first().map(|v| v.severity);
            assert_eq!(found, severity, "{block:?}");
        }
    }

    #[test]
    fn a_setting_that_could_not_be_read_is_a_gap() {
        let gap = evaluated(missing("ec2:GetSnapshotBlockPublicAccessState")).unwrap_err();
        assert_eq!(gap, denied("ec2:GetSnapshotBlockPublicAccessState"));
    }
}
