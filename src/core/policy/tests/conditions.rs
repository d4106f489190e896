//! Which conditions exclude the public.

use super::{
    BUCKET, FUNCTION, KEY, PublicAccess, QUEUE, TOPIC, access, assert_conditions, assert_verdicts,
    except, under,
};

#[test]
fn fixed_identities_narrow() {
    for condition in [
        r#"{"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}}"#,
        r#"{"StringLike": {"AWS:principalorgid": "o-1234567890"}}"#,
        r#"{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1234567890/*"}}"#,
        r#"{"StringEquals": {"aws:PrincipalAccount": ["111122223333", "444455556666"]}}"#,
        r#"{"NumericEquals": {"aws:PrincipalAccount": "444455556666"}}"#,
        r#"{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::444455556666:role/*"}}"#,
        r#"{"StringLike": {"aws:PrincipalArn": "arn:aws:iam::${aws:ResourceAccount}:*"}}"#,
        r#"{"StringEquals": {"aws:PrincipalOrgID": "${aws:ResourceOrgID}"}}"#,
        r#"{"StringEquals": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}}"#,
        r#"{"StringEquals": {"aws:SourceVpc": "vpc-91237329"}}"#,
        r#"{"StringEquals": {"aws:SourceVpce": "vpce-91237329"}}"#,
        r#"{"StringEquals": {"aws:SourceOrgID": "o-1234567890"}}"#,
        r#"{"StringEquals": {"aws:VpceAccount": "444455556666"}}"#,
        r#"{"StringLike": {"aws:userid": "AROAEXAMPLEID:*"}}"#,
        r#"{"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"]}}"#,
        r#"{"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}"#,
        r#"{"StringLike": {"s3:DataAccessPointArn": "arn:aws:s3:us-west-2:123456789012:accesspoint/*"}}"#,
        r#"{"StringEquals": {"s3:DataAccessPointAccount": "123456789012"}}"#,
        r#"{"Bool": {"aws:PrincipalIsAWSService": "true"}}"#,
        r#"{"StringEquals": {"aws:PrincipalServiceName": "logging.s3.amazonaws.com"}}"#,
        // Cannot both be.
        r#"{"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}, "Null": {"aws:SourceVpc": "false"}}"#,
        // Not a wildcard here.
        r#"{"StringEquals": {"aws:PrincipalOrgID": "*"}}"#,
    ] {
        assert_conditions(BUCKET, under, &[(condition, "No")]);
    }
}

#[test]
fn what_anyone_can_meet_does_not_narrow() {
    for condition in [
        r#"{"StringLike": {"aws:SourceVpc": "vpc-*"}}"#,
        r#"{"StringLike": {"aws:PrincipalOrgID": "o-*"}}"#,
        r#"{"StringLike": {"aws:PrincipalAccount": "*"}}"#,
        r#"{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/Admin"}}"#,
        r#"{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/${aws:username}"}}"#,
        r#"{"StringNotEquals": {"aws:PrincipalOrgID": "o-1234567890"}}"#,
        r#"{"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1234567890"}}"#,
        r#"{"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-1234567890/*"}}"#,
        r#"{"Null": {"aws:PrincipalOrgID": "false"}}"#,
        r#"{"Null": {"aws:PrincipalOrgID": "true"}}"#,
        r#"{"Bool": {"aws:SecureTransport": "true"}}"#,
        r#"{"Bool": {"aws:MultiFactorAuthPresent": true}}"#,
        r#"{"StringLike": {"aws:Referer": "https://example.com/*"}}"#,
        r#"{"StringEquals": {"aws:UserAgent": "secret"}}"#,
        r#"{"StringEquals": {"aws:PrincipalTag/team": "blue"}}"#,
        r#"{"StringEquals": {"aws:ResourceAccount": "111122223333"}}"#,
        r#"{"StringEquals": {"aws:ResourceOrgID": "o-1234567890"}}"#,
        r#"{"DateLessThan": {"aws:CurrentTime": "2020-04-01T00:00:00Z"}}"#,
        r#"{"NumericLessThanEquals": {"s3:max-keys": "10"}}"#,
        r#"{"StringEquals": {"s3:x-amz-acl": "private"}, "Bool": {"aws:SecureTransport": "true"}}"#,
        r#"{"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}"#,
        r#"{"IpAddress": {"aws:SourceIp": "0.0.0.0/1"}}"#,
        r#"{"IpAddress": {"aws:SourceIp": ["2000::/16", "203.0.113.7"]}}"#,
        r#"{"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}"#,
        r#"{"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/24"}}"#,
        r#"{}"#,
    ] {
        assert_conditions(BUCKET, under, &[(condition, "Yes")]);
    }
}

