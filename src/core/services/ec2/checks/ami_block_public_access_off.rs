//! Regions in which machine images may be shared with everybody.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, remediation, same,
    toggle,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::ec2::ImageBlock;

pub(super) const CHECK: Check = Check {
    id: "ami-block-public-access-off",
    title: "Block public access for AMIs is off",
    category: Category::ExposureRisks,
    severity: Severity::Medium,
    why: "One call, by mistake or by an intruder, makes an AMI public with all data on its disks. Block \
          public access rejects such calls in the whole Region, and it is free. AWS enables it for accounts \
          without public AMIs. If it is off, somebody disabled it, or the account has public AMIs.",
    fix: &[
        "Make AMIs private that must not be public. Block public access does not change AMIs that are \
         already public.",
        "Run the command. The console has the same setting: EC2, Account attributes, Data protection and \
         security, Block public access for AMIs.",
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
            "ec2 enable-image-block-public-access --image-block-public-access-state block-new-sharing",
            failed,
        )
    },
    controls: &[],
    prowler: Counterparts::per_region(&[same("ec2_ami_account_block_public_access")]),
    parameters: Parameters::None,
    needs: &[ImageBlock::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let if_off = "Block public access for AMIs is off";
    toggle::evaluate::<ImageBlock>(&CHECK, facts, region, context, if_off)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::toggle::samples::is_a_toggle;

    #[test]
    fn it_passes_on_fails_off_and_is_a_gap_unread() {
        is_a_toggle::<ImageBlock>(&CHECK);
    }
}
