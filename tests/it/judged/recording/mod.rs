//! The recording of the emulated organization (`src/sim/organization.jsonl.gz`): made here, and
//! held against what the emulator answers today.
//!
//! `proxy` stands between orgscan and the emulator, `tape` takes down what passes, `clean` takes out
//! what differs in every run and what nobody may keep.

mod clean;
mod proxy;
mod settle;
mod tape;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::{Arc, Mutex};

use orgscan_core::services::CHECKS;
use orgscan_sim::recording::{Exchange, FORMAT, Header, Recording};

use crate::judged::World;
use crate::judged::emulator::scripts;
use crate::run::runtime;
use tape::{Key, Tape, key, named};

/// Set to anything, it has the recording written.
const RECORD: &str = "ORGSCAN_RECORD";

/// Makes the recording.
const COMMAND: &str = "ORGSCAN_RECORD=1 cargo test --features judges --test it recording";

/// As the recording has it, which stays the same as long as what is recorded does.
const GENERATED_BY: &str = "ORGSCAN_RECORD=1 cargo test --test it recording";

/// Where the recording is, in the source tree.
const FILE: &str = "src/sim/organization.jsonl.gz";

/// A filter that names tags, so that they are asked for, and leaves out no account; and all checks, opt-in
/// checks included.
fn config() -> String {
    let checks: Vec<_> = CHECKS.iter().map(|check| check.id).collect();
    format!(
        "accounts: {{ exclude: {{ tags: {{ environment: no-such-environment }} }} }}\n\
         checks: {{ include: [{}] }}\n",
        checks.join(", ")
    )
}

/// What the second scan is denied, so that the requests are recorded that are made instead: those
/// for each user, for each of AWS's policies, for each bucket, and in every Region.
const REFUSED: &[&str] = &[
    "iam:GenerateCredentialReport",
    "iam:GetAccountAuthorizationDetails",
    "s3control:GetPublicAccessBlock",
    "ec2:DescribeRegions",
    "account:ListRegions",
];

/// Differences that a failure shows.
const SHOWN: usize = 10;

#[test]
fn the_recording_is_what_the_emulator_answers() {
    let now = record();
    if std::env::var_os(RECORD).is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
        now.write(File::create(path).unwrap()).unwrap();
        return;
    }
    let kept = Recording::embedded().unwrap();
    let differences = differences(&kept.exchanges, &now.exchanges);
    assert!(
        differences.is_empty(),
        "{FILE} is not what the emulator answers; `{COMMAND}` makes it again. {} differences:\n{}",
        differences.len(),
        differences[..differences.len().min(SHOWN)].join("\n")
    );
    assert_eq!(kept.header, now.header, "`{COMMAND}` makes it again");
}

/// Records two scans of a fresh organization: an ordinary one, and one that is denied a few things.
fn record() -> Recording {
    let world = World::start(&[]);
    let inventory = &world.emulator.inventory;
    runtime().block_on(settle::settle(&world.emulator));
    let tape = Tape::new(inventory.management_account.to_string());
    let tape = Arc::new(Mutex::new(tape));
    // Side by side, since each of them waits a good part of its time.
    std::thread::scope(|scope| {
        scope.spawn(|| scan(&world, &[], &tape));
        scope.spawn(|| scan(&world, REFUSED, &tape));
    });
    let exchanges = tape.lock().unwrap().exchanges();
    let header = Header {
        format: FORMAT,
        made_by: GENERATED_BY.to_owned(),
        emulator: emulator(),
        management_account: inventory.management_account.clone(),
        inventory: serde_json::from_str(&world.inventory()).unwrap(),
    };
    Recording::new(header, exchanges)
}

