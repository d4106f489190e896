//! Trends and weekly reports: the command line and the Lambda over what real runs have left.

use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::ToSpan;
use jiff::civil::Date;
use orgscan_sim::{ServiceBehavior, Settings};
use serde_json::{Value, json};

use crate::bucket::Bucket;
use crate::isolated::orgscan;
use crate::lambda::{Function, InvocationResult, MINUTES, response};
use crate::run::Run;
use crate::simulated::SimulatedOrganization;

fn run(folder: &Path, args: &[&str]) -> Run {
    let mut command = orgscan();
    command.args(args);
    command.arg("--report").arg(folder);
    Run::of(command, folder.to_owned())
}

/// The day of a run's folder: `…/daily/2026/11/22/RUN`.
fn day(run: &Path) -> Date {
    let names = run.iter().map(|name| name.to_str().unwrap());
    let names: Vec<&str> = names.collect();
    names[names.len() - 4..][..3].join("-").parse().unwrap()
}

/// The folders of a demo's runs, the earliest first.
fn runs(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.join("daily")];
    for _ in 0..4 {
        let below = found
            .iter()
            .flat_map(|folder| std::fs::read_dir(folder).unwrap());
        found = below.map(|entry| entry.unwrap().path()).collect();
    }
    found.sort();
    found
}

/// Does something while the runs have no summaries, as those of older versions.
fn without_summaries<T>(runs: &[PathBuf], work: impl FnOnce() -> T) -> T {
    let moved = |from: &str, to: &str| {
        for run in runs.iter().filter(|run| run.exists()) {
            std::fs::rename(run.join(from), run.join(to)).unwrap();
        }
    };
    moved("summary.jsonl", "moved.jsonl");
    let done = work();
    moved("moved.jsonl", "summary.jsonl");
    done
}

fn json_of(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}{}", run.stdout, run.stderr))
}

#[test]
fn ten_days_of_a_demo_have_a_trend_and_a_weekly_report() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let quick = ["--accounts", "16", "--latency", "0", "--quotas", "0"];
    let demo = run(folder, &[&["demo", "--days", "10"][..], &quick].concat());
    assert_eq!(demo.code(), 0, "{}", demo.stderr);
    let runs = runs(folder);
    assert_eq!(runs.len(), 10);

    // A day whose report is damaged, one whose run left none, and one without a scan.
    for name in ["summary.jsonl", "report.json"] {
        let path = runs[3].join(name);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, &text[..200]).unwrap();
    }
    let gone = runs[6].file_name().unwrap().to_str().unwrap();
    std::fs::remove_dir_all(folder.join("runs").join(gone)).unwrap();
    std::fs::remove_dir_all(&runs[6]).unwrap();
    std::fs::remove_dir_all(&runs[7]).unwrap();

    // Named, since the day may have changed since the demo.
    let [first, last] = [&runs[0], &runs[9]].map(|run| day(run));
    let [since, until] = [first, last].map(|day| day.to_string());
    let days = ["trend", "--since", &since, "--until", &until];
    let trend = || {
        let trend = run(folder, &[&days[..], &["--format", "json"]].concat());
        assert_eq!(trend.code(), 0, "{}", trend.stderr);
        json_of(&trend)
    };
    let trend_of_summaries = trend();
    let trend = without_summaries(&runs, trend);
    for key in ["points", "days", "indicators"] {
        assert!(!trend[key].is_null(), "{key}");
        assert_eq!(trend[key], trend_of_summaries[key], "{key}");
    }
    let missing = trend_of_summaries["missing_runs"][0]["reason"].as_str();
    let missing = missing.unwrap();
    assert!(
        missing.contains("summary.jsonl cannot be read"),
        "{missing}"
    );
    let states: Vec<&str> = trend["days"]
        .as_array()
        .unwrap()
        .iter()
        .map(|day| day["state"].as_str().unwrap())
        .collect();
    assert_eq!(
        states
            .iter()
            .filter(|state| **state == "incomplete")
            .count(),
        7
    );
    assert_eq!(
        states[3..8],
        ["failed", "incomplete", "incomplete", "no_scan", "failed"]
    );
    let missing = &trend["missing_runs"][0]["reason"].as_str().unwrap();
    assert!(missing.contains("report.json cannot be read"), "{missing}");
    let other = trend["missing_runs"][1]["reason"].as_str().unwrap();
    assert!(other.contains("has left no report"), "{other}");
    assert_eq!(trend["points"].as_array().unwrap().len(), 7);
    shows(folder, last);
    weekly(folder, &runs[9]);

    // The page of the last run shows the runs before it.
    let page = std::fs::read_to_string(runs[9].join("index.html")).unwrap();
    let first = runs[0].file_name().unwrap().to_str().unwrap();
    assert!(page.contains(&first[..8]), "no earlier run in the page");
}

