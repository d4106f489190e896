//! Policies of AWS's documentation, and traps.

mod conditions;

use super::{PolicyDocument, PublicAccess, Resource, public_access};

const BUCKET: &str = "arn:aws:s3:::logs";
const TOPIC: &str = "arn:aws:sns:eu-west-1:111122223333:alerts";
const QUEUE: &str = "arn:aws:sqs:eu-west-1:111122223333:jobs";
const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const FILES: &str = "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-12345678";
const BUS: &str = "arn:aws:events:eu-west-1:111122223333:event-bus/default";
const FUNCTION: &str = "arn:aws:lambda:eu-west-1:111122223333:function:resize";
const ROLE: &str = "arn:aws:iam::111122223333:role/deploy";

fn document(statements: &str) -> PolicyDocument {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
    PolicyDocument::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn access(arn: &str, statements: &str) -> PublicAccess {
    let resource = Resource {
        arn,
        account: "111122223333",
    };
    public_access(&document(statements), &resource, &["*"])
}

/// `No`, `Yes` or `Undecided`.
fn verdict(arn: &str, statements: &str) -> &'static str {
    match access(arn, statements) {
        PublicAccess::No => "No",
        PublicAccess::Yes(_) => "Yes",
        PublicAccess::Undecided(_) => "Undecided",
    }
}

fn assert_verdicts(arn: &str, cases: &[(&str, &str)]) {
    for (statements, expected) in cases {
        assert_eq!(
            verdict(arn, statements),
            *expected,
            "{statements}: {:?}",
            access(arn, statements)
        );
    }
}

/// An Allow of everything to everyone under a condition.
fn under(condition: &str) -> String {
    format!(
        r#"{{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {condition}}}"#
    )
}

/// The same beside a Deny of everything to everyone under a condition.
fn except(condition: &str) -> String {
    format!(
        r#"{{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}},
        {{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {condition}}}"#
    )
}

fn assert_conditions(arn: &str, statement: fn(&str) -> String, cases: &[(&str, &str)]) {
    for (condition, expected) in cases {
        assert_verdicts(arn, &[(&statement(condition), expected)]);
    }
}

#[test]
fn policies_that_services_write_are_not_public() {
    // https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
    let topic = r#"{"Sid": "__default_statement_ID", "Effect": "Allow", "Principal": {"AWS": "*"},
        "Action": ["SNS:Publish", "SNS:Subscribe"], "Resource": "arn:aws:sns:eu-west-1:111122223333:alerts",
        "Condition": {"StringEquals": {"AWS:SourceOwner": "111122223333"}}}"#;
    assert_eq!(verdict(TOPIC, topic), "No");
    // https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html: of the keys `aws/...`.
    let key = r#"{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["kms:Encrypt", "kms:Decrypt"],
        "Resource": "*", "Condition": {"StringEquals": {"kms:CallerAccount": "111122223333",
        "kms:ViaService": "ec2.eu-west-1.amazonaws.com"}}},
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
        "Action": ["kms:Describe*"], "Resource": "*"}"#;
    assert_eq!(verdict(KEY, key), "No");
    // https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html
    let files = r#"{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["elasticfilesystem:ClientMount"],
        "Condition": {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}}}"#;
    assert_eq!(verdict(FILES, files), "No");
    // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions-manage.html
    let bus = r#"{"Effect": "Allow", "Principal": "*", "Action": "events:PutEvents", "Resource":
        "arn:aws:events:eu-west-1:111122223333:event-bus/default", "Condition": {"StringEquals":
        {"aws:PrincipalOrgID": "o-1234567890"}}}"#;
    assert_eq!(verdict(BUS, bus), "No");
}

