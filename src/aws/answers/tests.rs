mod recorded;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::test_util::{ReplayEvent, StaticReplayClient};
use aws_smithy_runtime_api::client::http::http_client_fn;
use aws_smithy_types::retry::RetryConfig;
use orgscan_core::model::Cause;
use orgscan_core::services::sts::GET_CALLER_IDENTITY;

use super::*;
use crate::Failure;

fn answer(status: u16, body: impl Into<SdkBody>) -> HttpResponse {
    HttpResponse::new(status.try_into().unwrap(), body.into())
}

/// A configuration whose requests are all answered so.
fn sdk(status: u16, body: &[u8]) -> (SdkConfig, StaticReplayClient) {
    let request = http::Request::new(SdkBody::empty());
    let response = http::Response::builder().status(status);
    let response = response.body(SdkBody::from(body)).unwrap();
    let client = StaticReplayClient::new(vec![ReplayEvent::new(request, response)]);
    let credentials = Credentials::new("id", "secret", None, None, "test");
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(checked(client.clone()))
        .region(aws_config::Region::from_static("eu-west-1"))
        .retry_config(RetryConfig::disabled())
        .build();
    (config, client)
}

/// What a request is expected to be answered with, and what it came to.
macro_rules! send {
    ($service:ident, $status:expr, $body:expr, $($request:tt)*) => {{
        let (sdk, sent) = sdk($status, $body.as_bytes());
        let outcome = $service::Client::new(&sdk).$($request)*.send().await;
        let expected = ExpectedResponse::of(sent.actual_requests().next().unwrap());
        (expected, outcome.map_err(|error| Failure::of(&GET_CALLER_IDENTITY, &error)))
    }};
}

#[tokio::test]
async fn the_format_of_an_answer_follows_from_the_protocol_and_the_operation() {
    use {
        aws_sdk_cloudformation as cloudformation, aws_sdk_cloudwatch as cloudwatch,
        aws_sdk_ec2 as ec2, aws_sdk_iam as iam, aws_sdk_kms as kms, aws_sdk_lambda as lambda,
        aws_sdk_organizations as organizations, aws_sdk_s3 as s3, aws_sdk_s3control as s3control,
        aws_sdk_sns as sns, aws_sdk_sts as sts,
    };
    let (xml, json) = (
        SuccessBody::Always(BodyFormat::Xml),
        SuccessBody::Always(BodyFormat::Json),
    );
    let of_bucket = "bucket";
    let cases = [
        (send!(ec2, 200, "", describe_volumes()).0, xml),
        (send!(iam, 200, "", list_users()).0, xml),
        (send!(sts, 200, "", get_caller_identity()).0, xml),
        (send!(sns, 200, "", publish().message("x")).0, xml),
        (
            send!(
                cloudformation,
                200,
                "",
                describe_stack_set().stack_set_name("x")
            )
            .0,
            xml,
        ),
        (send!(organizations, 200, "", list_accounts()).0, json),
        (send!(kms, 200, "", get_public_key().key_id("x")).0, json),
        (send!(s3, 200, "", list_buckets()).0, xml),
        (
            send!(s3, 200, "", list_objects_v2().bucket(of_bucket)).0,
            xml,
        ),
        (
            send!(s3, 200, "", get_bucket_location().bucket(of_bucket)).0,
            xml,
        ),
        (
            send!(s3, 200, "", get_public_access_block().bucket(of_bucket)).0,
            xml,
        ),
        (
            send!(s3, 200, "", get_bucket_policy_status().bucket(of_bucket)).0,
            xml,
        ),
        (
            send!(s3, 200, "", get_bucket_acl().bucket(of_bucket)).0,
            xml,
        ),
        (
            send!(s3, 200, "", get_bucket_versioning().bucket(of_bucket)).0,
            xml,
        ),
        (
            send!(s3, 200, "", get_bucket_logging().bucket(of_bucket)).0,
            xml,
        ),
        (
            send!(s3, 200, "", get_bucket_encryption().bucket(of_bucket)).0,
            xml,
        ),
        (
            send!(
                s3control,
                200,
                "",
                get_public_access_block().account_id("111122223333")
            )
            .0,
            xml,
        ),
        (
            send!(s3, 200, "{}", get_bucket_policy().bucket(of_bucket)).0,
            json,
        ),
        (
            send!(s3, 200, "x", get_object().bucket(of_bucket).key("policy")).0,
            SuccessBody::Object,
        ),
        (
            send!(s3, 200, "", put_object().bucket(of_bucket).key("k")).0,
            SuccessBody::Perhaps(BodyFormat::Xml),
        ),
        (
            send!(s3, 200, "", head_object().bucket(of_bucket).key("k")).0,
            SuccessBody::Perhaps(BodyFormat::Xml),
        ),
        (
            send!(cloudwatch, 200, "", put_metric_data().namespace("x")).0,
            SuccessBody::Perhaps(BodyFormat::Cbor),
        ),
        (
            send!(lambda, 202, "", invoke().function_name("x")).0,
            SuccessBody::Perhaps(BodyFormat::Any),
        ),
    ];
    for (n, (expected, success)) in cases.into_iter().enumerate() {
        assert_eq!((n, expected.success), (n, success));
        assert!(expected.is_signed);
    }
}

