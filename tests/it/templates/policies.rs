//! What the two roles may do is what the code does, both ways.

use std::collections::BTreeSet;

use orgscan::checks::CHECKS;
use orgscan::collect::Needs;
use orgscan::replay::{Physics, Settings};
use serde_json::Value;

use super::{CENTRAL, MEMBER, parsed, with_key};
use crate::simulated::Simulated;

type Actions = BTreeSet<String>;

/// All actions that the policies of a role allow.
pub(super) fn allowed(template: &Value, role: &str) -> Actions {
    let policies = &template["Resources"][role]["Properties"]["Policies"];
    let statements = with_key(policies, "Effect").into_iter();
    let allowing = statements.filter(|statement| statement["Effect"] == "Allow");
    allowing.flat_map(|one| texts(&one["Action"])).collect()
}

fn texts(value: &Value) -> Vec<String> {
    let one = |value: &Value| value.as_str().unwrap().to_owned();
    let many = value.as_array();
    many.map_or_else(|| vec![one(value)], |many| many.iter().map(one).collect())
}

fn set(actions: &[&str]) -> Actions {
    actions.iter().map(|action| (*action).to_owned()).collect()
}

/// What Lambda, KMS and CloudFormation want of the function's role, and no request of orgscan's own.
pub(super) const SERVICES: &[&str] = &[
    "kms:Decrypt", // of messages to the topic, of reports, and of the function's settings
    "kms:GenerateDataKey", // for messages to the topic, and for reports
    "organizations:ListDelegatedAdministrators", // asked by CloudFormation, for a delegated administrator
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "sqs:SendMessage", // of events that failed, to the failure destination
];

#[test]
fn the_member_role_allows_what_the_collectors_declare() {
    let declared = Needs::of(CHECKS).apis().into_iter();
    let declared: Actions = declared.map(|api| api.action.to_owned()).collect();
    assert_eq!(allowed(&parsed(MEMBER), "MemberRole"), declared);
}

#[test]
fn the_central_role_allows_what_a_run_with_all_destinations_asks_for() {
    let simulated = Simulated::start(Settings {
        physics: Physics::none(),
        ..Settings::default()
    });
    let mut plan = simulated.orgscan(&["plan", "--format", "json"]);
    plan.env("ORGSCAN_METRICS_NAMESPACE", "OrgScan");
    plan.env(
        "ORGSCAN_TOPIC_ARN",
        "arn:aws:sns:us-east-1:123456789012:alerts",
    );
    plan.env("ORGSCAN_REPORT_LOCATION", "s3://reports");
    plan.env("ORGSCAN_STACK_SET", "orgscan-member-role");
    let plan: Value = serde_json::from_slice(&plan.output().unwrap().stdout).unwrap();
    let mut wanted: Actions = texts(&plan["central_actions"]).into_iter().collect();
    wanted.extend(texts(&plan["lambda_actions"]));
    wanted.extend(set(SERVICES));
    assert_eq!(allowed(&parsed(CENTRAL), "CentralRole"), wanted);
}

/// Actions that know no resource but `*`, by the Service Authorization Reference; and tags, of
/// which there is a resource for each account.
const WITHOUT_RESOURCE: &[&str] = &[
    "cloudwatch:PutMetricData",
    "ec2:DescribeInstances",
    "ec2:DescribeRegions",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeVolumes",
    "ec2:DescribeVpcBlockPublicAccessExclusions",
    "ec2:DescribeVpcBlockPublicAccessOptions",
    "iam:GenerateCredentialReport",
    "iam:GetCredentialReport",
    "iam:ListUsers",
    "organizations:DescribeOrganization",
    "organizations:ListAccounts",
    "organizations:ListAccountsForParent",
    "organizations:ListDelegatedAdministrators",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:ListRoots",
    "organizations:ListTagsForResource",
    "s3:GetAccountPublicAccessBlock",
    "s3:ListAllMyBuckets",
];

#[test]
fn what_knows_a_resource_has_one() {
    let mut everywhere = Actions::new();
    for (template, role) in [
        (MEMBER, "MemberRole"),
        (CENTRAL, "CentralRole"),
        (CENTRAL, "ScheduleRole"),
    ] {
        let template = parsed(template);
        let policies = &template["Resources"][role]["Properties"]["Policies"];
        let statements = with_key(policies, "Effect").into_iter();
        let wide = statements.filter(|statement| statement["Resource"] == "*");
        everywhere.extend(wide.flat_map(|one| texts(&one["Action"])));
    }
    assert_eq!(everywhere, set(WITHOUT_RESOURCE));
}

/// A statement of a role's policies, by its id.
fn statement<'a>(template: &'a Value, role: &str, sid: &str) -> &'a Value {
    let policies = &template["Resources"][role]["Properties"]["Policies"];
    let mut statements = with_key(policies, "Sid").into_iter();
    statements.find(|one| one["Sid"] == sid).unwrap()
}

#[test]
fn roles_are_narrowed_to_the_organization_and_to_what_is_ours() {
    let central = parsed(CENTRAL);
    let narrowed = |sid: &str, key: &str| {
        let condition = &statement(&central, "CentralRole", sid)["Condition"];
        condition["StringEquals"]
            .get(key)
            .cloned()
            .unwrap_or_default()
    };
    let parameter = |name: &str| serde_json::json!({ "Ref": name });
    assert_eq!(
        narrowed("MemberRoles", "aws:ResourceOrgID"),
        parameter("OrganizationId")
    );
    assert_eq!(
        narrowed("Metrics", "cloudwatch:namespace"),
        parameter("MetricsNamespace")
    );
    let member = parsed(MEMBER);
    let buckets = &statement(&member, "MemberRole", "Buckets")["Condition"]["StringEquals"];
    assert_eq!(buckets["aws:ResourceAccount"], parameter("AWS::AccountId"));
    let trust = &member["Resources"]["MemberRole"]["Properties"]["AssumeRolePolicyDocument"];
    let trust = &trust["Statement"][0]["Condition"];
    assert_eq!(
        trust["ArnEquals"]["aws:PrincipalArn"],
        parameter("CentralRoleArn")
    );
    assert_eq!(
        trust["StringEquals"]["aws:PrincipalOrgID"],
        parameter("OrganizationId")
    );
    assert!(trust["StringEquals"]["sts:ExternalId"]["Fn::If"].is_array());
}
