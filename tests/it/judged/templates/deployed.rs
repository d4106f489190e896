//! The templates deployed to the emulator with the product's own script, and scans in the roles that
//! come of it, where the emulator denies what no policy allows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use orgscan_core::services::CHECKS;
use orgscan_sim::{Replay, STACK_SET, ServiceBehavior, Settings};
use serde_json::json;

use super::chosen::ConfiguredTemplate;
use super::policies::{SERVICES, allowed};
use super::stack::{ROLE, aws_cli, cloudformation, deploy, outputs, script};
use super::{CENTRAL, MEMBER, at, parsed, printed, text};
use crate::enrollment::judged::make_stack_set;
use crate::expected::expected_findings;
use crate::judged::findings::{coverage, expected_coverage, findings};
use crate::judged::{World, installed};
use crate::run::{Run, runtime};

/// Types that the emulator's CloudFormation leaves out. `lint` checks what the template says of them against AWS's schema.
pub(super) const NOT_EMULATED: &[&str] = &["AWS::CloudFormation::StackSet"];

/// Accounts that the role did not get to: their own one cannot be assumed either.
const EXCLUDED: &[&str] = &[
    "acquired-startup",
    "legacy-crm",
    "management",
    "staging-integrations",
];

/// The organization with both templates deployed.
pub(super) struct Deployment {
    pub(super) world: World,
    /// CloudWatch, which the emulator does not speak.
    cloudwatch: Replay,
    pub(super) outputs: BTreeMap<String, String>,
}

impl Deployment {
    fn start() -> Self {
        let world = World::start(&["--no-bucket-region", "--no-account-paths"]);
        Self::in_world(world, &[])
    }

    /// In this organization, with more parameters.
    pub(super) fn in_world(world: World, parameters: &[&str]) -> Self {
        deploy(
            &world,
            &[&["TargetOrganizationalUnits=r-a1b2"], parameters].concat(),
        );
        let outputs = outputs(&world);
        members(&world, &at(MEMBER), &outputs, |name| {
            !EXCLUDED.contains(&name)
        });
        let behavior = ServiceBehavior::none();
        let settings = Settings {
            behavior,
            ..Settings::default()
        };
        let storefront = world.id("storefront");
        make_stack_set(&world, STACK_SET, &[storefront]);
        let cloudwatch = runtime().block_on(Replay::start(settings)).unwrap();
        world.post("/_emulator/policies", &json!({"enforced": true}));
        world.forget_requests();
        Self {
            world,
            cloudwatch,
            outputs,
        }
    }

    /// A scan by orgscan in the central role, as Lambda would run it, with its report in a folder.
    fn scan(&self, role: &str, args: &[&str]) -> Run {
        let variables = self.variables();
        let variables: Vec<_> = variables
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let mut all = vec!["--role-name", role];
        all.extend(args);
        self.world.scan_with(&all, &variables)
    }

    /// Credentials of the central role, and where CloudWatch is.
    pub(super) fn variables(&self) -> BTreeMap<String, String> {
        let role = json!({"role_arn": self.outputs["CentralRoleArn"]});
        let session = self.world.post("/_emulator/session", &role);
        let mut variables: BTreeMap<String, String> = serde_json::from_str(&session).unwrap();
        variables.insert(
            "AWS_ENDPOINT_URL_CLOUDWATCH".to_owned(),
            self.cloudwatch.url.clone(),
        );
        variables
    }

