//! Regions in which new EBS volumes are not encrypted by themselves.

use crate::checks::{
    Category, Check, Context, Counterparts, Parameters, Rule, covers, remediation, same, toggle,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::ec2::EncryptionByDefault;

pub(super) const CHECK: Check = Check {
    id: "ebs-encryption-by-default-off",
    title: "EBS encryption by default is off",
    category: Category::DataEncryption,
    severity: Severity::Medium,
    why: "Every new volume and every copy of a snapshot is without encryption unless whoever makes it \
          remembers to ask for it, and a volume cannot be encrypted afterwards in place. The setting has all \
          of them encrypted, costs nothing, and leaves those that are there as they are. It holds for one \
          Region; one that nobody uses today may be used tomorrow.",
    fix: "In the EC2 console, under Account attributes, Data protection and security, choose EBS encryption, \
          Always encrypt new EBS volumes; or call `aws ec2 enable-ebs-encryption-by-default --region REGION`. \
          Choose a key of your own with `aws ec2 modify-ebs-default-kms-key-id --kms-key-id KEY --region \
          REGION`. Instance types of before 2014 cannot start with encrypted volumes.",
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
    let if_off = "New EBS volumes are not encrypted unless somebody asks for it";
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
