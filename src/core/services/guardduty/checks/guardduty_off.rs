//! Regions without a detector, or with a suspended one.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::guardduty::Detectors;

pub(super) const CHECK: Check = Check {
    id: "guardduty-off",
    title: "GuardDuty is off in this Region",
    category: Category::Logging,
    severity: Severity::High,
    why: "GuardDuty detects stolen credentials, mining and malware from CloudTrail events, DNS queries and flow \
          logs. Attackers prefer Regions that nobody uses, so unused Regions need it too; there it costs almost \
          nothing. A suspended detector detects nothing.",
    fix: &[
        "Best enable it for all accounts in the delegated administrator account of GuardDuty, with automatic \
         enablement, in each Region.",
        "Run the command. If the finding names a suspended detector, run `aws guardduty update-detector --enable` \
         instead. The console has the same setting: GuardDuty, Get started, Enable GuardDuty.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:guardduty:eu-west-1:111122223333:account",
        "",
    ),
    by_default: true,
    remediation: |failed| remediation::setting("guardduty create-detector --enable", failed),
    controls: &[covers("aws-fsbp", "GuardDuty.1")],
    prowler: Counterparts::per_region(&[same("guardduty_is_enabled")]),
    parameters: Parameters::None,
    needs: &[Detectors::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let detectors = facts.get::<Detectors>()?;
    if detectors.iter().any(|one| one.is_enabled) {
        return Ok(RuleResult::of_one(None));
    }
    detectors.complete()?;
    let message = match detectors.iter().next() {
        Some(suspended) => format!("GuardDuty detector {} is suspended", suspended.id),
        None => "GuardDuty is not enabled".to_owned(),
    };
    let resource = arn::service_settings(context, "guardduty", region);
    Ok(RuleResult::of_one(Some(CHECK.violation(resource, message))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::{Items, Reading};
    use crate::services::guardduty::Detector;

    fn region(detectors: Items<Detector>) -> FactStore {
        FactStore::default().with::<Detectors>(Reading::known(detectors))
    }

    fn detector(is_enabled: bool) -> Detector {
        Detector {
            id: "12abc34d567e8fa901bc2d34e56789f0".to_owned(),
            is_enabled,
        }
    }

    #[test]
    fn an_enabled_detector_passes() {
        let result = evaluate_region(&CHECK, &region(vec![detector(true)].into())).unwrap();
        assert_eq!((result.resources_evaluated, result.violations), (1, vec![]));
    }

    #[test]
    fn no_detector_and_a_suspended_one_are_found() {
        for (detectors, end) in [
            (vec![], "not enabled"),
            (vec![detector(false)], "suspended"),
        ] {
            let result = evaluate_region(&CHECK, &region(detectors.into())).unwrap();
            let violation = &result.violations[0];
            assert!(violation.message.ends_with(end), "{}", violation.message);
            assert_eq!(
                violation.resource,
                "arn:aws:guardduty:eu-west-1:111122223333:account"
            );
        }
    }

    #[test]
    fn what_could_not_be_read_is_a_gap() {
        let action = "guardduty:GetDetector";
        let unread = Items {
            known: vec![],
            gaps: vec![denied(action)],
        };
        let found = evaluate_region(&CHECK, &region(unread)).unwrap_err();
        assert_eq!(found, denied(action));
        let action = "guardduty:ListDetectors";
        let facts = FactStore::default().with::<Detectors>(missing(action));
        assert_eq!(evaluate_region(&CHECK, &facts).unwrap_err(), denied(action));
    }
}
