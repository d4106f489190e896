use super::*;

fn read(method: &str, uri: &str, scope: &str, headers: &[(&str, &str)], body: &str) -> Call {
    try_read(method, uri, scope, headers, body).unwrap()
}

fn try_read(
    method: &str,
    uri: &str,
    scope: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<Call, CallError> {
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential=KEY/20261122/{scope}/aws4_request, SignedHeaders=host, Signature=0"
    );
    let mut request = http::Request::builder()
        .method(method)
        .uri(uri)
        .header("authorization", authorization);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(()).unwrap();
    Call::read(
        request.method(),
        request.uri(),
        request.headers(),
        body.as_bytes(),
    )
}

fn parameters(call: &Call) -> Vec<(&str, &str)> {
    let pairs = call.parameters.iter();
    pairs.map(|(k, v)| (k.as_str(), v.as_str())).collect()
}

#[test]
fn the_query_protocol_has_its_page_apart_from_its_parameters() {
    let body = "Action=DescribeVolumes&Version=2016-11-15&MaxResults=500&NextToken=a%2Fb\
                &IncludeManagedResources=true";
    let call = read("POST", "/", "eu-west-1/ec2", &[], body);
    assert_eq!(
        (call.access_key.as_str(), call.region.as_str()),
        ("KEY", "eu-west-1")
    );
    assert_eq!(call.name(), "ec2:DescribeVolumes");
    assert_eq!(parameters(&call), [("IncludeManagedResources", "true")]);
    assert_eq!(
        (call.page_size, call.page_token.as_deref()),
        (Some(500), Some("a/b"))
    );
    let body = "Action=AssumeRole&RoleArn=arn%3Aaws&RoleSessionName=orgscan-1";
    let call = read("POST", "/", "us-east-1/sts", &[], body);
    assert_eq!(parameters(&call), [("RoleArn", "arn:aws")]);
    assert_eq!(call.session_name.as_deref(), Some("orgscan-1"));
}

#[test]
fn the_json_protocol_names_its_operation_in_a_header() {
    let target = [("x-amz-target", "AWSOrganizationsV20161128.ListAccounts")];
    let body = r#"{"MaxResults":20,"NextToken":"t","ParentId":"r-1","Flag":true}"#;
    let call = read("POST", "/", "us-east-1/organizations", &target, body);
    assert_eq!(call.name(), "organizations:ListAccounts");
    assert_eq!(parameters(&call), [("Flag", "true"), ("ParentId", "r-1")]);
    assert_eq!(call.page_size, Some(20));
    let error = try_read("POST", "/", "us-east-1/organizations", &target, "[]");
    assert!(matches!(error, Err(CallError::Body { .. })));
}

#[test]
fn s3_operations_are_recognized_by_method_path_and_query() {
    let s3 = |method: &str, uri: &str| read(method, uri, "eu-west-1/s3", &[], "");
    let call = s3(
        "GET",
        "/?max-buckets=1000&x-id=ListBuckets&continuation-token=t",
    );
    assert_eq!(call.operation, "ListBuckets");
    assert_eq!(
        (call.page_size, call.parameters.is_empty()),
        (Some(1_000), true)
    );
    for (query, operation) in BUCKET_READS {
        let call = s3("GET", &format!("/acme-data?{query}"));
        assert_eq!(call.operation, *operation);
        assert_eq!(parameters(&call), [("Bucket", "acme-data")]);
    }
    let call = s3("PUT", "/reports/daily/a%20b+c%25.json?x-id=PutObject");
    assert_eq!(call.operation, "PutObject");
    assert_eq!(
        parameters(&call),
        [("Bucket", "reports"), ("Key", "daily/a b+c%.json")]
    );
    let call = s3("GET", "/reports?list-type=2&prefix=daily%2F&max-keys=5");
    assert_eq!(call.page_size, Some(5));
    assert_eq!(
        parameters(&call),
        [("Bucket", "reports"), ("prefix", "daily/")]
    );
}

#[test]
fn other_services_are_recognized_by_their_paths() {
    let account = [("x-amz-account-id", "111122223333")];
    let uri = "/v20180820/configuration/publicAccessBlock";
    let call = read("GET", uri, "us-east-1/s3", &account, "");
    assert_eq!(call.name(), "s3control:GetPublicAccessBlock");
    assert_eq!(call.parameter("AccountId"), Some("111122223333"));
    let uri = "/service/GraniteServiceVersion20100801/operation/PutMetricData";
    let call = read("POST", uri, "us-east-1/monitoring", &[], "\u{1}");
    assert_eq!(call.name(), "cloudwatch:PutMetricData");
    let event = [("x-amz-invocation-type", "Event")];
    let uri = "/2015-03-31/functions/orgscan/invocations";
    let call = read("POST", uri, "us-east-1/lambda", &event, "{}");
    assert_eq!(call.name(), "lambda:Invoke");
    assert_eq!(
        parameters(&call),
        [("FunctionName", "orgscan"), ("InvocationType", "Event")]
    );
}

#[test]
fn an_unrecognized_request_is_an_error_that_names_it() {
    let error = try_read("POST", "/bucket?delete", "eu-west-1/s3", &[], "").unwrap_err();
    assert!(error.to_string().contains("POST /bucket?delete"), "{error}");
    let unsigned = Call::read(&Method::GET, &Uri::from_static("/"), &HeaderMap::new(), b"");
    assert_eq!(unsigned, Err(CallError::Unsigned));
    assert_eq!(decoded("100%"), "100%");
    assert_eq!(decoded("%zz%C3%A9"), "%zzé");
}
