//! `infra/deploy.sh` and `infra/remove.sh` before an AWS CLI that answers what a test tells it to: states of a stack,
//! and errors, that no emulator has.

mod arguments;
mod emulated;
mod removal;
mod roles;
mod states;

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::{at, printed, programs};

const ACCOUNT: &str = "111122223333";
const STACK_ID: &str = "arn:aws:cloudformation:eu-west-1:111122223333:stack/orgscan/1";
const CHANGE_SET: &str = "arn:aws:cloudformation:eu-west-1:111122223333:changeSet/orgscan/2";
const NO_STACK: &str = "An error occurred (ValidationError) when calling the DescribeStacks operation: Stack with id orgscan does not exist";

/// A folder with an AWS CLI of its own, and what it answers.
pub(super) struct FakeCli {
    folder: TempDir,
    answers: Map<String, Value>,
}

/// What a script did.
pub(super) struct ScriptResult {
    pub(super) code: Option<i32>,
    stdout: String,
    pub(super) stderr: String,
    /// The arguments of each call of the AWS CLI.
    calls: Vec<Vec<String>>,
}

impl FakeCli {
    /// No stack yet, in an organization whose management account this is.
    pub(super) fn new() -> Self {
        let folder = TempDir::with_prefix("orgscan-it-").unwrap();
        let programs = folder.path().join("bin");
        std::fs::create_dir(&programs).unwrap();
        let fake = at("tests/templates/fake_aws.py");
        let python = super::programs().join("python");
        let aws = format!("#!/bin/sh\nexec {python:?} {fake:?} \"$@\"\n");
        let organization = json!({"Id": "o-a1b2c3d4e5", "MasterAccountId": ACCOUNT});
        let no_role = "An error occurred (NoSuchEntity) when calling the GetRole operation: The role cannot be found.";
        let mut fake = Self {
            folder,
            answers: Map::new(),
        };
        fake.program("aws", &aws);
        fake.program("sleep", "#!/bin/sh\n");
        fake.returns("sts get-caller-identity", json!({"Account": ACCOUNT}));
        fake.returns(
            "organizations describe-organization",
            json!({"Organization": organization}),
        );
        fake.returns(
            "organizations list-roots",
            json!({"Roots": [{"Id": "r-a1b2"}]}),
        );
        fake.fails("iam get-role", no_role);
        fake.fails("cloudformation describe-stacks", NO_STACK);
        fake.returns(
            "cloudformation list-stack-instances",
            json!({"Summaries": []}),
        );
        fake.returns("s3api head-bucket", json!({}));
        fake.returns("s3 cp", json!({}));
        let created = format!(
            "\nWaiting for changeset to be created..\nChangeset created successfully. To review the changes run:\naws cloudformation describe-change-set --change-set-name {CHANGE_SET}"
        );
        fake.answers.insert(
            "cloudformation deploy".to_owned(),
            json!([{"text": created}]),
        );
        fake.returns("cloudformation execute-change-set", json!({}));
        fake.returns("cloudformation delete-stack", json!({}));
        fake
    }

    /// A program that the scripts find.
    fn program(&self, name: &str, text: &str) {
        let program = self.folder.path().join("bin").join(name);
        std::fs::write(&program, text).unwrap();
        std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    }

    /// A stack that was deployed with `MemberRoleDeployment=stackset` to one OU, in these states one after the other.
    pub(super) fn in_states(states: &[&str]) -> Self {
        let mut fake = Self::new();
        fake.states(states, &[]);
        fake
    }

    /// The same with parameters of its own.
    fn states(&mut self, states: &[&str], parameters: &[(&str, &str)]) {
        let stacks = states
            .iter()
            .map(|state| json!({"json": stack(state, parameters)}));
        let stacks = stacks.collect();
        self.answers
            .insert("cloudformation describe-stacks".to_owned(), stacks);
    }

    fn returns(&mut self, operation: &str, answer: Value) {
        self.answers
            .insert(operation.to_owned(), json!([{"json": answer}]));
    }

    fn fails(&mut self, operation: &str, error: &str) {
        self.answers
            .insert(operation.to_owned(), json!([{"error": error}]));
    }

    /// Code for an architecture.
    pub(super) fn zip(&self, machine: &str) -> PathBuf {
        let zip = self.folder.path().join(format!("{machine}.zip"));
        let mut python = Command::new(programs().join("python"));
        python.arg(at("tests/templates/code_zip.py")).arg(&zip);
        printed(python.args([machine, "1"]));
        zip
    }

