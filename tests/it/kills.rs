//! A run that is killed at any moment, again and again, ends with the report of an undisturbed one, and
//! `orgscan verify` is clean.
//!
//! `cargo test` does this a few times. The long version, with its seed printed:
//!
//!     ORGSCAN_KILLS=60 ORGSCAN_KILLS_PUBLISHING=200 cargo test --test it kills:: -- --nocapture
//!
//! `ORGSCAN_KILLS_SEED` repeats what a seed chose. When a process is killed also depends on the machine.

mod publishing;
mod watch;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use orgscan_sim::{Latency, ServiceBehavior, Settings};
use serde_json::Value;

use crate::run::{Run, remove_dates, without_dates};
use crate::simulated::SimulatedOrganization;

/// Tests of kills run side by side in so many threads.
const THREADS: usize = 2;

/// How often processes are killed, and what chooses when.
struct Plan {
    kills: usize,
    seed: u64,
}

impl Plan {
    /// So many kills as this variable says; a few with a seed of their own where it says nothing.
    #[expect(clippy::print_stdout, reason = "the seed is needed to repeat it")]
    fn of(variable: &str, few: usize) -> Self {
        let number = |name| Some(std::env::var(name).ok()?.parse().unwrap());
        let kills: Option<u64> = number(variable);
        let seed = number("ORGSCAN_KILLS_SEED");
        let seed =
            seed.unwrap_or_else(|| kills.map_or(1, |_| fastrand::u64(..u64::from(u32::MAX))));
        let kills = kills.map_or(few, |kills| usize::try_from(kills).unwrap());
        println!("{variable}={kills} ORGSCAN_KILLS_SEED={seed}");
        Self { kills, seed }
    }

    /// Runs a part of it in each thread.
    fn run(&self, part: fn(usize, u64)) {
        std::thread::scope(|scope| {
            let parts = (0..THREADS).map(|n| {
                let kills = (self.kills + n) / THREADS;
                scope.spawn(move || part(kills, self.seed + n as u64))
            });
            parts
                .collect::<Vec<_>>()
                .into_iter()
                .for_each(|part| part.join().unwrap());
        });
    }
}

/// Processes that may work on one run: enough for one that no kill meets.
const TRIES: usize = 100;

/// One run, from its first process to its last.
struct Story<'a> {
    simulated: &'a SimulatedOrganization,
    config: &'a Path,
    folder: PathBuf,
}

