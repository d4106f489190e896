//! Kills while the results are published: files are written or sent, the manifest is signed, and what was
//! sent is not written down yet.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use orgscan_sim::{ServiceBehavior, Settings};
use serde_json::{Value, json};

use super::watch::{Changes, copy, files};
use crate::bucket::{Bucket, file};
use crate::run::{Run, find, without_dates};
use crate::simulated::SimulatedOrganization;

/// How long a process may take.
const PATIENCE: Duration = Duration::from_secs(600);

const TOPIC: &str = "arn:aws:sns:us-east-1:111122223333:alerts";

/// What a process is killed at.
#[derive(Clone, Copy, Debug)]
enum Aim {
    /// So many changes of files and objects.
    Changes(usize),
    /// The first metrics, before it is written down that they were sent.
    Metrics,
    /// The message, alike.
    Message,
}

/// Where the reports of a round go.
enum ReportTarget {
    Folder(PathBuf),
    /// Below this prefix of the bucket `reports`.
    S3(String),
}

impl ReportTarget {
    fn folder(&self) -> Option<&Path> {
        match self {
            Self::Folder(folder) => Some(folder),
            Self::S3(_) => None,
        }
    }
}

/// An organization with a run that has ended, and one that is scanned and not published.
struct PublishStage {
    simulated: SimulatedOrganization,
    bucket: Bucket,
    config: PathBuf,
    template: PathBuf,
    /// The report of an undisturbed run: files without times, and the text of the alert.
    expected: BTreeMap<&'static str, String>,
}

/// What was sent so far: metrics and messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct SentOutput {
    metrics: u64,
    messages: u64,
}

impl PublishStage {
    fn set() -> Self {
        let simulated = SimulatedOrganization::start(Settings {
            behavior: ServiceBehavior::none(),
            ..Settings::default()
        });
        let config = simulated.folder().join("orgscan.yaml");
        let destinations = json!({ "destinations": {
            "metrics": {},
            "alert": { "topic_arn": TOPIC, "send": "always" },
            "report": { "location": "elsewhere", "per_account": true, "tables": true }
        }});
        fs::write(&config, destinations.to_string()).unwrap();
        let template = simulated.folder();
        let bucket = Bucket::at(&simulated.replay.url, "reports");
        let mut stage = Self {
            simulated,
            bucket,
            config,
            template,
            expected: BTreeMap::new(),
        };
        stage.prepare();
        stage
    }

    /// Two runs as they are when the second one has scanned everything and published nothing.
    fn prepare(&mut self) {
        let root = ReportTarget::Folder(self.template.clone());
        let first = Run::of(self.scan(&root, "first"), self.template.clone());
        assert!(first.code() < 2, "{}{}", first.stdout, first.stderr);
        let whole = self.simulated.folder();
        copy(&self.template, &whole);
        let second = ReportTarget::Folder(whole.clone());
        let second = Run::of(self.scan(&second, "nightly"), whole.clone());
        assert!(second.code() < 2, "{}{}", second.stdout, second.stderr);
        let report = find_run(&whole, "nightly");
        self.expected = timeless(|name| fs::read_to_string(report.join(name)).unwrap());
        let run = self.template.join("runs/nightly");
        fs::create_dir_all(&run).unwrap();
        copy(&whole.join("runs/nightly/accounts"), &run.join("accounts"));
        let mut record = record_in(&whole).unwrap();
        record.as_object_mut().unwrap().remove("conclusion");
        fs::write(run.join("run.json"), record.to_string()).unwrap();
    }

    fn scan(&self, target: &ReportTarget, run: &str) -> Command {
        let accounts = ["security-audit", "analytics", "platform-ci", "storefront"];
        let mut command = self.simulated.orgscan(&["scan", "--region", "us-east-1"]);
        let known = accounts
            .iter()
            .filter(|name| self.simulated.inventory.accounts.contains_key(**name));
        for name in known {
            command.args(["--account", self.simulated.id(name).as_str()]);
        }
        command
            .arg("--config")
            .arg(&self.config)
            .args(["--run-id", run]);
        match target {
            ReportTarget::Folder(folder) => command.arg("--report").arg(folder),
            ReportTarget::S3(prefix) => command
                .arg("--report")
                .arg(format!("s3://reports/{prefix}")),
        };
        command
    }

