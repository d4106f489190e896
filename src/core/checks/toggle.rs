//! What the checks of a Region's settings share: one verdict for each Region.

use super::{Check, Context, arn};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Violation};

/// Evaluates a switch that breaks the check where it is off.
///
/// # Errors
/// The gap, where it could not be read.
pub(crate) fn evaluate<F: Fact<Value = bool>>(
    check: &Check,
    facts: &Facts<'_>,
    region: &Region,
    context: &Context<'_>,
    if_off: &str,
) -> Result<RuleResult, Gap> {
    let is_on = *facts.get::<F>()?;
    let violation = (!is_on).then(|| violation(check, region, context, if_off));
    Ok(RuleResult::of_one(violation))
}

/// A Region's settings as a violation of a check.
pub(crate) fn violation(
    check: &Check,
    region: &Region,
    context: &Context<'_>,
    message: &str,
) -> Violation {
    check.violation(arn::ec2_settings(context, region), message)
}

#[cfg(test)]
pub(crate) mod samples {
    use crate::checks::Check;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::{Fact, FactStore};
    use crate::model::Reading;

    /// Holds that a check of a switch passes a Region where it is on, finds one where it is off, and does not
    /// know what it cannot read.
    pub(crate) fn is_a_toggle<F: Fact<Value = bool>>(check: &Check) {
        let action = F::SPEC.calls[0].action;
        let evaluated = |read| evaluate_region(check, &FactStore::default().with::<F>(read));
        let on = evaluated(Reading::known(true)).unwrap();
        assert_eq!((on.resources_evaluated, on.violations), (1, vec![]));
        let off = evaluated(Reading::known(false)).unwrap();
        assert_eq!((off.resources_evaluated, off.violations.len()), (1, 1));
        let violation = &off.violations[0];
        let account = "arn:aws:ec2:eu-west-1:111122223333:account";
        assert_eq!(violation.resource, account);
        assert_eq!(violation.severity, check.severity);
        assert_eq!(evaluated(missing(action)).unwrap_err(), denied(action));
    }
}
