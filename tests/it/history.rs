//! What is known from run to run: what changed is reported, and nothing of it is lost by runs that are
//! narrowed, killed, repeated, that overlap, or that meet a state that is damaged or cannot be written.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use orgscan_sim::{ServiceBehavior, Settings};
use orgscan_store::history::HistoryReader;
use serde_json::Value;

use crate::bucket::Bucket;
use crate::run::Run;
use crate::simulated::SimulatedOrganization;

/// An organization whose resources come so many times.
fn organization(resources: usize) -> SimulatedOrganization {
    SimulatedOrganization::start(Settings {
        resources,
        behavior: ServiceBehavior::none(),
        ..Settings::default()
    })
}

/// The place of some runs.
struct RunsFolder(PathBuf);

impl RunsFolder {
    fn of(simulated: &SimulatedOrganization) -> Self {
        Self(simulated.folder())
    }

    fn command(&self, simulated: &SimulatedOrganization, id: &str, args: &[&str]) -> Command {
        let mut command = simulated.orgscan(&["scan", "--region", "us-east-1", "--run-id", id]);
        command.arg("--report").arg(&self.0).args(args);
        command
    }

    fn scan(&self, simulated: &SimulatedOrganization, id: &str, args: &[&str]) -> Run {
        Run::of(self.command(simulated, id, args), self.0.clone())
    }

    fn state(&self) -> PathBuf {
        self.0.join("state/findings.jsonl.gz")
    }

    /// The accounts that there is a state of, and the run that left it.
    fn known(&self) -> (Vec<String>, String) {
        let mut reader = HistoryReader::open(&self.state(), "the state", None).unwrap();
        let run = reader.run().unwrap().id.clone();
        let mut accounts = Vec::new();
        while let Some(account) = reader.before(None).unwrap() {
            accounts.push(account.id.to_string());
        }
        (accounts, run)
    }

    /// A file of a run's report.
    fn file(&self, id: &str, name: &str) -> Option<String> {
        let days = walk(&self.0.join("daily"));
        let path = days
            .into_iter()
            .find(|path| path.ends_with(format!("{id}/{name}")))?;
        fs::read_to_string(path).ok()
    }

    fn report(&self, id: &str) -> Value {
        serde_json::from_str(&self.file(id, "report.json").unwrap()).unwrap()
    }

    /// How many findings of a kind a run tells.
    fn count(&self, id: &str, kind: &str) -> u64 {
        let counts = &self.report(id)["changes"]["counts"][kind];
        let severities = counts
            .as_object()
            .into_iter()
            .flat_map(|counts| counts.values());
        severities.map(|count| count.as_u64().unwrap()).sum()
    }
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path());
    let below = entries.flat_map(|path| match path.is_dir() {
        true => walk(&path),
        false => vec![path],
    });
    below.collect()
}

