//! One scan of all accounts in the 17 Regions that every account has.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use orgscan_app::config::ConfigLayer;
use orgscan_app::observe::NoObserver;
use orgscan_app::scan::{Request, scan};
use orgscan_app::stop::StopSignal;
use orgscan_aws::rate_limit::Deadline;
use orgscan_aws::{AwsContext, Source};
use orgscan_core::model::RunId;
use orgscan_core::services::CHECKS;
use orgscan_core::settings::{Config, Location};
use serde::{Deserialize, Serialize};

use crate::Outcome;
use crate::measure::{Used, used};

/// Members of the recorded organization that are there to be unreachable or half-reachable, and the
/// one Region that some have and most have not. A benchmark is about what can be covered.
const EXCLUDED: &str = "
accounts:
  exclude: { names: [acquired-startup, staging-integrations, payments-ledger] }
regions:
  exclude: [af-south-1]
";

/// The argument that runs all checks, opt-in checks included.
pub(crate) const ALL_CHECKS: &str = "--all-checks";

/// The argument that runs the checks of CIS 7.0.
pub(crate) const CIS: &str = "--cis";

/// What a scan took.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ScanMeasurement {
    /// Wall time in seconds, from the first request to the written report.
    pub(crate) seconds: f64,
    pub(crate) accounts_scanned: u64,
    pub(crate) targets_unknown: u64,
    pub(crate) findings: u64,
    pub(crate) requests: u64,
    pub(crate) throttled: u64,
    /// Requests that may be in flight.
    pub(crate) in_flight: usize,
    pub(crate) api_share: f64,
    pub(crate) connections_peak: usize,
    pub(crate) connections_opened: usize,
    /// Mean time that AWS took to answer, in seconds.
    pub(crate) mean_answer: f64,
    pub(crate) used: Used,
}

/// Scans, and prints what it took.
pub(crate) fn child(args: &[String]) -> Outcome<()> {
    let mut config = EXCLUDED.to_owned();
    if args.iter().any(|arg| arg == ALL_CHECKS) {
        let ids: Vec<_> = CHECKS.iter().map(|check| check.id).collect();
        config.push_str(&format!("checks: {{ include: [{}] }}\n", ids.join(", ")));
    }
    if args.iter().any(|arg| arg == CIS) {
        config.push_str("checks: { frameworks: [cis-7.0] }\n");
    }
    let measured = tokio::runtime::Runtime::new()?.block_on(measure(&config))?;
    println!("{}", serde_json::to_string(&measured)?);
    Ok(())
}

/// The configuration of a run whose report goes into the folder.
fn load(config: &str, folder: &Path) -> Outcome<Config> {
    let file = folder.join("bench.yaml");
    std::fs::write(&file, config)?;
    let location = Location::Folder(folder.join("report"));
    let layer = ConfigLayer::default().with("destinations.report.location", location);
    let text = orgscan_app::config::ConfigText::of_file(&file)?;
    Ok(orgscan_app::config::load(
        Some(&text),
        std::iter::empty(),
        layer,
    )?)
}

async fn measure(config: &str) -> Outcome<ScanMeasurement> {
    let folder = tempfile::tempdir()?;
    let config = load(config, folder.path())?;
    let (in_flight, api_share) = (config.concurrency.requests, config.api_share.0);
    let request = Request {
        run_id: RunId::from_timestamp(Timestamp::now()),
        started: Timestamp::now(),
        clock: orgscan_core::clock::Clock::System,
        behind: jiff::SignedDuration::ZERO,
        own_account: false,
        dry_run: false,
        needs_exceptions: true,
        deadline: Deadline::never(),
        origins: Arc::default(),
        central_share: 1.0,
        config,
    };
    let started_at = Instant::now();
    let aws = Arc::new(AwsContext::connect(&request.config, &Source::Environment).await?);
    let finished = scan(&aws, &request, Arc::new(NoObserver), &StopSignal::never()).await?;
    let seconds = started_at.elapsed().as_secs_f64();
    let (coverage, total) = (&finished.report.coverage, &finished.timings.total);
    Ok(ScanMeasurement {
        seconds,
        accounts_scanned: coverage.accounts_scanned,
        targets_unknown: coverage.targets.unknown,
        findings: finished.report.findings.total(),
        requests: total.requests,
        throttled: total.throttled,
        in_flight,
        api_share,
        connections_peak: finished.timings.connections_peak,
        connections_opened: finished.timings.connections_opened,
        mean_answer: total.waited_for_aws.as_secs_f64() / total.requests.max(1) as f64,
        used: used("self")?,
    })
}
