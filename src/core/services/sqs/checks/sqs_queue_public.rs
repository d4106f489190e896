//! Queues that anyone can send messages to or receive messages from.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, remediation,
    same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::resource_policy;
use crate::services::sqs::{GET_QUEUE_ATTRIBUTES, QueuePolicies};

pub(super) const CHECK: Check = Check {
    id: "sqs-queue-public",
    title: "SQS queue grants public access",
    category: Category::ExposureRisks,
    severity: Severity::Critical,
    why: "Anyone can send messages to a public queue, or receive and delete them, as its policy allows. A \
          policy that allows a topic or a bucket of one account by `aws:SourceArn` is not public. The check \
          needs one request for each queue, so it is not enabled by default.",
    fix: &[
        "Run the command. It shows the URL of the queue. `aws sqs get-queue-attributes` with this URL shows \
         the policy.",
        "Name accounts in `Principal`, or add a condition on `aws:PrincipalOrgID`. In the console: SQS, the \
         queue, Queue policies. With the CLI: `aws sqs set-queue-attributes`.",
    ],
    example: FailedResource::example("eu-west-1", "arn:aws:sqs:eu-west-1:111122223333:orders", ""),
    by_default: false,
    remediation: |failed| {
        let show = "sqs get-queue-url";
        remediation::regional(show, failed, ("queue-name", failed.name()))
    },
    controls: &[covers("cis-7.0", "2.21"), covers("aws-fsbp", "SQS.3")],
    prowler: Counterparts::per_resource(&[same("sqs_queues_not_publicly_accessible")]),
    parameters: Parameters::None,
    needs: &[QueuePolicies::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, _: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let policies = facts.get::<QueuePolicies>()?;
    let noun = ("Queue", &GET_QUEUE_ATTRIBUTES);
    Ok(resource_policy::evaluate(&CHECK, noun, policies, context))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::resource_policy::samples::assert_decides;

    #[test]
    fn a_queue_is_public_unless_the_policy_names_who_sends() {
        let not_public = [
            r#""Principal": "*", "Condition": {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:orders"}}"#,
            r#""Principal": {"Service": "sns.amazonaws.com"}"#,
        ];
        assert_decides::<QueuePolicies>(&CHECK, "Queue", &not_public);
    }
}
