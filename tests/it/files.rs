//! The files that commands leave in a report folder: who can read them, and what is never in them.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use orgscan_sim::{ServiceBehavior, Settings};

use crate::run::{Run, find};
use crate::simulated::SimulatedOrganization;

const SECRET: &str = "an-external-id-that-nobody-may-see";

fn simulated() -> SimulatedOrganization {
    SimulatedOrganization::start(Settings {
        behavior: ServiceBehavior::none(),
        ..Settings::default()
    })
}

/// A quick scan that leaves as much as there is.
fn scan(
    simulated: &SimulatedOrganization,
    id: &str,
    reports: &Path,
    variables: &[(&str, &str)],
) -> Run {
    let config = simulated.folder().join("orgscan.yaml");
    let everything = "destinations: { report: { per_account: true, tables: true, security_lake: true, \
                      location: elsewhere } }\n";
    fs::write(&config, everything).unwrap();
    let account = simulated.id("security-audit").to_string();
    let mut command = simulated.orgscan(&["scan", "--region", "us-east-1", "--account", &account]);
    command.args(["--run-id", id, "-vv", "--external-id", SECRET]);
    command.arg("--config").arg(&config);
    command.arg("--report").arg(reports);
    command.envs(variables.iter().copied());
    let run = Run::of(command, reports.to_owned());
    assert!(run.code() < 2, "{}", run.stderr);
    run
}

/// Everything below a folder, itself included.
fn all(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    let entries = fs::read_dir(folder).into_iter().flatten();
    for entry in entries {
        let path = entry.unwrap().path();
        match fs::symlink_metadata(&path).unwrap().is_dir() {
            true => found.extend(all(&path)),
            false => found.push(path),
        }
    }
    found
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn what_is_written_is_for_its_owner_alone_unless_configured() {
    let simulated = simulated();
    let reports = simulated.folder().join("a/reports");
    scan(&simulated, "first", &reports, &[]);
    let mut weekly = simulated.orgscan(&["weekly", "--report"]);
    weekly.arg(&reports);
    Run::of(weekly, reports.clone());
    let out = simulated.folder().join("exported");
    let mut export = simulated.orgscan(&["export", "--format", "csv", "--report"]);
    export.arg(&reports).arg("--to").arg(&out);
    assert_eq!(Run::of(export, out.clone()).code(), 0);
    for path in all(&reports).into_iter().chain(all(&out)) {
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(&path), expected, "{}", path.display());
    }
    for name in [
        "tables", "ext", "accounts", "runs", "state", "daily", "weekly",
    ] {
        assert!(reports.join(name).is_dir(), "{name}");
    }

    let shared = simulated.folder().join("shared");
    scan(
        &simulated,
        "first",
        &shared,
        &[("ORGSCAN_REPORT_SHARED", "true")],
    );
    let umask = fs::metadata(find(&shared.join("daily"), "report.json").unwrap()).unwrap();
    assert_ne!(
        umask.permissions().mode() & 0o077,
        0,
        "by the umask of the tests"
    );
    assert_ne!(mode(&shared.join("state/findings.jsonl.gz")) & 0o077, 0);
}

#[test]
fn the_external_id_is_nowhere() {
    let simulated = simulated();
    let reports = simulated.folder();
    let run = scan(&simulated, "first", &reports, &[]);
    assert!(!run.stdout.contains(SECRET) && !run.stderr.contains(SECRET));
    for path in all(&reports) {
        let Ok(bytes) = fs::read(&path) else { continue };
        let text = match path.extension().is_some_and(|end| end == "gz") {
            false => bytes,
            true => {
                let mut text = Vec::new();
                let mut packed = flate2::read::MultiGzDecoder::new(&*bytes);
                std::io::Read::read_to_end(&mut packed, &mut text).unwrap();
                text
            }
        };
        let is_there = text
            .windows(SECRET.len())
            .any(|part| part == SECRET.as_bytes());
        assert!(!is_there, "{}", path.display());
    }
}

#[test]
fn no_symbolic_link_is_written_through() {
    let simulated = simulated();
    let reports = simulated.folder();
    let precious = simulated.folder().join("precious");
    fs::write(&precious, "text").unwrap();
    // The places of everything that a run writes.
    let model = simulated.folder();
    scan(&simulated, "first", &model, &[]);
    let files = all(&model).into_iter().filter(|path| path.is_file());
    let files: Vec<_> = files
        .map(|path| path.strip_prefix(&model).unwrap().to_owned())
        .collect();
    // Manifests that are there are left to `verify`; what is read has to be there.
    let is_written = |path: &&PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        !name.contains("lock")
            && !name.starts_with("manifest")
            && !path.starts_with("runs")
            && !path.starts_with("state")
    };
    for file in files.iter().filter(is_written) {
        for name in [
            reports.join(file),
            reports.join(format!("{}.part", file.display())),
        ] {
            fs::create_dir_all(name.parent().unwrap()).unwrap();
            symlink(&precious, &name).unwrap();
        }
    }
    scan(&simulated, "first", &reports, &[]);
    assert_eq!(fs::read_to_string(&precious).unwrap(), "text");
    for file in files.iter().filter(is_written) {
        assert!(!reports.join(file).is_symlink(), "{}", file.display());
    }

    for lock in ["state/lock", "state/head.json.lock", "runs/second/lock"] {
        let lock = reports.join(lock);
        fs::create_dir_all(lock.parent().unwrap()).unwrap();
        let _ = fs::remove_file(&lock);
        symlink(&precious, &lock).unwrap();
    }
    let account = simulated.id("security-audit").to_string();
    for id in ["second", "third"] {
        let mut command = simulated.orgscan(&["scan", "--region", "us-east-1"]);
        command
            .args(["--account", &account, "--run-id", id, "--report"])
            .arg(&reports);
        let run = Run::of(command, reports.clone());
        assert!(matches!(run.code(), 2 | 4), "{}", run.stdout);
        let message = format!("{}{}", run.stdout, run.stderr).replace('\n', " ");
        assert!(message.contains("symbolic link"), "{message}");
        assert_eq!(fs::read_to_string(&precious).unwrap(), "text");
    }
}
