//! Certificates in IAM that have expired.

use super::credentials;
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, format,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity, Violation};
use crate::services::iam::{ServerCertificate, ServerCertificates};

pub(super) const CHECK: Check = Check {
    id: "iam-server-certificate-expired",
    title: "Expired server certificate is stored in IAM",
    category: Category::IamSecurity,
    severity: Severity::Medium,
    why: "Somebody may assign an expired certificate to a load balancer or a CloudFront distribution by \
          mistake. Visitors then get errors, or learn to ignore browser warnings. IAM does not renew \
          certificates and does not warn before they expire. AWS Certificate Manager does both.",
    fix: &[
        "Check that no load balancer or CloudFront distribution uses the certificate.",
        "Run the command. It deletes the certificate. The IAM console does not show these certificates; \
         `aws iam list-server-certificates` does.",
        "Store the next certificate in AWS Certificate Manager.",
    ],
    example: FailedResource::example(
        "global",
        "arn:aws:iam::111122223333:server-certificate/www-example-com",
        "",
    ),
    by_default: true,
    remediation: |failed| {
        let delete = "iam delete-server-certificate";
        remediation::aws(delete, &[("server-certificate-name", failed.name())])
    },
    controls: &[covers("cis-7.0", "2.17"), covers("cis-5.0", "1.18")],
    prowler: Counterparts::per_resource(&[same("iam_no_expired_server_certificates_stored")]),
    parameters: Parameters::None,
    needs: &[ServerCertificates::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let certificates = facts.get::<ServerCertificates>()?;
    Ok(RuleResult::of_each(certificates, |one| {
        let has_expired = one.expires <= context.now;
        Ok(has_expired.then(|| violation(one, context)))
    }))
}

fn violation(certificate: &ServerCertificate, context: &Context<'_>) -> Violation {
    let ServerCertificate { name, arn, expires } = certificate;
    let days = format::count(credentials::days(*expires, context.now), "day");
    let message = format!("Server certificate {name} expired {days} ago, at {expires}");
    CHECK.violation(arn.clone(), message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{NOW, ago, denied, evaluate_account, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;

    fn evaluated(expires: jiff::Timestamp) -> RuleResult {
        let certificate = ServerCertificate {
            name: "shop".into(),
            arn: "arn:aws:iam::111122223333:server-certificate/shop".into(),
            expires,
        };
        let facts = FactStore::default()
            .with::<ServerCertificates>(Reading::known(vec![certificate].into()));
        evaluate_account(&CHECK, &facts).unwrap()
    }

    #[test]
    fn a_certificate_is_good_until_it_expires() {
        let now: jiff::Timestamp = NOW.parse().unwrap();
        let second = jiff::SignedDuration::from_secs(1);
        assert!(evaluated(now + second).violations.is_empty());
        assert_eq!(evaluated(now).violations.len(), 1);
        let result = evaluated(ago(3));
        assert_eq!(
            result.violations[0].resource,
            "arn:aws:iam::111122223333:server-certificate/shop"
        );
        assert_eq!(
            result.violations[0].message,
            "Server certificate shop expired 3 days ago, at 2026-11-12T03:00:00Z"
        );
    }

    #[test]
    fn a_certificate_that_could_not_be_read_hides_no_other() {
        let gap = denied("iam:ListServerCertificates").of("other");
        let expired = ServerCertificate {
            name: "shop".into(),
            arn: "arn:aws:iam::111122223333:server-certificate/shop".into(),
            expires: ago(3),
        };
        let facts = FactStore::default().with::<ServerCertificates>(Reading::known(
            [Ok(expired), Err(gap.clone())].into_iter().collect(),
        ));
        let result = evaluate_account(&CHECK, &facts).unwrap();
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (1, 1)
        );
        assert_eq!(result.gaps, [gap]);
    }

    #[test]
    fn certificates_that_could_not_be_listed_are_a_gap() {
        let facts =
            FactStore::default().with::<ServerCertificates>(missing("iam:ListServerCertificates"));
        let gap = evaluate_account(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("iam:ListServerCertificates"));
    }
}