impl Story<'_> {
    fn command(&self) -> Command {
        let mut command = self.simulated.orgscan(&["scan", "--run-id", "nightly"]);
        command.arg("--config").arg(self.config);
        command.arg("--report").arg(&self.folder);
        command.args(["--region", "us-east-1"]);
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

    /// Lets processes work on the run, and kills each before it has made `requests`, until one is done before.
    /// Gives how many it killed.
    fn play(&self, random: &mut fastrand::Rng, requests: u64) -> usize {
        for kills in 0..TRIES {
            let finished = self.finished();
            let seen = self.simulated.replay.log().len();
            let process = self.command().stdout(Stdio::null()).spawn().unwrap();
            let killed = self.kill_after(process, random.u64(0..requests));
            self.assert_none_scanned_again(&finished, seen);
            if !killed {
                return kills;
            }
        }
        panic!("no process came to its end");
    }

    /// Kills a process when it has made so many requests. False where it has come to its end before.
    fn kill_after(&self, mut process: Child, requests: u64) -> bool {
        let sent = || self.simulated.replay.counts().requests;
        let last = sent() + requests;
        while sent() < last {
            if process.try_wait().unwrap().is_some() {
                return false;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        let over = process.try_wait().unwrap().is_some();
        process.kill().unwrap();
        process.wait().unwrap();
        !over
    }

    /// An account that was done is not scanned again: its first request would be this.
    fn assert_none_scanned_again(&self, finished: &BTreeSet<String>, seen: usize) {
        let log = self.simulated.requests();
        let management = self.simulated.inventory.management_account.as_str();
        for one in &log[seen..] {
            let again = one.api == "ec2:DescribeRegions" && finished.contains(&one.account);
            assert!(!again || one.account == management, "{} again", one.account);
        }
    }
}

/// The report without its times: the run's, those of findings and of the evidence, and that of each credential report.
fn timeless(report: &str) -> Vec<String> {
    let mut report: Value = serde_json::from_str(report).unwrap();
    for time in ["started", "finished"] {
        report["run"][time] = Value::Null;
    }
    remove_dates(&mut report);
    for account in report["accounts"].as_array_mut().unwrap() {
        let notes = account["notes"].as_array_mut().unwrap();
        notes.retain(|note| !note.as_str().unwrap().contains("IAM credential report of"));
    }
    let text = serde_json::to_string_pretty(&report).unwrap();
    text.lines().map(str::to_owned).collect()
}

fn assert_same(whole: &Run, pieced: &Run) {
    for file in ["findings.csv", "coverage.csv"] {
        let [whole, pieced] = [whole, pieced].map(|run| without_dates(file, &run.file(file)));
        assert_eq!(whole, pieced, "{file}");
    }
    let (whole, pieced) = (whole.file("report.json"), pieced.file("report.json"));
    let (whole, pieced) = (timeless(&whole), timeless(&pieced));
    let differing = whole.iter().zip(&pieced).find(|(a, b)| a != b);
    assert_eq!(differing, None, "report.json");
    assert_eq!(whole.len(), pieced.len(), "report.json");
}

/// A replayed organization, and runs of it.
struct ScanStage {
    simulated: SimulatedOrganization,
    config: PathBuf,
}

impl ScanStage {
    fn set() -> Self {
        let latency = Latency {
            median: Duration::from_millis(5),
            p99: Duration::from_millis(30),
        };
        let simulated = SimulatedOrganization::start(Settings {
            log: true,
            behavior: ServiceBehavior {
                latency: Some(latency),
                ..ServiceBehavior::none()
            },
            ..Settings::default()
        });
        let config = simulated.folder().join("orgscan.yaml");
        // A few accounts at a time, so that kills meet them at every stage.
        std::fs::write(&config, "api_share: 1\nconcurrency: { accounts: 4 }\n").unwrap();
        Self { simulated, config }
    }

    fn story(&self) -> Story<'_> {
        Story {
            simulated: &self.simulated,
            config: &self.config,
            folder: self.simulated.folder(),
        }
    }
}

/// Kills so many processes, and holds every run that they were at against an undisturbed one.
fn kill(kills: usize, seed: u64) {
    let stage = ScanStage::set();
    let undisturbed = stage.story();
    let whole = Run::of(undisturbed.command(), undisturbed.folder.clone());
    // More than a run makes, so that some come to their end.
    let requests = stage.simulated.replay.counts().requests * 13 / 10;
    assert_eq!(whole.code(), 3, "{}", whole.stderr);
    let mut random = fastrand::Rng::with_seed(seed);
    let mut killed = 0;
    while killed < kills {
        let one = stage.story();
        killed += one.play(&mut random, requests);
        // A finished run that is started again prints its report again.
        assert_same(&whole, &Run::of(one.command(), one.folder.clone()));
        let verify = stage
            .simulated
            .orgscan(&["verify", one.folder.to_str().unwrap()]);
        let verified = Run::of(verify, one.folder.clone());
        assert_eq!(verified.code(), 0, "{}{}", verified.stdout, verified.stderr);
    }
}

#[test]
fn kills_at_any_time_lose_nothing_and_repeat_nothing_that_was_done() {
    Plan::of("ORGSCAN_KILLS", 12).run(kill);
}

#[test]
fn kills_while_publishing_lose_nothing_and_leave_what_is_verified() {
    Plan::of("ORGSCAN_KILLS_PUBLISHING", 16).run(publishing::kill_publishing);
}
