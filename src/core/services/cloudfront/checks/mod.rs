//! The checks. A check is one file, and two lines here.

mod cloudfront_logging_off;
mod cloudfront_origin_access_control_missing;
mod cloudfront_origin_dangling;
mod cloudfront_plain_http;
mod cloudfront_tls_old;
mod cloudfront_waf_missing;
#[cfg(test)]
mod samples;

use crate::checks::{Check, FailedResource, remediation};
use crate::facts::Facts;
use crate::model::{Gap, RuleResult, Violation};

use super::{Distribution, Distributions};

/// All of them, in the order in which they are shown.
pub(super) const CHECKS: &[&Check] = &[
    &cloudfront_origin_dangling::CHECK,
    &cloudfront_plain_http::CHECK,
    &cloudfront_tls_old::CHECK,
    &cloudfront_origin_access_control_missing::CHECK,
    &cloudfront_waf_missing::CHECK,
    &cloudfront_logging_off::CHECK,
];

/// The distribution of the examples.
const EXAMPLE: FailedResource<'static> = FailedResource::example(
    "global",
    "arn:aws:cloudfront::111122223333:distribution/EDFDVBD6EXAMPLE",
    "",
);

/// Shows the configuration, which an update has to contain as a whole.
///
/// Source: <https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateDistribution.html>
fn show(failed: &FailedResource<'_>) -> Option<String> {
    remediation::aws(
        "cloudfront get-distribution-config",
        &[("id", failed.name())],
    )
}

/// What `find` returns of each enabled distribution. A disabled one serves nothing, so it is not evaluated.
fn evaluate(
    facts: &Facts<'_>,
    find: impl Fn(&Distribution) -> Result<Vec<Violation>, Gap>,
) -> Result<RuleResult, Gap> {
    let distributions = facts.get::<Distributions>()?;
    let mut result = RuleResult {
        gaps: distributions.gaps.clone(),
        ..RuleResult::default()
    };
    for distribution in distributions.iter().filter(|one| one.is_enabled) {
        match find(distribution) {
            Ok(violations) => {
                result.resources_evaluated += 1;
                result.violations.extend(violations);
            }
            Err(gap) => result.gaps.push(gap),
        }
    }
    Ok(result)
}
