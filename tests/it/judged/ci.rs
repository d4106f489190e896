//! The examples of docs/ci, as far as no runner is needed: they fit the published schemas, and their commands
//! run in the order of the file over a replayed organization.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use orgscan_sim::{ServiceBehavior, Settings};
use orgscan_store::integrity::Sha256Sum;
use serde_json::{Value, json};

use crate::exports::counts::assert_sarif;
use crate::judged::installed;
use crate::run::point_at;
use crate::simulated::SimulatedOrganization;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn example(name: &str) -> Value {
    let text = std::fs::read_to_string(root().join("docs/ci").join(name)).unwrap();
    serde_saphyr::from_str(&text).unwrap()
}

/// A build machine's folder, with the archive of a release in it, and the organization that it scans.
struct BuildMachine {
    simulated: SimulatedOrganization,
    folder: PathBuf,
    variables: BTreeMap<String, String>,
}

impl BuildMachine {
    /// `faults` are requests that fail.
    fn start(faults: Value) -> Self {
        installed::program("curl");
        let simulated = SimulatedOrganization::start(Settings {
            behavior: ServiceBehavior::none(),
            accounts: Some(16),
            faults: serde_json::from_value(faults).unwrap(),
            ..Settings::default()
        });
        let folder = simulated.folder();
        let release = folder.join("release/orgscan-0.0.0-x86_64-unknown-linux-gnu");
        std::fs::create_dir_all(&release).unwrap();
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_orgscan"), release.join("orgscan")).unwrap();
        let archive = folder.join("release.tar.gz");
        let mut tar = Command::new("tar");
        tar.arg("--create")
            .arg("--gzip")
            .arg("--file")
            .arg(&archive);
        tar.arg("--directory")
            .arg(release.parent().unwrap())
            .arg(".");
        // As in a release, the archive has one folder.
        tar.args(["--transform", "s,^\\./,,"]);
        assert!(tar.status().unwrap().success());
        let sum = Sha256Sum::of(&std::fs::read(&archive).unwrap()).to_string();
        let work = folder.join("work");
        std::fs::create_dir(&work).unwrap();
        let variables = [
            ("AWS_REGION", "us-east-1".to_owned()),
            ("SCANNER_ARCHIVE", format!("file://{}", archive.display())),
            ("SCANNER_SHA256", sum),
            (
                "SCANNER_ROLE",
                "arn:aws:iam::123456789012:role/ci".to_owned(),
            ),
        ];
        Self {
            simulated,
            folder: work,
            variables: variables
                .map(|(name, value)| (name.to_owned(), value))
                .into(),
        }
    }

    /// bash with the machine's environment, as a runner starts it.
    fn bash(&self, script: &str) -> Command {
        let mut command = Command::new("bash");
        point_at(&mut command, &self.simulated.replay.url, &self.folder);
        command.envs(&self.variables).current_dir(&self.folder);
        command.args([
            "--noprofile",
            "--norc",
            "-e",
            "-o",
            "pipefail",
            "-c",
            script,
        ]);
        command
    }

    fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.join(name)).unwrap()
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.file(name)).unwrap()
    }
}

/// What came of a workflow: its last code, whether findings were uploaded, and the steps' outputs.
#[derive(Debug)]
struct WorkflowResult {
    code: i32,
    uploads: bool,
    steps: usize,
}

/// Runs the steps of the GitHub example. Those of other publishers are left out; whether their condition
/// holds is worked out as far as the example has conditions.
fn github(machine: &BuildMachine) -> WorkflowResult {
    let workflow = example("github-actions.yml");
    let job = &workflow["jobs"]["scan"];
    let output = machine.folder.join("output");
    std::fs::write(&output, "").unwrap();
    let outputs = || {
        machine
            .file("output")
            .trim()
            .trim_start_matches("code=")
            .to_owned()
    };
    let filled = |text: &str| {
        let mut text = text.replace("${{ steps.scan.outputs.code }}", &outputs());
        for (name, value) in &machine.variables {
            text = text.replace(&format!("${{{{ vars.{name} }}}}"), value);
        }
        assert!(!text.contains("${{"), "{text}");
        text
    };
    let environment = |of: &Value| -> Vec<(String, String)> {
        let of = of["env"].as_object().into_iter().flatten();
        of.map(|(name, value)| (name.clone(), filled(value.as_str().unwrap())))
            .collect()
    };
    let mut ended = WorkflowResult {
        code: 0,
        uploads: false,
        steps: 0,
    };
    for step in job["steps"].as_array().unwrap() {
        if let Some(condition) = step["if"].as_str() {
            let code = outputs();
            assert_eq!(
                condition,
                "steps.scan.outputs.code == '0' || steps.scan.outputs.code == '1'"
            );
            ended.uploads = code == "0" || code == "1";
            continue;
        }
        let Some(script) = step["run"].as_str() else {
            continue;
        };
        assert_eq!(step["shell"], "bash");
        let mut command = machine.bash(&filled(script));
        command
            .envs(environment(job))
            .envs(environment(step))
            .env("GITHUB_OUTPUT", &output);
        let output = command.output().unwrap();
        ended.steps += 1;
        ended.code = output.status.code().unwrap();
        if ended.code != 0 {
            assert_eq!(step["name"], "Result", "{output:?}");
        }
    }
    ended
}

