//! Distributions that accept TLS below 1.2, from viewers or to their origins.

use super::{EXAMPLE, show};
use crate::checks::format::first_few;
use crate::checks::{
    Category, Check, Context, Counterparts, Parameters, Rule, covers_part, on_part,
};
use crate::facts::{Fact, Facts};
use crate::model::{Cause, Gap, RuleResult, Severity, Violation};
use crate::services::cloudfront::{
    Distribution, Distributions, LIST_DISTRIBUTIONS, OriginKind, ViewerTls,
};

pub(super) const CHECK: Check = Check {
    id: "cloudfront-tls-old",
    title: "CloudFront distribution accepts TLS below 1.2",
    category: Category::DataProtection,
    severity: Severity::Medium,
    why: "TLS 1.0 and 1.1 and SSL 3 have known weaknesses, and standards such as PCI DSS prohibit them. With \
          CloudFront's own certificate, the owner cannot choose a security policy for viewers, so only its \
          origins are evaluated. An origin that is used over HTTP alone has no version of TLS.",
    fix: &[
        "Run the command to see the security policy and the origins.",
        "For viewers, choose a policy with TLS 1.2 or newer. In the console: CloudFront, Distributions, General, \
         Edit, Security policy.",
        "For an origin, choose TLS 1.2. In the console: CloudFront, Distributions, Origins, Edit, Minimum origin \
         SSL protocol.",
    ],
    example: EXAMPLE,
    by_default: true,
    remediation: show,
    controls: &[
        covers_part("aws-fsbp", "CloudFront.10", "origins"),
        covers_part("aws-fsbp", "CloudFront.15", "viewers"),
    ],
    prowler: Counterparts::per_resource(&[on_part(
        "cloudfront_distributions_using_deprecated_ssl_protocols",
        "origins",
    )]),
    parameters: Parameters::None,
    needs: &[Distributions::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, _: &Context<'_>) -> Result<RuleResult, Gap> {
    super::evaluate(facts, |one| {
        Ok(viewers(one)?.into_iter().chain(origins(one)?).collect())
    })
}

/// A security policy begins with the lowest version: `TLSv1.2_2021`.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html>
fn viewers(one: &Distribution) -> Result<Option<Violation>, Gap> {
    let ViewerTls::Policy(policy) = &one.viewer_tls else {
        return Ok(None);
    };
    let lowest = policy.split('_').next().unwrap_or(policy);
    let message = format!(
        "Distribution {} has the security policy {policy}, which accepts TLS below 1.2",
        one.id
    );
    Ok(is_old(lowest, one)?.then(|| Violation {
        part: "viewers".to_owned(),
        ..CHECK.violation(one.arn.clone(), message)
    }))
}

/// Source: <https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginSslProtocols.html>
fn origins(one: &Distribution) -> Result<Option<Violation>, Gap> {
    let mut names = Vec::new();
    for origin in &one.origins {
        let OriginKind::Custom { protocol, tls } = &origin.kind else {
            continue;
        };
        let mut accepts_old = false;
        for version in tls {
            accepts_old |= is_old(version, one)?;
        }
        if accepts_old && protocol != "http-only" {
            names.push(origin.domain.as_str());
        }
    }
    let message = || {
        let names = first_few(&names);
        format!("Distribution {} accepts TLS below 1.2 from {names}", one.id)
    };
    Ok((!names.is_empty()).then(|| Violation {
        part: "origins".to_owned(),
        ..CHECK.violation(one.arn.clone(), message())
    }))
}

/// # Errors
/// The gap of the distribution, if the version is not known here.
fn is_old(version: &str, one: &Distribution) -> Result<bool, Gap> {
    match version {
        "SSLv3" | "TLSv1" | "TLSv1.1" => Ok(true),
        "TLSv1.2" | "TLSv1.3" => Ok(false),
        other => Err(Gap {
            detail: format!("`{other}` is no known version of TLS"),
            ..Gap::new(LIST_DISTRIBUTIONS.action, Cause::Malformed)
        }
        .of(one.id.as_str())),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{account, custom, distribution};
    use super::*;
    use crate::checks::samples::{denied, evaluate_account, missing};
    use crate::facts::FactStore;

    fn with_policy(policy: &str) -> RuleResult {
        let one = Distribution {
            viewer_tls: ViewerTls::Policy(policy.to_owned()),
            ..distribution("E1")
        };
        evaluate_account(&CHECK, &account(one)).unwrap()
    }

    #[test]
    fn a_policy_begins_with_its_lowest_version() {
        for policy in ["SSLv3", "TLSv1", "TLSv1_2016", "TLSv1.1_2016"] {
            let result = with_policy(policy);
            assert_eq!(result.violations[0].part, "viewers", "{policy}");
            assert_eq!(result.violations.len(), 1, "{policy}");
        }
        for policy in [
            "TLSv1.2_2018",
            "TLSv1.2_2021",
            "TLSv1.3_2025",
            "TLSv1.2_2025",
        ] {
            let result = with_policy(policy);
            assert_eq!((result.resources_evaluated, result.violations), (1, vec![]));
        }
    }

    #[test]
    fn a_version_that_is_not_known_is_a_gap() {
        let result = with_policy("TLSv2_2030");
        assert_eq!((result.resources_evaluated, result.violations), (0, vec![]));
        assert_eq!(result.gaps[0].resource, "E1");
        assert_eq!(result.gaps[0].detail, "`TLSv2` is no known version of TLS");
    }

    #[test]
    fn cloudfront_s_own_certificate_leaves_no_choice() {
        let one = Distribution {
            viewer_tls: ViewerTls::DefaultCertificate,
            ..distribution("E1")
        };
        let result = evaluate_account(&CHECK, &account(one)).unwrap();
        assert_eq!((result.resources_evaluated, result.violations), (1, vec![]));
    }

    #[test]
    fn an_origin_fails_with_any_old_version_unless_it_has_http_alone() {
        for (protocol, versions, count) in [
            ("https-only", &["TLSv1.2"][..], 0),
            ("https-only", &["TLSv1.1", "TLSv1.2"], 1),
            ("match-viewer", &["SSLv3", "TLSv1"], 1),
            ("http-only", &["SSLv3", "TLSv1"], 0),
        ] {
            let one = Distribution {
                origins: vec![custom(protocol, versions)],
                ..distribution("E1")
            };
            let result = evaluate_account(&CHECK, &account(one)).unwrap();
            let parts = result.violations.iter().map(|one| one.part.as_str());
            assert_eq!(parts.collect::<Vec<_>>(), ["origins"; 1][..count]);
        }
    }

    #[test]
    fn distributions_that_could_not_be_listed_are_a_gap() {
        let action = "cloudfront:ListDistributions";
        let facts = FactStore::default().with::<Distributions>(missing(action));
        assert_eq!(evaluate_account(&CHECK, &facts), Err(denied(action)));
    }
}