fn failed<T: std::fmt::Debug>(outcome: (ExpectedResponse, Result<T, Failure>)) -> String {
    let failure = outcome.1.unwrap_err();
    assert_eq!(failure.cause, Cause::Malformed, "{failure}");
    failure.detail
}

#[tokio::test]
async fn an_empty_answer_is_one_only_where_the_operation_has_none() {
    use {
        aws_sdk_cloudwatch as cloudwatch, aws_sdk_ec2 as ec2, aws_sdk_iam as iam,
        aws_sdk_lambda as lambda, aws_sdk_organizations as organizations, aws_sdk_s3 as s3,
    };
    let empty = "the answer is empty";
    assert_eq!(failed(send!(ec2, 200, "", describe_volumes())), empty);
    assert_eq!(failed(send!(iam, 200, "", list_users())), empty);
    assert_eq!(
        failed(send!(organizations, 200, "", list_accounts())),
        empty
    );
    assert_eq!(failed(send!(s3, 200, "", list_buckets())), empty);
    assert_eq!(
        failed(send!(s3, 200, "", get_bucket_policy().bucket("b"))),
        empty
    );
    assert_eq!(
        failed(send!(s3, 200, "", get_bucket_versioning().bucket("b"))),
        empty
    );
    let none = failed(send!(s3, 204, "", get_bucket_versioning().bucket("b")));
    assert_eq!(none, "HTTP status 204: the answer is empty");
    send!(s3, 200, "", put_object().bucket("b").key("k"))
        .1
        .unwrap();
    send!(s3, 200, "", head_object().bucket("b").key("k"))
        .1
        .unwrap();
    send!(s3, 200, "", get_object().bucket("b").key("k"))
        .1
        .unwrap();
    send!(cloudwatch, 200, "", put_metric_data().namespace("x"))
        .1
        .unwrap();
    send!(lambda, 202, "", invoke().function_name("x"))
        .1
        .unwrap();
}

#[tokio::test]
async fn what_s3_writes_without_an_end_tag_is_complete() {
    use aws_sdk_s3 as s3;
    let location = "<?xml version=\"1.0\"?>\n<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"/>";
    let found = send!(s3, 200, location, get_bucket_location().bucket("b"))
        .1
        .unwrap();
    let constraint = found.location_constraint();
    assert_eq!(constraint.map_or("", |found| found.as_str()), "");
    let versioning = "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"/>\n <!-- x -->\n";
    let found = send!(s3, 200, versioning, get_bucket_versioning().bucket("b"))
        .1
        .unwrap();
    assert_eq!(found.status(), None);
    let policy = "{\"Version\":\"2012-10-17\",\"Statement\":[]}";
    let found = send!(s3, 200, policy, get_bucket_policy().bucket("b"))
        .1
        .unwrap();
    assert_eq!(found.policy(), Some(policy));
    // An object may be anything, XML that is cut included.
    let found = send!(s3, 200, "<a><b>", get_object().bucket("b").key("k"))
        .1
        .unwrap();
    assert_eq!(found.body.collect().await.unwrap().into_bytes(), "<a><b>");
}

#[tokio::test]
async fn json_that_is_cut_anywhere_is_malformed() {
    use {aws_sdk_organizations as organizations, aws_sdk_s3 as s3};
    let list = "{\"Accounts\":[{\"Id\":\"111122223333\",\"Name\":\"é\"}],\"NextToken\":\"second\"}";
    for end in 0..list.len() {
        let cut = String::from_utf8_lossy(&list.as_bytes()[..end]).into_owned();
        failed(send!(organizations, 200, cut, list_accounts()));
    }
    send!(organizations, 200, list, list_accounts()).1.unwrap();
    let policy = "{\"Statement\":[{\"Effect\":\"Deny\"}]}";
    for end in 0..policy.len() {
        failed(send!(
            s3,
            200,
            policy[..end],
            get_bucket_policy().bucket("b")
        ));
    }
    let error = "{\"__type\":\"AWSOrganizationsNotInUseException\",\"Message\":\"no";
    let detail = failed(send!(organizations, 400, error, describe_organization()));
    assert!(
        detail.starts_with("HTTP status 400: the answer is not complete JSON"),
        "{detail}"
    );
}