#[test]
fn the_github_example_scans_publishes_and_fails_on_what_it_found() {
    let mut machine = BuildMachine::start(json!([]));
    let exceptions = machine.folder.join("exceptions.yaml");
    let suppressed = "exceptions: [{ checks: [s3-account-public-access-block-off], reason: r, owner: o, expires: 9999-12-31 }]";
    std::fs::write(&exceptions, suppressed).unwrap();
    let exceptions = exceptions.to_str().unwrap().to_owned();
    machine
        .variables
        .insert("ORGSCAN_EXCEPTIONS_LOCATION".to_owned(), exceptions);
    machine
        .variables
        .insert("ORGSCAN_REGIONS".to_owned(), "us-east-1".to_owned());
    let ended = github(&machine);
    assert_eq!((ended.code, ended.steps), (1, 4), "{ended:?}");
    assert!(ended.uploads);
    assert!(machine.file("orgscan.html").starts_with("<!DOCTYPE html>"));
    let results = |name: &str| {
        let sarif = machine.json(name);
        assert_sarif(&sarif);
        sarif["runs"][0]["results"].as_array().unwrap().clone()
    };
    let (all, uploaded) = (results("all.sarif"), results("findings.sarif"));
    let is_suppressed = |one: &&Value| !one["suppressions"].is_null();
    let suppressed = all.iter().filter(is_suppressed).count();
    assert!(suppressed > 0 && !uploaded.is_empty());
    assert_eq!(uploaded.iter().filter(is_suppressed).count(), 0);
    assert_eq!(uploaded.len() + suppressed, all.len());
}

#[test]
fn an_incomplete_scan_is_published_and_not_uploaded() {
    let faults = json!([{ "service": "iam", "kind": "denied_by_scp_explicit" }]);
    let mut machine = BuildMachine::start(faults);
    machine
        .variables
        .insert("ORGSCAN_REGIONS".to_owned(), "us-east-1".to_owned());
    let ended = github(&machine);
    assert_eq!((ended.code, ended.uploads), (3, false), "{ended:?}");
    let sarif = machine.json("findings.sarif");
    assert_eq!(
        sarif["runs"][0]["invocations"][0]["executionSuccessful"],
        false
    );
    assert!(machine.file("orgscan.html").starts_with("<!DOCTYPE html>"));
}

#[test]
fn the_gitlab_example_scans_publishes_and_fails_on_what_it_found() {
    let mut machine = BuildMachine::start(json!([]));
    machine
        .variables
        .insert("ORGSCAN_REGIONS".to_owned(), "us-east-1".to_owned());
    let job = example("gitlab-ci.yml")["orgscan"].clone();
    let lines = |of: &str| {
        let lines = job[of].as_array().unwrap().iter();
        lines
            .map(|line| line.as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    // GitLab runs both in one shell.
    let script = [lines("before_script"), lines("script")]
        .concat()
        .join("\n");
    let token = machine.folder.join("token");
    let mut command = machine.bash(&script);
    command
        .env("SCANNER_TOKEN", "a.b.c")
        .env("AWS_WEB_IDENTITY_TOKEN_FILE", &token);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(std::fs::read_to_string(&token).unwrap(), "a.b.c");
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&token).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    for artifact in job["artifacts"]["paths"].as_array().unwrap() {
        assert!(
            machine
                .file(artifact.as_str().unwrap())
                .starts_with("<!DOCTYPE html>")
        );
    }
    let junit = machine.file(job["artifacts"]["reports"]["junit"].as_str().unwrap());
    let document = roxmltree::Document::parse(&junit).unwrap();
    assert_ne!(document.root_element().attribute("failures"), Some("0"));
}

fn check(arguments: &[&str]) -> Output {
    let mut command = Command::new(installed::python("ci"));
    command.args(["-m", "check_jsonschema"]).args(arguments);
    command.output().unwrap()
}

#[test]
fn the_examples_fit_the_published_schemas() {
    let folder = tempfile::tempdir().unwrap();
    for (name, schema, good, bad) in [
        (
            "github-actions.yml",
            "vendor.github-workflows",
            "runs-on:",
            "runs-no:",
        ),
        (
            "gitlab-ci.yml",
            "vendor.gitlab-ci",
            "stage: test",
            "stage: [test, 1]",
        ),
    ] {
        let path = root().join("docs/ci").join(name);
        let more: &[&str] = match schema {
            "vendor.gitlab-ci" => &["--data-transform", "gitlab-ci"],
            _ => &[],
        };
        let checked = |path: &Path| {
            let path = path.to_str().unwrap();
            check(&[&["--builtin-schema", schema][..], more, &[path]].concat())
        };
        let output = checked(&path);
        assert!(output.status.success(), "{name}: {output:?}");
        // It has to be one that can say no.
        let text = std::fs::read_to_string(&path).unwrap();
        let wrong = folder.path().join(name);
        std::fs::write(&wrong, text.replace(good, bad)).unwrap();
        assert!(!checked(&wrong).status.success(), "{name}");
    }
}

#[test]
fn actions_are_pinned_and_permissions_are_few() {
    let workflow = example("github-actions.yml");
    assert_eq!(workflow["permissions"], json!({}));
    let job = &workflow["jobs"]["scan"];
    let written = job["permissions"].as_object().unwrap().iter();
    let written: Vec<_> = written
        .filter(|(_, level)| *level == "write")
        .map(|(name, _)| name)
        .collect();
    assert_eq!(written, ["id-token", "security-events"]);
    let steps = job["steps"].as_array().unwrap().iter();
    let uses: Vec<_> = steps.filter_map(|step| step["uses"].as_str()).collect();
    assert_eq!(uses.len(), 3);
    for action in uses {
        let (_, commit) = action.split_once('@').unwrap();
        assert!(
            commit.len() == 40 && commit.bytes().all(|b| b.is_ascii_hexdigit()),
            "{action}"
        );
    }
}
