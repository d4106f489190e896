//! Distributions that use HTTP, with viewers or with their origins.

use super::{EXAMPLE, show};
use crate::checks::format::first_few;
use crate::checks::{
    Category, Check, Context, Counterparts, Parameters, Rule, covers_part, on_part,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity, Violation};
use crate::services::cloudfront::{Distribution, Distributions, Origin, OriginKind};

pub(super) const CHECK: Check = Check {
    id: "cloudfront-plain-http",
    title: "CloudFront distribution uses HTTP",
    category: Category::DataProtection,
    severity: Severity::Medium,
    why: "Without TLS, everybody on the path can read and change the traffic, including passwords and session \
          cookies. Viewers of a distribution may have HTTPS while CloudFront gets the content from the origin \
          over HTTP, through the internet. Website endpoints of buckets have HTTP only. VPC origins are not \
          evaluated, since their protocol is a setting of their own.",
    fix: &[
        "Run the command to see the cache behaviors and origins.",
        "For viewers, redirect HTTP to HTTPS in each cache behavior. In the console: CloudFront, Distributions, \
         Behaviors, Edit, Viewer protocol policy.",
        "For an origin, use HTTPS only. In the console: CloudFront, Distributions, Origins, Edit, Protocol.",
        "Replace the website endpoint of a bucket with the bucket itself and an origin access control.",
    ],
    example: EXAMPLE,
    by_default: true,
    remediation: show,
    controls: &[
        covers_part("aws-fsbp", "CloudFront.3", "viewers"),
        covers_part("aws-fsbp", "CloudFront.9", "origins"),
    ],
    prowler: Counterparts::per_resource(&[
        on_part("cloudfront_distributions_https_enabled", "viewers"),
        on_part(
            "cloudfront_distributions_origin_traffic_encrypted",
            "origins",
        ),
    ]),
    parameters: Parameters::None,
    needs: &[Distributions::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, _: &Context<'_>) -> Result<RuleResult, Gap> {
    super::evaluate(facts, |one| {
        Ok(viewers(one).into_iter().chain(origins(one)).collect())
    })
}

/// The viewer protocol policy `allow-all` accepts HTTP. The other two redirect or refuse it.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-viewers-to-cloudfront.html>
fn viewers(one: &Distribution) -> Option<Violation> {
    let plain = one.behaviors.iter().filter(|behavior| behavior.allows_http);
    let paths: Vec<&str> = plain.map(|behavior| behavior.paths.as_str()).collect();
    let (id, paths) = (&one.id, (!paths.is_empty()).then(|| first_few(&paths))?);
    let message = format!("Distribution {id} serves paths over HTTP: {paths}");
    Some(Violation {
        part: "viewers".to_owned(),
        ..CHECK.violation(one.arn.clone(), message)
    })
}

/// Source: <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-cloudfront-to-custom-origin.html>
fn origins(one: &Distribution) -> Option<Violation> {
    let plain = one.origins.iter().filter(|origin| is_plain(one, origin));
    let names: Vec<&str> = plain.map(|origin| origin.domain.as_str()).collect();
    let (id, names) = (&one.id, (!names.is_empty()).then(|| first_few(&names))?);
    let message = format!("Distribution {id} sends requests over HTTP to {names}");
    Some(Violation {
        part: "origins".to_owned(),
        ..CHECK.violation(one.arn.clone(), message)
    })
}

/// With `match-viewer`, the origin gets HTTP from viewers that may use it.
fn is_plain(one: &Distribution, origin: &Origin) -> bool {
    let OriginKind::Custom { protocol, .. } = &origin.kind else {
        return false;
    };
    let mut behaviors = one.behaviors.iter().filter(|one| one.allows_http);
    match protocol.as_str() {
        "http-only" => true,
        "match-viewer" => behaviors.any(|one| one.origins.contains(&origin.id)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{account, custom, distribution};
    use super::*;
    use crate::checks::samples::{denied, evaluate_account, missing};
    use crate::facts::FactStore;
    use crate::services::cloudfront::Behavior;

    fn parts(protocol: &str, allows_http: bool, target: &str) -> Vec<String> {
        let behavior = Behavior {
            paths: "/api/*".to_owned(),
            allows_http,
            origins: vec![target.to_owned()],
        };
        let mut one = distribution("E1");
        one.behaviors.push(behavior);
        one.origins = vec![custom(protocol, &["TLSv1.2"])];
        let result = evaluate_account(&CHECK, &account(one)).unwrap();
        assert_eq!(result.resources_evaluated, 1);
        let violations = result.violations.into_iter();
        violations.map(|one| one.part).collect()
    }

    #[test]
    fn viewers_and_origins_are_two_parts() {
        for (protocol, allows_http, target, expected) in [
            ("https-only", false, "origin", &[][..]),
            ("https-only", true, "origin", &["viewers"]),
            ("match-viewer", false, "origin", &[]),
            ("match-viewer", true, "origin", &["viewers", "origins"]),
            ("match-viewer", true, "other", &["viewers"]),
            ("http-only", false, "origin", &["origins"]),
            ("http-only", true, "other", &["viewers", "origins"]),
        ] {
            let found = parts(protocol, allows_http, target);
            assert_eq!(found, expected, "{protocol} {allows_http} {target}");
        }
    }

    #[test]
    fn a_disabled_distribution_is_not_evaluated() {
        let mut one = distribution("E1");
        one.is_enabled = false;
        one.origins = vec![custom("http-only", &[])];
        let result = evaluate_account(&CHECK, &account(one)).unwrap();
        assert_eq!(result, RuleResult::default());
    }

    #[test]
    fn messages_name_paths_and_origins() {
        let mut one = distribution("E1");
        one.behaviors[0].allows_http = true;
        one.origins = vec![custom("http-only", &[])];
        let result = evaluate_account(&CHECK, &account(one)).unwrap();
        let messages = result.violations.iter().map(|one| one.message.as_str());
        assert_eq!(
            messages.collect::<Vec<_>>(),
            [
                "Distribution E1 serves paths over HTTP: *",
                "Distribution E1 sends requests over HTTP to www.example.com"
            ]
        );
    }

    #[test]
    fn distributions_that_could_not_be_listed_are_a_gap() {
        let action = "cloudfront:ListDistributions";
        let facts = FactStore::default().with::<Distributions>(missing(action));
        assert_eq!(evaluate_account(&CHECK, &facts), Err(denied(action)));
    }
}
