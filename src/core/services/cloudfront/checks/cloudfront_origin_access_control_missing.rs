//! Distributions whose buckets are not restricted to them.

use super::{EXAMPLE, show};
use crate::checks::format::first_few;
use crate::checks::{Category, Check, Context, Counterparts, Parameters, Rule, covers, same};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity, Violation};
use crate::services::cloudfront::{Distribution, Distributions, OriginKind};

pub(super) const CHECK: Check = Check {
    id: "cloudfront-origin-access-control-missing",
    title: "CloudFront distribution reads a bucket without signing its requests",
    category: Category::ExposureRisks,
    severity: Severity::Medium,
    why: "CloudFront signs requests to a bucket with an origin access control. Without it, the bucket has to be \
          public, and viewers can bypass the distribution with its web ACL and logs. The older origin access \
          identity passes: it keeps the bucket private, but lacks newer Regions and encryption with KMS keys. A \
          website endpoint of a bucket cannot have either. Other checks find public buckets, so this one is not \
          enabled by default.",
    fix: &[
        "Run the command to see the origins.",
        "Create an origin access control in the console: CloudFront, Origin access, Create control setting. \
         Select it in the origin's settings.",
        "Allow the distribution to read the bucket: add the policy that the console shows to the bucket's policy.",
        "Then block public access to the bucket.",
    ],
    example: EXAMPLE,
    by_default: false,
    remediation: show,
    controls: &[covers("aws-fsbp", "CloudFront.13")],
    prowler: Counterparts::per_resource(&[same(
        "cloudfront_distributions_s3_origin_access_control",
    )
    .with_remark("an origin access identity passes too")]),
    parameters: Parameters::None,
    needs: &[Distributions::SPEC],
    rule: Rule::Account(evaluate),
};

/// Source: <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html>
fn evaluate(facts: &Facts<'_>, _: &Context<'_>) -> Result<RuleResult, Gap> {
    super::evaluate(facts, |one| Ok(violation(one).into_iter().collect()))
}

fn violation(one: &Distribution) -> Option<Violation> {
    let is_unsigned = |kind: &OriginKind| {
        matches!(
            kind,
            OriginKind::Bucket {
                has_access_control: false,
                has_identity: false
            }
        )
    };
    let origins = one
        .origins
        .iter()
        .filter(|origin| is_unsigned(&origin.kind));
    let names: Vec<&str> = origins.map(|origin| origin.domain.as_str()).collect();
    let (id, names) = (&one.id, (!names.is_empty()).then(|| first_few(&names))?);
    let message = format!("Distribution {id} reads {names} without signing its requests");
    Some(CHECK.violation(one.arn.clone(), message))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{account, custom, distribution};
    use super::*;
    use crate::checks::samples::{denied, evaluate_account, missing};
    use crate::facts::FactStore;
    use crate::services::cloudfront::Origin;

    fn bucket(has_access_control: bool, has_identity: bool) -> Origin {
        Origin {
            id: "origin".to_owned(),
            domain: "amzn-s3-demo-bucket.s3.eu-west-1.amazonaws.com".to_owned(),
            kind: OriginKind::Bucket {
                has_access_control,
                has_identity,
            },
        }
    }

    #[test]
    fn a_bucket_needs_one_of_the_two() {
        for (origin, count) in [
            (bucket(true, false), 0),
            (bucket(false, true), 0),
            (bucket(false, false), 1),
            (custom("http-only", &[]), 0),
        ] {
            let one = Distribution {
                origins: vec![origin],
                ..distribution("E1")
            };
            let result = evaluate_account(&CHECK, &account(one)).unwrap();
            assert_eq!(
                (result.resources_evaluated, result.violations.len()),
                (1, count)
            );
            for violation in result.violations {
                assert_eq!(
                    violation.message,
                    "Distribution E1 reads amzn-s3-demo-bucket.s3.eu-west-1.amazonaws.com without signing its \
                     requests"
                );
            }
        }
    }

    #[test]
    fn distributions_that_could_not_be_listed_are_a_gap() {
        let action = "cloudfront:ListDistributions";
        let facts = FactStore::default().with::<Distributions>(missing(action));
        assert_eq!(evaluate_account(&CHECK, &facts), Err(denied(action)));
    }
}
