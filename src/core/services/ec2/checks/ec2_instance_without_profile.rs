//! EC2 instances without a role.

use crate::checks::{
    Category, Check, Context, Counterparts, Parameters, Rule, arn, covers, remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::ec2::{Instance, Instances};

pub(super) const CHECK: Check = Check {
    id: "ec2-instance-without-profile",
    title: "EC2 instance has no instance profile",
    category: Category::IamSecurity,
    severity: Severity::Low,
    why: "What runs on an instance without a role can reach AWS only with access keys that somebody puts on \
          its disk. Such keys do not expire, are copied with images and backups, and are found by whoever \
          breaks in; a role's credentials change by themselves. Where nothing on the instance calls AWS no \
          key is there, so this is a minor finding; but Session Manager and patching need a role too.",
    fix: "In the EC2 console, choose the instance, Actions, Security, Modify IAM role; or call `aws ec2 \
          associate-iam-instance-profile --instance-id INSTANCE --iam-instance-profile Name=PROFILE --region \
          REGION`. Then take away the access keys on it, and delete them with `aws iam delete-access-key \
          --user-name USER --access-key-id KEY`.",
    by_default: true,
    remediation: |failed| {
        let associate = "ec2 associate-iam-instance-profile --iam-instance-profile Name=PROFILE";
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
        assert_eq!(result.examined, 2);
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
