//! EC2 instances whose metadata service answers without a token.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Arn, Cause, Gap, Region, RuleResult, Severity, Violation};
use crate::services::ec2::{Instance, Instances};

pub(super) const CHECK: Check = Check {
    id: "ec2-instance-imdsv1",
    title: "EC2 instance accepts IMDSv1",
    category: Category::IamSecurity,
    severity: Severity::High,
    why: "With IMDSv1, a plain request returns the credentials of the instance's role. A web application \
          that can be tricked into fetching a URL (SSRF) then leaks them. IMDSv2 requires a token first, \
          which most such flaws cannot get. The severity is medium if the instance has no role. Its user \
          data is still readable, and a role may be attached later.",
    fix: &[
        "Check the CloudWatch metric `MetadataNoToken` of the instance. A value above 0 means that software \
         still uses IMDSv1.",
        "Update that software to IMDSv2.",
        "Run the command. The console has the same setting: EC2, Instances, Actions, Instance settings, \
         Modify instance metadata options.",
        "Make IMDSv2 the default for new instances of the Region: `aws ec2 \
         modify-instance-metadata-defaults --http-tokens required`.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0",
        "",
    ),
    by_default: true,
    remediation: |failed| {
        let required = "ec2 modify-instance-metadata-options --http-tokens required";
        remediation::regional(required, failed, ("instance-id", failed.name()))
    },
    controls: &[
        covers("cis-7.0", "6.7"),
        covers("cis-5.0", "5.7"),
        covers("aws-fsbp", "EC2.8"),
    ],
    prowler: Counterparts::per_resource(&[same("ec2_instance_imdsv2_enabled")]),
    parameters: Parameters::None,
    needs: &[Instances::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let instances = facts.get::<Instances>()?;
    Ok(RuleResult::of_each(instances, |instance| {
        let answers = instance.answers_imdsv1.ok_or_else(|| {
            let detail = "the answer does not say whether a token is required".to_owned();
            let gap = Gap::new("ec2:DescribeInstances", Cause::Malformed).of(&instance.id);
            Gap { detail, ..gap }
        })?;
        let resource = arn::ec2(context, region, "instance", &instance.id);
        Ok(answers.then(|| violation(instance, resource)))
    }))
}

fn violation(instance: &Instance, resource: Arn) -> Violation {
    let Instance { id, state, .. } = instance;
    let answers = format!("Instance {id} ({state}) accepts IMDSv1");
    match instance.has_profile {
        true => CHECK.violation(
            resource,
            format!("{answers} and returns its role's credentials without a token"),
        ),
        false => CHECK
            .violation(resource, format!("{answers}; it has no role now"))
            .with_severity(Severity::Medium),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;
    use crate::services::ec2::samples::instance;

    fn evaluated(answers_imdsv1: Option<bool>, has_profile: bool) -> RuleResult {
        let facts = FactStore::default().with::<Instances>(Reading::known(
            vec![Instance {
                answers_imdsv1,
                has_profile,
                ..instance("i-1", vec![])
            }]
            .into(),
        ));
        evaluate_region(&CHECK, &facts).unwrap()
    }

    #[test]
    fn an_instance_that_asks_for_a_token_passes() {
        let result = evaluated(Some(false), true);
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (1, 0)
        );
    }

    #[test]
    fn one_that_does_not_is_worse_with_a_role() {
        let violation = evaluated(Some(true), true).violations.remove(0);
        assert_eq!(violation.severity, Severity::High);
        assert_eq!(
            violation.message,
            "Instance i-1 (running) accepts IMDSv1 and returns its role's \
             credentials without a token"
        );
        let violation = evaluated(Some(true), false).violations.remove(0);
        assert_eq!(violation.severity, Severity::Medium);
    }

    #[test]
    fn an_instance_without_metadata_options_is_a_gap() {
        let result = evaluated(None, true);
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (0, 0)
        );
        assert_eq!(result.gaps[0].cause, Cause::Malformed);
    }

    #[test]
    fn instances_that_could_not_be_read_are_a_gap() {
        let facts = FactStore::default().with::<Instances>(missing("ec2:DescribeInstances"));
        let gap = evaluate_region(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("ec2:DescribeInstances"));
    }
}
