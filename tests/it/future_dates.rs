//! What is dated ahead of the clock silences nothing: it is refused, or named and left out; and a state that
//! is dated ahead is repaired.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use orgscan_report::trend::day_of;
use orgscan_sim::{ServiceBehavior, Settings};
use orgscan_store::history::{HistoryReader, HistoryWriter, write_state};
use serde_json::Value;

use crate::run::Run;
use crate::simulated::SimulatedOrganization;

fn simulated() -> SimulatedOrganization {
    SimulatedOrganization::start(Settings {
        behavior: ServiceBehavior::none(),
        ..Settings::default()
    })
}

/// A quick scan of an account without gaps.
fn scan(simulated: &SimulatedOrganization, id: &str, folder: &Path) -> Run {
    let account = simulated.id("analytics").to_string();
    let mut command = simulated.orgscan(&["scan", "--account", &account, "--region", "us-east-1"]);
    command.args(["--run-id", id, "--report"]).arg(folder);
    Run::of(command, folder.to_owned())
}

fn orgscan(simulated: &SimulatedOrganization, args: &[&str], folder: &Path) -> Run {
    let mut command = simulated.orgscan(args);
    command.arg("--report").arg(folder);
    Run::of(command, folder.to_owned())
}

/// The folder of a run's report.
fn folder_of(folder: &Path, id: &str) -> PathBuf {
    let entries = |folder: &Path| {
        let entries = fs::read_dir(folder).unwrap();
        entries
            .map(|entry| entry.unwrap().path())
            .collect::<Vec<_>>()
    };
    let mut folders = vec![folder.join("daily")];
    while let Some(one) = folders.pop() {
        if one.ends_with(id) {
            return one;
        }
        folders.extend(entries(&one).into_iter().filter(|path| path.is_dir()));
    }
    panic!("no run {id}");
}

fn report(folder: &Path, id: &str) -> Value {
    let text = fs::read(folder_of(folder, id).join("report.json")).unwrap();
    serde_json::from_slice(&text).unwrap()
}

/// What a run whose clock was ahead by so much leaves.
fn date_ahead(state: &Path, by: SignedDuration) {
    let scratch = tempfile::tempdir().unwrap();
    let (lines, next) = (scratch.path().join("lines"), scratch.path().join("next"));
    let mut reader = HistoryReader::open(state, "", None).unwrap();
    let mut run = reader.run().unwrap().clone();
    run.started += by;
    run.finished += by;
    let mut writer = HistoryWriter::create(&lines).unwrap();
    while let Some(mut account) = reader.before(None).unwrap() {
        account.last_scanned += by;
        for finding in &mut account.findings {
            finding.first_seen += by;
            finding.last_seen += by;
            finding.last_evaluated += by;
        }
        writer.account(&account).unwrap();
    }
    let count = writer.finish().unwrap();
    write_state(&next, Some(&run), (&lines, count)).unwrap();
    fs::copy(next, state).unwrap();
}

#[test]
fn a_state_ahead_of_the_clock_is_named_and_repaired_and_silences_no_run() {
    let simulated = simulated();
    let folder = simulated.folder();
    let first = scan(&simulated, "first", &folder);
    assert_eq!(first.code(), 0, "{}", first.stderr);
    let state = folder.join("state/findings.jsonl.gz");
    date_ahead(&state, SignedDuration::from_hours(24 * 400));
    let ahead = fs::read(&state).unwrap();

    // The findings of the account are all resolved for the state, and yet all of them are told.
    for id in ["second", "third"] {
        let run = scan(&simulated, id, &folder);
        assert_eq!(run.code(), 3, "{}", run.stderr);
        let parsed = report(&folder, id);
        assert_eq!(parsed["changes"]["baseline"]["history"], "unavailable");
        let reason = parsed["changes"]["baseline"]["reason"].as_str().unwrap();
        assert!(reason.contains("orgscan history repair"), "{reason}");
        let findings = |report: &Value| report["findings"].as_array().unwrap().len();
        assert_eq!(findings(&parsed), findings(&report(&folder, "first")));
        let alert = fs::read(folder_of(&folder, id).join("messages.json")).unwrap();
        let alert: Value = serde_json::from_slice(&alert).unwrap();
        assert_eq!(alert[0]["should_send"], true);
        let text = alert[0]["email"].as_str().unwrap();
        assert!(text.contains("changes are unknown"), "{text}");
        assert_eq!(fs::read(&state).unwrap(), ahead);
    }

    let shown = orgscan(&simulated, &["history", "repair"], &folder);
    assert_eq!(shown.code(), 3, "{}", shown.stderr);
    for part in ["the run first", "1 of 1 account", "Nothing was written"] {
        assert!(shown.stdout.contains(part), "{part}: {}", shown.stdout);
    }
    assert_eq!(fs::read(&state).unwrap(), ahead);
    let repaired = orgscan(&simulated, &["history", "repair", "--yes"], &folder);
    assert_eq!(repaired.code(), 0, "{}", repaired.stderr);
    let kept = fs::read_dir(folder.join("state")).unwrap();
    let mut kept = kept.map(|entry| entry.unwrap().path());
    let kept = kept.find(|path| path.display().to_string().contains("findings.before-"));
    assert_eq!(fs::read(kept.unwrap()).unwrap(), ahead);
    let nothing = orgscan(&simulated, &["history", "repair"], &folder);
    assert_eq!(nothing.code(), 0, "{}", nothing.stdout);

    let last = scan(&simulated, "fourth", &folder);
    assert_eq!(last.code(), 0, "{}", last.stderr);
    let parsed = report(&folder, "fourth");
    assert_eq!(parsed["changes"]["baseline"]["run"]["id"], "first");
    assert!(
        parsed["changes"]["counts"]["ongoing"].is_object(),
        "{parsed:#}"
    );
    let none = orgscan(&simulated, &["history", "repair"], &simulated.folder());
    assert_eq!(none.code(), 2);
    assert!(none.stderr.contains("no stored state"), "{}", none.stderr);
}