    /// A place in which the second run is scanned and not published.
    fn target(&self, number: usize, in_s3: bool) -> ReportTarget {
        if !in_s3 {
            let folder = self.simulated.folder();
            copy(&self.template, &folder);
            return ReportTarget::Folder(folder);
        }
        let prefix = format!("round-{number}");
        for path in files(&self.template) {
            let name = path.strip_prefix(&self.template).unwrap().to_str().unwrap();
            if !name.starts_with("runs/first") {
                self.bucket
                    .put_bytes(&format!("{prefix}/{name}"), fs::read(&path).unwrap());
            }
        }
        ReportTarget::S3(prefix)
    }

    fn sent(&self) -> SentOutput {
        let apis = self.simulated.replay.counts().apis;
        let count = |api: &str| apis.get(api).map_or(0, |counts| counts.requests);
        SentOutput {
            metrics: count("cloudwatch:PutMetricData"),
            messages: count("sns:Publish"),
        }
    }

    fn objects_put(&self) -> usize {
        let apis = self.simulated.replay.counts().apis;
        let put = apis.get("s3:PutObject").map_or(0, |counts| counts.requests);
        usize::try_from(put).unwrap()
    }

    /// What is written down of the second run.
    fn record(&self, target: &ReportTarget) -> Value {
        match target {
            ReportTarget::Folder(folder) => record_in(folder).unwrap(),
            ReportTarget::S3(prefix) => {
                let found = self
                    .bucket
                    .below(&format!("{prefix}/runs/nightly/run.json"));
                serde_json::from_str(&found[""]).unwrap()
            }
        }
    }

    /// Does what time does to the lease of a process that was killed.
    fn end_lease(&self, target: &ReportTarget) {
        let ReportTarget::S3(prefix) = target else {
            return;
        };
        let key = format!("{prefix}/runs/nightly/lease.json");
        if let Some(lease) = self.bucket.below(&key).get("") {
            let mut lease: Value = serde_json::from_str(lease).unwrap();
            lease["until"] = json!("2020-01-01T00:00:00Z");
            self.bucket.put(&key, lease.to_string());
        }
    }

    /// Starts the run and kills it at its aim. Whether it had to be killed.
    fn kill_at(&self, target: &ReportTarget, aim: Aim, delay: Duration) -> bool {
        let (sent, put) = (self.sent(), self.objects_put());
        let mut process = self.scan(target, "nightly");
        let mut process = process
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut changes = Changes::below(target.folder());
        let until = Instant::now() + PATIENCE;
        loop {
            let is_there = match aim {
                Aim::Changes(wanted) => changes.count() + self.objects_put() - put >= wanted,
                Aim::Metrics => self.sent().metrics > sent.metrics,
                Aim::Message => self.sent().messages > sent.messages,
            };
            if is_there {
                std::thread::sleep(delay);
                return kill(process);
            }
            if process.try_wait().unwrap().is_some() {
                return false;
            }
            assert!(Instant::now() < until, "the run does not come to its end");
            std::thread::sleep(Duration::from_micros(200));
        }
    }

    /// One kill at the aim, with the run continued to its end. What it was killed at, if it was.
    fn round(&self, number: usize, in_s3: bool, aim: Aim, delay: Duration) -> Option<&'static str> {
        let target = self.target(number, in_s3);
        let before = self.sent();
        let killed = self.kill_at(&target, aim, delay);
        let then = self.sent();
        self.end_lease(&target);
        let written = written_down(&self.record(&target));
        let run = Run::of(self.scan(&target, "nightly"), PathBuf::new());
        assert!(
            run.code() < 2,
            "round {number}: {}{}",
            run.stdout,
            run.stderr
        );
        let after = self.sent();
        // What was written down as sent is not sent again. What was sent and not written down may be.
        for (name, [before, then, after]) in [
            ("metrics", [before.metrics, then.metrics, after.metrics]),
            ("alert", [before.messages, then.messages, after.messages]),
        ] {
            let again = after - then;
            match written.contains(&name.to_owned()) {
                true => assert_eq!(again, 0, "round {number}: {name} once more"),
                false => assert!(again > 0, "round {number}: {name} not tried again"),
            }
            assert!(
                then - before <= again.max(then - before) && after > before,
                "{name}"
            );
        }
        assert!(after.messages - before.messages <= 2, "round {number}");
        self.assert_whole(number, &target);
        if !killed {
            return None;
        }
        Some(match (then == before, written.is_empty()) {
            (true, true) => "before anything was sent",
            (false, true) => "between sending and writing down",
            (_, false) => "after it was written down",
        })
    }

    /// That the report is the one of an undisturbed run, and that all is verified.
    fn assert_whole(&self, number: usize, target: &ReportTarget) {
        let (location, report) = match target {
            ReportTarget::Folder(folder) => {
                let report = find_run(folder, "nightly");
                let read = |name: &str| fs::read_to_string(report.join(name)).unwrap();
                (folder.display().to_string(), timeless(read))
            }
            ReportTarget::S3(prefix) => {
                let objects = self.bucket.below(&format!("{prefix}/daily/"));
                let of_run = |(key, _): &(&String, &String)| key.contains("/nightly/");
                let own = objects.iter().filter(of_run);
                let own: BTreeMap<_, _> = own.map(|(k, v)| (k.clone(), v.clone())).collect();
                let read = |name: &str| file(&own, &format!("/{name}")).to_owned();
                (format!("s3://reports/{prefix}"), timeless(read))
            }
        };
        assert_eq!(report, self.expected, "round {number}");
        let verify = self.simulated.orgscan(&["verify", &location]);
        let verified = Run::of(verify, PathBuf::new());
        let message = format!("{}{}", verified.stdout, verified.stderr);
        assert_eq!(verified.code(), 0, "round {number}: {message}");
        if let ReportTarget::Folder(folder) = target {
            for below in ["daily", "runs", "state"] {
                let left = files(&folder.join(below));
                let left = left
                    .iter()
                    .find(|path| path.to_str().unwrap().contains("/.orgscan-"));
                assert_eq!(left, None, "round {number}");
            }
        }
    }
}

