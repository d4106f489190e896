//! Commands that fix one resource, or begin to.
//!
//! The owner of a resource chooses its name, which is a part of the command that somebody else pastes into a
//! shell. So every value is quoted, and where one cannot be quoted safely there is no command.

use crate::model::TargetScope;
use crate::shell;

/// A resource that breaks a check, as the finding has it.
#[derive(Clone, Copy, Debug)]
pub struct FailedResource<'a> {
    /// Its account's 12 digits.
    pub account: &'a str,
    /// Its Region; `global` for the account as a whole.
    pub region: &'a str,
    /// Its ARN.
    pub resource: &'a str,
    /// Which part of it; may be empty.
    pub part: &'a str,
}

impl<'a> FailedResource<'a> {
    /// A resource of AWS's example account.
    pub(crate) const fn example(region: &'a str, resource: &'a str, part: &'a str) -> Self {
        Self {
            account: "111122223333",
            region,
            resource,
            part,
        }
    }

    /// The resource's own name or id: what comes last in its ARN.
    pub fn name(&self) -> &'a str {
        let end = self.resource.rfind(['/', ':']).map_or(0, |at| at + 1);
        &self.resource[end..]
    }

    /// Its partition, `aws`, as its ARN has it.
    pub(crate) fn partition(&self) -> &'a str {
        self.resource.split(':').nth(1).unwrap_or_default()
    }
}

/// All four settings of Block Public Access, as S3's commands take them.
pub(crate) const BLOCK_ALL: &str = "--public-access-block-configuration \
     BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true";

/// The command `aws` with these words and values, each value as one word of a POSIX shell. None where
/// a value is empty, could be taken for an option or the address of a file, or has characters that
/// cannot be seen.
///
/// Source: <https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-file.html>
pub(crate) fn aws(subcommand: &str, options: &[(&str, &str)]) -> Option<String> {
    let mut command = format!("aws {subcommand}");
    for (option, value) in options {
        command.push_str(&format!(" --{option} {}", quoted(value)?));
    }
    Some(command)
}

/// The same for a resource of a Region.
pub(crate) fn regional(
    subcommand: &str,
    failed: &FailedResource<'_>,
    option: (&str, &str),
) -> Option<String> {
    aws(subcommand, &[option, ("region", failed.region)])
}

/// The same for what an account has once in a Region.
pub(crate) fn setting(subcommand: &str, failed: &FailedResource<'_>) -> Option<String> {
    aws(subcommand, &[("region", failed.region)])
}

/// The same for a bucket, whose Region the CLI finds where it could not be read.
pub(crate) fn bucket(subcommand: &str, failed: &FailedResource<'_>) -> Option<String> {
    match failed.region {
        TargetScope::GLOBAL => aws(subcommand, &[("bucket", failed.name())]),
        _ => regional(subcommand, failed, ("bucket", failed.name())),
    }
}

/// Credentials with which the organization's central account deletes those of a member's root user. Those of the
/// management account are fixed by signing in as its root user only.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html>
pub(crate) fn root(failed: &FailedResource<'_>) -> Option<String> {
    let delete = format!(
        "arn=arn:{}:iam::aws:policy/root-task/IAMDeleteRootUserCredentials",
        failed.partition()
    );
    let options = [
        ("target-principal", failed.account),
        ("task-policy-arn", &delete),
        ("duration-seconds", "900"),
    ];
    aws("sts assume-root", &options)
}

