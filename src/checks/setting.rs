//! What the checks of a Region's settings share: one verdict for each Region.

use super::{Context, arn};
use crate::model::{Judgement, Region, Severity, Violation};

/// The judgement of a setting: with an objection where it is not as it should be.
pub(super) fn judge(
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