    /// S3 has this code under every key.
    pub(super) fn has_code(&mut self, machine: &str) {
        let zip = self.zip(machine);
        let answer = json!([{"json": {}, "file": zip}]);
        self.answers.insert("s3api get-object".to_owned(), answer);
    }

    pub(super) fn run(&self, script: &str, args: &[&str]) -> ScriptResult {
        let folder = self.folder.path();
        let answers = Value::Object(self.answers.clone()).to_string();
        std::fs::write(folder.join("answers.json"), answers).unwrap();
        let calls = folder.join("calls.jsonl");
        std::fs::write(&calls, "").unwrap();
        let path = [folder.join("bin"), "/usr/bin".into(), "/bin".into()];
        let mut command = Command::new(at("infra").join(script));
        command
            .env_clear()
            .env("PATH", std::env::join_paths(path).unwrap())
            .env("HOME", folder)
            .env("FAKE_AWS", folder)
            .args(["--region", "eu-west-1"])
            .args(args);
        ScriptResult::of(&command.output().unwrap(), &calls)
    }

    /// `deploy.sh` with code for x86_64.
    fn deploy(&self, args: &[&str]) -> ScriptResult {
        let zip = self.zip("x86_64");
        let zip = zip.to_str().unwrap();
        self.run("deploy.sh", &[&["--zip", zip], args].concat())
    }
}

impl ScriptResult {
    fn of(output: &Output, calls: &std::path::Path) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let calls = std::fs::read_to_string(calls).unwrap_or_default();
        let calls = calls
            .lines()
            .map(|line| serde_json::from_str(line).unwrap());
        Self {
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
            calls: calls.collect(),
        }
    }

    /// Whether an operation was called.
    fn called(&self, operation: &str) -> bool {
        self.arguments(operation).is_some()
    }

    /// The arguments of the first call of an operation, as one text.
    fn arguments(&self, operation: &str) -> Option<String> {
        let mut calls = self.calls.iter().map(|call| call.join(" "));
        calls.find(|call| call.contains(operation))
    }

    /// Nothing was written, and the message has this.
    fn refused(&self, with: &str) {
        assert_eq!(self.code, Some(2), "{self}");
        assert!(self.stderr.contains(with), "no {with:?} in\n{self}");
        for operation in [
            "cloudformation deploy",
            "delete-stack",
            "execute-change-set",
            "s3 cp",
            "s3 mb",
        ] {
            assert!(!self.called(operation), "{operation} in\n{self}");
        }
    }
}

impl std::fmt::Display for ScriptResult {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut calls = String::new();
        for call in &self.calls {
            writeln!(calls, "{}", call.join(" "))?;
        }
        let Self {
            code,
            stdout,
            stderr,
            ..
        } = self;
        write!(formatter, "{code:?}\n{stdout}{stderr}{calls}")
    }
}

/// What DescribeStacks returns for a stack.
fn stack(state: &str, parameters: &[(&str, &str)]) -> Value {
    let mut all = vec![
        ("CallAs", "SELF"),
        ("Architecture", "x86_64"),
        ("CodeKey", "orgscan/1.zip"),
        ("CentralRoleName", "OrgScanCentral"),
        ("MemberRoleDeployment", "stackset"),
        ("MemberRoleExcludeAccounts", ""),
        ("MemberRoleName", "OrgScanMember"),
        ("MemberRolePath", "/"),
        ("TargetOrganizationalUnits", "ou-a1b2-11111111"),
    ];
    all.retain(|(name, _)| !parameters.iter().any(|(other, _)| name == other));
    all.extend(parameters);
    let pairs = |key: &str, value: &str, all: &[(&str, &str)]| -> Value {
        all.iter()
            .map(|(name, text)| json!({key: name, value: text}))
            .collect()
    };
    let outputs = [
        ("ReportBucketName", "reports"),
        ("KeyArn", "arn:aws:kms:eu-west-1:111122223333:key/1"),
    ];
    json!({"Stacks": [{
        "StackName": "orgscan",
        "StackId": STACK_ID,
        "StackStatus": state,
        "Parameters": pairs("ParameterKey", "ParameterValue", &all),
        "Outputs": pairs("OutputKey", "OutputValue", &outputs),
        "Tags": pairs("Key", "Value", &[("application", "orgscan"), ("team", "red and blue")]),
    }]})
}
