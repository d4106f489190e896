use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use serde_json::json;

use super::*;

fn error(
    status: u16,
    header: Option<&'static str>,
    body: &str,
) -> (Option<String>, Option<String>) {
    let mut response =
        HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body.as_bytes()));
    if let Some(header) = header {
        response.headers_mut().insert("x-amzn-errortype", header);
    }
    let error = error::body(&response, body.starts_with('<')).unwrap_err();
    let error = error.as_operation_error().unwrap();
    let text = |text: Option<&str>| text.map(str::to_owned);
    (text(error.meta().code()), text(error.meta().message()))
}

#[test]
fn a_code_is_in_the_header_or_in_the_document_and_stands_alone() {
    let expected = |code: &str, message: &str| (Some(code.to_owned()), Some(message.to_owned()));
    for (header, body, code, message) in [
        (
            None,
            r#"{"__type":"TrailNotFoundException","message":"m"}"#,
            "TrailNotFoundException",
            "m",
        ),
        (
            None,
            r#"{"__type":"com.amazonaws.cloudtrail#TrailNotFoundException","Message":"m"}"#,
            "TrailNotFoundException",
            "m",
        ),
        (
            Some("FileSystemNotFound:http://internal/"),
            r#"{"ErrorCode":"x","Message":"m"}"#,
            "FileSystemNotFound",
            "m",
        ),
        (
            None,
            r#"{"code":"AccessDenied","errorMessage":"m"}"#,
            "AccessDenied",
            "m",
        ),
    ] {
        assert_eq!(error(400, header, body), expected(code, message));
    }
    assert_eq!(error(503, None, "busy"), (None, None));
    assert_eq!(error(503, None, "<html>busy</html>"), (None, None));
    let xml = "<ErrorResponse xmlns=\"http://x/\"><Error><Type>Sender</Type><Code>LoadBalancerNotFound</Code>\
               <Message>One or more load balancers &apos;x&apos; not found</Message></Error>\
               <RequestId>1</RequestId></ErrorResponse>";
    let message = "One or more load balancers 'x' not found";
    assert_eq!(
        error(400, None, xml),
        expected("LoadBalancerNotFound", message)
    );
}

#[test]
fn requests_have_the_form_of_their_protocol() {
    let input = json!({"TrailNameList": []});
    let request = JsonRequest::of_operation(&CLOUDTRAIL, "DescribeTrails", &input)
        .into_http()
        .unwrap();
    let header = |name| request.headers().get(name);
    assert_eq!(header("content-type"), Some("application/x-amz-json-1.1"));
    let target = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.DescribeTrails";
    assert_eq!(header("x-amz-target"), Some(target));
    assert_eq!(
        request.body().bytes(),
        Some(br#"{"TrailNameList":[]}"#.as_slice())
    );
    let query = [("MaxItems", "100"), ("Marker", "a b+c")];
    let request = JsonRequest::of_path(&EFS, "/2015-02-01/file-systems", &query)
        .into_http()
        .unwrap();
    assert_eq!(request.method(), "GET");
    assert_eq!(
        request.uri(),
        "/2015-02-01/file-systems?MaxItems=100&Marker=a%20b%2Bc"
    );
    assert_eq!(request.headers().get("accept"), Some("application/json"));
    let request = JsonRequest::of_path(&CLOUDFRONT, "/2020-05-31/distribution", &[]);
    let request = request.into_http().unwrap();
    assert_eq!(request.headers().get("accept"), Some("application/xml"));
    let request = JsonRequest::of_path(&GLACIER, "/-/vaults", &[]);
    let request = request.into_http().unwrap();
    let version = request.headers().get("x-amz-glacier-version");
    assert_eq!(version, Some("2012-06-01"));
    let input = json!({"Names": ["a b", "c"], "PageSize": 400, "Marker": null});
    let request = JsonRequest::of_operation(&ELB_V2, "DescribeLoadBalancers", &input);
    let request = request.into_http().unwrap();
    let content_type = request.headers().get("content-type");
    assert_eq!(content_type, Some("application/x-www-form-urlencoded"));
    let form = b"Action=DescribeLoadBalancers&Version=2015-12-01&Names.member.1=a+b&Names.member.2=c&PageSize=400";
    assert_eq!(request.body().bytes(), Some(form.as_slice()));
}

#[tokio::test]
async fn a_request_goes_signed_to_the_host_of_the_service() {
    let http = crate::testing::RecordingClient::default();
    let credentials =
        aws_credential_types::Credentials::new("AKIDEXAMPLE", "secret", None, None, "test");
    let config = SdkConfig::builder()
        .http_client(http.client())
        .credentials_provider(
            aws_credential_types::provider::SharedCredentialsProvider::new(credentials),
        )
        .build();
    let client = JsonClient::new(&config, &CLOUDTRAIL, &Region::new("eu-west-1"));
    let request = JsonRequest::of_operation(&CLOUDTRAIL, "ListTrails", &json!({}));
    assert_eq!(client.operation.invoke(request).await.unwrap(), b"");
    let sent = http.sent().remove(0);
    assert_eq!(sent.uri(), "https://cloudtrail.eu-west-1.amazonaws.com/");
    let header = |name| sent.headers().get(name).unwrap_or_default();
    let authorization = header("authorization");
    assert!(
        authorization.contains("/eu-west-1/cloudtrail/aws4_request"),
        "{authorization}"
    );
    assert!(
        header("user-agent").contains("aws-sdk-rust"),
        "{}",
        header("user-agent")
    );
}
