//! Regions in which machine images may be shared with everybody.

use crate::checks::{
    Category, Check, Context, Counterparts, Parameters, Rule, remediation, same, toggle,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::ec2::ImageBlock;

pub(super) const CHECK: Check = Check {
    id: "ami-block-public-access-off",
    title: "Block public access for machine images is off",
    category: Category::ExposureRisks,
    severity: Severity::Medium,
    why: "One call, by mistake or by an intruder, makes an image public, and with it all that is on its \
          disks. The setting refuses such calls for a whole Region, and costs nothing. AWS turns it on for \
          accounts that have no public images, so somebody turned it off, or there are images to look at.",
    fix: "In the EC2 console, under Account attributes, Data protection and security, choose Block public \
          access for AMIs, Block new public sharing; or call `aws ec2 enable-image-block-public-access \
          --image-block-public-access-state block-new-sharing --region REGION`. A declarative policy of the \
          organization sets it in every account and Region at once.",
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
    let if_off = "Block public access for machine images is off";
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