/// What people and spreadsheets get.
fn shows(folder: &Path, last: Date) {
    let since = (last - 11.days()).to_string();
    let text = run(
        folder,
        &[
            "trend",
            "--since",
            &since,
            "--until",
            &last.to_string(),
            "--indicator",
            "PublicBuckets",
        ],
    );
    for expected in [
        "Days without a scan: 3",
        "PublicBuckets",
        "≥",
        "Missing runs",
        "Coverage",
    ] {
        assert!(
            text.stdout.contains(expected),
            "{expected}: {}",
            text.stdout
        );
    }
    assert!(!text.stdout.contains("PublicInstances"), "{}", text.stdout);
    let mut ascii = orgscan();
    ascii.env("LC_ALL", "C");
    ascii.args(["trend", "--report"]).arg(folder);
    let ascii = Run::of(ascii, folder.to_owned());
    assert!(ascii.stdout.is_ascii(), "{}", ascii.stdout);
    let csv = run(folder, &["trend", "--format", "csv", "--ou", "Workloads"]);
    let (header, rows) = csv.stdout.split_once('\n').unwrap();
    assert!(
        header.starts_with("day,run_id,run_started,indicator,value"),
        "{header}"
    );
    assert!(rows.lines().count() >= 7 * 6, "{rows}");
    let other = run(folder, &["trend", "--ou", "Nowhere"]);
    assert_eq!(other.code(), 2);
    assert!(
        other.stderr.contains("no run with an OU `Nowhere`"),
        "{}",
        other.stderr
    );
    let slip = run(folder, &["trend", "--indicator", "PublicBucket"]);
    assert!(
        slip.stderr.contains("did you mean `PublicBuckets`?"),
        "{}",
        slip.stderr
    );
    let backwards = ["trend", "--since", "2026-11-02", "--until", "2026-11-01"];
    assert_eq!(run(folder, &backwards).code(), 2);
}

