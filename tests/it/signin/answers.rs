//! What the fake endpoints answer.

use serde_json::{Value, json};

use super::fake::ReceivedRequest;

/// The end of credentials that last.
const LAST: &str = "9999-01-01T00:00:00Z";

/// The status and the body.
pub(super) fn answer(seen: &ReceivedRequest, body: &[u8]) -> (u16, String) {
    let (_, uri) = seen.target.split_once(' ').unwrap();
    let uri: http::Uri = uri.parse().unwrap();
    match uri.path() {
        "/latest/api/token" => (200, "metadata-token".to_owned()),
        "/latest/meta-data/iam/security-credentials/" => {
            with_token(seen, "InstanceRole".to_owned())
        }
        "/latest/meta-data/iam/security-credentials/InstanceRole" => {
            let mut credentials = of_metadata("INSTANCE");
            credentials["Code"] = json!("Success");
            with_token(seen, credentials.to_string())
        }
        "/container" if seen.header("authorization") == "pod-token" => {
            (200, of_metadata("CONTAINER").to_string())
        }
        "/federation/credentials" => of_identity_center(seen, uri.query().unwrap_or_default()),
        "/token" => of_oidc(body),
        "/" => of_query(seen),
        _ => (404, String::new()),
    }
}

fn with_token(seen: &ReceivedRequest, text: String) -> (u16, String) {
    match seen.header("x-aws-ec2-metadata-token") {
        "metadata-token" => (200, text),
        _ => (401, String::new()),
    }
}

fn of_metadata(key: &str) -> Value {
    json!({
        "AccessKeyId": key, "SecretAccessKey": "secret", "Token": "session-token", "Expiration": LAST,
    })
}

fn of_identity_center(seen: &ReceivedRequest, query: &str) -> (u16, String) {
    let is_asked = query.contains("account_id=111122223333") && query.contains("role_name=Audit");
    match seen.header("x-amz-sso_bearer_token") {
        "valid" if is_asked => {
            let credentials = json!({"roleCredentials": {
                "accessKeyId": "IDENTITYCENTER", "secretAccessKey": "secret", "sessionToken": "token",
                "expiration": 253_000_000_000_000_i64,
            }});
            (200, credentials.to_string())
        }
        _ => (401, json!({"__type": "UnauthorizedException", "message": "Session token not found or invalid"}).to_string()),
    }
}

fn of_oidc(body: &[u8]) -> (u16, String) {
    let asked: Value = serde_json::from_slice(body).unwrap();
    assert_eq!(asked["grantType"], "refresh_token");
    match asked["refreshToken"].as_str() {
        Some("refresh") => (
            200,
            json!({"accessToken": "valid", "expiresIn": 3600}).to_string(),
        ),
        _ => (400, json!({"__type": "InvalidGrantException"}).to_string()),
    }
}

fn of_query(seen: &ReceivedRequest) -> (u16, String) {
    let text = |name: &str| seen.form.get(name).map_or("", String::as_str);
    match seen.operation() {
        "GetCallerIdentity" => identity(seen.signer()),
        "AssumeRole" => assume(text("RoleArn"), text("SerialNumber"), text("TokenCode")),
        "AssumeRoleWithWebIdentity" if text("WebIdentityToken") == "web-token" => {
            result("AssumeRoleWithWebIdentity", &session(text("RoleArn")))
        }
        "AssumeRoleWithWebIdentity" => error(400, "InvalidIdentityToken", "No OpenIDConnect provider found"),
        "ListAccountAliases" => result("ListAccountAliases", "<AccountAliases/><IsTruncated>false</IsTruncated>"),
        "DescribeRegions" => (
            200,
            "<DescribeRegionsResponse><regionInfo><item><regionName>us-east-1</regionName>\
             <optInStatus>opt-in-not-required</optInStatus></item></regionInfo></DescribeRegionsResponse>"
                .to_owned(),
        ),
        _ => error(400, "InvalidAction", "The fake endpoint has no answer"),
    }
}

fn identity(signer: &str) -> (u16, String) {
    match signer {
        "UNKNOWN" => error(
            403,
            "InvalidClientTokenId",
            "The security token included in the request is invalid.",
        ),
        "EXPIRED" => error(
            403,
            "ExpiredToken",
            "The security token included in the request is expired",
        ),
        _ => result(
            "GetCallerIdentity",
            "<Account>111122223333</Account><Arn>arn:aws:iam::111122223333:user/a</Arn>",
        ),
    }
}

/// Roles whose names begin with `Guarded` need a code; nobody may assume the member role.
fn assume(arn: &str, serial: &str, code: &str) -> (u16, String) {
    let name = arn.rsplit('/').next().unwrap();
    let is_right = serial == "arn:aws:iam::111122223333:mfa/phone" && code == "123456";
    match name {
        "OrgScanMember" => error(
            403,
            "AccessDenied",
            "not authorized to perform: sts:AssumeRole",
        ),
        name if name.starts_with("Guarded") && !is_right => error(
            403,
            "AccessDenied",
            "MultiFactorAuthentication failed with invalid MFA one time pass code.",
        ),
        _ => result("AssumeRole", &session(arn)),
    }
}

/// A session whose access key is the role's name.
fn session(arn: &str) -> String {
    let name = arn.rsplit('/').next().unwrap();
    format!(
        "<Credentials><AccessKeyId>{name}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>\
         <SessionToken>token</SessionToken><Expiration>{LAST}</Expiration></Credentials>\
         <AssumedRoleUser><Arn>arn:aws:sts::111122223333:assumed-role/{name}/s</Arn>\
         <AssumedRoleId>AROA:s</AssumedRoleId></AssumedRoleUser>"
    )
}

fn result(operation: &str, text: &str) -> (u16, String) {
    let body = format!(
        "<{operation}Response><{operation}Result>{text}</{operation}Result></{operation}Response>"
    );
    (200, body)
}

fn error(status: u16, code: &str, message: &str) -> (u16, String) {
    let body = format!(
        "<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    );
    (status, body)
}