#[test]
fn a_run_that_is_named_after_a_time_ahead_is_refused() {
    let simulated = simulated();
    let folder = simulated.folder();
    let run = scan(&simulated, "29990101T000000Z", &folder);
    assert_eq!(run.code(), 2);
    assert!(
        run.stderr.contains("ahead of this machine's clock"),
        "{}",
        run.stderr
    );
    assert!(!folder.join("runs").exists());
}

#[test]
fn the_last_run_is_never_one_that_is_dated_ahead() {
    let simulated = simulated();
    let folder = simulated.folder();
    assert_eq!(scan(&simulated, "run-one", &folder).code(), 0);
    let own = folder_of(&folder, "run-one");
    // One of another day, and one of the same day whose report says so.
    let soon = Timestamp::now() + SignedDuration::from_hours(3);
    for (day, id) in [("2999/12/31", "far"), ("", "zz-soon")] {
        let to = match day {
            "" => own.parent().unwrap().join(id),
            day => folder.join("daily").join(day).join(id),
        };
        fs::create_dir_all(&to).unwrap();
        for entry in fs::read_dir(&own).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
        let started = report(&folder, "run-one")["run"]["started"].take();
        for name in ["report.json", "summary.jsonl"] {
            let text = fs::read_to_string(to.join(name)).unwrap();
            let dated = text.replace(started.as_str().unwrap(), &soon.to_string());
            let named = dated.replace("\"run-one\"", &format!("\"{id}\""));
            fs::write(to.join(name), named).unwrap();
        }
    }
    let both = |run: &Run| {
        for id in ["far", "zz-soon"] {
            assert!(
                run.stderr.contains(&format!("Skipped the run {id}")),
                "{}",
                run.stderr
            );
        }
    };
    let alert = orgscan(&simulated, &["alert", "--preview"], &folder);
    assert_eq!(alert.code(), 0, "{}", alert.stderr);
    assert!(
        alert.stderr.contains("run-one/messages.json"),
        "{}",
        alert.stderr
    );
    both(&alert);
    let named = orgscan(
        &simulated,
        &["alert", "--preview", "--run-id", "far"],
        &folder,
    );
    assert!(
        named.stderr.contains("far/messages.json"),
        "{}",
        named.stderr
    );

    let out = simulated.folder();
    let export = |args: &[&str]| {
        let mut command = simulated.orgscan(&["export", "--format", "csv"]);
        command
            .arg("--report")
            .arg(&folder)
            .arg("--to")
            .arg(&out)
            .args(args);
        Run::of(command, out.clone())
    };
    for args in [&[][..], &["--since", "2020-01-01"]] {
        let run = export(args);
        assert_eq!(run.code(), 0, "{}", run.stderr);
        assert!(run.stdout.contains("run-one"), "{}", run.stdout);
        assert!(
            !run.stdout.contains("far") && !run.stdout.contains("soon"),
            "{}",
            run.stdout
        );
        both(&run);
    }

    // By its name it is taken, and its results are those of another run.
    let far = export(&["--run-id", "far"]);
    assert_eq!(far.code(), 2);
    assert!(
        far.stderr.contains("the results of another run, run-one"),
        "{}",
        far.stderr
    );

    let trend = orgscan(&simulated, &["trend", "--format", "json"], &folder);
    assert_eq!(trend.code(), 0, "{}", trend.stderr);
    assert!(
        trend.stderr.contains("Skipped the run far"),
        "{}",
        trend.stderr
    );
    let trend: Value = serde_json::from_str(&trend.stdout).unwrap();
    assert_eq!(trend["points"].as_array().unwrap().len(), 1);
    let missing = trend["missing_runs"].to_string();
    assert!(missing.contains("zz-soon"), "{missing}");
    let week = format!(
        "{}",
        orgscan_report::trend::Week::of(day_of(Timestamp::now()))
    );
    let weekly = orgscan_weekly(&simulated, &week, &folder);
    assert!(
        weekly.stderr.contains("Skipped the run far"),
        "{}",
        weekly.stderr
    );
    let later = orgscan_weekly(&simulated, "2999-W01", &folder);
    assert_eq!(later.code(), 2);
    assert!(
        later.stderr.contains("the week 2999-W01"),
        "{}",
        later.stderr
    );
}

fn orgscan_weekly(simulated: &SimulatedOrganization, week: &str, folder: &Path) -> Run {
    orgscan(simulated, &["weekly", "--week", week], folder)
}
