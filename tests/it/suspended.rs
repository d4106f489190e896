//! A process that is suspended while it publishes, while another takes over the run, publishes nothing when it
//! goes on, and says why.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use orgscan_sim::{Latency, ServiceBehavior, Settings};

use crate::bucket::Bucket;
use crate::run::Run;
use crate::simulated::SimulatedOrganization;

const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:security";

/// An organization that takes its time to answer, so that a process is met at its work.
fn simulated() -> SimulatedOrganization {
    let latency = Latency {
        median: Duration::from_millis(60),
        p99: Duration::from_millis(80),
    };
    SimulatedOrganization::start(Settings {
        behavior: ServiceBehavior {
            latency: Some(latency),
            ..ServiceBehavior::none()
        },
        log: true,
        ..Settings::default()
    })
}

fn command(simulated: &SimulatedOrganization, location: &[&str]) -> Command {
    let account = simulated.id("security-audit").to_string();
    let mut command = simulated.orgscan(&["scan", "--account", &account, "--region", "us-east-1"]);
    command.args([
        "--run-id",
        "nightly",
        "--alert-topic-arn",
        TOPIC,
        "--metrics",
    ]);
    command.args(location);
    command
}

fn signal(process: &Child, name: &str) {
    let id = process.id().to_string();
    let sent = Command::new("kill").args([name, &id]).status().unwrap();
    assert!(sent.success());
}

/// Suspends a process as soon as something has come.
fn suspended_when(
    simulated: &SimulatedOrganization,
    location: &[&str],
    come: impl Fn() -> bool,
) -> Child {
    let mut command = command(simulated, location);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    while !come() {
        assert!(
            process.try_wait().unwrap().is_none(),
            "it has come to its end"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
    signal(&process, "-STOP");
    process
}

/// What the process says when it goes on.
fn resumed(process: Child) -> (Option<i32>, String) {
    signal(&process, "-CONT");
    let output = process.wait_with_output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), message)
}

/// For every moment of the upload and after it: what another process has published stands.
#[test]
fn a_process_that_is_suspended_during_the_upload_publishes_nothing_more() {
    let reports = |simulated: &SimulatedOrganization, part: &str| {
        let objects = simulated.replay.writes().objects;
        objects.iter().filter(|key| key.contains(part)).count()
    };
    // After the first file, in the middle of them, and when all are there.
    let moments: [(&str, usize); 4] = [
        ("/daily/", 1),
        ("/daily/", 6),
        ("/state/head.json", 1),
        ("/accounts/", 3),
    ];
    for (part, number) in moments {
        let simulated = simulated();
        let location = ["--report", "s3://reports/audit"];
        let process = suspended_when(&simulated, &location, || {
            reports(&simulated, part) >= number
        });
        let bucket = Bucket::at(&simulated.replay.url, "reports");
        // As after its end, without the wait for it.
        bucket.put("audit/runs/nightly/lease.json", "{}".into());
        let second = command(&simulated, &location);
        let second = Run::of(second, simulated.folder());
        assert_eq!(second.code(), 0, "{}", second.stderr);
        let lease = "runs/nightly/lease.json";
        let published = || {
            let mut all = bucket.below("audit/");
            all.remove(lease);
            let writes = simulated.replay.writes();
            (all, writes.messages.len(), writes.metrics.len())
        };
        let before = published();
        assert_eq!(before.1, 1, "one message");

        let (code, message) = resumed(process);
        assert_eq!(code, Some(2), "{part} {number}: {message}");
        assert!(message.contains("the lease on the run"), "{message}");
        assert!(message.contains("was lost"), "{message}");
        let after = published();
        let changed = |(key, text): &(&String, &String)| before.0.get(*key) != Some(*text);
        let changed: Vec<_> = after.0.iter().filter(changed).map(|(key, _)| key).collect();
        assert_eq!(changed, Vec::<&String>::new(), "{part} {number}");
        assert_eq!((before.1, before.2), (after.1, after.2), "{part} {number}");
        let verify = simulated.orgscan(&["verify", "s3://reports/audit"]);
        let verify = Run::of(verify, simulated.folder());
        assert_eq!(verify.code(), 0, "{}{}", verify.stdout, verify.stderr);
    }
}

/// A folder's lock stays with a suspended process, so nobody takes over. Where somebody removes it, the
/// process finds out.
#[test]
fn a_process_whose_lock_was_removed_publishes_nothing_more() {
    let simulated = simulated();
    let folder = simulated.folder();
    let location = ["--report", folder.to_str().unwrap()];
    let accounts = folder.join("runs/nightly/accounts");
    let some = || std::fs::read_dir(&accounts).is_ok_and(|entries| entries.count() > 0);
    let process = suspended_when(&simulated, &location, some);
    let second = Run::of(command(&simulated, &location), folder.clone());
    assert_eq!(second.code(), 2, "{}", second.stderr);
    assert!(
        second.stderr.contains("another process works on the run"),
        "{}",
        second.stderr
    );
    std::fs::remove_file(folder.join("runs/nightly/lock")).unwrap();
    let second = Run::of(command(&simulated, &location), folder.clone());
    assert_eq!(second.code(), 0, "{}", second.stderr);
    let messages = simulated.replay.writes().messages.len();
    let (code, message) = resumed(process);
    assert_eq!(code, Some(2), "{message}");
    assert!(
        message.contains("its lock file was removed or replaced"),
        "{message}"
    );
    assert_eq!(simulated.replay.writes().messages.len(), messages);
    let mut verify = simulated.orgscan(&["verify"]);
    verify.arg(&folder);
    let verify = Run::of(verify, folder);
    assert_eq!(verify.code(), 0, "{}{}", verify.stdout, verify.stderr);
}
