//! A small recording, made by hand, for tests.

use serde_json::json;

use super::recording::{Exchange, FORMAT, Header, Parameters, Recording};

pub(super) const MANAGEMENT: &str = "111111111111";
/// A sound member in the OU `ou-1-work`.
pub(super) const SOUND: &str = "222222222222";
/// A member whose role is missing.
pub(super) const LOCKED: &str = "333333333333";
/// A member that is denied something in a Region that is on.
pub(super) const DENIED: &str = "444444444444";

const ROLE: &str = "OrgScanMember";

pub(super) fn role(account: &str) -> String {
    format!("arn:aws:iam::{account}:role/{ROLE}")
}

fn exchange(account: &str, region: &str, name: &str, status: u16, body: &str) -> Exchange {
    let (service, operation) = name.split_once(':').unwrap();
    Exchange {
        account: account.into(),
        region: region.into(),
        service: service.into(),
        operation: operation.into(),
        parameters: Parameters::new(),
        status,
        content_type: "text/xml".into(),
        body: body.into(),
    }
}

fn with(name: &str, value: &str, exchange: Exchange) -> Exchange {
    let parameters = Parameters::from([(name.into(), value.into())]);
    Exchange {
        parameters,
        ..exchange
    }
}

fn account(id: &str, name: &str, path: &str) -> serde_json::Value {
    json!({
        "Id": id, "Name": name, "State": "ACTIVE", "Email": format!("aws+{name}@example.com"),
        "Arn": format!("arn:aws:organizations::{MANAGEMENT}:account/o-1/{id}"),
        "Paths": [format!("o-1/r-1/{path}{id}/")],
    })
}

fn organization() -> Vec<Exchange> {
    let ask = |name: &str, body: serde_json::Value| {
        let name = format!("organizations:{name}");
        exchange(MANAGEMENT, "us-east-1", &name, 200, &body.to_string())
    };
    let accounts = [
        account(SOUND, "web", "ou-1-work/"),
        account(MANAGEMENT, "master", ""),
        account(LOCKED, "locked", ""),
        account(DENIED, "ledger", "ou-1-work/"),
    ];
    let ous = |ous| json!({ "OrganizationalUnits": ous });
    let work = json!([{"Id": "ou-1-work", "Name": "Workloads"}]);
    let organization = json!({"Id": "o-1", "MasterAccountId": MANAGEMENT});
    let below = "ListOrganizationalUnitsForParent";
    let tags = json!({"Tags": [{"Key": "owner", "Value": "web"}]});
    vec![
        ask(
            "DescribeOrganization",
            json!({ "Organization": organization }),
        ),
        ask("ListAccounts", json!({ "Accounts": accounts })),
        ask(
            "ListRoots",
            json!({"Roots": [{"Id": "r-1", "Name": "Root"}]}),
        ),
        with("ParentId", "r-1", ask(below, ous(work))),
        with("ParentId", "ou-1-work", ask(below, ous(json!([])))),
        with("ResourceId", SOUND, ask("ListTagsForResource", tags)),
    ]
}

fn sessions() -> Vec<Exchange> {
    let assume = |account: &str, status, body: &str| {
        let asked = exchange(MANAGEMENT, "us-east-1", "sts:AssumeRole", status, body);
        with("RoleArn", &role(account), asked)
    };
    let denied = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error>\
                  </ErrorResponse>";
    let identity = format!("<R><Arn>arn:aws:iam::{MANAGEMENT}:user/admin</Arn></R>");
    vec![
        assume(MANAGEMENT, 200, "<R/>"),
        assume(SOUND, 200, "<R/>"),
        assume(DENIED, 200, "<R/>"),
        assume(LOCKED, 403, denied),
        exchange(
            MANAGEMENT,
            "us-east-1",
            "sts:GetCallerIdentity",
            200,
            &identity,
        ),
    ]
}

