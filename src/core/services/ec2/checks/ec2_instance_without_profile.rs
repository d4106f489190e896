//! EC2 instances without a role.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::ec2::{Instance, Instances};

pub(super) const CHECK: Check = Check {
    id: "ec2-instance-without-profile",
    title: "EC2 instance has no instance profile",
    category: Category::IamSecurity,
    severity: Severity::Low,
    why: "Software on an instance without a role needs long-term access keys on disk to call AWS. Such keys \
          do not expire, and images and backups copy them. An intruder on the instance finds them. The \
          credentials of a role are temporary and rotate automatically. The severity is low because \
          software that calls no AWS API needs no key. Session Manager and Patch Manager need a role too.",
    fix: &[
        "Choose the instance profile whose role has only the permissions that the instance needs. Set \
         `INSTANCE_PROFILE` to its name.",
        "Run the command. The console has the same setting: EC2, Instances, Actions, Security, Modify IAM \
         role.",
        "Remove access keys from the instance, and deactivate and delete them in IAM.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0",
        "",
    ),
    by_default: true,
    remediation: |failed| {
        let associate =
            "ec2 associate-iam-instance-profile --iam-instance-profile \"Name=$INSTANCE_PROFILE\"";
        remediation::regional(associate, failed, ("instance-id", failed.name()))
    },
    controls: &[covers("cis-7.0", "2.16"), covers("cis-5.0", "1.17")],
    prowler: Counterparts::per_resource(&[same("ec2_instance_profile_attached")]),
    parameters: Parameters::None,
    needs: &[Instances::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let instances = facts.get::<Instances>()?;
    Ok(RuleResult::of_each(instances, |instance| {
        Ok((!instance.has_profile).then(|| {
            let Instance { id, state, .. } = instance;
            let message = format!("Instance {id} ({state}) has no instance profile");
            CHECK.violation(arn::ec2(context, region, "instance", id), message)
        }))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;
    use crate::services::ec2::Instance;
    use crate::services::ec2::samples::instance;

    #[test]
    fn those_without_a_profile_are_violations() {
        let facts = FactStore::default().with::<Instances>(Reading::known(
            vec![
                instance("i-1", vec![]),
                Instance {
                    has_profile: false,
                    ..instance("i-2", vec![])
                },
            ]
            .into(),
        ));
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!(result.resources_evaluated, 2);
        let messages: Vec<_> = result.violations.iter().map(|v| &*v.message).collect();
        assert_eq!(messages, ["Instance i-2 (running) has no instance profile"]);
    }

    #[test]
    fn instances_that_could_not_be_read_are_a_gap() {
        let facts = FactStore::default().with::<Instances>(missing("ec2:DescribeInstances"));
        let gap = evaluate_region(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("ec2:DescribeInstances"));
    }
}