/// One scan of all Regions.
fn scan(world: &World, refused: &'static [&'static str], tape: &Arc<Mutex<Tape>>) {
    let proxy = runtime().block_on(proxy::start(&world.emulator.url, refused, tape));
    let config = world.folder().join("recording.yaml");
    std::fs::write(&config, self::config()).unwrap();
    let folder = tempfile::TempDir::new_in(world.folder()).unwrap();
    // The run's id is in the sessions' names, and so in what is answered.
    let mut command = world.orgscan(&["scan", "--run-id", "recording"]);
    // Opt-in checks included.
    for check in orgscan_core::services::CHECKS {
        command.args(["--check", check.id]);
    }
    command.arg("--config").arg(&config);
    command.arg("--report").arg(folder.path());
    command.env("AWS_ENDPOINT_URL", &proxy.url);
    let output = command.output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        output.status.code(),
        Some(3),
        "incomplete as always: {message}"
    );
}

/// Whose answers these are, from the pinned packages: `moto 5.2.5`.
fn emulator() -> String {
    let pinned = std::fs::read_to_string(scripts().join("requirements.in")).unwrap();
    let version = pinned
        .lines()
        .find_map(|line| line.strip_prefix("moto[server]=="));
    format!("moto {}", version.unwrap())
}

/// What is in one of two recordings and not in the other, in words.
fn differences(kept: &[Exchange], now: &[Exchange]) -> Vec<String> {
    let by_key = |exchanges: &[Exchange]| -> BTreeMap<Key, Exchange> {
        let exchanges = exchanges.iter().cloned();
        exchanges.map(|one| (key(&one), one)).collect()
    };
    let (kept, now) = (by_key(kept), by_key(now));
    let not_recorded = now.keys().filter(|key| !kept.contains_key(key));
    let not_recorded = not_recorded.map(|key| format!("asked, but not recorded: {}", named(key)));
    let not_asked = kept.keys().filter(|key| !now.contains_key(key));
    let not_asked = not_asked.map(|key| format!("recorded, but not asked: {}", named(key)));
    let otherwise = now.iter().filter_map(|(key, now)| {
        let kept = kept.get(key).filter(|kept| *kept != now)?;
        let (kept, now) = first_difference(&answer(kept), &answer(now));
        let what = named(key);
        Some(format!("answered otherwise: {what}\n  {kept}\n  {now}"))
    });
    not_recorded.chain(not_asked).chain(otherwise).collect()
}

fn answer(exchange: &Exchange) -> String {
    let Exchange {
        status,
        content_type,
        body,
        ..
    } = exchange;
    format!("{status} {content_type} {body}")
}

/// Where two texts begin to differ, with a little of what is around it.
fn first_difference(one: &str, other: &str) -> (String, String) {
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b);
    let from = same.count().saturating_sub(40);
    let part = |text: &str| text.chars().skip(from).take(120).collect();
    (part(one), part(other))
}

#[test]
fn differences_are_named_by_request_and_position() {
    let exchange = |region: &str, body: &str| Exchange {
        account: "111122223333".to_owned(),
        region: region.to_owned(),
        service: "ec2".to_owned(),
        operation: "DescribeVolumes".to_owned(),
        parameters: BTreeMap::new(),
        status: 200,
        content_type: "text/xml".to_owned(),
        body: body.to_owned(),
    };
    let kept = [
        exchange("eu-west-1", "<old/>"),
        exchange("eu-west-2", "<a/>"),
    ];
    let now = [
        exchange("eu-west-1", "<new/>"),
        exchange("eu-west-3", "<a/>"),
    ];
    assert!(differences(&kept, &kept).is_empty());
    let found = differences(&kept, &now);
    assert_eq!(
        found[..2],
        [
            "asked, but not recorded: ec2:DescribeVolumes of 111122223333 in eu-west-3 {}",
            "recorded, but not asked: ec2:DescribeVolumes of 111122223333 in eu-west-2 {}",
        ]
    );
    assert!(found[2].contains("in eu-west-1"), "{}", found[2]);
    assert!(
        found[2].ends_with("<old/>\n  200 text/xml <new/>"),
        "{}",
        found[2]
    );
}
