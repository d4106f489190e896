//! What commands share on the command line: how reports are named, lists, suggestions, closed pipes.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use orgscan::trend::{Week, day_of};
use serde_json::Value;

use crate::isolated::orgscan;
use crate::world::{Run, World};

fn run(args: &[&str]) -> Run {
    let mut command = orgscan();
    command.args(args);
    Run::of(command, PathBuf::new())
}

/// A demo's reports, made once for all that only read them.
fn demo(folder: &Path, more: &[&str]) {
    let quick = ["demo", "--accounts", "3", "--latency", "0", "--quotas", "0"];
    let place = ["--report", folder.to_str().unwrap()];
    let run = run(&[&quick[..], &place, more].concat());
    assert_eq!(run.code(), 0, "{}", run.stderr);
}

/// The commands that read reports, each with what it cannot do without.
const READERS: &[&[&str]] = &[
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
    let place = reports.to_str().unwrap();
    for command in READERS {
        // The flag's former names too.
        for flag in ["--report", "--output"] {
            let run = run(&[command, &[flag, place][..]].concat());
            assert!(matches!(run.code(), 0 | 3), "{command:?}: {}", run.stderr);
            assert!(!run.stdout.is_empty(), "{command:?}");
        }
        let help = run(&[command, &["--help"][..]].concat()).stdout;
        assert!(help.contains("--report <LOCATION>"), "{command:?}: {help}");
        assert!(!help.contains("--output"), "{command:?}: {help}");
    }
}

#[test]
fn what_is_nearly_the_url_of_a_bucket_is_refused_with_the_right_form() {
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
        assert!(error.contains("folder of this machine"), "{error}");
        let error = refused(&["export", "--format", "csv", "--to", slip]);
        assert!(error.contains("folder of this machine"), "{error}");
    }
}

