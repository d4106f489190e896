//! A run that is killed at any moment, again and again, ends with the report of an undisturbed one.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use orgscan::replay::{Latency, Physics, Settings};
use serde_json::Value;

use crate::simulated::Simulated;
use crate::world::Run;

/// Kills in all.
const KILLS: usize = 200;

/// Processes that may work on one run: enough for one that no kill meets.
const TRIES: usize = 100;

/// Accounts: those recorded and a few copies.
const ACCOUNTS: usize = 24;

/// One run, from its first process to its last.
struct Story<'a> {
    simulated: &'a Simulated,
    config: &'a Path,
    folder: PathBuf,
    kills: usize,
}

impl Story<'_> {
    fn command(&self) -> Command {
        let mut command = self.simulated.orgscan(&["scan", "--run-id", "nightly"]);
        command.arg("--config").arg(self.config);
        command.arg("--output").arg(&self.folder);
        command.args(["--region", "us-east-1", "--region", "eu-west-1"]);
        command
    }

    /// Accounts whose results are stored for good.
    fn finished(&self) -> BTreeSet<String> {
        let accounts = self.folder.join("runs/nightly/accounts");
        let entries = std::fs::read_dir(accounts).into_iter().flatten();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names
            .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
            .collect()
    }

    /// Lets processes work on the run, and kills each within `patience` until one is done before.
    fn play(&mut self, random: &mut fastrand::Rng, patience: Duration) -> Run {
        for _ in 0..TRIES {
            let finished = self.finished();
            let seen = self.simulated.replay.log().len();
            let process = self.command().stdout(Stdio::null()).spawn().unwrap();
            let killed = kill_within(process, patience.mul_f64(random.f64()));
            self.assert_none_scanned_again(&finished, seen);
            if !killed {
                // The same once more prints the report of what is done.
                return Run::of(self.command(), self.folder.clone());
            }
            self.kills += 1;
        }
        panic!("no process came to its end");
    }

    /// An account that was done is not looked into again: its first request would be this.
    fn assert_none_scanned_again(&self, finished: &BTreeSet<String>, seen: usize) {
        let log = self.simulated.requests();
        let management = self.simulated.inventory.management_account.as_str();
        for one in &log[seen..] {
            let again = one.api == "ec2:DescribeRegions" && finished.contains(&one.account);
            assert!(!again || one.account == management, "{} again", one.account);
        }
    }
}

/// Whether the process had to be killed.
fn kill_within(mut process: Child, time: Duration) -> bool {
    let until = Instant::now() + time;
    while Instant::now() < until {
        if process.try_wait().unwrap().is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let over = process.try_wait().unwrap().is_some();
    process.kill().unwrap();
    process.wait().unwrap();
    !over
}

/// The report but for its times.
fn timeless(report: &str) -> String {
    let mut report: Value = serde_json::from_str(report).unwrap();
    for time in ["started", "finished"] {
        report["run"][time] = Value::Null;
    }
    report.to_string()
}

fn assert_same(whole: &Run, pieced: &Run) {
    for file in ["findings.csv", "coverage.csv"] {
        assert_eq!(whole.file(file), pieced.file(file), "{file}");
    }
    let (whole, pieced) = (whole.file("report.json"), pieced.file("report.json"));
    assert_eq!(timeless(&whole), timeless(&pieced));
}

#[test]
fn two_hundred_kills_lose_nothing_and_repeat_nothing_that_was_done() {
    let physics = Physics {
        latency: Some(Latency {
            median: Duration::from_millis(10),
            p99: Duration::from_millis(60),
        }),
        ..Physics::none()
    };
    let simulated = Simulated::start(Settings {
        accounts: Some(ACCOUNTS),
        log: true,
        physics,
        ..Settings::default()
    });
    let config = simulated.folder().join("orgscan.yaml");
    // A few accounts at a time, so that kills meet them at every stage.
    std::fs::write(&config, "api_share: 1\nconcurrency: { accounts: 6 }\n").unwrap();
    let story = |kills| Story {
        simulated: &simulated,
        config: &config,
        folder: simulated.folder(),
        kills,
    };
    let undisturbed = story(0);
    let begun = Instant::now();
    let whole = Run::of(undisturbed.command(), undisturbed.folder.clone());
    // Longer than a run takes, so that some come to their end.
    let patience = begun.elapsed().mul_f64(1.5);
    assert_eq!(whole.code(), 3, "{}", whole.stderr);

    let mut random = fastrand::Rng::with_seed(7);
    let mut kills = 0;
    while kills < KILLS {
        let mut one = story(kills);
        let pieced = one.play(&mut random, patience);
        kills = one.kills;
        assert_same(&whole, &pieced);
    }
}
