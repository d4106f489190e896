//! Buckets whose policy does not refuse requests without TLS.

use super::buckets::{self, Objection};
use super::secure_transport::{Refused, refused};
use super::{Category, Check, Context, Need, Rule, arn, mend};
use crate::model::{AccountFacts, Bucket, Cause, Gap, Judgement, Severity};
use crate::pace::api::GET_BUCKET_POLICY;

/// The check.
pub const CHECK: Check = Check {
    id: "s3-bucket-http-allowed",
    title: "S3 bucket accepts requests without TLS",
    category: Category::DataProtection,
    severity: Severity::Medium,
    why: "S3 answers plain HTTP too. Whoever is on the way can then read and change what is sent, and a client \
          that is set up wrongly goes unnoticed. Only a bucket policy that denies such requests to everybody, \
          for the bucket and for all its objects, keeps them out; where one of the two is covered already the \
          finding is of low severity. It takes a request for every bucket, so this check waits to be named.",
    fix: "Add to the bucket's policy a statement with `\"Effect\": \"Deny\"`, `\"Principal\": \"*\"`, \
          `\"Action\": \"s3:*\"`, `\"Resource\": [\"arn:aws:s3:::BUCKET\", \"arn:aws:s3:::BUCKET/*\"]` and \
          `\"Condition\": {\"Bool\": {\"aws:SecureTransport\": \"false\"}}`. Save the policy that is there \
          with `aws s3api get-bucket-policy --bucket BUCKET --query Policy --output text > policy.json`, add \
          the statement, and write it back with `aws s3api put-bucket-policy --bucket BUCKET --policy \
          file://policy.json`; in the console, S3, the bucket, Permissions, Bucket policy, Edit.",
    by_default: false,
    mend: |flawed| {
        mend::bucket(
            "s3api get-bucket-policy --query Policy --output text",
            flawed,
        )
    },
    needs: &[Need::Buckets, Need::BucketPolicies],
    rule: Rule::Account(judge),
};

fn judge(facts: &AccountFacts, context: &Context<'_>) -> Result<Judgement, Gap> {
    let unknown = "whether requests without TLS are refused";
    buckets::judge(facts, context, unknown, |bucket| object(bucket, context))
}

fn object(bucket: &Bucket, context: &Context<'_>) -> Result<Option<Objection>, Gap> {
    let Some(policy) = bucket.policy.get()? else {
        let said = "accepts requests without TLS: it has no policy that denies them";
        return Ok(Some((Severity::Medium, said.to_owned())));
    };
    let policy = serde_json::from_str(policy).map_err(|error| Gap {
        detail: format!("the policy of {} is no JSON: {error}", bucket.name),
        ..Gap::new(GET_BUCKET_POLICY.action, Cause::Malformed)
    })?;
    let arn = arn::bucket(context, &bucket.name);
    let (severity, said) = match refused(&policy, &arn) {
        Refused {
            bucket: true,
            objects: true,
        } => return Ok(None),
        Refused { bucket: true, .. } => (Severity::Low, "for the bucket, but not for its objects"),
        Refused { objects: true, .. } => (Severity::Low, "for its objects, but not for the bucket"),
        Refused { .. } => (Severity::Medium, "for nobody, or not for everybody"),
    };
    let said = format!("accepts requests without TLS: its policy denies them {said}");
    Ok(Some((severity, said)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{buckets, judge_account, missing};
    use crate::model::Fact;

    fn judged(policy: Fact<Option<String>>) -> Judgement {
        let bucket = Bucket {
            name: "logs".into(),
            policy,
            ..Bucket::default()
        };
        judge_account(&CHECK, &buckets(vec![bucket])).unwrap()
    }

    fn denying(resource: &str) -> Fact<Option<String>> {
        Fact::known(Some(format!(
            r#"{{"Statement": {{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource":
            {resource}, "Condition": {{"Bool": {{"aws:SecureTransport": "false"}}}}}}}}"#
        )))
    }

    #[test]
    fn a_policy_that_denies_http_to_everybody_passes() {
        let both = r#"["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"]"#;
        let judgement = judged(denying(both));
        assert_eq!((judgement.examined, judgement.violations), (1, vec![]));
    }

    #[test]
    fn anything_less_fails_and_says_what_is_missing() {
        let cases = [
            (Fact::known(None), Severity::Medium, "has no policy"),
            (
                Fact::known(Some(r#"{"Statement": []}"#.to_owned())),
                Severity::Medium,
                "for nobody, or not for everybody",
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
                "for nobody",
            ),
        ];
        for (policy, severity, said) in cases {
            let judgement = judged(policy);
            let violation = &judgement.violations[0];
            assert_eq!(violation.severity, severity, "{said}");
            assert!(violation.message.contains(said), "{}", violation.message);
        }
    }

    #[test]
    fn a_policy_that_cannot_be_read_is_a_gap() {
        let gaps = judged(missing("s3:GetBucketPolicy")).gaps;
        assert_eq!(gaps[0].cause, Cause::DeniedByScp);
        let gaps = judged(Fact::known(Some("{".to_owned()))).gaps;
        assert_eq!(gaps[0].cause, Cause::Malformed);
        assert!(gaps[0].detail.starts_with("the policy of logs is no JSON"));
    }
}