/// What a member has in EC2: two volumes, and a security group that names a prefix list. One Region
/// is off.
fn network(account: &str) -> Vec<Exchange> {
    let ask = |name: &str, body: &str| exchange(account, "us-east-1", name, 200, body);
    let digit = &account[..1];
    let regions = "<R><regionInfo><item><regionName>us-east-1</regionName>\
                   <optInStatus>opt-in-not-required</optInStatus></item><item>\
                   <regionName>eu-south-1</regionName><optInStatus>not-opted-in</optInStatus></item>\
                   </regionInfo></R>";
    let volumes = format!(
        "<R><ownerId>{account}</ownerId><volumeSet>\
         <item><volumeId>vol-{digit}000000000000000a</volumeId></item>\
         <item><volumeId>vol-{digit}000000000000000b</volumeId></item></volumeSet></R>"
    );
    let list = format!("pl-{digit}000000000000000c");
    let groups = format!(
        "<R><securityGroupInfo><item><groupId>sg-{digit}000000000000000d</groupId>\
         <prefixListId>{list}</prefixListId></item></securityGroupInfo></R>"
    );
    let entries = "<R><entrySet><item><cidr>10.0.0.0/8</cidr></item></entrySet></R>";
    let off = "<Response><Errors><Error><Code>AuthFailure</Code></Error></Errors></Response>";
    vec![
        ask("ec2:DescribeRegions", regions),
        ask("ec2:DescribeVolumes", &volumes),
        exchange(account, "eu-south-1", "ec2:DescribeVolumes", 401, off),
        ask("ec2:DescribeSecurityGroups", &groups),
        with(
            "PrefixListId",
            &list,
            ask("ec2:GetManagedPrefixListEntries", entries),
        ),
    ]
}

/// What a member has elsewhere: a bucket, and a user.
fn globals(account: &str) -> Vec<Exchange> {
    let ask = |name: &str, body: &str| exchange(account, "us-east-1", name, 200, body);
    let digit = &account[..1];
    let bucket = format!("data-{digit}");
    let buckets = format!("<R><Buckets><Bucket><Name>{bucket}</Name></Bucket></Buckets></R>");
    let acl = format!("<R><Owner>{account}</Owner></R>");
    let users = format!(
        "<R><Users><member><UserName>ann</UserName><Arn>arn:aws:iam::{account}:user/ann</Arn>\
         </member></Users><IsTruncated>false</IsTruncated></R>"
    );
    let summary = "<R><entry><key>Groups</key><value>1</value></entry><entry><key>Users</key>\
                   <value>1</value></entry></R>";
    let csv =
        format!("user,arn\n<root_account>,arn:x:{account}\nann,arn:aws:iam::{account}:user/ann\n");
    let report = format!(
        "<R><Content>{}</Content><GeneratedTime>2026-01-15T09:00:00Z</GeneratedTime></R>",
        aws_smithy_types::base64::encode(csv)
    );
    vec![
        ask("s3:ListBuckets", &buckets),
        with("Bucket", &bucket, ask("s3:GetBucketAcl", &acl)),
        with(
            "AccountId",
            account,
            ask("s3control:GetPublicAccessBlock", "<R/>"),
        ),
        ask("iam:ListUsers", &users),
        with("UserName", "ann", ask("iam:ListMFADevices", "<R/>")),
        ask("iam:GetAccountSummary", summary),
        ask("iam:GenerateCredentialReport", "<R/>"),
        ask("iam:GetCredentialReport", &report),
    ]
}

fn resources(account: &str) -> Vec<Exchange> {
    [network(account), globals(account)].concat()
}

/// An organization of four accounts.
pub(super) fn recording() -> Recording {
    let header = Header {
        format: FORMAT,
        made_by: "make it".into(),
        emulator: "by hand".into(),
        management_account: MANAGEMENT.parse().unwrap(),
        inventory: serde_json::Value::Null,
    };
    let denial = exchange(DENIED, "us-east-1", "ec2:DescribeInstances", 403, "<R/>");
    let parts = [
        organization(),
        sessions(),
        resources(MANAGEMENT),
        resources(SOUND),
        resources(DENIED),
        vec![denial],
    ];
    Recording::new(header, parts.concat())
}
