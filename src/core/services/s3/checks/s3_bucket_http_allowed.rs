//! Buckets whose policy does not refuse requests without TLS.

use super::buckets;
use super::secure_transport::{TlsEnforcement, refused};
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Cause, Gap, RuleResult, Severity, Violation};
use crate::services::s3::{Bucket, BucketList, BucketPolicy, GET_BUCKET_POLICY};

pub(super) const CHECK: Check = Check {
    id: "s3-bucket-http-allowed",
    title: "S3 bucket accepts requests without TLS",
    category: Category::DataProtection,
    severity: Severity::Medium,
    why: "S3 also accepts plain HTTP. Everyone on the network path can then read and change the data, and a \
          misconfigured client stays unnoticed. Only a bucket policy prevents this. It must deny such \
          requests to all principals, for the bucket and for all its objects. The severity is low if it \
          covers one of the two. The check needs one request per bucket, so it is not enabled by default.",
    fix: &[
        "Run the command. It prints the present bucket policy. An error `NoSuchBucketPolicy` means that \
         there is none.",
        "Save the policy to a file. Add a statement with `\"Effect\": \"Deny\"`, `\"Principal\": \"*\"`, \
         `\"Action\": \"s3:*\"` and `\"Condition\": {\"Bool\": {\"aws:SecureTransport\": \"false\"}}`.",
        "As its `Resource`, list the bucket's ARN, and the same ARN followed by `/*`.",
        "Apply the policy with `aws s3api put-bucket-policy`, or in the console: S3, Permissions, Bucket \
         policy.",
    ],
    example: FailedResource::example("eu-west-1", "arn:aws:s3:::amzn-s3-demo-bucket", ""),
    by_default: false,
    remediation: |failed| {
        remediation::bucket(
            "s3api get-bucket-policy --query Policy --output text",
            failed,
        )
    },
    controls: &[
        covers("cis-7.0", "3.1.1"),
        covers("cis-5.0", "2.1.1"),
        covers("aws-fsbp", "S3.5"),
    ],
    prowler: Counterparts::per_resource(&[same("s3_bucket_secure_transport_policy")]),
    parameters: Parameters::None,
    needs: &[BucketList::SPEC, BucketPolicy::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let unknown = "whether requests without TLS are refused";
    buckets::evaluate(facts, unknown, |bucket| {
        violation(facts.of::<BucketPolicy>(&bucket.name)?, bucket, context)
    })
}

fn violation(
    policy: &Option<String>,
    bucket: &Bucket,
    context: &Context<'_>,
) -> Result<Option<Violation>, Gap> {
    let Some(policy) = policy else {
        let problem = "accepts requests without TLS: it has no bucket policy";
        return Ok(Some(buckets::violation(&CHECK, bucket, problem, context)));
    };
    let policy = serde_json::from_str(policy).map_err(|error| Gap {
        detail: format!("the policy of {} is no JSON: {error}", bucket.name),
        ..Gap::new(GET_BUCKET_POLICY.action, Cause::Malformed)
    })?;
    let refused = refused(&policy, &arn::bucket(context, &bucket.name));
    if refused.bucket && refused.objects {
        return Ok(None);
    }
    if refused.unread {
        return Err(Gap {
            detail: "a statement of the policy neither allows nor denies".to_owned(),
            ..Gap::new(GET_BUCKET_POLICY.action, Cause::Malformed)
        });
    }
    let violation = buckets::violation(&CHECK, bucket, &describe(&refused), context);
    Ok(Some(match refused.bucket || refused.objects {
        true => violation.with_severity(Severity::Low),
        false => violation,
    }))
}

/// What is left open to requests without TLS.
fn describe(refused: &TlsEnforcement) -> String {
    let denied = match (refused.bucket, refused.objects, &refused.except) {
        (true, ..) => "its policy denies them for the bucket, but not for its objects".to_owned(),
        (_, true, _) => "its policy denies them for its objects, but not for the bucket".to_owned(),
        (.., Some(except)) if !except.is_empty() => {
            format!("its policy denies them, but not {}", except.join(", nor "))
        }
        _ => "no statement of its policy denies them".to_owned(),
    };
    format!("accepts requests without TLS: {denied}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{evaluate_account, missing};
    use crate::model::Reading;
    use crate::services::s3::samples::bucket_with;

    fn evaluated(policy: Reading<Option<String>>) -> RuleResult {
        evaluate_account(&CHECK, &bucket_with::<BucketPolicy>(policy)).unwrap()
    }

    fn denying(resource: &str) -> Reading<Option<String>> {
        Reading::known(Some(format!(
            r#"{{"Statement": {{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource":
            {resource}, "Condition": {{"Bool": {{"aws:SecureTransport": "false"}}}}}}}}"#
        )))
    }

    #[test]
    fn a_policy_that_denies_http_to_everybody_passes() {
        let both = r#"["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"]"#;
        let result = evaluated(denying(both));
        assert_eq!((result.resources_evaluated, result.violations), (1, vec![]));
    }

    #[test]
    fn anything_less_fails_and_names_the_missing_part() {
        let cases = [
            (
                Reading::known(None),
                Severity::Medium,
                "has no bucket policy",
            ),
            (
                Reading::known(Some(r#"{"Statement": []}"#.to_owned())),
                Severity::Medium,
                "no statement of its policy denies them",
            ),
            (
                denying(r#""arn:aws:s3:::logs/*""#),
                Severity::Low,
                "for its objects, but not for the bucket",
            ),
            (
                denying(r#""arn:aws:s3:::logs""#),
                Severity::Low,
                "for the bucket, but not for its objects",
            ),
            (
                denying(r#"["arn:aws:s3:::other", "arn:aws:s3:::other/*"]"#),
                Severity::Medium,
                "no statement of its policy denies them",
            ),
        ];
        for (policy, severity, problem) in cases {
            let result = evaluated(policy);
            let violation = &result.violations[0];
            assert_eq!(violation.severity, severity, "{problem}");
            assert!(violation.message.contains(problem), "{}", violation.message);
        }
    }

    #[test]
    fn a_finding_names_the_part_that_a_denial_leaves_open() {
        let denial = |element: &str, value: serde_json::Value| {
            let mut statement = serde_json::json!({
                "Effect": "Deny", "Principal": "*", "Action": "s3:*",
                "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            });
            match element {
                "NotAction" => statement["Action"].take(),
                "NotPrincipal" => statement["Principal"].take(),
                "NotResource" => statement["Resource"].take(),
                _ => serde_json::Value::Null,
            };
            statement[element] = value;
            Reading::known(Some(
                serde_json::json!({"Statement": [statement]}).to_string(),
            ))
        };
        let tls = |more: &str| {
            let condition = r#"{"Bool": {"aws:SecureTransport": "false", MORE}}"#;
            serde_json::from_str(&condition.replace("MORE", more)).unwrap()
        };
        let cases = [
            (
                "NotAction",
                r#""s3:PutObject""#,
                "but not for the actions that it exempts",
            ),
            (
                "NotAction",
                r#"["iam:*", "s*:Get*"]"#,
                "but not for the actions that it exempts",
            ),
            (
                "Action",
                r#""s3:Get*""#,
                "but not for other actions than those that it names",
            ),
            (
                "Principal",
                r#"{"AWS": "111122223333"}"#,
                "but not to others than the principals",
            ),
            (
                "NotPrincipal",
                r#"{"AWS": "111122223333"}"#,
                "but not to the principals that it exempts",
            ),
            (
                "NotResource",
                r#""arn:aws:s3:::logs/open/*""#,
                "but not for the resources that it exempts",
            ),
        ];
        for (element, value, problem) in cases {
            let result = evaluated(denial(element, serde_json::from_str(value).unwrap()));
            let violation = &result.violations[0];
            assert!(violation.message.contains(problem), "{}", violation.message);
            assert_eq!(violation.severity, Severity::Medium);
        }
        for (more, problem) in [
            (
                r#""aws:PrincipalIsAWSService": "false""#,
                "but not to the requests of AWS services",
            ),
            (
                r#""aws:ViaAWSService": "false""#,
                "but not to the requests of AWS services",
            ),
            (
                r#""s3:x": "1""#,
                "but not where its further conditions do not hold",
            ),
        ] {
            let result = evaluated(denial("Condition", tls(more)));
            let message = &result.violations[0].message;
            assert!(message.contains(problem), "{message}");
        }
        // What exempts actions of other services alone exempts none of S3's.
        let others = denial("NotAction", serde_json::json!(["iam:*", "ec2:Describe*"]));
        assert_eq!(evaluated(others).violations, []);
    }

    #[test]
    fn a_statement_that_cannot_be_understood_leaves_it_open() {
        let of = |text: &str| {
            evaluated(Reading::known(Some(format!(
                r#"{{"Statement": [1, {text}]}}"#
            ))))
        };
        let allows = r#"{"Effect": "Allow"}"#;
        assert_eq!(of(allows).gaps.len(), 1);
        let denies = r#"{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}"#;
        assert_eq!(
            (of(denies).gaps.len(), of(denies).resources_evaluated),
            (0, 1)
        );
    }

    #[test]
    fn a_policy_that_cannot_be_read_is_a_gap() {
        let gaps = evaluated(missing("s3:GetBucketPolicy")).gaps;
        assert_eq!(gaps[0].cause, Cause::DeniedByScp);
        let gaps = evaluated(Reading::known(Some("{".to_owned()))).gaps;
        assert_eq!(gaps[0].cause, Cause::Malformed);
        assert!(gaps[0].detail.starts_with("the policy of logs is no JSON"));
    }
}