    /// Actions that were asked for in these accounts.
    fn observed(&self, accounts: impl Fn(&str) -> bool) -> BTreeSet<String> {
        let requests = self.world.requests().into_iter();
        let there = requests.filter(|one| accounts(one["account"].as_str().unwrap()));
        there
            .map(|one| one["action"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// Deploys a member role to members, as the stack set would.
fn members(
    world: &World,
    template: &Path,
    outputs: &BTreeMap<String, String>,
    wanted: impl Fn(&str) -> bool,
) {
    let parameters = json!({
        "CentralRoleArn": outputs["CentralRoleArn"],
        "OrganizationId": outputs["OrganizationId"],
        "MemberRoleName": ROLE,
    });
    let accounts = world.emulator.inventory.accounts.keys();
    let accounts = accounts.filter(|name| wanted(name));
    let mut command = Command::new(installed::python("emulator"));
    command
        .arg(at("tests/templates/members.py"))
        .args(["--endpoint", &world.emulator.url])
        .arg("--template")
        .arg(template)
        .args(["--parameters", &parameters.to_string()])
        .args(accounts.map(|name| world.id(name)));
    printed(&mut command);
}

#[test]
fn the_central_stack_is_created_except_what_the_emulator_does_not_support() {
    let world = World::start(&[]);
    let parameters = [
        ("TargetOrganizationalUnits", "r-a1b2"),
        ("AlertEmail", "a@example.com"),
        ("Mode", "distributed"),
        ("AthenaTables", "on"),
    ];
    let given = parameters.map(|(name, value)| format!("{name}={value}"));
    let message = deploy(&world, &given.each_ref().map(String::as_str));
    assert!(message.contains("ReportBucketName"), "{message}");
    let made = cloudformation(
        &world,
        &["describe-stack-resources", "--stack-name", "orgscan"],
    );
    let made = made["StackResources"].as_array().unwrap().iter();
    let made: BTreeSet<_> = made
        .filter_map(|one| one["LogicalResourceId"].as_str())
        .collect();
    let template = parsed(CENTRAL);
    let resources = ConfiguredTemplate::of(&template, &parameters).resources();
    let missing = resources
        .iter()
        .filter(|(name, _)| !made.contains(name.as_str()));
    let missing: BTreeSet<_> = missing
        .map(|(_, resource)| resource["Type"].as_str().unwrap())
        .collect();
    assert_eq!(missing, NOT_EMULATED.iter().copied().collect());

    let bucket = outputs(&world)["ReportBucketName"].clone();
    let message = printed(&mut script(&world, "remove.sh", &["--yes"]));
    assert!(message.contains(&format!("s3://{bucket}")), "{message}");
    let mut kept = aws_cli(&world, &["s3api", "get-bucket-policy", "--bucket", &bucket]);
    assert!(printed(&mut kept).contains("OnlyWithTls"));
    // The others are those of the organization's trail.
    let alarms = [
        "cloudwatch",
        "describe-alarms",
        "--alarm-name-prefix",
        "orgscan",
        "--query",
        "MetricAlarms[].AlarmName",
    ];
    assert_eq!(printed(&mut aws_cli(&world, &alarms)).trim(), "[]");
}

#[test]
fn what_is_missing_is_named() {
    let world = World::shared();
    let refused = |args: &[&str]| {
        let output = script(world, "deploy.sh", args).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(refused(&["--zip", "no.zip"]).contains("there is no no.zip"));
    assert!(refused(&["--zip", CENTRAL]).contains("TargetOrganizationalUnits is missing"));
    assert!(refused(&["--zap"]).contains("unknown argument --zap"));
}

/// What the second scan is denied, so that it asks in other ways.
const REFUSED: &[&str] = &[
    "ec2:DescribeRegions",
    "iam:GenerateCredentialReport",
    "s3:GetAccountPublicAccessBlock",
];

#[test]
fn the_deployed_roles_allow_a_whole_scan_and_nothing_that_none_asks_for() {
    let deployed = Deployment::start();
    let world = &deployed.world;
    let run = deployed.scan(ROLE, &[]);
    assert_eq!(run.code(), 3, "{}", run.stderr);
    assert_eq!(findings(world, &run), expected_findings());
    assert_eq!(coverage(world, &run), expected_coverage());

    report_to_the_bucket(&deployed);
    nothing_is_granted_and_unused(&deployed);
    an_action_less_is_a_gap(&deployed);
    nobody_else_gets_in(&deployed);
}

/// A scan with all checks and all destinations, a filter that asks for tags, and its usual ways barred.
fn report_to_the_bucket(deployed: &Deployment) {
    let world = &deployed.world;
    let denied = REFUSED
        .iter()
        .map(|action| json!({"action": action, "error": "permission"}));
    world.rules(&denied.collect::<Vec<_>>());
    let config = world.folder().join("orgscan.yaml");
    let tags = "accounts: { exclude: { tags: { environment: no-such-environment } } }\n";
    let location = format!("s3://{}", deployed.outputs["ReportBucketName"]);
    let signing = json!({"kms_key_id": deployed.outputs["SigningKeyArn"]});
    let destinations = json!({
        "report": {"location": location, "signing": signing},
        "alert": {"topic_arn": deployed.outputs["AlertTopicArn"]},
        "metrics": {"namespace": "OrgScan"},
    });
    let enrollment = json!({"stack_set": STACK_SET});
    let checks = json!({"include": CHECKS.iter().map(|check| check.id).collect::<Vec<_>>()});
    let text =
        format!("{tags}checks: {checks}\ndestinations: {destinations}\nenrollment: {enrollment}\n");
    std::fs::write(&config, text).unwrap();
    let mut command = world.orgscan(&["scan", "--role-name", ROLE, "--config"]);
    command.arg(&config).envs(deployed.variables());
    for region in &world.emulator.inventory.regions {
        command.args(["--region", region.as_str()]);
    }
    let output = command.output().unwrap();
    // Not 4: everything was delivered.
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{message}");
    let put = deployed.cloudwatch.counts().apis["cloudwatch:PutMetricData"];
    assert!(put.requests > 0);
    read_alarms(deployed);
    world.rules(&[]);
}

/// A scan whose requests to CloudWatch go where all others go, and not where the metrics went.
fn read_alarms(deployed: &Deployment) {
    let world = &deployed.world;
    let mut command = world.orgscan(&["scan", "--role-name", ROLE]);
    command.args(["--check", "cloudtrail-alarm-missing"]);
    command.args(["--region", "us-east-1", "--region", "eu-west-1"]);
    let variables = deployed.variables();
    let variables = variables.into_iter();
    command.envs(variables.filter(|(name, _)| !name.ends_with("CLOUDWATCH")));
    let output = command.output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{message}");
}

fn nothing_is_granted_and_unused(deployed: &Deployment) {
    let management = deployed
        .world
        .emulator
        .inventory
        .management_account
        .as_str();
    let member = allowed(&parsed(MEMBER), "MemberRole");
    assert_eq!(deployed.observed(|account| account != management), member);

    let central = allowed(&parsed(CENTRAL), "CentralRole");
    let mut asked = deployed.observed(|account| account == management);
    // These go elsewhere: to the replay, above; and to Lambda, in the tests of continuations.
    asked.extend([
        "cloudwatch:PutMetricData".to_owned(),
        "lambda:InvokeFunction".to_owned(),
    ]);
    asked.extend(SERVICES.iter().map(|action| (*action).to_owned()));
    let unused: Vec<_> = central.difference(&asked).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

fn an_action_less_is_a_gap(deployed: &Deployment) {
    let world = &deployed.world;
    let less = world.folder().join("less.yaml");
    let action = "                  - ec2:DescribeVolumes\n";
    std::fs::write(&less, text(MEMBER).replacen(action, "", 1)).unwrap();
    world.post("/_emulator/policies", &json!({"enforced": false}));
    members(world, &less, &deployed.outputs, |name| name == "storefront");
    world.post("/_emulator/policies", &json!({"enforced": true}));
    let run = deployed.scan(ROLE, &volumes_of(&world.id("storefront")));
    assert_eq!(gaps(&run), ["missing_permission ec2:DescribeVolumes"]);
}

fn nobody_else_gets_in(deployed: &Deployment) {
    let world = &deployed.world;
    let account = world.id("payments-api");
    let volumes = volumes_of(&account);
    assert_eq!(gaps(&deployed.scan(ROLE, &volumes)), [""; 0]);
    // An administrator of the central account is not the central role.
    let mut by_administrator = vec!["--role-name", ROLE];
    by_administrator.extend(&volumes);
    let run = world.scan(&by_administrator);
    assert_eq!(gaps(&run), ["role_not_assumable sts:AssumeRole"]);
    // The other role trusts the whole central account, but the central role may not ask for it.
    let run = deployed.scan("OrgScanMember", &volumes);
    assert_eq!(gaps(&run), ["missing_permission sts:AssumeRole"]);
}

/// Arguments for a scan of one account's volumes.
fn volumes_of(account: &str) -> [&str; 4] {
    ["--account", account, "--check", "ebs-volume-unencrypted"]
}

/// Cause and action of what is unknown.
fn gaps(run: &Run) -> Vec<String> {
    let rows = run.rows("coverage.csv").into_iter();
    let unknown = rows.filter(|row| row["outcome"] == "unknown");
    let gaps: BTreeSet<_> = unknown
        .map(|row| format!("{} {}", row["cause"], row["action"]))
        .collect();
    gaps.into_iter().collect()
}
