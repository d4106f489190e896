//! An endpoint that answers as AWS does.

use std::collections::BTreeMap;
use std::sync::Mutex;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::json;

use crate::serving::Answers;

/// The service principal of stack sets.
pub(super) const STACK_SETS: &str = "member.org.stacksets.cloudformation.amazonaws.com";

/// A status and a body.
pub(super) type FakeResponse = (u16, String);

/// AWS: an answer for each operation, and what was asked.
pub(super) struct FakeAws {
    pub(super) answers: BTreeMap<&'static str, FakeResponse>,
    pub(super) date: Option<&'static str>,
    pub(super) asked: Mutex<Vec<(String, String)>>,
}

impl Answers for FakeAws {
    async fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        let body = String::from_utf8_lossy(request.body()).into_owned();
        let operation = operation(&request, &body);
        self.asked.lock().unwrap().push((operation.clone(), body));
        let nothing = || (501, format!("nothing answers {operation}"));
        let found = self.answers.get(operation.as_str());
        let (status, body) = found.cloned().unwrap_or_else(nothing);
        let mut response = Response::builder().status(status);
        if let Some(date) = self.date {
            response = response.header("date", date);
        }
        response.body(Bytes::from(body)).unwrap()
    }
}

/// `sns:GetTopicAttributes`
fn operation(request: &Request<Bytes>, body: &str) -> String {
    let header = |name: &str| {
        let value = request.headers().get(name);
        value.map_or("", |value| value.to_str().unwrap())
    };
    let scope = header("authorization")
        .split('/')
        .nth(3)
        .unwrap_or_default();
    let action = body
        .split('&')
        .find_map(|pair| pair.strip_prefix("Action="));
    let target = header("x-amz-target").rsplit('.').next();
    let name = match (scope, request.method().as_str()) {
        ("lambda", "GET") => "GetAccountSettings",
        ("s3", "HEAD") => "HeadBucket",
        ("s3", "GET") => "GetObject",
        ("s3", other) => other,
        _ => action.or(target).unwrap_or_default(),
    };
    format!("{scope}:{name}")
}

pub(super) fn xml(operation: &str, result: &str) -> FakeResponse {
    let text = format!(
        "<{operation}Response><{operation}Result>{result}</{operation}Result></{operation}Response>"
    );
    (200, text)
}

pub(super) fn xml_error(status: u16, code: &str) -> FakeResponse {
    let error =
        format!("<Error><Type>Sender</Type><Code>{code}</Code><Message>no</Message></Error>");
    (
        status,
        format!("<ErrorResponse>{error}<RequestId>1</RequestId></ErrorResponse>"),
    )
}

pub(super) fn json_error(code: &str) -> FakeResponse {
    (400, json!({ "__type": code, "message": "no" }).to_string())
}

pub(super) fn identity(account: &str) -> FakeResponse {
    let arn = format!("arn:aws:iam::{account}:user/ada");
    xml(
        "GetCallerIdentity",
        &format!("<Arn>{arn}</Arn><Account>{account}</Account>"),
    )
}

pub(super) fn principals(field: &str, services: &[&str]) -> FakeResponse {
    let services: Vec<_> = services
        .iter()
        .map(|one| json!({ "ServicePrincipal": one }))
        .collect();
    (200, json!({ field: services }).to_string())
}

pub(super) fn concurrency(limit: u32) -> FakeResponse {
    let limit = json!({
        "TotalCodeSize": 1, "CodeSizeUnzipped": 1, "CodeSizeZipped": 1,
        "ConcurrentExecutions": limit, "UnreservedConcurrentExecutions": limit,
    });
    (200, json!({ "AccountLimit": limit, "AccountUsage": { "TotalCodeSize": 0, "FunctionCount": 0 } }).to_string())
}

