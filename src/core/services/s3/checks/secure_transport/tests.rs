use serde_json::json;

use super::{Value, matches};

const BUCKET: &str = "arn:aws:s3:::logs";
/// Whether they are refused for the bucket, and for its objects.
type EnforcedFor = (bool, bool);
const ALL: EnforcedFor = (true, true);
const NOTHING: EnforcedFor = (false, false);

fn refused(policy: &Value, bucket: &str) -> EnforcedFor {
    let refused = super::refused(policy, bucket);
    (refused.bucket, refused.objects)
}

/// The statement that AWS recommends.
fn recommended() -> Value {
    json!({
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [BUCKET, "arn:aws:s3:::logs/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    })
}

fn evaluated(statements: &[Value]) -> EnforcedFor {
    let policy = json!({"Version": "2012-10-17", "Statement": statements});
    refused(&policy, BUCKET)
}

/// The recommended statement with another value for one of its elements; null takes it out.
fn with(element: &str, value: Value) -> EnforcedFor {
    let mut statement = recommended();
    statement[element] = value;
    evaluated(&[statement])
}

#[test]
fn the_recommended_statement_refuses_all() {
    assert_eq!(evaluated(&[recommended()]), ALL);
    let alone = json!({"Statement": recommended()});
    assert_eq!(refused(&alone, BUCKET), ALL);
    assert_eq!(evaluated(&[]), NOTHING);
    assert_eq!(refused(&json!("no policy"), BUCKET), NOTHING);
}

#[test]
fn only_a_denial_refuses() {
    assert_eq!(with("Effect", json!("Allow")), NOTHING);
    // To allow with TLS only denies nothing: another statement may allow without.
    let mut allow = recommended();
    allow["Effect"] = json!("Allow");
    allow["Condition"] = json!({"Bool": {"aws:SecureTransport": "true"}});
    assert_eq!(evaluated(&[allow]), NOTHING);
}

#[test]
fn everyone_has_to_be_refused() {
    for everybody in [json!("*"), json!({"AWS": "*"}), json!({"AWS": ["*"]})] {
        assert_eq!(with("Principal", everybody.clone()), ALL, "{everybody}");
    }
    for some in [
        json!(null),
        json!({"AWS": "111122223333"}),
        json!({"AWS": "arn:aws:iam::111122223333:root"}),
        json!({"Service": "cloudtrail.amazonaws.com"}),
        json!({"CanonicalUser": "*"}),
    ] {
        assert_eq!(with("Principal", some.clone()), NOTHING, "{some}");
    }
    let mut all_but_some = recommended();
    all_but_some["Principal"] = json!(null);
    all_but_some["NotPrincipal"] = json!({"AWS": "arn:aws:iam::111122223333:role/x"});
    assert_eq!(evaluated(&[all_but_some]), NOTHING);
}

#[test]
fn every_action_has_to_be_refused() {
    for all in [json!("*"), json!("S3:*"), json!(["s3:GetObject", "s3:*"])] {
        assert_eq!(with("Action", all.clone()), ALL, "{all}");
    }
    for some in [
        json!(null),
        json!("s3:Get*"),
        json!(["s3:GetObject", "s3:PutObject"]),
        json!("s3:"),
        json!("ec2:*"),
    ] {
        assert_eq!(with("Action", some.clone()), NOTHING, "{some}");
    }
}

#[test]
fn resources_cover_the_bucket_its_objects_or_both() {
    let (bucket_only, objects_only) = ((true, false), (false, true));
    for (resource, expected) in [
        (json!("*"), ALL),
        (json!("arn:aws:s3:::*"), ALL),
        (json!("arn:aws:s3:::logs*"), ALL),
        (json!("arn:aws:s3:::l?gs*"), ALL),
        (json!(BUCKET), bucket_only),
        (json!("arn:*:s3:::logs"), bucket_only),
        (json!("arn:aws:s3:::logs/*"), objects_only),
        (json!("arn:aws:s3:::*/*"), objects_only),
        (json!("arn:aws:s3:::logs/public/*"), NOTHING),
        (json!("arn:aws:s3:::logs/*.html"), NOTHING),
        (json!("arn:aws:s3:::logs/"), NOTHING),
        (json!("arn:aws:s3:::logs-old*"), NOTHING),
        (json!("arn:aws-cn:s3:::logs*"), NOTHING),
        (json!(null), NOTHING),
    ] {
        assert_eq!(with("Resource", resource.clone()), expected, "{resource}");
    }
    let mut others = recommended();
    others["Resource"] = json!(null);
    others["NotResource"] = json!("arn:aws:s3:::logs/open/*");
    assert_eq!(evaluated(&[others]), NOTHING);
}

#[test]
fn statements_add_up() {
    let part = |resource: &str| {
        let mut statement = recommended();
        statement["Resource"] = json!(resource);
        statement
    };
    assert_eq!(evaluated(&[part(BUCKET), part("arn:aws:s3:::logs/*")]), ALL);
    let mut allow = recommended();
    allow["Effect"] = json!("Allow");
    assert_eq!(evaluated(&[allow, recommended()]), ALL);
}

#[test]
fn conditions_match_every_request_without_tls_or_do_not_count() {
    for condition in [
        json!({"Bool": {"aws:securetransport": "False"}}),
        json!({"bool": {"aws:SecureTransport": false}}),
        json!({"BoolIfExists": {"aws:SecureTransport": ["false"]}}),
        json!({"ForAnyValue:Bool": {"aws:SecureTransport": "false"}}),
        // These refuse everything, and so plain HTTP too.
        json!({"Bool": {"aws:SecureTransport": ["true", "false"]}}),
        json!({}),
        json!(null),
    ] {
        assert_eq!(with("Condition", condition.clone()), ALL, "{condition}");
    }
    for narrower in [
        json!({"Bool": {"aws:SecureTransport": "true"}}),
        json!({"Bool": {"aws:SecureTransport": []}}),
        json!({"Bool": {"aws:ViaAWSService": "false"}}),
        json!({"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
        json!({"Null": {"aws:SecureTransport": "false"}}),
        json!({"Bool": {"aws:SecureTransport": "false", "aws:ViaAWSService": "false"}}),
        json!({"Bool": {"aws:SecureTransport": "false"},
               "NumericLessThan": {"s3:TlsVersion": "1.2"}}),
        json!({"Bool": {"aws:SecureTransport": "false"},
               "IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}),
    ] {
        assert_eq!(with("Condition", narrower.clone()), NOTHING, "{narrower}");
    }
}

#[test]
fn patterns_are_those_of_iam() {
    for (pattern, text) in [
        ("a*c", "abbc"),
        ("a*c", "ac"),
        ("?b*", "ab"),
        ("**", ""),
        ("[a]", "[a]"),
    ] {
        assert!(matches(pattern, text), "{pattern} {text}");
    }
    for (pattern, text) in [
        ("a*c", "abcd"),
        ("?", ""),
        ("a", "A"),
        ("[a]", "a"),
        ("", "a"),
    ] {
        assert!(!matches(pattern, text), "{pattern} {text}");
    }
}
