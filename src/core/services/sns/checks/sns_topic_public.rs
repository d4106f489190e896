//! Topics that anyone can publish to or subscribe to.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, remediation,
    same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::resource_policy;
use crate::services::sns::{GET_TOPIC_ATTRIBUTES, TopicPolicies};

pub(super) const CHECK: Check = Check {
    id: "sns-topic-public",
    title: "SNS topic grants public access",
    category: Category::ExposureRisks,
    severity: Severity::High,
    why: "Anyone can publish to a public topic, or subscribe to it, as its policy allows. A foreign \
          subscriber reads every message, and forged messages reach all subscribers. The default policy of a \
          topic is not public: a condition limits it to the owner. The check needs one request for each \
          topic, so it is not enabled by default.",
    fix: &[
        "Run the command. It shows the policy of the topic, and the number of its subscriptions.",
        "Name accounts in `Principal`, or add a condition on `aws:PrincipalOrgID`. In the console: SNS, \
         Topics, Edit, Access policy. With the CLI: `aws sns set-topic-attributes`.",
        "Delete subscriptions that you do not know: `aws sns unsubscribe`.",
    ],
    example: FailedResource::example("eu-west-1", "arn:aws:sns:eu-west-1:111122223333:orders", ""),
    by_default: false,
    remediation: |failed| {
        let show = "sns get-topic-attributes";
        remediation::regional(show, failed, ("topic-arn", failed.resource))
    },
    controls: &[covers("cis-7.0", "2.21"), covers("aws-fsbp", "SNS.4")],
    prowler: Counterparts::per_resource(&[same("sns_topics_not_publicly_accessible")]),
    parameters: Parameters::None,
    needs: &[TopicPolicies::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, _: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let policies = facts.get::<TopicPolicies>()?;
    let noun = ("Topic", &GET_TOPIC_ATTRIBUTES);
    Ok(resource_policy::evaluate(&CHECK, noun, policies, context))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::resource_policy::samples::assert_decides;

    #[test]
    fn the_default_policy_of_a_topic_is_not_public() {
        let not_public = [
            r#""Principal": {"AWS": "*"}, "Condition": {"StringEquals": {"AWS:SourceOwner": "111122223333"}}"#,
        ];
        assert_decides::<TopicPolicies>(&CHECK, "Topic", &not_public);
    }
}
