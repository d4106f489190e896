//! What commands share on the command line: how reports are named, lists, suggestions, profiles, weeks.

use std::path::{Path, PathBuf};
use std::process::Command;

use orgscan_report::trend::{Week, day_of};
use serde_json::Value;

use crate::isolated::orgscan;
use crate::run::Run;
use crate::simulated::SimulatedOrganization;

pub(crate) fn run(args: &[&str]) -> Run {
    let mut command = orgscan();
    command.args(args);
    Run::of(command, PathBuf::new())
}

/// A demo's reports, made once for all that only read them.
pub(crate) fn demo(folder: &Path, more: &[&str]) {
    let quick = ["demo", "--accounts", "3", "--latency", "0", "--quotas", "0"];
    let location = ["--report", folder.to_str().unwrap()];
    let run = run(&[&quick[..], &location, more].concat());
    assert_eq!(run.code(), 0, "{}", run.stderr);
}

/// The commands that read reports, each with what it cannot do without.
pub(crate) const READERS: &[&[&str]] = &[
    &["trend"],
    &["verify"],
    &["weekly"],
    &["alert", "--preview"],
    &["history", "repair"],
    &["export", "--format", "csv", "--to", "-"],
];

#[test]
fn every_command_names_a_report_folder_in_the_same_way() {
    let folder = tempfile::tempdir().unwrap();
    let reports = folder.path().join("reports");
    demo(&reports, &[]);
    let location = reports.to_str().unwrap();
    for command in READERS {
        let run_command = run(&[command, &["--report", location][..]].concat());
        let code = run_command.code();
        assert!(matches!(code, 0 | 3), "{command:?}: {}", run_command.stderr);
        assert!(!run_command.stdout.is_empty(), "{command:?}");
        let help = run(&[command, &["--help"][..]].concat()).stdout;
        assert!(help.contains("--report <LOCATION>"), "{command:?}: {help}");
    }
}

#[test]
fn a_malformed_bucket_url_is_refused_with_the_right_format() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |args: &[&str]| {
        let mut command = orgscan();
        command.args(args).current_dir(folder.path());
        let run = Run::of(command, PathBuf::new());
        assert_eq!(run.code(), 2, "{args:?}: {}", run.stdout);
        let written = std::fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(written, 0, "{args:?}");
        run.stderr
    };
    for slip in [
        "s3:/reports/audit",
        "S3://reports/audit",
        "arn:aws:s3:::reports/audit",
    ] {
        let mut commands = READERS.to_vec();
        commands.push(&["scan"]);
        for command in commands {
            let error = refused(&[command, &["--report", slip][..]].concat());
            assert!(error.contains("s3://reports/audit"), "{command:?}: {error}");
            assert!(error.contains("--report"), "{command:?}: {error}");
        }
        for flag in ["--config", "--exceptions"] {
            let error = refused(&["scan", "--account", "self", "--dry-run", flag, slip]);
            assert!(error.contains("s3://reports/audit"), "{flag}: {error}");
        }
        let error = refused(&["demo", "--report", slip]);
        assert!(error.contains("not a folder on this machine"), "{error}");
        let error = refused(&["export", "--format", "csv", "--to", slip]);
        assert!(error.contains("not a folder on this machine"), "{error}");
    }
}