#[tokio::test]
async fn cbor_that_is_cut_is_an_error() {
    use aws_sdk_cloudwatch as cloudwatch;
    let document = serde_json::json!({"__type": "InvalidParameterValueException", "message": "no"});
    let mut error = Vec::new();
    ciborium::into_writer(&document, &mut error).unwrap();
    for end in 0..=error.len() {
        let (sdk, _) = sdk(400, &error[..end]);
        let put = cloudwatch::Client::new(&sdk)
            .put_metric_data()
            .namespace("x");
        let failure = Failure::of(&GET_CALLER_IDENTITY, &put.send().await.unwrap_err());
        assert_eq!(
            failure.code.is_some(),
            end == error.len(),
            "{end}: {failure}"
        );
    }
}

#[tokio::test]
async fn an_error_is_concluded_from_only_where_it_is_complete() {
    use {aws_sdk_iam as iam, aws_sdk_s3 as s3};
    let error = "<Error><Code>NoSuchBucketPolicy</Code><Message>none</Message></Error>";
    let whole = send!(s3, 404, error, get_bucket_policy_status().bucket("b"))
        .1
        .unwrap_err();
    assert!(whole.has_code(&["NoSuchBucketPolicy"]));
    for end in 1..error.len() {
        let cut = send!(
            s3,
            404,
            error[..end],
            get_bucket_policy_status().bucket("b")
        );
        assert!(failed(cut).starts_with("HTTP status 404: "));
    }
    let error = "<ErrorResponse><Error><Code>NoSuchEntity</Code></Error>";
    let detail = failed(send!(iam, 404, error, get_account_password_policy()));
    assert_eq!(
        detail,
        "HTTP status 404: the answer ends before </ErrorResponse>"
    );
    // From these only the status is taken, whatever their body is.
    for (status, cause) in [
        (500, Cause::ServiceError),
        (503, Cause::ServiceError),
        (429, Cause::Throttled),
    ] {
        let failure = send!(iam, status, "<html><br>", list_users())
            .1
            .unwrap_err();
        assert_eq!(failure.cause, cause);
    }
    let page = failed(send!(
        iam,
        403,
        "<!DOCTYPE html><html></html>",
        list_users()
    ));
    assert_eq!(
        page,
        "HTTP status 403: the answer has a document type declaration"
    );
}

#[tokio::test]
async fn an_answer_that_the_parser_rejects_has_the_reason() {
    use aws_sdk_ec2 as ec2;
    let detail = failed(send!(ec2, 200, "<Other></Other>", describe_volumes()));
    assert!(
        detail.starts_with("the answer cannot be read: "),
        "{detail}"
    );
    assert!(detail.contains("DescribeVolumesResponse"), "{detail}");
}

#[tokio::test]
async fn a_body_is_read_up_to_its_bound() {
    let long = ByteStream::from(vec![b'x'; 3 << 20]);
    assert_eq!(read(long, 3 << 20).await.unwrap().len(), 3 << 20);
    let longer = ByteStream::from(vec![b'x'; (3 << 20) + 1]);
    let refused = read(longer, 3 << 20).await.unwrap_err();
    assert_eq!(refused.to_string(), "the answer is larger than 3 MiB");
}

#[tokio::test]
async fn the_date_of_the_first_answer_is_compared_with_the_clock() {
    let client = http_client_fn(|_, _| SharedHttpConnector::new(DatedResponse));
    let (config, _) = sdk(200, b"");
    let config = config.to_builder().http_client(checked(client)).build();
    let sts = aws_sdk_sts::Client::new(&config);
    let answer = sts.get_caller_identity().send().await;
    let failure = Failure::of(&GET_CALLER_IDENTITY, &answer.unwrap_err());
    assert_eq!(failure.cause, Cause::ClockSkew);
    assert!(!failure.cause.is_transient());
    assert!(failure.detail.contains("2001-01-01T00:00:00Z"), "{failure}");
}

#[derive(Debug)]
struct DatedResponse;

impl HttpConnector for DatedResponse {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let mut answer = answer(403, "<ErrorResponse/>");
        answer
            .headers_mut()
            .insert("date", "Mon, 01 Jan 2001 00:00:00 GMT");
        HttpConnectorFuture::ready(Ok(answer))
    }
}
