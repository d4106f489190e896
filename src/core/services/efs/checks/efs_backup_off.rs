//! File systems without a recent backup.

use jiff::{SignedDuration, Timestamp};

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, remediation,
    same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Items, Region, RuleResult, Severity, Violation};
use crate::services::backup::{ProtectedResource, ProtectedResources};
use crate::services::efs::{FileSystem, FileSystemBackups, FileSystems};

/// The oldest backup that counts, in days. EFS keeps automatic backups for this time, and a monthly plan creates a newer one.
///
/// Source: <https://docs.aws.amazon.com/efs/latest/ug/awsbackup.html>
const DAYS: u64 = 35;

/// Until this many days after its creation, a file system may have no backup yet. Automatic backups are daily, and a job may
/// start hours late.
///
/// Source: <https://docs.aws.amazon.com/efs/latest/ug/awsbackup.html>
const GRACE_DAYS: u64 = 2;

pub(super) const CHECK: Check = Check {
    id: "efs-backup-off",
    title: "EFS file system has no recent backup",
    category: Category::DataProtection,
    severity: Severity::Low,
    why: "Without a backup, files that are deleted or overwritten are lost. The cause may be a mistake, a \
          program or ransomware. A setting is no evidence, because backup jobs can fail, so the check \
          evaluates the last backup in AWS Backup. It must be at most 35 days old. A file system of the last \
          two days may have none. The check needs another request in Regions with file systems, and other \
          tools may back them up. So it is not enabled by default.",
    fix: &[
        "Run the command. It enables daily backups, which AWS keeps for 35 days. The console has the same \
         setting: EFS, File systems, Edit, Automatic backups.",
        "If they are enabled already, find out why no backup exists: AWS Backup, Jobs, or `aws backup \
         list-backup-jobs`.",
        "Check that AWS Backup is enabled for EFS in the Region: AWS Backup, Settings, Service opt-in, or \
         `aws backup describe-region-settings`.",
        "If another tool backs up the file system, record an exception.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0123456789abcdef8",
        "",
    ),
    by_default: false,
    remediation: |failed| {
        let enable = "efs put-backup-policy --backup-policy Status=ENABLED";
        remediation::regional(enable, failed, ("file-system-id", failed.name()))
    },
    controls: &[covers("aws-fsbp", "EFS.2")],
    prowler: Counterparts::per_resource(&[same("efs_have_backup_enabled")
        .with_remark("evaluates the last backup, and not whether automatic backups are enabled")]),
    parameters: Parameters::Fixed(|| format!("{DAYS} days, from {GRACE_DAYS} days after creation")),
    needs: &[FileSystems::SPEC, FileSystemBackups::SPEC],
    rule: Rule::Region(evaluate),
};

/// AWS Backup lists each resource that it has recovery points of, with the time of the last one.
///
/// Source: <https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListProtectedResources.html>
fn evaluate(facts: &Facts<'_>, _: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let file_systems = facts.get::<FileSystems>()?;
    let mut result = RuleResult {
        gaps: file_systems.gaps.clone(),
        ..RuleResult::default()
    };
    if file_systems.known.is_empty() {
        return Ok(result);
    }
    let protected = facts.get::<ProtectedResources>()?;
    let is_older = |time, days| context.now.duration_since(time) > days;
    for file_system in file_systems {
        match last_backup(file_system, protected) {
            Ok(None) if !is_older(file_system.created, days(GRACE_DAYS)) => {}
            last => result.add(last.map(|last| match last {
                Some(time) if !is_older(time, days(DAYS)) => None,
                last => Some(violation(file_system, last)),
            })),
        }
    }
    Ok(result)
}

fn days(days: u64) -> SignedDuration {
    SignedDuration::from_secs(24 * 60 * 60) * i32::try_from(days).unwrap_or(i32::MAX)
}

/// When AWS Backup last backed it up; none if AWS Backup does not list it.
///
/// # Errors
/// The gap, if it may be an entry that could not be read.
fn last_backup(
    file_system: &FileSystem,
    protected: &Items<ProtectedResource>,
) -> Result<Option<Timestamp>, Gap> {
    let own = protected.iter().filter(|one| one.arn == file_system.arn);
    let last = own.map(|one| one.last_backup).max();
    match (last, protected.unread(&file_system.arn)) {
        (None, Some(gap)) => Err(gap.clone()),
        _ => Ok(last),
    }
}

