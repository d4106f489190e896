//! The replay as other clients see it: boto3 for every recorded operation, and the AWS CLI.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use orgscan_sim::{Recording, ServiceBehavior, Settings};
use serde::Deserialize;
use serde_json::Value;

use crate::judged::emulator::scripts;
use crate::judged::installed;
use crate::run::point_at;
use crate::simulated::SimulatedOrganization;

fn simulated() -> SimulatedOrganization {
    SimulatedOrganization::start(Settings {
        behavior: ServiceBehavior::none(),
        accounts: Some(16),
        ..Settings::default()
    })
}

/// What the script found.
#[derive(Deserialize)]
struct ScriptFindings {
    asked: BTreeMap<String, u64>,
    wrong: Vec<String>,
}

#[test]
fn boto3_gets_every_recorded_answer_in_pages_of_any_size() {
    let simulated = simulated();
    let url = simulated.replay.url.replace("127.0.0.1", "localhost");
    let mut command = Command::new(installed::python("emulator"));
    point_at(&mut command, &url, &simulated.folder());
    command.env_remove("AWS_ENDPOINT_URL");
    command
        .arg(scripts().join("replayed.py"))
        .args([&url, "OrgScanMember"]);
    let mut process = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let recording = Recording::embedded().unwrap();
    let mut lines = Vec::new();
    for exchange in &recording.exchanges {
        serde_json::to_writer(&mut lines, exchange).unwrap();
        lines.push(b'\n');
    }
    process.stdin.take().unwrap().write_all(&lines).unwrap();
    let output = process.wait_with_output().unwrap();
    let found: ScriptFindings = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found.wrong, [""; 0]);
    // boto3 reads alarms in another protocol.
    let in_its_protocol = recording.exchanges.iter();
    for exchange in in_its_protocol.filter(|one| one.service != "cloudwatch") {
        let name = format!("{}:{}", exchange.service, exchange.operation);
        assert!(found.asked.contains_key(&name), "{name} was not asked");
    }
    assert!(found.asked["s3:another Region"] > 0);
}

#[test]
fn the_aws_cli_gets_lists_with_and_without_pages() {
    let simulated = simulated();
    let cli = installed::python("templates").with_file_name("aws");
    let aws = |args: &[&str]| -> Value {
        let mut command = Command::new(&cli);
        point_at(&mut command, &simulated.replay.url, &simulated.folder());
        // The first version of the AWS CLI does not read AWS_REGION.
        command.env("AWS_DEFAULT_REGION", "us-east-1");
        let output = command
            .args(args)
            .args(["--output", "json"])
            .output()
            .unwrap();
        assert!(output.status.success(), "{args:?}: {output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let lists = [
        (&["organizations", "list-accounts"][..], "Accounts", 16),
        (&["ec2", "describe-volumes"], "Volumes", 0),
        (&["ec2", "describe-instances"], "Reservations", 0),
        (&["ec2", "describe-security-groups"], "SecurityGroups", 1),
        (&["ec2", "describe-regions"], "Regions", 10),
        (&["s3api", "list-buckets"], "Buckets", 0),
        (&["iam", "list-users"], "Users", 1),
    ];
    for (command, list, least) in lists {
        let whole = aws(command);
        let items = whole[list].as_array().unwrap();
        assert!(items.len() >= least, "{command:?}: {whole}");
        if command[1] != "describe-regions" && command[0] != "s3api" {
            let paged = aws(&[command, &["--page-size", "5"]].concat());
            assert_eq!(paged[list], whole[list], "{command:?}");
        }
    }
}