fn quoted(value: &str) -> Option<String> {
    let is_value = !value.is_empty() && !value.starts_with('-') && !value.contains("://");
    is_value.then(|| shell::quote(value)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::CHECKS;

    /// What these checks are about is there once in an account or a Region, and has no name.
    const NAMELESS: &[&str] = &[
        "access-analyzer-missing",
        "account-contact-details-missing",
        "account-security-contact-missing",
        "ami-block-public-access-off",
        "config-aggregator-missing",
        "config-global-types-not-recorded",
        "config-recorder-off",
        "cloudtrail-alarm-missing",
        "cloudtrail-missing",
        "cloudtrail-read-data-events-off",
        "cloudtrail-write-data-events-off",
        "ebs-encryption-by-default-off",
        "ebs-snapshot-block-public-access-off",
        "ec2-imdsv2-account-default-off",
        "guardduty-off",
        "iam-password-policy-reuse",
        "iam-password-policy-short",
        "iam-password-policy-weak",
        "iam-support-role-missing",
        "inspector-off",
        "logs-policy-public",
        "macie-off",
        "organization-delegated-administrator-missing",
        "organization-management-account-used",
        "organization-policy-delegation-missing",
        "organization-root-access-not-central",
        "root-access-key",
        "root-used-recently",
        "root-without-hardware-mfa",
        "root-without-mfa",
        "s3-account-public-access-block-off",
        "security-hub-off",
    ];

    /// The commands of all checks for resources of this name, by check.
    fn commands(name: &str) -> Vec<(&'static str, Option<String>)> {
        let command = |check: &&'static crate::checks::Check| {
            let arn = format!("arn:aws:x:eu-west-1:111122223333:kind/{name}");
            let failed = FailedResource {
                account: "111122223333",
                region: "eu-west-1",
                resource: &arn,
                part: match check.id {
                    "iam-cloudshell-full-access" => "role Admin",
                    "cloudtrail-alarm-missing" => "root-usage",
                    _ => "tcp 22 from 0.0.0.0/0",
                },
            };
            (check.id, (check.remediation)(&failed))
        };
        CHECKS.iter().map(command).collect()
    }

    #[test]
    fn every_check_has_a_command_for_its_resource() {
        for (id, command) in commands("thing-1") {
            let command = command.unwrap();
            assert!(command.starts_with("aws "), "{id}: {command}");
            let is_named = command.contains("thing-1");
            assert_eq!(is_named, !NAMELESS.contains(&id), "{id}: {command}");
            assert!(!command.contains("  "), "{id}: {command}");
        }
    }

    #[test]
    fn a_part_s_name_is_quoted_too() {
        let failed = |part| FailedResource {
            account: "111122223333",
            region: "global",
            resource: "arn:aws:iam::aws:policy/AWSCloudShellFullAccess",
            part,
        };
        let check = crate::services::by_id("iam-cloudshell-full-access").unwrap();
        let command = |part| (check.remediation)(&failed(part));
        assert_eq!(
            command("group a;reboot").unwrap(),
            "aws iam detach-group-policy --group-name 'a;reboot' --policy-arn \
             arn:aws:iam::aws:policy/AWSCloudShellFullAccess"
        );
        assert!(
            command("user x")
                .unwrap()
                .contains("detach-user-policy --user-name x")
        );
        assert!(
            command("role x")
                .unwrap()
                .contains("detach-role-policy --role-name x")
        );
        assert_eq!(
            command("role =ls")
                .unwrap()
                .matches("--role-name '=ls'")
                .count(),
            1
        );
        for none in ["role -rf", "role ", "role", "x;reboot y"] {
            assert_eq!(command(none), None, "{none}");
        }
    }

    #[test]
    fn root_credentials_are_deleted_from_the_central_account_of_its_partition() {
        let failed = FailedResource {
            account: "111122223333",
            region: "global",
            resource: "arn:aws-us-gov:iam::111122223333:root",
            part: "",
        };
        assert_eq!(
            root(&failed).unwrap(),
            "aws sts assume-root --target-principal 111122223333 --task-policy-arn \
             arn=arn:aws-us-gov:iam::aws:policy/root-task/IAMDeleteRootUserCredentials \
             --duration-seconds 900"
        );
    }

    #[test]
    fn a_name_stays_one_word_with_any_content() {
        for name in [
            "$(reboot)",
            "`reboot`",
            "a;reboot",
            "a b",
            "it's",
            "a\\",
            "!!",
            "*",
            "=ls",
            "~root",
            "%1",
            "{a,b}",
        ] {
            let commands = commands(name).into_iter();
            for (id, command) in commands.filter(|(id, _)| !NAMELESS.contains(id)) {
                let command = command.unwrap();
                let word = format!("'{}'", name.replace('\'', r"'\''"));
                // The filters and other values with the name inside are quoted as a whole.
                let inside = format!("{}'", name.replace('\'', r"'\''"));
                let is_quoted = command.contains(&word) || command.contains(&inside);
                assert!(is_quoted, "{id}: {command}");
            }
        }
    }

    #[test]
    fn what_cannot_be_quoted_safely_has_no_command() {
        for name in [
            "",
            "-rf",
            "a\nb",
            "a\u{1b}[31m",
            "a\u{202e}b",
            "file://a",
            "a\u{200b}",
        ] {
            assert_eq!(quoted(name), None, "{name:?}");
        }
    }
}