#[test]
fn lists_with_commas_select_as_repeated_flags_do() {
    let world = World::shared();
    let (one, other) = (world.id("storefront"), world.id("payments-api"));
    let plan = |args: &[&str]| -> Value {
        let command = world.orgscan(&[&["plan", "--format", "json"][..], args].concat());
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
        &one,
        "--account",
        &other,
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
fn slips_are_answered_with_what_was_meant() {
    for (args, meant) in [
        (&["enrolment"][..], "'enrollment'"),
        (&["explain", "s3-bucket-publik"], "`s3-bucket-public`"),
        (&["explain", "PublicBucket"], "`PublicBuckets`"),
        (&["explain", "cis-7"], "`cis-7.0`"),
        (&["explain", "cis-7.0", "3.1.11"], "`3.1.1`"),
    ] {
        let run = run(args);
        assert_eq!(run.code(), 2, "{args:?}");
        assert!(run.stderr.contains(meant), "{args:?}: {}", run.stderr);
    }
    for (args, told) in [
        (&["explain", "s3-bucket-public"][..], "Why it matters"),
        (&["explain", "PublicBuckets"], "s3-bucket-public"),
        (&["explain", "cis-7.0"], "3.1.1"),
        (&["explain", "cis-7.0", "3.1.1"], "s3-bucket-http-allowed"),
        (&["explain", "3.1.1"], "s3-bucket-http-allowed"),
    ] {
        let run = run(args);
        assert_eq!(run.code(), 0, "{args:?}: {}", run.stderr);
        assert!(run.stdout.contains(told), "{args:?}: {}", run.stdout);
    }
}

/// As the shells see it: what follows a flag in a script that bash has loaded.
#[test]
fn shells_complete_checks_frameworks_and_regions() {
    let script = run(&["completions", "bash"]).stdout;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orgscan.bash");
    std::fs::write(&file, script).unwrap();
    let completed = |words: &[&str]| {
        let words_of_shell = words.iter().map(|word| format!("'{word}'"));
        let words_of_shell: Vec<_> = words_of_shell.collect();
        let (all, at) = (words_of_shell.join(" "), words.len() - 1);
        let [before, last] = words[at - 1..] else {
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
    for (words, expected) in [
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
        let found = completed(words);
        assert!(found.contains(expected), "{words:?}: {found}");
    }
    let help = run(&["scan", "--help"]).stdout;
    assert!(!help.contains("root-access-key"), "{help}");
}

/// The exit code where nobody reads what is printed.
fn unread(mut command: Command) -> (i32, String) {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    drop(process.stdout.take());
    let mut error = String::new();
    process
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut error)
        .unwrap();
    (process.wait().unwrap().code().unwrap(), error)
}

#[test]
fn a_closed_pipe_does_not_change_the_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let reports = folder.path().join("reports");
    demo(&reports, &[]);
    let place = reports.to_str().unwrap();
    let with = |command: &[&str]| {
        let mut process = orgscan();
        process.args(command).args(["--report", place]);
        process
    };
    for command in READERS {
        let expected = Run::of(with(command), PathBuf::new());
        assert_eq!(
            unread(with(command)),
            (expected.code(), expected.stderr),
            "{command:?}"
        );
    }
    for args in [
        &["checks"][..],
        &["explain", "cis-7.0"],
        &["completions", "zsh"],
        &["man"],
        &["schema", "report"],
    ] {
        let mut command = orgscan();
        command.args(args);
        assert_eq!(unread(command), (0, String::new()), "{args:?}");
    }
    // A file that was changed: the code says so, whether somebody reads it or not.
    let report = crate::world::find(&reports.join("daily"), "findings.csv").unwrap();
    std::fs::write(report, "changed\n").unwrap();
    assert_eq!(unread(with(&["verify"])).0, 1);
    let world = World::shared();
    let incomplete = world.orgscan(&["plan", "--region", "us-east-1,af-south-1"]);
    assert_eq!(unread(incomplete).0, 3);
    let mut scan = world.orgscan(&[
        "scan",
        "--dry-run",
        "--fail-on",
        "low",
        "--region",
        "us-east-1",
    ]);
    scan.args(["--account", &world.id("payments-api")]);
    assert_eq!(unread(scan).0, 1);
}

#[test]
fn a_week_without_runs_writes_nothing_and_the_last_one_with_runs_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let reports = folder.path().join("reports");
    let now = || jiff::Timestamp::now();
    let current = || Week::of(day_of(now()));
    let weekly = |more: &[&str]| {
        let place = ["weekly", "--report", reports.to_str().unwrap()];
        run(&[&place[..], more].concat())
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
fn an_exception_is_added_for_a_finding_and_applies_in_the_next_run() {
    let folder = tempfile::tempdir().unwrap();
    let reports = folder.path().join("reports");
    demo(&reports, &[]);
    let report = crate::world::find(&reports.join("daily"), "report.json").unwrap();
    let report: Value = serde_json::from_str(&std::fs::read_to_string(report).unwrap()).unwrap();
    let finding = &report["findings"][0];
    let id = finding["id"].as_str().unwrap();
    let list = folder.path().join("exceptions.yaml");
    let list_of = list.to_str().unwrap().to_owned();
    let add = |id: &str, more: &[&str]| {
        let args = [
            "exceptions",
            "add",
            id,
            "--owner",
            "web team",
            "--reason",
            "It is a website",
            "--days",
            "30",
        ];
        run(&[
            &args[..],
            &["--file", &list_of, "--report", reports.to_str().unwrap()],
            more,
        ]
        .concat())
    };
    let unknown = add("00", &[]);
    assert_eq!(unknown.code(), 2, "{}", unknown.stdout);
    assert!(
        unknown.stderr.contains("no finding 00"),
        "{}",
        unknown.stderr
    );
    assert!(!list.exists());

    let added = add(id, &["--ticket", "SEC-1"]);
    assert_eq!(added.code(), 0, "{}", added.stderr);
    let text = std::fs::read_to_string(&list).unwrap();
    assert!(
        text.contains("owner: \"web team\"") && text.contains("SEC-1"),
        "{text}"
    );
    let checked = run(&["exceptions", "check", &list_of]);
    assert_eq!(checked.code(), 0, "{}", checked.stderr);

    let again = add(id, &[]);
    assert_eq!(again.code(), 2, "{}", again.stdout);
    assert!(
        again.stderr.contains("accepts this finding until"),
        "{}",
        again.stderr
    );
    assert_eq!(std::fs::read_to_string(&list).unwrap(), text);
    let other = report["findings"][1]["id"].as_str().unwrap();
    assert_eq!(add(other, &[]).code(), 0);
    let both = std::fs::read_to_string(&list).unwrap();
    assert!(both.starts_with(&text), "{both}");

    let config = folder.path().join("orgscan.yaml");
    std::fs::write(
        &config,
        format!("exceptions: {{ location: '{list_of}' }}\n"),
    )
    .unwrap();
    demo(&reports, &["--config", config.to_str().unwrap()]);
    let exported = [
        "export",
        "--format",
        "json",
        "--to",
        "-",
        "--report",
        reports.to_str().unwrap(),
    ];
    let report: Value = serde_json::from_str(&run(&exported).stdout).unwrap();
    let accepted: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| !one["exception"].is_null())
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    let mut expected = vec![id, other];
    expected.sort_unstable();
    let mut found = accepted.clone();
    found.sort_unstable();
    assert_eq!(found, expected);
}
