//! Regions in which machine images may be shared with everybody.

use super::{Category, Check, Context, Need, Rule, mend, setting};
use crate::model::{Gap, Judgement, Region, RegionFacts, Severity};

/// The check.
pub const CHECK: Check = Check {
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
    mend: |flawed| {
        mend::setting(
            "ec2 enable-image-block-public-access --image-block-public-access-state block-new-sharing",
            flawed,
        )
    },
    needs: &[Need::ImageBlock],
    rule: Rule::Region(judge),
};

fn judge(facts: &RegionFacts, region: &Region, context: &Context<'_>) -> Result<Judgement, Gap> {
    let is_off = !*facts.image_block.get()?;
    let objection = is_off.then_some((
        Severity::Medium,
        "Block public access for machine images is off",
    ));
    Ok(setting::judge(objection, region, context))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, judge_region, missing};
    use crate::model::Fact;

    fn judged(image_block: Fact<bool>) -> Result<Judgement, Gap> {
        let facts = RegionFacts {
            image_block,
            ..RegionFacts::default()
        };
        judge_region(&CHECK, &facts)
    }

    #[test]
    fn a_region_passes_where_it_is_on() {
        let judgement = judged(Fact::known(true)).unwrap();
        assert_eq!((judgement.examined, judgement.violations.len()), (1, 0));
    }

    #[test]
    fn a_region_fails_where_it_is_off() {
        let judgement = judged(Fact::known(false)).unwrap();
        assert_eq!((judgement.examined, judgement.violations.len()), (1, 1));
        let violation = &judgement.violations[0];
        assert_eq!(
            violation.resource,
            "arn:aws:ec2:eu-west-1:111122223333:account"
        );
        assert_eq!(violation.severity, Severity::Medium);
    }

    #[test]
    fn a_setting_that_could_not_be_read_is_a_gap() {
        let gap = judged(missing("ec2:GetImageBlockPublicAccessState")).unwrap_err();
        assert_eq!(gap, denied("ec2:GetImageBlockPublicAccessState"));
    }
}
