//! Machine images that everybody may start.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, remediation,
    same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::ec2::{PublicImage, PublicImages};

pub(super) const CHECK: Check = Check {
    id: "ami-public",
    title: "AMI is public",
    category: Category::ExposureRisks,
    severity: Severity::High,
    why: "Anyone with an AWS account can launch a public AMI and read its disks. They can contain your \
          software, its settings, and keys and passwords. Block public access does not change AMIs that are \
          already public. If the AMI is published on purpose, suppress the finding with an exception.",
    fix: &[
        "Run the command. It makes the AMI private. The console has the same setting: EC2, AMIs, Actions, \
         Edit AMI permissions.",
        "Assume that secrets on the disks are known, and rotate them.",
        "Prevent new public AMIs in the Region with `aws ec2 enable-image-block-public-access \
         --image-block-public-access-state block-new-sharing`.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:ec2:eu-west-1::image/ami-0123456789abcdef0",
        "",
    ),
    by_default: true,
    remediation: |failed| {
        let private = "ec2 modify-image-attribute --launch-permission 'Remove=[{Group=all}]'";
        remediation::regional(private, failed, ("image-id", failed.name()))
    },
    controls: &[],
    prowler: Counterparts::per_resource(&[same("ec2_ami_public")]),
    parameters: Parameters::None,
    needs: &[PublicImages::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let images = facts.get::<PublicImages>()?;
    let mut result = RuleResult::of_each(images, |PublicImage { id, name }| {
        let name = name.as_ref().map(|name| format!(" ({name})"));
        let name = name.unwrap_or_default();
        let message = format!("AMI {id}{name} is public: any AWS account can launch it");
        // The ARN of an image has no account.
        let resource = arn::ec2_shared(context, region, "image", id);
        Ok(Some(CHECK.violation(resource, message)))
    });
    // AWS was asked for those that are public. That there are none is an answer too.
    result.resources_evaluated = result
        .resources_evaluated
        .max(u64::from(images.gaps.is_empty()));
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::{Items, Reading};

    fn evaluated(images: Reading<Items<PublicImage>>) -> Result<RuleResult, Gap> {
        let facts = FactStore::default().with::<PublicImages>(images);
        evaluate_region(&CHECK, &facts)
    }

    #[test]
    fn no_public_image_passes() {
        let result = evaluated(Reading::known(Items::default())).unwrap();
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (1, 0)
        );
    }

    #[test]
    fn each_public_image_is_a_violation() {
        let image = |id: &str| PublicImage {
            id: id.into(),
            name: Some("golden".into()),
        };
        let result =
            evaluated(Reading::known(vec![image("ami-1"), image("ami-2")].into())).unwrap();
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (2, 2)
        );
        let violation = &result.violations[0];
        assert_eq!(violation.resource, "arn:aws:ec2:eu-west-1::image/ami-1");
        assert_eq!(
            violation.message,
            "AMI ami-1 (golden) is public: any AWS account can launch it"
        );
    }

    #[test]
    fn images_that_could_not_be_read_are_a_gap() {
        let gap = evaluated(missing("ec2:DescribeImages")).unwrap_err();
        assert_eq!(gap, denied("ec2:DescribeImages"));
    }
}