fn violation(file_system: &FileSystem, last: Option<Timestamp>) -> Violation {
    let id = &file_system.id;
    let message = match last {
        Some(time) => {
            let day = time.strftime("%Y-%m-%d");
            format!("The last backup of file system {id} is from {day}")
        }
        None => format!("File system {id} has no backup in AWS Backup"),
    };
    CHECK.violation(file_system.arn.clone(), message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{NOW, ago, denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::{Arn, Reading};
    use crate::services::efs::samples::{arn, file_system, file_systems};

    const ACTION: &str = "backup:ListProtectedResources";

    fn backup(arn: Arn, last_backup: Timestamp) -> ProtectedResource {
        ProtectedResource { arn, last_backup }
    }

    fn with_backups(facts: FactStore, backups: Items<ProtectedResource>) -> FactStore {
        let facts = facts.with::<FileSystemBackups>(Reading::known(()));
        facts.with::<ProtectedResources>(Reading::known(backups))
    }

    /// The result for `fs-1`, which was created and backed up at these times.
    fn evaluated(created: Timestamp, last: Option<Timestamp>) -> RuleResult {
        let one = FileSystem {
            created,
            ..file_system("fs-1")
        };
        let backups: Vec<_> = last
            .map(|time| backup(arn("fs-1"), time))
            .into_iter()
            .collect();
        evaluate_region(
            &CHECK,
            &with_backups(file_systems(vec![one]), backups.into()),
        )
        .unwrap()
    }

    #[test]
    fn a_backup_counts_for_35_days() {
        let second = SignedDuration::from_secs(1);
        for last in [NOW.parse().unwrap(), ago(1), ago(35)] {
            let result = evaluated(ago(365), Some(last));
            assert_eq!((result.resources_evaluated, result.violations), (1, vec![]));
        }
        let result = evaluated(ago(365), Some(ago(35) - second));
        assert_eq!(result.violations[0].severity, Severity::Low);
        assert_eq!(result.violations[0].resource, arn("fs-1").as_str());
        assert_eq!(
            result.violations[0].message,
            "The last backup of file system fs-1 is from 2026-10-11"
        );
    }

    #[test]
    fn a_file_system_without_a_backup_fails_after_two_days() {
        let second = SignedDuration::from_secs(1);
        for created in [NOW.parse().unwrap(), ago(1), ago(2)] {
            assert_eq!(evaluated(created, None), RuleResult::default());
        }
        let result = evaluated(ago(2) - second, None);
        assert_eq!(
            result.violations[0].message,
            "File system fs-1 has no backup in AWS Backup"
        );
    }

    #[test]
    fn the_age_of_a_file_system_does_not_excuse_an_old_backup() {
        assert_eq!(evaluated(ago(1), Some(ago(36))).violations.len(), 1);
    }

    #[test]
    fn backups_of_other_resources_do_not_count_and_the_newest_one_does() {
        let other = "arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/fs-1";
        let facts = || file_systems(vec![file_system("fs-1")]);
        let found = |backups: Vec<ProtectedResource>| {
            let result = evaluate_region(&CHECK, &with_backups(facts(), backups.into()));
            result.unwrap().violations.len()
        };
        assert_eq!(found(vec![backup(other.into(), ago(1))]), 1);
        let twice = vec![backup(arn("fs-1"), ago(1)), backup(arn("fs-1"), ago(60))];
        assert_eq!(found(twice), 0);
    }

    /// An entry without a time is no evidence, neither of a backup nor of its absence.
    #[test]
    fn an_entry_without_a_time_is_a_gap_of_its_own_resource() {
        let facts = file_systems(vec![file_system("fs-1"), file_system("fs-2")]);
        let own = Gap::lacks(ACTION, &arn("fs-1"), "LastBackupTime");
        let table = Gap::lacks(ACTION, "arn:aws:dynamodb:x", "LastBackupTime");
        let backups = [Err(own.clone()), Err(table)].into_iter().collect();
        let result = evaluate_region(&CHECK, &with_backups(facts, backups)).unwrap();
        assert_eq!(result.gaps, [own]);
        assert_eq!(result.violations[0].resource, arn("fs-2").as_str());
    }

    #[test]
    fn backups_that_could_not_be_listed_are_a_gap_only_if_a_file_system_exists() {
        let read = |facts: FactStore| {
            let facts = facts.with::<ProtectedResources>(missing(ACTION));
            evaluate_region(&CHECK, &facts)
        };
        let gap = read(file_systems(vec![file_system("fs-1")])).unwrap_err();
        assert_eq!(gap, denied(ACTION));
        assert_eq!(read(file_systems(vec![])), Ok(RuleResult::default()));
    }

    #[test]
    fn a_file_system_that_could_not_be_read_is_a_gap() {
        let action = "elasticfilesystem:DescribeFileSystems";
        let gap = denied(action).of("fs-1");
        let read = [Err(gap.clone())].into_iter().collect();
        let facts = FactStore::default().with::<FileSystems>(Reading::known(read));
        assert_eq!(evaluate_region(&CHECK, &facts).unwrap().gaps, [gap]);
        let facts = FactStore::default().with::<FileSystems>(missing(action));
        assert_eq!(evaluate_region(&CHECK, &facts), Err(denied(action)));
    }
}
