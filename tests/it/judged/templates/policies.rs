//! What the two roles may do is what the code does, both ways.

use std::collections::BTreeSet;

use orgscan_core::services::{CHECKS, member_apis, needs_of};
use orgscan_sim::{ServiceBehavior, Settings};
use serde_json::Value;

use super::{CENTRAL, MEMBER, parsed, text, with_key};
use crate::simulated::SimulatedOrganization;

type Actions = BTreeSet<String>;

/// All actions that the policies of a role allow.
pub(super) fn allowed(template: &Value, role: &str) -> Actions {
    let policies = &template["Resources"][role]["Properties"]["Policies"];
    let statements = with_key(policies, "Effect").into_iter();
    let allowing = statements.filter(|statement| statement["Effect"] == "Allow");
    allowing.flat_map(|one| texts(&one["Action"])).collect()
}

pub(super) fn texts(value: &Value) -> Vec<String> {
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
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "sqs:SendMessage", // of events that failed, to the failure destination
];

#[test]
fn the_member_role_allows_what_the_collectors_declare() {
    let declared = member_apis(&needs_of(CHECKS)).into_iter();
    let declared: Actions = declared.map(|api| api.action.to_owned()).collect();
    assert_eq!(allowed(&parsed(MEMBER), "MemberRole"), declared);
}

#[test]
fn the_central_role_allows_what_a_run_with_all_destinations_asks_for() {
    let simulated = SimulatedOrganization::start(Settings {
        behavior: ServiceBehavior::none(),
        ..Settings::default()
    });
    let mut plan = simulated.orgscan(&["plan", "--format", "json"]);
    plan.args(CHECKS.iter().flat_map(|check| ["--check", check.id]));
    plan.env("ORGSCAN_METRICS_NAMESPACE", "OrgScan");
    plan.env(
        "ORGSCAN_ALERT_TOPIC_ARN",
        "arn:aws:sns:us-east-1:123456789012:alerts",
    );
    plan.env("ORGSCAN_REPORT_LOCATION", "s3://reports");
    plan.env("ORGSCAN_STACK_SET", "orgscan-member-role");
    plan.env("ORGSCAN_SIGNING_KMS_KEY_ID", "alias/orgscan-signing");
    let plan: Value = serde_json::from_slice(&plan.output().unwrap().stdout).unwrap();
    let mut wanted: Actions = texts(&plan["central_actions"]).into_iter().collect();
    wanted.extend(texts(&plan["lambda_actions"]));
    wanted.extend(set(SERVICES));
    assert_eq!(allowed(&parsed(CENTRAL), "CentralRole"), wanted);
}

/// What AWS wants of the state machine's role for what the definition asks of it.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html>
const INTEGRATIONS: &[(&str, &[&str])] = &[
    ("states:::lambda:invoke", &["lambda:InvokeFunction"]),
    ("states:::s3:getObject", &["s3:GetObject"]),
    (
        "\"Mode\": \"DISTRIBUTED\"",
        &[
            "states:DescribeExecution",
            "states:RedriveExecution",
            "states:StartExecution",
            "states:StopExecution",
        ],
    ),
];

/// For its log. They know no resource but `*`.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html>
const LOG_DELIVERY: &[&str] = &[
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
];

#[test]
fn the_state_machines_role_allows_what_its_definition_asks_for() {
    let definition = text("infra/statemachine.asl.json");
    let resources = definition.matches("\"Resource\": ").count();
    let arns = INTEGRATIONS.iter().map(|(what, _)| {
        let found = definition.matches(what).count();
        assert!(found > 0, "{what} is not asked for");
        if what.contains(":::") { found } else { 0 }
    });
    assert_eq!(arns.sum::<usize>(), resources, "an unknown integration");
    let mut wanted = set(LOG_DELIVERY);
    // For what lies in the bucket, where the stack's key encrypts it.
    wanted.extend(set(&["kms:Decrypt"]));
    wanted.extend(INTEGRATIONS.iter().flat_map(|(_, actions)| set(actions)));
    assert_eq!(allowed(&parsed(CENTRAL), "StateMachineRole"), wanted);
}

/// Beside the bucket's policy, which says what they can read.
#[test]
fn the_key_opens_reports_for_owners_through_s3_where_it_encrypts_them() {
    let central = parsed(CENTRAL);
    let policy = &central["Resources"]["Key"]["Properties"]["KeyPolicy"];
    let choices = with_key(policy, "Fn::If").into_iter();
    let choices: Vec<_> = choices.map(|one| &one["Fn::If"]).collect();
    let [choice] = &choices[..] else {
        panic!("{choices:?}");
    };
    assert_eq!(choice[0], "IsReportByKmsForOrganization");
    assert_eq!(choice[1]["Action"], "kms:Decrypt");
    let condition = &choice[1]["Condition"]["StringEquals"];
    let organization = serde_json::json!({ "Ref": "OrganizationId" });
    assert_eq!(condition["aws:PrincipalOrgID"], organization);
    let service = condition["kms:ViaService"]["Fn::Sub"].as_str().unwrap();
    assert!(service.starts_with("s3."), "{service}");
}

#[test]
fn the_schedules_role_starts_what_the_mode_has_and_reports_what_failed() {
    let wanted = [
        "lambda:InvokeFunction",
        "sqs:SendMessage",
        "states:StartExecution",
    ];
    assert_eq!(allowed(&parsed(CENTRAL), "ScheduleRole"), set(&wanted));
}

