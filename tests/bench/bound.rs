//! The least time that a scan can take: whatever of the following takes longest, and then the last
//! account's own chain of requests, its credential report included.

use crate::bare;
use crate::organization::Counts;
use crate::scan;

/// AWS's published rates, as burst and refill a second: see `src/sim/quotas.rs` for the sources.
const LIST_ACCOUNTS: (f64, f64) = (12.0, 8.0);
const LIST_OUS: (f64, f64) = (8.0, 5.0);
const ASSUME_ROLE: (f64, f64) = (600.0, 600.0);

/// Accounts that Organizations lists in a page.
const PAGE: f64 = 20.0;

/// Requests that the descriptors of a Lambda function allow to be in flight: 1,024, less those for
/// the runtime, files and the stock of idle connections.
const DESCRIPTORS: f64 = 960.0;

/// Sequential requests of an account: session, Regions, one Region's lists, credential report.
const CHAIN: f64 = 4.0;

/// How long IAM commonly takes to make a credential report, in seconds, as the replay has it.
const REPORT: f64 = 1.5;

/// Seconds that each thing takes at the least, alone.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) listing: f64,
    pub(crate) tree: f64,
    pub(crate) sessions: f64,
    pub(crate) latency: f64,
    pub(crate) processor: f64,
    /// The slowest of all credential reports.
    pub(crate) report: f64,
    /// The last account alone, if it is one like most.
    last: f64,
    chain: f64,
}

impl Bound {
    pub(crate) fn of(
        scan: &scan::ScanMeasurement,
        counts: &Counts,
        bare: &bare::BareMeasurement,
        accounts: usize,
    ) -> Self {
        let accounts = accounts as f64;
        let requests = scan.requests as f64;
        let mean = bare.mean_answer;
        let cores = std::thread::available_parallelism().map_or(1.0, |n| n.get() as f64);
        let limited = |(burst, refill): (f64, f64), requests: f64| {
            let (burst, refill) = ((burst * scan.api_share).floor(), refill * scan.api_share);
            ((requests - burst) / refill).max(0.0)
        };
        // Pages follow one another, so each also waits for the one before.
        let pages = (accounts / PAGE).ceil();
        let listing = limited(LIST_ACCOUNTS, pages).max(pages * mean);
        let lists = counts
            .apis
            .get("organizations:ListOrganizationalUnitsForParent");
        let lists = lists.map_or(0.0, |api| api.requests as f64);
        let tree = limited(LIST_OUS, lists).max(lists * mean);
        Self {
            listing,
            tree,
            sessions: limited(ASSUME_ROLE, scan.accounts_scanned as f64),
            latency: requests * mean / DESCRIPTORS,
            processor: (requests * bare.cpu_per_request + counts.used.cpu) / cores,
            report: counts.slowest_report_ms / 1_000.0,
            last: REPORT + CHAIN * mean,
            chain: CHAIN * mean,
        }
    }

    /// All together, in seconds.
    pub(crate) fn seconds(&self) -> f64 {
        let parts = [
            self.listing + self.last,
            self.tree,
            self.sessions + self.last,
            self.latency + self.chain,
            self.processor + self.chain,
            self.report + self.chain,
        ];
        parts.into_iter().fold(0.0, f64::max)
    }

    /// What decides.
    pub(crate) fn by(&self) -> &'static str {
        let parts = [
            (self.listing, "listing"),
            (self.tree, "OU tree"),
            (self.sessions, "sessions"),
            (self.latency, "latency"),
            (self.processor, "processor"),
            (self.report, "report"),
        ];
        let most = parts.into_iter().max_by(|a, b| a.0.total_cmp(&b.0));
        most.map_or("", |(_, name)| name)
    }
}
