//! Where the time of a run went, and what it took.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::Serialize;

use orgscan_aws::Connections;
use orgscan_aws::rate_limit::{ApiStats, Stats, as_seconds};

/// Where the time of a run went, and what it took.
#[derive(Debug, Serialize)]
pub struct Timings {
    #[serde(skip)]
    since: Instant,
    /// Seconds by stage, in order.
    pub stages: Vec<(&'static str, f64)>,
    /// When the last account was listed; scanning begins before.
    #[serde(serialize_with = "as_seconds")]
    pub listed_after: Duration,
    /// Requests by API.
    pub apis: BTreeMap<&'static str, ApiStats>,
    /// All requests.
    pub total: ApiStats,
    /// The most connections that were open at one time.
    pub connections_peak: usize,
    /// All connections ever opened.
    pub connections_opened: usize,
    /// The most memory that the process held, in bytes; none where the system does not say.
    pub peak_memory: Option<u64>,
}

impl Timings {
    /// Starts the clock.
    pub fn start() -> Self {
        Self {
            since: Instant::now(),
            stages: Vec::new(),
            listed_after: Duration::ZERO,
            apis: BTreeMap::new(),
            total: ApiStats::default(),
            connections_peak: 0,
            connections_opened: 0,
            peak_memory: None,
        }
    }

    /// Ends a stage; the next one begins.
    pub fn stage(&mut self, name: &'static str) {
        let spent = std::mem::replace(&mut self.since, Instant::now()).elapsed();
        self.stages.push((name, spent.as_secs_f64()));
    }

    /// Takes down what the run took.
    pub fn finish(&mut self, stats: &Stats, connections: &Connections) {
        self.apis = stats.by_api();
        self.total = stats.total();
        self.connections_peak = connections.peak();
        self.connections_opened = connections.opened();
        self.peak_memory = peak_memory();
    }

    /// All stages together.
    pub fn elapsed(&self) -> Duration {
        Duration::from_secs_f64(self.stages.iter().map(|(_, seconds)| seconds).sum())
    }
}

/// The most memory that the process held so far, in bytes. Linux says it in `/proc`; other systems
/// do not say it without unsafe code.
pub fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kibibytes * 1_024)
}
