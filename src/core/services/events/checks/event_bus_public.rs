//! Event buses that anyone can send events to.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, remediation,
    same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::events::{EventBuses, LIST_EVENT_BUSES};
use crate::services::resource_policy;

pub(super) const CHECK: Check = Check {
    id: "event-bus-public",
    title: "Event bus grants public access",
    category: Category::ExposureRisks,
    severity: Severity::High,
    why: "Anyone with an AWS account can send events to a public event bus, or create rules on it. Forged events \
          start whatever the rules of the bus start: functions, workflows and alerts. A policy that names an \
          organization in `aws:PrincipalOrgID` is not public.",
    fix: &[
        "Run the command. It shows the policy of the event bus.",
        "Name accounts in `Principal`, or add a condition on `aws:PrincipalOrgID`. In the console: EventBridge, \
         Event buses, Permissions. With the CLI: `aws events put-permission`.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:events:eu-west-1:111122223333:event-bus/orders",
        "",
    ),
    by_default: true,
    remediation: |failed| {
        let show = "events describe-event-bus";
        remediation::regional(show, failed, ("name", failed.resource))
    },
    controls: &[covers("cis-7.0", "2.21")],
    prowler: Counterparts::per_resource(&[same("eventbridge_bus_exposed")]),
    parameters: Parameters::None,
    needs: &[EventBuses::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, _: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let buses = facts.get::<EventBuses>()?;
    let noun = ("Event bus", &LIST_EVENT_BUSES);
    Ok(resource_policy::evaluate(&CHECK, noun, buses, context))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::resource_policy::samples::assert_decides;

    #[test]
    fn a_bus_for_an_organization_is_not_public() {
        let not_public = [
            r#""Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}"#,
            r#""Principal": {"AWS": "arn:aws:iam::444455556666:root"}"#,
        ];
        assert_decides::<EventBuses>(&CHECK, "Event bus", &not_public);
    }
}