/// Kills so many processes that publish, and continues each run to its end.
#[expect(clippy::print_stdout, reason = "it tells what the kills met")]
pub(super) fn kill_publishing(kills: usize, seed: u64) {
    let stage = PublishStage::set();
    let mut random = fastrand::Rng::with_seed(seed);
    let mut met: BTreeMap<&str, usize> = BTreeMap::new();
    let mut number = 0;
    while met.values().sum::<usize>() < kills {
        number += 1;
        assert!(
            number < 20 * (kills + 10),
            "processes end before they can be killed"
        );
        let in_s3 = random.u8(..3) == 0;
        let most = if in_s3 { 40 } else { 120 };
        let aim = match random.u8(..6) {
            0 => Aim::Metrics,
            1 => Aim::Message,
            _ => Aim::Changes(random.usize(1..most)),
        };
        let delay = Duration::from_micros(random.u64(..4_000)) * u32::from(random.bool());
        if let Some(at) = stage.round(number, in_s3, aim, delay) {
            *met.entry(at).or_default() += 1;
        }
    }
    println!("seed {seed}: {kills} processes killed in {number} rounds: {met:?}");
}

/// Whether the process had to be killed.
fn kill(mut process: Child) -> bool {
    let over = process.try_wait().unwrap().is_some();
    process.kill().unwrap();
    process.wait().unwrap();
    !over
}

/// The destinations that are written down as delivered.
fn written_down(record: &Value) -> Vec<String> {
    let deliveries = record["conclusion"]["deliveries"]
        .as_array()
        .into_iter()
        .flatten();
    let delivered = deliveries.filter(|one| one["delivered"] == true);
    delivered
        .map(|one| one["destination"].as_str().unwrap().to_owned())
        .collect()
}

fn record_in(folder: &Path) -> Option<Value> {
    let text = fs::read_to_string(folder.join("runs/nightly/run.json")).ok()?;
    serde_json::from_str(&text).ok()
}

/// The folder of a run's report.
fn find_run(root: &Path, run: &str) -> PathBuf {
    let daily = root.join("daily");
    let found = files(&daily)
        .into_iter()
        .find(|path| path.ends_with(format!("{run}/report.json")));
    let report = found.or_else(|| find(&daily, "report.json")).unwrap();
    report.parent().unwrap().to_owned()
}

/// Files of a report without times.
fn timeless(read: impl Fn(&str) -> String) -> BTreeMap<&'static str, String> {
    let mut report: Value = serde_json::from_str(&read("report.json")).unwrap();
    let changes = report["changes"].take();
    let changes = ["new", "resolved", "reopened"].map(|kind| changes[kind].to_string());
    let findings = report["findings"].as_array().unwrap().len();
    BTreeMap::from([
        (
            "findings.csv",
            without_dates("findings.csv", &read("findings.csv")),
        ),
        (
            "coverage.csv",
            without_dates("coverage.csv", &read("coverage.csv")),
        ),
        (
            "report.json",
            format!("{findings} findings, changes {changes:?}"),
        ),
    ])
}