#[test]
fn lists_with_commas_select_as_repeated_flags_do() {
    let simulated = SimulatedOrganization::shared();
    let (one, other) = (simulated.id("storefront"), simulated.id("payments-api"));
    let plan = |args: &[&str]| -> Value {
        let command = simulated.orgscan(&[&["plan", "--format", "json"][..], args].concat());
        let run = Run::of(command, PathBuf::new());
        serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr))
    };
    let lists = format!("--account={one},{other}");
    let listed = plan(&[
        &lists,
        "--region=us-east-1,eu-{west,central}-1",
        "--check=s3-bucket-public,root-access-key",
    ]);
    let repeated = plan(&[
        "--account",
        one.as_str(),
        "--account",
        other.as_str(),
        "--region",
        "us-east-1",
        "--region",
        "eu-west-1",
        "--region",
        "eu-central-1",
        "--check",
        "s3-bucket-public",
        "--check",
        "root-access-key",
    ]);
    assert_eq!(listed, repeated);
    let scanned = |plan: &Value| {
        let accounts = plan["plan"]["accounts"].as_array().unwrap().clone();
        let scanned = accounts
            .into_iter()
            .filter(|one| one["decision"]["decision"] == "scan");
        scanned
            .map(|one| one["account"]["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(scanned(&listed).len(), 2);
    let without = plan(&[
        "--region=us-east-1",
        "--ou=Workloads/Production",
        "--exclude-ou=Workloads/Production/Payments",
    ]);
    let names = scanned(&without);
    assert!(names.contains(&"storefront".to_owned()), "{names:?}");
    assert!(
        names.iter().all(|name| !name.starts_with("payments")),
        "{names:?}"
    );
}

#[test]
fn mistyped_arguments_get_the_nearest_match() {
    for (args, meant) in [
        (&["enrollmnt"][..], "'enrollment'"),
        (&["explain", "s3-bucket-publik"], "`s3-bucket-public`"),
        (&["explain", "PublicBucket"], "`PublicBuckets`"),
        (&["explain", "cis-7"], "`cis-7.0`"),
        (&["explain", "cis-7.0", "3.1.11"], "`3.1.1`"),
    ] {
        let run = run(args);
        assert_eq!(run.code(), 2, "{args:?}");
        assert!(run.stderr.contains(meant), "{args:?}: {}", run.stderr);
    }
    for (args, expected) in [
        (&["explain", "s3-bucket-public"][..], "Why it matters"),
        (&["explain", "PublicBuckets"], "s3-bucket-public"),
        (&["explain", "cis-7.0"], "3.1.1"),
        (&["explain", "cis-7.0", "3.1.1"], "s3-bucket-http-allowed"),
        (&["explain", "3.1.1"], "s3-bucket-http-allowed"),
    ] {
        let run = run(args);
        assert_eq!(run.code(), 0, "{args:?}: {}", run.stderr);
        assert!(run.stdout.contains(expected), "{args:?}: {}", run.stdout);
    }
}

/// As the shells see it: what follows a flag in a script that bash has loaded.
#[test]
fn shells_complete_checks_frameworks_and_regions() {
    let script = run(&["completions", "bash"]).stdout;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orgscan.bash");
    std::fs::write(&file, script).unwrap();
    let completed = |arguments: &[&str]| {
        let shell_words = arguments.iter().map(|word| format!("'{word}'"));
        let shell_words: Vec<_> = shell_words.collect();
        let (all, at) = (shell_words.join(" "), arguments.len() - 1);
        let [before, last] = arguments[at - 1..] else {
            panic!("two words")
        };
        let text = format!(
            "compopt() {{ :; }}; source {}; COMP_WORDS=({all}); COMP_CWORD={at}; \
             _orgscan orgscan '{last}' '{before}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            file.display()
        );
        let output = Command::new("bash").args(["-c", &text]).output().unwrap();
        assert!(output.stderr.is_empty(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    for (arguments, expected) in [
        (
            &["orgscan", "scan", "--check", "s3-bucket-pub"][..],
            "s3-bucket-public\n",
        ),
        (&["orgscan", "plan", "--region", "eusc"], "eusc-de-east-1\n"),
        (&["orgscan", "scan", "--framework", "cis-7"], "cis-7.0\n"),
        (
            &["orgscan", "export", "--check", "root-acc"],
            "root-access-key\n",
        ),
        (
            &["orgscan", "trend", "--indicator", "PublicB"],
            "PublicBuckets\n",
        ),
        (&["orgscan", "explain", "PublicB"], "PublicBuckets\n"),
    ] {
        let found = completed(arguments);
        assert!(found.contains(expected), "{arguments:?}: {found}");
    }
    let help = run(&["scan", "--help"]).stdout;
    assert!(!help.contains("root-access-key"), "{help}");
}

#[test]
fn a_week_without_runs_writes_nothing_and_the_last_one_with_runs_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let reports = folder.path().join("reports");
    let now = || jiff::Timestamp::now();
    let current = || Week::of(day_of(now()));
    let weekly = |more: &[&str]| {
        let location = ["weekly", "--report", reports.to_str().unwrap()];
        run(&[&location[..], more].concat())
    };
    let none = weekly(&[]);
    assert_eq!(none.code(), 2, "{}", none.stdout);
    assert!(!reports.exists());

    // Nine days have days of this week and of the one before.
    let before = current();
    demo(&reports, &["--days", "9"]);
    let empty = weekly(&["--week", "2020-W01"]);
    assert_eq!(empty.code(), 2, "{}", empty.stdout);
    assert!(
        empty.stderr.contains("no run in the week 2020-W01"),
        "{}",
        empty.stderr
    );
    assert!(!reports.join("weekly").exists());
    let ended = Week::ended_before(now());
    assert!(
        empty.stderr.contains(&format!("--week {ended}")),
        "{}",
        empty.stderr
    );
    assert!(matches!(weekly(&[]).code(), 0 | 3));
    let written = std::fs::read_dir(reports.join("weekly")).unwrap();
    let written: Vec<_> = written.map(|one| one.unwrap().file_name()).collect();
    if current() == before {
        assert_eq!(written, [ended.to_string().as_str()]);
    }

    // With nothing but the current week that one is taken.
    let day = reports.join(day_of(now()).strftime("daily/%Y/%m/%d").to_string());
    let kept = folder.path().join("kept");
    std::fs::rename(&day, &kept).unwrap();
    std::fs::remove_dir_all(reports.join("daily")).unwrap();
    std::fs::remove_dir_all(reports.join("weekly")).unwrap();
    std::fs::create_dir_all(day.parent().unwrap()).unwrap();
    std::fs::rename(&kept, &day).unwrap();
    assert!(matches!(weekly(&[]).code(), 0 | 3));
    assert!(reports.join("weekly").join(current().to_string()).exists());
}

#[test]
fn a_profile_signs_in_and_an_unknown_one_is_refused() {
    let simulated = SimulatedOrganization::shared();
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config");
    std::fs::write(
        &config,
        "[profile audit]\nregion = us-east-1\naws_access_key_id = management\naws_secret_access_key = management\n",
    )
    .unwrap();
    let plan = |profile: &str| {
        let args = [
            "plan",
            "--account=self",
            "--region=us-east-1",
            "--profile",
            profile,
        ];
        let mut command = simulated.orgscan(&args);
        for variable in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"] {
            command.env_remove(variable);
        }
        command.env("AWS_CONFIG_FILE", &config);
        Run::of(command, PathBuf::new())
    };
    let signed_in = plan("audit");
    assert_eq!(signed_in.code(), 0, "{}", signed_in.stderr);
    let unknown = plan("audti");
    assert_eq!(unknown.code(), 2, "{}", unknown.stdout);
    assert!(unknown.stderr.contains("audti"), "{}", unknown.stderr);
}