/// What was printed, without the ends of lines.
fn unbroken(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn findings(report: &Value) -> u64 {
    report["findings"].as_array().unwrap().len() as u64
}

#[test]
fn changes_are_reported_and_a_narrowed_run_harms_nothing() {
    let (few, many) = (organization(1), organization(2));
    let runs = RunsFolder::of(&few);
    let first = runs.scan(&few, "first", &[]);
    assert!(first.stdout.contains("First run: "), "{}", first.stdout);
    let all = findings(&runs.report("first"));
    assert_eq!(runs.count("first", "new"), all);

    runs.scan(&many, "second", &[]);
    let report = runs.report("second");
    assert_eq!(report["changes"]["baseline"]["run"]["id"], "first");
    let new = runs.count("second", "new");
    assert!(new > 0);
    assert_eq!(runs.count("second", "ongoing"), all);
    assert_eq!(findings(&report), all + new);

    // Scans one account, with a single check.
    let account = few.id("analytics").as_str();
    let filter = ["--account", account, "--check", "ebs-volume-unencrypted"];
    runs.scan(&few, "narrow", &filter);
    let resolved = runs.count("narrow", "resolved");
    let seen = runs.count("narrow", "ongoing");
    assert!(resolved > 0);
    assert_eq!(
        runs.count("narrow", "out_of_scope") + seen + resolved,
        all + new
    );
    assert_eq!(
        runs.report("narrow")["changes"]["accounts_gone"]["count"],
        0
    );

    let third = runs.scan(&few, "third", &[]);
    assert_eq!(runs.count("third", "resolved"), new - resolved);
    assert_eq!(runs.count("third", "ongoing"), all);
    let shown = third
        .stdout
        .lines()
        .find(|line| line.starts_with("Since run narrow ("));
    let shown = shown.unwrap_or_else(|| panic!("{}", third.stdout));
    assert!(
        shown.contains(&format!(": {} resolved", new - resolved)),
        "{shown}"
    );
    let lines = runs.file("third", "changes.jsonl").unwrap();
    assert_eq!(
        lines.matches(r#""status":"resolved""#).count() as u64,
        new - resolved
    );

    runs.scan(&many, "fourth", &[]);
    assert_eq!(runs.count("fourth", "reopened"), new);
    let rows = runs.file("fourth", "findings.csv").unwrap();
    assert_eq!(rows.matches(",reopened,").count() as u64, new);
}

#[test]
fn an_unreadable_state_is_kept_and_the_run_reports_it() {
    let simulated = organization(1);
    let runs = RunsFolder::of(&simulated);
    runs.scan(&simulated, "first", &[]);
    let whole = fs::read(runs.state()).unwrap();
    let mut newer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let head = br#"{"format":"orgscan findings","version":7}"#;
    std::io::Write::write_all(&mut newer, head).unwrap();
    // Three megabytes of these would be three gigabytes on one line.
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut bomb, &vec![b' '; 1 << 20]).unwrap();
    let bomb = bomb.finish().unwrap().repeat(700);
    let cases = [
        ("bomb", bomb, "more than 67108864 bytes"),
        ("half", whole[..whole.len() / 2].to_vec(), "cannot be read"),
        ("newer", newer.finish().unwrap(), "has format 7"),
        ("other", b"no state".to_vec(), "line 1"),
    ];
    for (id, bytes, expected) in cases {
        fs::write(runs.state(), &bytes).unwrap();
        let run = runs.scan(
            &simulated,
            id,
            &["--account", simulated.id("security-audit").as_str()],
        );
        assert_eq!(run.code(), 3, "{}", run.stderr);
        let report = runs.report(id);
        let note = report["notes"].to_string();
        assert!(
            note.contains(expected) && note.contains("findings.jsonl.gz"),
            "{note}"
        );
        assert!(note.contains("was not changed"), "{note}");
        assert_eq!(report["changes"]["baseline"]["history"], "unavailable");
        assert_eq!(runs.file(id, "changes.jsonl"), None);
        assert_eq!(fs::read(runs.state()).unwrap(), bytes);
    }
    // Once it is fixed, the same run goes on with it.
    fs::write(runs.state(), &whole).unwrap();
    let account = simulated.id("security-audit").as_str();
    let run = runs.scan(&simulated, "half", &["--account", account]);
    assert_eq!(run.code(), 0, "{}", run.stderr);
    assert_eq!(runs.known().1, "half");
}

/// The report without its times.
fn timeless(mut report: Value) -> Value {
    for time in ["started", "finished"] {
        report["run"][time] = Value::Null;
    }
    for account in report["accounts"].as_array_mut().unwrap() {
        account["notes"] = Value::Null;
    }
    report
}

#[test]
fn a_repeated_run_reports_the_same_and_writes_nothing_again() {
    let (few, many) = (organization(1), organization(2));
    let runs = RunsFolder::of(&few);
    runs.scan(&few, "first", &[]);
    runs.scan(&many, "second", &[]);
    let (state, document) = (fs::read(runs.state()).unwrap(), runs.report("second"));
    let (changes, rows) = ("changes.jsonl", "findings.csv");
    let files = [changes, rows].map(|name| runs.file("second", name).unwrap());
    let again = runs.scan(&many, "second", &[]);
    assert!(
        again.stdout.contains("history: the state of findings in"),
        "{}",
        again.stdout
    );
    assert_eq!(fs::read(runs.state()).unwrap(), state);
    assert_eq!(timeless(runs.report("second")), timeless(document));
    assert_eq!(
        [changes, rows].map(|name| runs.file("second", name).unwrap()),
        files
    );
}

#[test]
fn a_state_that_cannot_be_written_loses_nothing() {
    let (few, many) = (organization(1), organization(2));
    let runs = RunsFolder::of(&few);
    runs.scan(&few, "first", &[]);
    let before = fs::read(runs.state()).unwrap();
    // For every user, root included, a folder is not a lock.
    let lock = runs.0.join("state/lock");
    fs::remove_file(&lock).unwrap();
    fs::create_dir(&lock).unwrap();
    let refused = runs.scan(&many, "second", &[]);
    assert_eq!(refused.code(), 4, "{}", refused.stderr);
    let message = unbroken(&refused.stdout);
    assert!(message.contains("is unchanged and complete"), "{message}");
    assert!(message.contains("Is a directory"), "{message}");
    assert_eq!(fs::read(runs.state()).unwrap(), before);
    let new = runs.count("second", "new");
    assert!(new > 0);
    fs::remove_dir(&lock).unwrap();
    // The next run reports it again.
    runs.scan(&many, "third", &[]);
    assert_eq!(runs.count("third", "new"), new);
    // The one that could not write finds that there is nothing to add.
    let late = runs.scan(&many, "second", &[]);
    let message = unbroken(&late.stdout);
    assert!(message.contains("the run third started later"), "{message}");
    assert_eq!(runs.known().1, "third");
    assert_eq!(runs.count("second", "new"), new);
    runs.scan(&many, "fourth", &[]);
    assert_eq!(runs.count("fourth", "new"), 0);
}

/// Keeps a run from writing the state, until it has published.
fn blocked_state(runs: &RunsFolder, command: &mut Command, id: &str) -> (Child, File) {
    fs::create_dir_all(runs.0.join("state")).unwrap();
    let lock = File::create(runs.0.join("state/lock")).unwrap();
    lock.lock().unwrap();
    let process = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let record = runs.0.join(format!("runs/{id}/run.json"));
    let until = Instant::now() + Duration::from_secs(600);
    while !fs::read_to_string(&record).is_ok_and(|text| text.contains("not written yet")) {
        assert!(Instant::now() < until, "it has not come to the state");
        std::thread::sleep(Duration::from_millis(20));
    }
    (process, lock)
}

#[test]
fn a_kill_between_report_and_state_repeats_the_changes_and_loses_none() {
    let (few, many) = (organization(1), organization(2));
    let runs = RunsFolder::of(&few);
    runs.scan(&few, "first", &[]);
    let before = fs::read(runs.state()).unwrap();
    let mut command = runs.command(&many, "second", &[]);
    let (mut process, lock) = blocked_state(&runs, &mut command, "second");
    let document = runs.report("second");
    process.kill().unwrap();
    process.wait().unwrap();
    drop(lock);
    assert_eq!(fs::read(runs.state()).unwrap(), before);
    let again = runs.scan(&many, "second", &[]);
    assert_eq!(again.code(), 3, "{}", again.stderr);
    assert_eq!(timeless(runs.report("second")), timeless(document));
    assert_eq!(runs.known().1, "second");
    runs.scan(&many, "third", &[]);
    assert_eq!(runs.count("third", "new"), 0);
}

#[test]
fn runs_that_overlap_lose_nothing_of_each_other() {
    let simulated = organization(1);
    let (runs, elsewhere) = (RunsFolder::of(&simulated), RunsFolder::of(&simulated));
    let [one, other] = ["storefront", "analytics"].map(|name| simulated.id(name).to_string());
    let mut command = runs.command(&simulated, "one", &["--account", &one]);
    let (process, lock) = blocked_state(&runs, &mut command, "one");
    // Begins later, and is done first.
    elsewhere.scan(&simulated, "other", &["--account", &other]);
    fs::copy(elsewhere.state(), runs.state()).unwrap();
    drop(lock);
    let output = process.wait_with_output().unwrap();
    let message = unbroken(&String::from_utf8(output.stdout).unwrap());
    assert!(
        message.contains("the run other wrote the state"),
        "{message}"
    );
    let mut accounts = vec![one, other];
    accounts.sort();
    assert_eq!(runs.known().0, accounts);
}

#[test]
fn the_state_lies_in_s3_too() {
    let simulated = organization(1);
    let scan = |id: &str| {
        let args = [
            "--report",
            "s3://reports/audit",
            "--run-id",
            id,
            "--region",
            "us-east-1",
        ];
        simulated.scan(&args)
    };
    scan("first");
    let second = scan("second");
    assert!(
        second.stdout.contains("Since run first ("),
        "{}",
        second.stdout
    );
    assert!(second.stdout.contains("no changes"), "{}", second.stdout);
    let objects = simulated.replay.writes().objects;
    for key in ["state/findings.jsonl.gz", "runs/second/base.jsonl.gz"] {
        let key = format!("reports/audit/{key}");
        assert!(objects.contains(&key), "{key} in {objects:?}");
    }
    let again = scan("second");
    assert!(
        unbroken(&again.stdout).contains("history: the state of findings in s3://"),
        "{}",
        again.stdout
    );
    let bucket = Bucket::at(&simulated.replay.url, "reports");
    bucket.put("audit/state/findings.jsonl.gz", "no state".into());
    let third = scan("third");
    assert_eq!(third.code(), 3, "{}", third.stderr);
    let state = &bucket.below("audit/state/")["findings.jsonl.gz"];
    assert_eq!(state, "no state");
}