pub(super) fn role() -> FakeResponse {
    let role = "<Path>/</Path><RoleName>OrgScanCentral</RoleName><RoleId>AROA</RoleId>\
                <Arn>arn:aws:iam::111122223333:role/OrgScanCentral</Arn><CreateDate>2024-01-01T00:00:00Z</CreateDate>";
    xml("GetRole", &format!("<Role>{role}</Role>"))
}

pub(super) fn session() -> FakeResponse {
    let user = "<AssumedRoleId>AROA:x</AssumedRoleId>\
                <Arn>arn:aws:sts::444455556666:assumed-role/OrgScanMember/orgscan-doctor</Arn>";
    let credentials = "<AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey>\
                       <SessionToken>t</SessionToken><Expiration>9999-01-01T00:00:00Z</Expiration>";
    xml(
        "AssumeRole",
        &format!(
            "<AssumedRoleUser>{user}</AssumedRoleUser><Credentials>{credentials}</Credentials>"
        ),
    )
}

pub(super) fn subscriptions(confirmed: u32) -> FakeResponse {
    let entry =
        |key: &str, value: u32| format!("<entry><key>{key}</key><value>{value}</value></entry>");
    let entries = entry("SubscriptionsConfirmed", confirmed) + &entry("SubscriptionsPending", 0);
    xml(
        "GetTopicAttributes",
        &format!("<Attributes>{entries}</Attributes>"),
    )
}

pub(super) fn stack() -> FakeResponse {
    let member = "<StackName>orgscan</StackName><LogicalResourceId>CentralRole</LogicalResourceId>\
                  <ResourceType>AWS::IAM::Role</ResourceType><Timestamp>2024-01-01T00:00:00Z</Timestamp>\
                  <ResourceStatus>CREATE_COMPLETE</ResourceStatus>";
    xml(
        "DescribeStackResources",
        &format!("<StackResources><member>{member}</member></StackResources>"),
    )
}

pub(super) fn organization(management: &str) -> FakeResponse {
    let organization =
        json!({ "Id": "o-a1b2c3d4e5", "MasterAccountId": management, "FeatureSet": "ALL" });
    (200, json!({ "Organization": organization }).to_string())
}

/// Everything in order, in the management account.
pub(super) fn fine() -> BTreeMap<&'static str, FakeResponse> {
    let accounts =
        ["111122223333", "444455556666"].map(|id| json!({ "Id": id, "State": "ACTIVE" }));
    let access = [STACK_SETS, "iam.amazonaws.com"];
    let key = json!({ "KeyId": "k", "KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY" });
    BTreeMap::from([
        ("sts:GetCallerIdentity", identity("111122223333")),
        ("sts:AssumeRole", session()),
        (
            "organizations:DescribeOrganization",
            organization("111122223333"),
        ),
        (
            "organizations:ListAccounts",
            (200, json!({ "Accounts": accounts }).to_string()),
        ),
        (
            "organizations:ListAWSServiceAccessForOrganization",
            principals("EnabledServicePrincipals", &access),
        ),
        ("lambda:GetAccountSettings", concurrency(1_000)),
        ("iam:GetRole", xml_error(404, "NoSuchEntity")),
        (
            "cloudformation:DescribeStackResources",
            xml_error(400, "ValidationError"),
        ),
        ("sns:GetTopicAttributes", subscriptions(2)),
        ("s3:HeadBucket", (200, String::new())),
        ("s3:GetObject", (200, "exceptions: []\n".to_owned())),
        (
            "kms:GenerateDataKey",
            json_error("DryRunOperationException"),
        ),
        ("kms:GetPublicKey", (200, key.to_string())),
        ("kms:Sign", json_error("DryRunOperationException")),
    ])
}

/// The same in the account of a delegated administrator.
pub(super) fn delegated(services: &[&str]) -> BTreeMap<&'static str, FakeResponse> {
    let mut answers = fine();
    answers.insert(
        "organizations:DescribeOrganization",
        organization("999999999999"),
    );
    let services = principals("DelegatedServices", services);
    answers.insert("organizations:ListDelegatedServicesForAccount", services);
    answers
}