/// Actions that know no resource but `*`, by the Service Authorization Reference; and questions to the organization, of which
/// there is a resource for each account or policy.
const WITHOUT_RESOURCE: &[&str] = &[
    "access-analyzer:ListAnalyzers",
    "backup:ListBackupVaults",
    "backup:ListProtectedResources",
    "cloudfront:ListDistributions",
    "cloudtrail:DescribeTrails",
    "cloudtrail:ListTrails",
    "cloudwatch:DescribeAlarms",
    "cloudwatch:PutMetricData",
    "config:DescribeConfigurationAggregators",
    "config:DescribeConfigurationRecorderStatus",
    "config:DescribeConfigurationRecorders",
    "config:DescribeDeliveryChannelStatus",
    "ec2:DescribeFlowLogs",
    "ec2:DescribeImages",
    "ec2:DescribeInstances",
    "ec2:DescribeNetworkAcls",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeRegions",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSnapshots",
    "ec2:DescribeVolumes",
    "ec2:DescribeVpcBlockPublicAccessExclusions",
    "ec2:DescribeVpcBlockPublicAccessOptions",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcPeeringConnections",
    "ec2:DescribeVpcs",
    "ec2:GetEbsEncryptionByDefault",
    "ec2:GetImageBlockPublicAccessState",
    "ec2:GetInstanceMetadataDefaults",
    "ec2:GetSnapshotBlockPublicAccessState",
    "elasticloadbalancing:DescribeListeners",
    "elasticloadbalancing:DescribeLoadBalancerAttributes",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeRules",
    "elasticloadbalancing:DescribeSSLPolicies",
    "es:ListDomainNames",
    "events:ListEventBuses",
    "events:ListRules",
    "glacier:ListVaults",
    "guardduty:ListDetectors",
    "iam:GenerateCredentialReport",
    "iam:GetAccountAuthorizationDetails",
    "iam:GetAccountPasswordPolicy",
    "iam:GetAccountSummary",
    "iam:GetCredentialReport",
    "iam:ListOrganizationsFeatures",
    "iam:ListServerCertificates",
    "iam:ListUsers",
    "iam:ListVirtualMFADevices",
    "inspector2:BatchGetAccountStatus",
    "kms:ListAliases",
    "kms:ListKeys",
    "lambda:ListFunctions",
    "macie2:GetMacieSession",
    "organizations:DescribeOrganization",
    "organizations:DescribeResourcePolicy",
    "organizations:ListAWSServiceAccessForOrganization",
    "organizations:ListAccounts",
    "organizations:ListAccountsForParent",
    "organizations:ListDelegatedAdministrators",
    "organizations:ListDelegatedServicesForAccount",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:ListPolicies",
    "organizations:ListRoots",
    "organizations:ListTagsForResource",
    "organizations:ListTargetsForPolicy",
    "s3:GetAccountPublicAccessBlock",
    "s3:ListAllMyBuckets",
    "secretsmanager:ListSecrets",
    "sns:ListTopics",
    "sqs:ListQueues",
    "sso:ListInstances",
];

#[test]
fn what_knows_a_resource_has_one() {
    let mut everywhere = Actions::new();
    for (template, role) in [
        (MEMBER, "MemberRole"),
        (CENTRAL, "CentralRole"),
        (CENTRAL, "ScheduleRole"),
        (CENTRAL, "StateMachineRole"),
    ] {
        let template = parsed(template);
        let policies = &template["Resources"][role]["Properties"]["Policies"];
        let statements = with_key(policies, "Effect").into_iter();
        let wide = statements.filter(|statement| statement["Resource"] == "*");
        everywhere.extend(wide.flat_map(|one| texts(&one["Action"])));
    }
    let known = &set(WITHOUT_RESOURCE) | &set(LOG_DELIVERY);
    assert_eq!(everywhere, known);
}

#[test]
fn the_documentation_explains_each_permission() {
    let documentation = text("docs/deployment.md");
    let (_, message) = documentation
        .split_once("## What each permission is for")
        .unwrap();
    let (message, _) = message.split_once("\n## ").unwrap();
    let central = parsed(CENTRAL);
    let sections = [
        (&parsed(MEMBER), "MemberRole", "### The member role"),
        (&central, "CentralRole", "### The central role"),
        (&central, "StateMachineRole", "### The state machine's role"),
        (&central, "ScheduleRole", "### The schedules' role"),
    ];
    for (template, role, title) in sections {
        let (_, section) = message.split_once(title).unwrap();
        let section = section.split("\n### ").next().unwrap();
        for action in allowed(template, role) {
            // A row names the service once.
            let (service, name) = action.split_once(':').unwrap();
            let named = section.contains(&format!("`{service}:"))
                && [format!(":{name}`"), format!("`{name}`")]
                    .iter()
                    .any(|name| section.contains(name));
            assert!(named, "{action} in {title}");
        }
    }
}

/// A statement of a role's policies, by its id.
fn statement<'a>(template: &'a Value, role: &str, sid: &str) -> &'a Value {
    let policies = &template["Resources"][role]["Properties"]["Policies"];
    let mut statements = with_key(policies, "Sid").into_iter();
    statements.find(|one| one["Sid"] == sid).unwrap()
}

#[test]
fn roles_are_restricted_to_the_organization_and_to_own_resources() {
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