#[test]
fn ranges_that_are_the_world_together_do_not_narrow() {
    let all: Vec<String> = (0..256)
        .map(|first| format!(r#""{first}.0.0.0/8""#))
        .collect();
    let condition = format!(
        r#"{{"IpAddress": {{"aws:SourceIp": [{}]}}}}"#,
        all.join(",")
    );
    assert_conditions(BUCKET, under, &[(&condition, "Yes")]);
}

#[test]
fn denials_with_conditions() {
    assert_conditions(
        BUCKET,
        except,
        &[
            (
                r#"{"StringNotEquals": {"aws:PrincipalOrgID": "o-1234567890"}}"#,
                "No",
            ),
            // An anonymous caller and an account without organization have no such key.
            (
                r#"{"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1234567890"}}"#,
                "No",
            ),
            (
                r#"{"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}}"#,
                "Yes",
            ),
            (r#"{"StringNotLike": {"aws:PrincipalOrgID": "o-*"}}"#, "Yes"),
            (
                r#"{"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}"#,
                "No",
            ),
            (
                r#"{"NotIpAddressIfExists": {"aws:SourceIp": "203.0.113.0/24"}}"#,
                "No",
            ),
            (
                r#"{"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}, "Null": {"aws:SourceVpc": "true"}}"#,
                "Yes",
            ),
            (
                r#"{"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}"#,
                "No",
            ),
            (r#"{"Bool": {"aws:SecureTransport": "false"}}"#, "Yes"),
            (r#"{"Bool": {"aws:PrincipalIsAWSService": "false"}}"#, "No"),
            (
                r#"{"StringNotEquals": {"aws:PrincipalOrgID": "o-1234567890"}, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}"#,
                "No",
            ),
            (
                r#"{"StringNotEquals": {"aws:PrincipalOrgID": "${aws:ResourceOrgID}"}}"#,
                "No",
            ),
            (
                r#"{"StringNotEquals": {"aws:PrincipalTag/team": "blue"}}"#,
                "Yes",
            ),
            (r#"{"Null": {"aws:PrincipalArn": "true"}}"#, "Yes"),
            (
                r#"{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "*"}}"#,
                "Yes",
            ),
            (r#"{"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}"#, "Yes"),
            (
                r#"{"IpAddress": {"aws:SourceIp": ["0.0.0.0/0", "::/0"]}, "StringLike": {"aws:UserAgent": "*"}}"#,
                "Yes",
            ),
        ],
    );
}

#[test]
fn what_is_not_known_is_undecided_where_it_matters() {
    assert_conditions(
        BUCKET,
        under,
        &[
            (
                r#"{"StringEquals": {"s3:ExistingObjectTag/public": "yes"}}"#,
                "Undecided",
            ),
            (r#"{"StringEquals": {"x:y": "1"}}"#, "Undecided"),
            (
                r#"{"StringMatches": {"aws:PrincipalOrgID": "o-1"}}"#,
                "Undecided",
            ),
            (
                r#"{"StringEquals": {"x:y": "1", "aws:PrincipalOrgID": "o-1234567890"}}"#,
                "No",
            ),
            (
                r#"{"ForAnyValue:StringEqualsIfExists": {"aws:PrincipalOrgPaths": "o-1/r-1/"}}"#,
                "Undecided",
            ),
            (
                r#"{"IpAddress": {"aws:SourceIp": "everywhere"}}"#,
                "Undecided",
            ),
        ],
    );
    assert_conditions(
        BUCKET,
        except,
        &[
            (r#"{"StringEquals": {"x:y": "1"}}"#, "Undecided"),
            (
                r#"{"StringEquals": {"aws:username": "${aws:userid}"}}"#,
                "Yes",
            ),
            (
                r#"{"StringEquals": {"aws:ResourceOrgID": "o-1"}}"#,
                "Undecided",
            ),
        ],
    );
    let PublicAccess::Undecided(reason) =
        access(BUCKET, &under(r#"{"StringEquals": {"x:y": "1"}}"#))
    else {
        panic!("the key is not known");
    };
    assert_eq!(
        reason,
        "whether `StringEquals` with the condition key `x:y` excludes the public is unknown"
    );
}

#[test]
fn keys_of_services() {
    let subscribe = |values: &str| {
        under(&format!(
            r#"{{"StringLike": {{"sns:Endpoint": {values}}}}}"#
        ))
    };
    assert_verdicts(
        TOPIC,
        &[
            (
                &subscribe(r#""arn:aws:sqs:eu-west-1:111122223333:jobs""#),
                "No",
            ),
            (&subscribe(r#""arn:aws:sqs:*:*:*""#), "Yes"),
            (&subscribe(r#""*@example.com""#), "Undecided"),
            (
                &under(r#"{"StringEquals": {"sns:Protocol": "https"}}"#),
                "Yes",
            ),
        ],
    );
    assert_conditions(
        FUNCTION,
        under,
        &[
            (
                r#"{"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}}"#,
                "Yes",
            ),
            (
                r#"{"StringEquals": {"lambda:FunctionUrlAuthType": "AWS_IAM"}}"#,
                "Yes",
            ),
            (
                r#"{"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}"#,
                "Yes",
            ),
        ],
    );
    assert_conditions(
        KEY,
        under,
        &[
            (
                r#"{"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}"#,
                "Yes",
            ),
            (
                r#"{"StringEquals": {"kms:EncryptionContext:app": "x"}}"#,
                "Yes",
            ),
            (
                r#"{"StringEquals": {"kms:CallerAccount": "444455556666"}}"#,
                "No",
            ),
        ],
    );
}

#[test]
fn a_queue_takes_messages_of_fixed_resources() {
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-subscribe-queue-sns-topic.html
    assert_conditions(
        QUEUE,
        under,
        &[
            (
                r#"{"ArnEquals": {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:alerts"}}"#,
                "No",
            ),
            (
                r#"{"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:444455556666:*"}}"#,
                "No",
            ),
            (
                r#"{"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"}}"#,
                "Yes",
            ),
            (
                r#"{"ArnLike": {"aws:SourceArn": "arn:aws:s3:::uploads"}}"#,
                "No",
            ),
            (
                r#"{"ArnLike": {"aws:SourceArn": "arn:aws:s3:*:*:uploads"}}"#,
                "Yes",
            ),
            (
                r#"{"StringLike": {"aws:SourceArn": "arn:aws:s3:::up*"}}"#,
                "Yes",
            ),
            // Not a wildcard here.
            (r#"{"StringEquals": {"aws:SourceArn": "*"}}"#, "No"),
            // No ARN has fewer than six fields. What this matches is not documented.
            (
                r#"{"ArnLike": {"aws:SourceArn": "arn:aws:s*"}}"#,
                "Undecided",
            ),
            (
                r#"{"ArnLike": {"aws:SourceArn": "arn:aws:s3:*:*:up*"}, "StringEquals": {"aws:SourceAccount": "111122223333"}}"#,
                "No",
            ),
        ],
    );
}