/// The report of the week that the last run was in: the same bytes each time, and as its schema says.
fn weekly(folder: &Path, last: &Path) {
    let report = std::fs::read_to_string(last.join("report.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    let started: jiff::Timestamp = report["run"]["started"].as_str().unwrap().parse().unwrap();
    let week = orgscan_report::trend::Week::of(orgscan_report::trend::day_of(started)).to_string();
    let made = || {
        let run = self::run(folder, &["weekly", "--week", &week]);
        // Something of it could not be evaluated.
        assert_eq!(run.code(), 3, "{}", run.stderr);
        ["weekly.json", "weekly.csv", "weekly.txt"].map(|name| {
            std::fs::read_to_string(folder.join("weekly").join(&week).join(name)).unwrap()
        })
    };
    let files = made();
    assert_eq!(files, made());
    assert_eq!(files, without_summaries(&runs(folder), made));
    let document: Value = serde_json::from_str(&files[0]).unwrap();
    let mut schema = Command::new(env!("CARGO_BIN_EXE_orgscan"));
    let schema = schema.args(["schema", "weekly"]).output().unwrap().stdout;
    let schema: Value = serde_json::from_slice(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<_> = validator
        .iter_errors(&document)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(errors, [""; 0]);
    assert_eq!(document["week"], week);
    assert_eq!(document["last_run_id"], report["run"]["id"]);
    // All formats agree with the last run's report on the numbers.
    let listed = report["coverage"]["accounts_listed"].as_u64().unwrap();
    let accounts = document["accounts"].as_array().unwrap().len() as u64;
    assert!(accounts > 0 && accounts <= listed);
    for line in document["indicators"].as_array().unwrap() {
        let name = &line["indicator"];
        let totals = report["indicators"].as_array().unwrap();
        let total = totals
            .iter()
            .find(|total| total["indicator"] == *name)
            .unwrap();
        assert_eq!(line["last"]["value"], total["value"], "{name}");
    }
    let oldest = document["oldest_open"].as_array().unwrap();
    assert_eq!(oldest.len(), 25);
    assert!(files[1].lines().count() as u64 > accounts);
}

#[test]
fn the_function_makes_the_weekly_report_of_runs_in_s3() {
    let simulated = SimulatedOrganization::start(Settings {
        behavior: ServiceBehavior::none(),
        clock: Some("2026-11-16T00:00:00Z".parse().unwrap()),
        ..Settings::default()
    });
    let location = "s3://audit/orgscan";
    let variables = [
        ("ORGSCAN_REPORT_LOCATION", location),
        ("ORGSCAN_REGIONS", "us-east-1"),
        ("ORGSCAN_CHECKS", "s3-bucket-public"),
    ];
    let mut function = Function::start_at(&simulated.replay.url, &simulated.folder(), &variables);
    for (n, day) in ["16", "18", "18", "22"].iter().enumerate() {
        let event = json!({"scheduled_time": format!("2026-11-{day}T0{n}:00:00Z")});
        response(function.invoke(&format!("run-{n}"), &event, MINUTES));
    }
    let asked = json!({"weekly": {"scheduled_time": "2026-11-23T07:00:00Z"}});
    let answer = response(function.invoke("weekly", &asked, MINUTES));
    assert_eq!(answer["week"], "2026-W47");
    assert_eq!(
        answer["report_location"],
        "s3://audit/orgscan/weekly/2026-W47"
    );
    assert_eq!(
        (&answer["complete"], &answer["days_missing"]),
        (&json!(false), &json!(4))
    );

    let bucket = Bucket::at(&simulated.replay.url, "audit");
    let files = bucket.below("orgscan/weekly/2026-W47/");
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    // The function has no key here: the manifest is there, unsigned.
    assert_eq!(
        names,
        ["manifest.json", "weekly.csv", "weekly.json", "weekly.txt"]
    );
    let document: Value = serde_json::from_str(&files["weekly.json"]).unwrap();
    assert_eq!(document["days"][2]["run_ids"].as_array().unwrap().len(), 2);
    assert_eq!(document["days"][0]["state"], "incomplete");
    assert_eq!(document["days"][1]["state"], "no_scan");
    assert_eq!(document["changes"]["first_run_id"], "20261116T000000Z");

    // Regenerated by its name, or from the command line, it is the same.
    let named = json!({"weekly": {"week": "2026-W47"}});
    response(function.invoke("again", &named, MINUTES));
    assert_eq!(bucket.below("orgscan/weekly/2026-W47/"), files);
    let args = ["weekly", "--week", "2026-W47", "--report", location];
    let run = Run::of(simulated.orgscan(&args), simulated.folder());
    assert_eq!(
        (run.code(), run.stdout.as_str()),
        (3, &*files["weekly.txt"]),
        "{}",
        run.stderr
    );
    assert_eq!(bucket.below("orgscan/weekly/2026-W47/"), files);

    let since = [
        "trend",
        "--since",
        "2026-11-16",
        "--until",
        "2026-11-22",
        "--report",
        location,
    ];
    let account = simulated.id("media-library").to_string();
    let of_account = [&since[..], &["--account", &account, "--format", "json"]].concat();
    let trend = json_of(&Run::of(simulated.orgscan(&of_account), simulated.folder()));
    assert_eq!(trend["points"].as_array().unwrap().len(), 3);
    assert_eq!(trend["indicators"][0]["change"]["direction"], "same");

    let wrong = json!({"weekly": {"week": "2026-W99"}});
    let InvocationResult::Error(error) = function.invoke("wrong", &wrong, MINUTES) else {
        panic!("a week that is none was taken");
    };
    assert!(
        error["errorMessage"].as_str().unwrap().contains("2026-W99"),
        "{error}"
    );
}
