//! File systems with a policy that lets anyone mount them.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, remediation,
    same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::efs::{DESCRIBE_FILE_SYSTEM_POLICY, FileSystemPolicies};
use crate::services::resource_policy;

pub(super) const CHECK: Check = Check {
    id: "efs-policy-public",
    title: "File system policy grants public access",
    category: Category::ExposureRisks,
    severity: Severity::High,
    why: "Any client on a connected network can mount the file system, without credentials of AWS. A \
          condition on `elasticfilesystem:AccessedViaMountTarget` limits that to clients of its mount \
          targets, as AWS recommends. A file system without a policy is not evaluated: that is the default of \
          EFS. The check needs one request for each file system, so it is not enabled by default.",
    fix: &[
        "Run the command. It shows the policy of the file system.",
        "Name roles in `Principal`, or add the condition `elasticfilesystem:AccessedViaMountTarget`. In the \
         console: EFS, the file system, File system policy. With the CLI: `aws efs put-file-system-policy`.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0123456789abcdef0",
        "",
    ),
    by_default: false,
    remediation: |failed| {
        let show = "efs describe-file-system-policy";
        remediation::regional(show, failed, ("file-system-id", failed.name()))
    },
    controls: &[covers("cis-7.0", "2.21")],
    prowler: Counterparts::per_resource(&[same("efs_not_publicly_accessible")]),
    parameters: Parameters::None,
    needs: &[FileSystemPolicies::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, _: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let policies = facts.get::<FileSystemPolicies>()?;
    let noun = ("File system", &DESCRIBE_FILE_SYSTEM_POLICY);
    Ok(resource_policy::evaluate(&CHECK, noun, policies, context))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::resource_policy::samples::assert_decides;

    #[test]
    fn clients_of_mount_targets_are_not_the_public() {
        let not_public = [
            r#""Principal": {"AWS": "*"}, "Condition": {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}}"#,
        ];
        assert_decides::<FileSystemPolicies>(&CHECK, "File system", &not_public);
    }
}
