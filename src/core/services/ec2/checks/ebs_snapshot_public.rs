//! EBS snapshots that are shared with everybody.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers, format,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Arn, Gap, Region, RuleResult, Severity, Violation};
use crate::services::ec2::{PublicSnapshot, PublicSnapshotBlock, PublicSnapshots, SnapshotBlock};

pub(super) const CHECK: Check = Check {
    id: "ebs-snapshot-public",
    title: "EBS snapshot is public",
    category: Category::ExposureRisks,
    severity: Severity::Critical,
    why: "Anyone with an AWS account can create a volume from a public snapshot and read it. This includes \
          data, keys, passwords, and files that were deleted before the snapshot. AWS lists public \
          snapshots, and attackers search that list. The severity is low if block public access for EBS \
          snapshots blocks all sharing in the Region. Such a snapshot becomes public again when somebody \
          turns the block off.",
    fix: &[
        "Run the command. It makes the snapshot private. The console has the same setting: EC2, Snapshots, \
         Actions, Modify permissions.",
        "Assume that the data on the volume is known, and rotate all secrets in it.",
        "Prevent new public snapshots in the Region with `aws ec2 enable-snapshot-block-public-access \
         --state block-all-sharing`.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:ec2:eu-west-1::snapshot/snap-0123456789abcdef0",
        "",
    ),
    by_default: true,
    remediation: |failed| {
        let private = "ec2 modify-snapshot-attribute --attribute createVolumePermission --operation-type remove --group-names all";
        remediation::regional(private, failed, ("snapshot-id", failed.name()))
    },
    controls: &[covers("aws-fsbp", "EC2.1")],
    prowler: Counterparts::per_resource(&[same("ec2_ebs_public_snapshot")]),
    parameters: Parameters::None,
    needs: &[PublicSnapshots::SPEC, PublicSnapshotBlock::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let snapshots = facts.get::<PublicSnapshots>()?;
    let mut result = RuleResult::of_each(snapshots, |snapshot| {
        let resource = arn::ec2_shared(context, region, "snapshot", &snapshot.id);
        Ok(Some(violation(snapshot, facts, resource)))
    });
    // AWS was asked for those that are public. That there are none is an answer too.
    result.resources_evaluated = result
        .resources_evaluated
        .max(u64::from(snapshots.gaps.is_empty()));
    Ok(result)
}

/// Under a block of all sharing a snapshot still says that it is public, and is not.
///
/// Source: <https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html>
fn violation(snapshot: &PublicSnapshot, facts: &Facts<'_>, resource: Arn) -> Violation {
    let (id, size) = (&snapshot.id, format::gib(snapshot.size));
    let is = format!("Snapshot {id}{size} is public");
    match facts.get::<SnapshotBlock>() {
        Ok(SnapshotBlock::AllSharing) => {
            let kept_out = "block public access for EBS snapshots prevents access while it is on";
            let violation = CHECK.violation(resource, format!("{is}; {kept_out}"));
            violation.with_severity(Severity::Low)
        }
        Ok(_) => CHECK.violation(resource, is),
        Err(gap) => {
            let unread = "whether block public access for EBS snapshots is on could not be read";
            CHECK.violation(resource, format!("{is}; {unread} ({gap})"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;

    fn evaluated(ids: &[&str], block: Reading<SnapshotBlock>) -> RuleResult {
        let snapshots = ids.iter().map(|id| PublicSnapshot {
            id: (*id).to_owned(),
            size: Some(8),
        });
        let facts = FactStore::default()
            .with::<PublicSnapshots>(Reading::known(snapshots.collect::<Vec<_>>().into()))
            .with::<SnapshotBlock>(block);
        evaluate_region(&CHECK, &facts).unwrap()
    }

    #[test]
    fn no_public_snapshot_passes_without_the_block_being_read() {
        let result = evaluated(&[], Reading::default());
        assert_eq!(result.resources_evaluated, 1);
        assert_eq!((result.violations, result.gaps), (vec![], vec![]));
    }

    #[test]
    fn each_public_snapshot_is_critical_unless_all_sharing_is_blocked() {
        for (block, severity) in [
            (SnapshotBlock::Off, Severity::Critical),
            (SnapshotBlock::NewSharing, Severity::Critical),
            (SnapshotBlock::AllSharing, Severity::Low),
        ] {
            let result = evaluated(&["snap-1", "snap-2"], Reading::known(block));
            assert_eq!(result.resources_evaluated, 2);
            let found: Vec<_> = result.violations.iter().map(|v| v.severity).collect();
            assert_eq!(found, [severity, severity], "{block:?}");
        }
        let result = evaluated(&["snap-1"], Reading::known(SnapshotBlock::Off));
        let violation = &result.violations[0];
        assert_eq!(violation.resource, "arn:aws:ec2:eu-west-1::snapshot/snap-1");
        assert_eq!(violation.message, "Snapshot snap-1 of 8 GiB is public");
    }

    #[test]
    fn an_unread_block_keeps_the_highest_severity_and_is_noted() {
        let block = missing("ec2:GetSnapshotBlockPublicAccessState");
        let violation = evaluated(&["snap-1"], block).violations.remove(0);
        assert_eq!(violation.severity, Severity::Critical);
        let problem =
            "could not be read (ec2:GetSnapshotBlockPublicAccessState: denied by a service";
        assert!(violation.message.contains(problem), "{}", violation.message);
    }

    #[test]
    fn snapshots_that_could_not_be_read_are_a_gap() {
        let facts = FactStore::default().with::<PublicSnapshots>(missing("ec2:DescribeSnapshots"));
        let gap = evaluate_region(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("ec2:DescribeSnapshots"));
    }
}
