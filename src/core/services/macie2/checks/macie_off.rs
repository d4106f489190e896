//! Regions in which Macie is off or suspended.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::macie2::MacieState;

pub(super) const CHECK: Check = Check {
    id: "macie-off",
    title: "Macie is off in this Region",
    category: Category::DataProtection,
    severity: Severity::Low,
    why: "Macie finds sensitive data in S3 buckets: names, card numbers, credentials. Without it or another tool, \
          nobody knows which buckets need protection. A suspended Macie classifies nothing. A Region without \
          buckets does not need it, so the check is not enabled by default.",
    fix: &[
        "Best enable it for all accounts in the delegated administrator account of Macie.",
        "Run the command. If Macie is suspended, run `aws macie2 update-macie-session --status ENABLED` instead. \
         The console has the same setting: Macie, Get started, Enable Macie.",
        "Enable automated sensitive data discovery. It costs money for each bucket and for what it analyzes.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:macie2:eu-west-1:111122223333:account",
        "",
    ),
    by_default: false,
    remediation: |failed| remediation::setting("macie2 enable-macie", failed),
    controls: &[
        covers("cis-7.0", "3.1.3"),
        covers("cis-5.0", "2.1.3"),
        covers("aws-fsbp", "Macie.1"),
    ],
    prowler: Counterparts::per_region(&[same("macie_is_enabled")]),
    parameters: Parameters::None,
    needs: &[MacieState::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let message = match facts.get::<MacieState>()? {
        MacieState::Enabled => return Ok(RuleResult::of_one(None)),
        MacieState::Paused => "Macie is suspended",
        MacieState::Off => "Macie is not enabled",
    };
    let resource = arn::service_settings(context, "macie2", region);
    Ok(RuleResult::of_one(Some(CHECK.violation(resource, message))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;

    fn region(state: MacieState) -> FactStore {
        FactStore::default().with::<MacieState>(Reading::known(state))
    }

    #[test]
    fn an_enabled_session_passes() {
        let result = evaluate_region(&CHECK, &region(MacieState::Enabled)).unwrap();
        assert_eq!((result.resources_evaluated, result.violations), (1, vec![]));
    }

    #[test]
    fn a_suspended_session_and_none_are_found() {
        for (state, message) in [
            (MacieState::Paused, "Macie is suspended"),
            (MacieState::Off, "Macie is not enabled"),
        ] {
            let result = evaluate_region(&CHECK, &region(state)).unwrap();
            let violation = &result.violations[0];
            assert_eq!(violation.message, message);
            assert_eq!(
                violation.resource,
                "arn:aws:macie2:eu-west-1:111122223333:account"
            );
        }
    }

    #[test]
    fn a_denied_request_is_a_gap() {
        let action = "macie2:GetMacieSession";
        let facts = FactStore::default().with::<MacieState>(missing(action));
        assert_eq!(evaluate_region(&CHECK, &facts).unwrap_err(), denied(action));
    }
}
