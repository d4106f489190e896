//! Regions in which Inspector does not scan instances, images or functions.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers, part,
    remediation,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::inspector2::InspectorState;

pub(super) const CHECK: Check = Check {
    id: "inspector-off",
    title: "Inspector does not scan all of EC2, ECR and Lambda in this Region",
    category: Category::ExposureRisks,
    severity: Severity::Medium,
    why: "Inspector finds known vulnerabilities in EC2 instances, container images and Lambda functions, and \
          reports new ones as they are published. It costs nothing in a Region without such resources. \
          Scanning of Lambda code is not required: not every Region has it.",
    fix: &[
        "Best enable it for all accounts in the delegated administrator account of Inspector, with automatic \
         enablement, in each Region.",
        "Run the command. The console has the same setting: Inspector, Account management, Activate.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:inspector2:eu-west-1:111122223333:account",
        "",
    ),
    by_default: true,
    remediation: |failed| {
        remediation::setting("inspector2 enable --resource-types EC2 ECR LAMBDA", failed)
    },
    controls: &[
        covers("aws-fsbp", "Inspector.1"),
        covers("aws-fsbp", "Inspector.2"),
        covers("aws-fsbp", "Inspector.4"),
    ],
    prowler: Counterparts::per_region(&[part("inspector2_is_enabled")]),
    parameters: Parameters::None,
    needs: &[InspectorState::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let state = facts.get::<InspectorState>()?;
    let message = problem(state);
    let resource = arn::service_settings(context, "inspector2", region);
    let violation = message.map(|message| CHECK.violation(resource, message));
    Ok(RuleResult::of_one(violation))
}

/// What is not scanned; none if everything is that the Region has.
fn problem(state: &InspectorState) -> Option<String> {
    match state.status.as_str() {
        InspectorState::ENABLED => {}
        "DISABLED" => return Some("Inspector is not enabled".to_owned()),
        other => return Some(format!("Inspector is not enabled: its status is {other}")),
    }
    let lambda = state.lambda.as_deref();
    let parts = [
        ("EC2 instances", Some(&*state.ec2)),
        ("container images in ECR", Some(&*state.ecr)),
        ("Lambda functions", lambda),
    ];
    let is_off = |status: Option<&str>| status.is_some_and(|one| one != InspectorState::ENABLED);
    let off = parts.iter().filter(|(_, status)| is_off(*status));
    let off: Vec<&str> = off.map(|(name, _)| *name).collect();
    (!off.is_empty()).then(|| format!("Inspector does not scan {}", off.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;

    const ON: &str = InspectorState::ENABLED;

    fn evaluated(status: &str, ec2: &str, ecr: &str, lambda: Option<&str>) -> RuleResult {
        let state = InspectorState {
            status: status.to_owned(),
            ec2: ec2.to_owned(),
            ecr: ecr.to_owned(),
            lambda: lambda.map(str::to_owned),
        };
        let facts = FactStore::default().with::<InspectorState>(Reading::known(state));
        evaluate_region(&CHECK, &facts).unwrap()
    }

    #[test]
    fn all_that_the_region_has_passes() {
        for lambda in [Some(ON), None] {
            let result = evaluated(ON, ON, ON, lambda);
            assert_eq!((result.resources_evaluated, result.violations), (1, vec![]));
        }
    }

    #[test]
    fn what_is_not_scanned_is_found() {
        for (result, message) in [
            (
                evaluated("DISABLED", "DISABLED", "DISABLED", None),
                "Inspector is not enabled",
            ),
            (
                evaluated("SUSPENDED", ON, ON, Some(ON)),
                "Inspector is not enabled: its status is SUSPENDED",
            ),
            (
                evaluated(ON, "SUSPENDED", ON, Some("DISABLED")),
                "Inspector does not scan EC2 instances, Lambda functions",
            ),
            (
                evaluated(ON, ON, "ENABLING", None),
                "Inspector does not scan container images in ECR",
            ),
        ] {
            assert_eq!(result.violations[0].message, message);
            assert_eq!(
                result.violations[0].resource,
                "arn:aws:inspector2:eu-west-1:111122223333:account"
            );
        }
    }

    #[test]
    fn a_state_that_could_not_be_read_is_a_gap() {
        let action = "inspector2:BatchGetAccountStatus";
        let facts = FactStore::default().with::<InspectorState>(missing(action));
        assert_eq!(evaluate_region(&CHECK, &facts).unwrap_err(), denied(action));
    }
}
