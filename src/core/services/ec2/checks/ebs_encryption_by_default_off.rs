//! Regions in which new EBS volumes are not encrypted by themselves.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, remediation,
    same, toggle,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::ec2::EncryptionByDefault;

pub(super) const CHECK: Check = Check {
    id: "ebs-encryption-by-default-off",
    title: "EBS encryption by default is off",
    category: Category::DataEncryption,
    severity: Severity::Medium,
    why: "New volumes and snapshot copies are encrypted only if each request asks for it. A volume cannot \
          be encrypted in place later. EBS encryption by default encrypts all of them and is free. It does \
          not change existing volumes. The setting applies to one Region, so unused Regions need it too.",
    fix: &[
        "Check that your instance types support EBS encryption. Some previous-generation types do not, and \
         then fail to launch.",
        "Run the command. The console has the same setting: EC2, Account attributes, Data protection and \
         security, EBS encryption.",
        "Optional: choose a customer managed key as the default with `aws ec2 \
         modify-ebs-default-kms-key-id`.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:ec2:eu-west-1:111122223333:account",
        "",
    ),
    by_default: false,
    remediation: |failed| remediation::setting("ec2 enable-ebs-encryption-by-default", failed),
    controls: &[
        covers("cis-7.0", "6.1.1"),
        covers("cis-5.0", "5.1.1"),
        covers("aws-fsbp", "EC2.7"),
    ],
    prowler: Counterparts::per_region(&[same("ec2_ebs_default_encryption")]),
    parameters: Parameters::None,
    needs: &[EncryptionByDefault::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let if_off = "EBS encryption by default is off";
    toggle::evaluate::<EncryptionByDefault>(&CHECK, facts, region, context, if_off)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::toggle::samples::is_a_toggle;

    #[test]
    fn it_passes_on_fails_off_and_is_a_gap_unread() {
        is_a_toggle::<EncryptionByDefault>(&CHECK);
    }
}
