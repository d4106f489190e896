//! Regions in which neither Security Hub CSPM nor the new Security Hub is enabled.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers, part,
    remediation,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::securityhub::HubState;

pub(super) const CHECK: Check = Check {
    id: "security-hub-off",
    title: "Security Hub is off in this Region",
    category: Category::Logging,
    severity: Severity::Medium,
    why: "Security Hub collects the findings of GuardDuty, Inspector, Macie and other services, and evaluates \
          the account against security standards. Without it, each service in each Region has to be reviewed \
          separately. There are two products: Security Hub CSPM, and the new Security Hub. Either one passes.",
    fix: &[
        "Best enable it for all accounts and Regions in the delegated administrator account of Security Hub, \
         with central configuration.",
        "Run the command. It enables Security Hub CSPM with its default standards. The console has the same \
         setting: Security Hub CSPM, Go to Security Hub CSPM, Enable.",
        "Enable AWS Config as well. Most controls need its recorder.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:securityhub:eu-west-1:111122223333:account",
        "",
    ),
    by_default: true,
    remediation: |failed| remediation::setting("securityhub enable-security-hub", failed),
    controls: &[covers("cis-7.0", "5.16"), covers("cis-5.0", "4.16")],
    prowler: Counterparts::per_region(&[part("securityhub_enabled")]),
    parameters: Parameters::None,
    needs: &[HubState::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let state = facts.get::<HubState>()?;
    if state.has_cspm || *state.has_v2.get()? {
        return Ok(RuleResult::of_one(None));
    }
    let resource = arn::service_settings(context, "securityhub", region);
    let message = "Neither Security Hub CSPM nor the new Security Hub is enabled";
    Ok(RuleResult::of_one(Some(CHECK.violation(resource, message))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;

    const V2: &str = "securityhub:DescribeSecurityHubV2";

    fn region(has_cspm: bool, has_v2: Reading<bool>) -> FactStore {
        FactStore::default().with::<HubState>(Reading::known(HubState { has_cspm, has_v2 }))
    }

    #[test]
    fn either_product_passes() {
        for facts in [
            region(true, Reading::default()),
            region(false, Reading::known(true)),
        ] {
            let result = evaluate_region(&CHECK, &facts).unwrap();
            assert_eq!((result.resources_evaluated, result.violations), (1, vec![]));
        }
    }

    #[test]
    fn without_both_there_is_a_finding() {
        let result = evaluate_region(&CHECK, &region(false, Reading::known(false))).unwrap();
        assert_eq!(
            result.violations[0].resource,
            "arn:aws:securityhub:eu-west-1:111122223333:account"
        );
        assert!(result.violations[0].message.contains("CSPM"));
    }

    #[test]
    fn a_product_that_could_not_be_read_is_a_gap() {
        let facts = region(false, missing(V2));
        assert_eq!(evaluate_region(&CHECK, &facts).unwrap_err(), denied(V2));
        let action = "securityhub:DescribeHub";
        let facts = FactStore::default().with::<HubState>(missing(action));
        assert_eq!(evaluate_region(&CHECK, &facts).unwrap_err(), denied(action));
    }
}
