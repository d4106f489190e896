//! File systems that are not encrypted at rest.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, remediation,
    same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::efs::FileSystems;

pub(super) const CHECK: Check = Check {
    id: "efs-unencrypted",
    title: "EFS file system is not encrypted",
    category: Category::DataEncryption,
    severity: Severity::High,
    why: "Unencrypted data is readable on the disks, and so are its backups. With encryption, access to the \
          data also needs access to the key. Encryption has no extra charge, and clients notice no \
          difference. You cannot encrypt an existing file system.",
    fix: &[
        "Run the command. It creates an encrypted copy in the same Region, and keeps the copy up to date. In \
         the console: EFS, File systems, Replication, Create replication.",
        "When the replication is enabled, stop all writes and wait for the last synchronization: `aws efs \
         describe-replication-configurations`.",
        "Delete the replication, which makes the copy writable: `aws efs delete-replication-configuration`.",
        "Create mount targets and a policy for the copy, and mount it on the clients.",
        "Delete the old file system and its backups.",
        "Prevent new unencrypted file systems. Deny `elasticfilesystem:CreateFileSystem` where the condition \
         key `elasticfilesystem:Encrypted` is false.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0123456789abcdef8",
        "",
    ),
    by_default: true,
    remediation: |failed| {
        let destination = format!("Region={}", failed.region);
        let options = [
            ("source-file-system-id", failed.name()),
            ("destinations", &destination),
            ("region", failed.region),
        ];
        remediation::aws("efs create-replication-configuration", &options)
    },
    controls: &[
        covers("cis-7.0", "3.3.1"),
        covers("cis-5.0", "2.3.1"),
        covers("aws-fsbp", "EFS.1"),
        covers("aws-fsbp", "EFS.8"),
    ],
    prowler: Counterparts::per_resource(&[same("efs_encryption_at_rest_enabled")]),
    parameters: Parameters::None,
    needs: &[FileSystems::SPEC],
    rule: Rule::Region(evaluate),
};

/// Source: <https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html>
fn evaluate(facts: &Facts<'_>, _: &Region, _: &Context<'_>) -> Result<RuleResult, Gap> {
    let file_systems = facts.get::<FileSystems>()?;
    Ok(RuleResult::of_each(file_systems, |one| {
        let message = format!("File system {} is not encrypted", one.id);
        Ok((!one.is_encrypted).then(|| CHECK.violation(one.arn.clone(), message)))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;
    use crate::services::efs::FileSystem;
    use crate::services::efs::samples::{arn, file_system, file_systems};

    fn open(id: &str) -> FileSystem {
        FileSystem {
            is_encrypted: false,
            ..file_system(id)
        }
    }

    #[test]
    fn an_encrypted_file_system_passes_and_another_fails() {
        let facts = file_systems(vec![file_system("fs-1"), open("fs-2")]);
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!((result.resources_evaluated, result.gaps), (2, vec![]));
        let [violation] = &result.violations[..] else {
            panic!("{:?}", result.violations)
        };
        assert_eq!(violation.resource, arn("fs-2").as_str());
        assert_eq!(violation.severity, Severity::High);
        assert_eq!(violation.message, "File system fs-2 is not encrypted");
    }

    #[test]
    fn a_file_system_that_could_not_be_read_hides_no_other() {
        let gap = denied("elasticfilesystem:DescribeFileSystems").of("fs-1");
        let read = [Err(gap.clone()), Ok(open("fs-2"))];
        let read = Reading::known(read.into_iter().collect());
        let facts = FactStore::default().with::<FileSystems>(read);
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!((result.violations.len(), result.gaps), (1, vec![gap]));
    }

    #[test]
    fn file_systems_that_could_not_be_listed_are_a_gap() {
        let action = "elasticfilesystem:DescribeFileSystems";
        let facts = FactStore::default().with::<FileSystems>(missing(action));
        let gap = evaluate_region(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied(action));
    }

    #[test]
    fn the_copy_is_created_in_the_region_of_the_file_system() {
        assert_eq!(
            (CHECK.remediation)(&CHECK.example).unwrap(),
            "aws efs create-replication-configuration --source-file-system-id fs-0123456789abcdef8 \
             --destinations Region=eu-west-1 --region eu-west-1"
        );
    }
}
