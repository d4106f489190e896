//! Distributions without a web ACL.

use super::{EXAMPLE, show};
use crate::checks::{Category, Check, Context, Counterparts, Parameters, Rule, covers, same};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::cloudfront::Distributions;

pub(super) const CHECK: Check = Check {
    id: "cloudfront-waf-missing",
    title: "CloudFront distribution has no web ACL",
    category: Category::NetworkSecurity,
    severity: Severity::Low,
    why: "A web ACL of AWS WAF blocks known attacks and limits the rate of requests before they reach the origin. \
          Distributions with static content need it less, and web ACLs have a monthly price. So the check is not \
          enabled by default.",
    fix: &[
        "Run the command to see the current settings.",
        "Associate a web ACL in the console: CloudFront, Distributions, Security, Enable AWS WAF.",
        "If the distribution has static content only, record an exception.",
    ],
    example: EXAMPLE,
    by_default: false,
    remediation: show,
    controls: &[covers("aws-fsbp", "CloudFront.6")],
    prowler: Counterparts::per_resource(&[same("cloudfront_distributions_using_waf")]),
    parameters: Parameters::None,
    needs: &[Distributions::SPEC],
    rule: Rule::Account(evaluate),
};

/// `WebACLId` is empty without a web ACL.
///
/// Source: <https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionSummary.html>
fn evaluate(facts: &Facts<'_>, _: &Context<'_>) -> Result<RuleResult, Gap> {
    super::evaluate(facts, |one| {
        let message = format!("Distribution {} has no web ACL", one.id);
        let violation = || CHECK.violation(one.arn.clone(), message);
        Ok(one.web_acl.is_none().then(violation).into_iter().collect())
    })
}

#[cfg(test)]
mod tests {
    use super::super::samples::{account, distribution};
    use super::*;
    use crate::checks::samples::{denied, evaluate_account, missing};
    use crate::facts::FactStore;
    use crate::services::cloudfront::Distribution;

    #[test]
    fn an_enabled_distribution_without_a_web_acl_fails() {
        for (has_web_acl, is_enabled, counts) in [
            (true, true, (1, 0)),
            (false, true, (1, 1)),
            (false, false, (0, 0)),
        ] {
            let one = distribution("E1");
            let one = Distribution {
                web_acl: one.web_acl.filter(|_| has_web_acl),
                is_enabled,
                ..distribution("E1")
            };
            let result = evaluate_account(&CHECK, &account(one)).unwrap();
            assert_eq!(
                (result.resources_evaluated, result.violations.len()),
                counts
            );
        }
    }

    #[test]
    fn distributions_that_could_not_be_listed_are_a_gap() {
        let action = "cloudfront:ListDistributions";
        let facts = FactStore::default().with::<Distributions>(missing(action));
        assert_eq!(evaluate_account(&CHECK, &facts), Err(denied(action)));
    }
}