#[test]
fn principals() {
    let allow = |principal: &str| {
        format!(
            r#"{{"Effect": "Allow", {principal}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"}}"#
        )
    };
    for (principal, expected) in [
        (r#""Principal": "*""#, "Yes"),
        (r#""Principal": {"AWS": "*"}"#, "Yes"),
        (r#""Principal": {"AWS": ["111122223333", "*"]}"#, "Yes"),
        (r#""Principal": {"AWS": "111122223333"}"#, "No"),
        (
            r#""Principal": {"AWS": "arn:aws:iam::444455556666:root"}"#,
            "No",
        ),
        (
            r#""Principal": {"AWS": "arn:aws:iam::*:root"}"#,
            "Undecided",
        ),
        (r#""Principal": {"AWS": "AIDACKCEVSQ6C2EXAMPLE"}"#, "No"),
        (
            r#""Principal": {"Service": "cloudtrail.amazonaws.com"}"#,
            "No",
        ),
        (
            r#""Principal": {"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}"#,
            "No",
        ),
        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
        (r#""Principal": {"Federated": "graph.facebook.com"}"#, "Yes"),
        (
            r#""Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/idp"}"#,
            "No",
        ),
        (
            r#""NotPrincipal": {"AWS": "arn:aws:iam::444455556666:root"}"#,
            "Yes",
        ),
        (r#""NotPrincipal": {"AWS": "*"}"#, "No"),
    ] {
        assert_eq!(verdict(BUCKET, &allow(principal)), expected, "{principal}");
    }
}

#[test]
fn the_user_of_a_public_provider_can_be_narrowed_by_keys_that_are_not_known() {
    let role = |condition: &str| {
        format!(
            r#"{{"Effect": "Allow", "Principal": {{"Federated": "accounts.google.com"}},
            "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {condition}}}"#
        )
    };
    let aud = r#"{"StringEquals": {"accounts.google.com:aud": "66677788899900pro0"}}"#;
    assert_eq!(verdict(ROLE, &role(aud)), "Undecided");
    assert_eq!(verdict(ROLE, &role("{}")), "Yes");
}

#[test]
fn denials_add_up() {
    let all = r#"{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"]}"#;
    let deny = |elements: &str| {
        format!(r#"{all}, {{"Effect": "Deny", "Principal": "*", "Resource": "*", {elements}}}"#)
    };
    let both = |one: &str, other: &str| {
        format!(
            r#"{}, {{"Effect": "Deny", "Principal": {{"AWS": "*"}}, "Resource": "*", {other}}}"#,
            deny(one)
        )
    };
    assert_verdicts(
        BUCKET,
        &[
            (all, "Yes"),
            (&deny(r#""Action": "S3:*""#), "No"),
            (&deny(r#""Action": ["s3:Get*", "s3:Put*"]"#), "Yes"),
            (&deny(r#""NotAction": "s3:GetObject""#), "Yes"),
            (&deny(r#""NotAction": "iam:*""#), "No"),
            (
                &both(r#""Action": "s3:GetObject*""#, r#""NotAction": "s3:Get*""#),
                "Yes",
            ),
            (
                &both(r#""Action": "s3:?et*""#, r#""NotAction": "s3:Get*""#),
                "No",
            ),
            (
                &both(
                    r#""Action": "s3:GetObject""#,
                    r#""NotAction": "s3:GetObject""#,
                ),
                "No",
            ),
            (
                &both(
                    r#""Action": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}"#,
                    r#""Action": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}"#,
                ),
                "No",
            ),
        ],
    );
}

#[test]
fn denials_of_others_and_of_parts_leave_the_rest() {
    let all = r#"{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"]}"#;
    let with =
        |elements: &str| format!(r#"{all}, {{"Effect": "Deny", "Action": "*", {elements}}}"#);
    let object = r#"{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"},
        {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::logs/*"}"#;
    assert_verdicts(
        BUCKET,
        &[
            (
                &with(r#""Principal": {"AWS": "444455556666"}, "Resource": "*""#),
                "Yes",
            ),
            (
                &with(
                    r#""NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"}, "Resource": "*""#,
                ),
                "No",
            ),
            (
                &with(r#""Principal": "*", "Resource": "arn:aws:s3:::logs/*""#),
                "Yes",
            ),
            (
                &with(
                    r#""Principal": "*", "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"]"#,
                ),
                "No",
            ),
            (
                &with(r#""Principal": "*", "NotResource": "arn:aws:s3:::logs/open/*""#),
                "Yes",
            ),
            (
                &with(r#""Principal": "*", "NotResource": "arn:aws:s3:::other""#),
                "No",
            ),
            (
                &with(r#""Principal": "*", "Resource": "arn:aws:s3:::logs/${aws:username}/*""#),
                "Yes",
            ),
            (object, "No"),
        ],
    );
}

#[test]
fn actions_of_other_services_and_resources_grant_nothing() {
    let allow = |elements: &str| format!(r#"{{"Effect": "Allow", "Principal": "*", {elements}}}"#);
    assert_verdicts(
        TOPIC,
        &[
            (&allow(r#""Action": "sqs:*", "Resource": "*""#), "No"),
            (&allow(r#""Action": "s?s:Pub*", "Resource": "*""#), "Yes"),
            (&allow(r#""NotAction": "sns:*", "Resource": "*""#), "No"),
            (
                &allow(r#""NotAction": "sns:Publish", "Resource": "*""#),
                "Yes",
            ),
            (
                &allow(r#""Action": "*", "Resource": "arn:aws:sns:eu-west-1:111122223333:other""#),
                "No",
            ),
            (
                &allow(r#""Action": "*", "Resource": "arn:aws:sns:*:*:al?rts""#),
                "Yes",
            ),
            (
                &allow(r#""Action": "*", "Resource": "arn:aws:sns""#),
                "Undecided",
            ),
            (
                &allow(r#""Action": "*", "Resource": "arn:aws:sns:*""#),
                "Yes",
            ),
            (
                &allow(r#""Action": "*", "Resource": "arn:aws:s*s:eu-west-1:111122223333:alerts""#),
                "Yes",
            ),
            (
                &allow(r#""Action": "*", "Resource": "arn:aws:s*1:111122223333:alerts""#),
                "No",
            ),
            (
                &allow(
                    r#""Action": "*", "NotResource": "arn:aws:sns:eu-west-1:111122223333:alerts""#,
                ),
                "No",
            ),
        ],
    );
}

#[test]
fn only_actions_that_are_asked_for_count() {
    let policy = document(
        r#"{"Sid": "Open", "Effect": "Allow", "Principal": "*", "Action": ["sns:Publish", "sns:Get*"], "Resource": "*"},
        {"Effect": "Deny", "Principal": "*", "Action": "sns:Publish", "Resource": "*"}"#,
    );
    let resource = Resource {
        arn: TOPIC,
        account: "111122223333",
    };
    let asked = |actions: &[&str]| public_access(&policy, &resource, actions);
    assert_eq!(asked(&["sns:Publish"]), PublicAccess::No);
    assert_eq!(
        asked(&["sns:Subscribe", "sns:ListTagsForResource"]),
        PublicAccess::No
    );
    let PublicAccess::Yes(grant) = asked(&["SNS:GetTopicAttributes"]) else {
        panic!("the action is allowed");
    };
    assert_eq!(grant.to_string(), "statement `Open` allows sns:Get*");
    assert!(!grant.conditional && !grant.inverted);
}

#[test]
fn variables_need_their_version() {
    let policy = |version: &str| {
        let text = format!(
            r#"{{{version} "Statement": {{"Effect": "Allow", "Principal": "*", "Action": "*", "Condition":
            {{"StringLike": {{"aws:PrincipalAccount": "${{aws:PrincipalAccount}}"}}}}}}}}"#
        );
        let resource = Resource {
            arn: QUEUE,
            account: "111122223333",
        };
        public_access(&PolicyDocument::parse(&text).unwrap(), &resource, &["*"])
    };
    assert!(matches!(
        policy(r#""Version": "2012-10-17","#),
        PublicAccess::Yes(_)
    ));
    assert_eq!(policy(r#""Version": "2008-10-17","#), PublicAccess::No);
    assert_eq!(policy(""), PublicAccess::No);
}

#[test]
fn what_is_no_policy_is_an_error() {
    for (text, problem) in [
        ("", "no JSON"),
        ("[]", "is no object"),
        ("{}", "has no element `Statement`"),
        (r#"{"Statement": [1]}"#, "statement 1 is no object"),
        (
            r#"{"Version": "2020-01-01", "Statement": []}"#,
            "does not exist",
        ),
        (
            r#"{"Statement": [], "Statement": []}"#,
            "`Statement` occurs twice",
        ),
        (
            r#"{"Statement": [{"Effect": "allow"}]}"#,
            "statement 1: its `Effect`",
        ),
        (
            r#"{"Statement": [{"Effect": "Allow"}]}"#,
            "statement 1 has no `Principal`",
        ),
        (
            r#"{"Statement": [{"Principal": "123"}]}"#,
            "neither `*` nor an object",
        ),
        (
            r#"{"Statement": [{"Principal": {"X": "*"}}]}"#,
            "`X` is unknown",
        ),
        (
            r#"{"Statement": [{"Action": "*", "NotAction": "*"}]}"#,
            "and its inverse",
        ),
        (r#"{"Statement": [{"Action": [["*"]]}]}"#, "is no text"),
        (
            r#"{"Statement": [{"Condition": {"Bool": "true"}}]}"#,
            "`Bool` is no object",
        ),
    ] {
        let error = PolicyDocument::parse(text).unwrap_err().to_string();
        assert!(error.contains(problem), "{text}: {error}");
    }
    let long = format!(r#"{{"{}": 1}}"#, "secret".repeat(1000));
    let error = PolicyDocument::parse(&long).unwrap_err().to_string();
    assert!(error.len() < 120, "{error}");
    let large = " ".repeat(300_000);
    assert!(PolicyDocument::parse(&large).is_err());
}

#[test]
fn a_hostile_policy_costs_little_and_is_undecided() {
    let actions: Vec<String> = (0..40)
        .map(|at| format!(r#""sns:*a{at}*b{at}*c{at}*""#))
        .collect();
    let policy = format!(
        r#"{{"Effect": "Allow", "Principal": "*", "Resource": "*", "Action": [{}]}}"#,
        actions.join(",")
    );
    assert_eq!(verdict(TOPIC, &policy), "Undecided");
}
