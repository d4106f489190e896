//! What the checks of a Region's settings share: one verdict for each Region.

use super::{Context, arn};
use crate::model::{Judgement, Region, Severity, Violation};

/// The judgement of a setting: with an objection where it is not as it should be.
pub(crate) fn judge(
    objection: Option<(Severity, &str)>,
    region: &Region,
    context: &Context<'_>,
) -> Judgement {
    let violation = objection.map(|(severity, message)| Violation {
        resource: arn::ec2_settings(context, region),
        part: String::new(),
        region: None,
        severity,
        message: message.to_owned(),
    });
    Judgement {
        examined: 1,
        violations: violation.into_iter().collect(),
        ..Judgement::default()
    }
}

#[cfg(test)]
pub(crate) mod samples {
    use crate::checks::Check;
    use crate::checks::samples::{denied, judge_region, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;

    /// Holds that a check of a switch passes a Region where it is on, finds one where it is off, and does not
    /// know what it cannot read.
    pub(crate) fn is_a_switch(
        check: &Check,
        action: &'static str,
        facts: impl Fn(Reading<bool>) -> FactStore,
    ) {
        let judged = |fact| judge_region(check, &facts(fact));
        let on = judged(Reading::known(true)).unwrap();
        assert_eq!((on.examined, on.violations), (1, vec![]));
        let off = judged(Reading::known(false)).unwrap();
        assert_eq!((off.examined, off.violations.len()), (1, 1));
        let violation = &off.violations[0];
        let account = "arn:aws:ec2:eu-west-1:111122223333:account";
        assert_eq!(violation.resource, account);
        assert_eq!(violation.severity, check.severity);
        assert_eq!(judged(missing(action)).unwrap_err(), denied(action));
    }
}
