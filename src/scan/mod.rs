//! The whole pipeline: discover, assume, collect, evaluate, consolidate, publish.

mod account;
mod accounts;
mod preview;
mod selection;
mod timings;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::mpsc::{self, UnboundedSender};
use tracing::Instrument;

use accounts::Run;
use selection::{refuse_unknown_accounts, refuse_unknown_regions};

pub use preview::{Preview, preview};
pub use timings::{Timings, peak_memory};

use crate::assume::Sessions;
use crate::aws::{Aws, default_regions, opt_in_regions};
use crate::collect::enabled_regions;
use crate::config::Config;
use crate::consolidate::{Consolidation, Unaccounted};
use crate::discover::{DiscoverError, Discovered, discover};
use crate::model::{Account, Plan, Region, Report, RunId, RunInfo};
use crate::observe::{Event, Observer};
use crate::pace::{Deadline, PaceSettings, Pacer};
use crate::publish::{self, Delivery, Publication, PublishError, S3};
use crate::store::{Record, Store, StoreError};

/// What a run is asked to do.
#[derive(Clone, Debug)]
pub struct Request {
    /// The validated configuration.
    pub config: Config,
    /// The run's id, from its trigger.
    pub run_id: RunId,
    /// When the run began; the report's date.
    pub started: Timestamp,
    /// Scan the caller's own account alone, without asking Organizations.
    pub own_account: bool,
    /// Publish nothing.
    pub dry_run: bool,
    /// When the run has to be over, publishing included.
    pub deadline: Deadline,
}

/// A run that came to its end.
#[derive(Debug)]
pub struct Finished {
    /// What was found.
    pub report: Report,
    /// What became of each configured destination.
    pub deliveries: Vec<Delivery>,
    /// Where the report is, if it went anywhere.
    pub report_location: Option<String>,
    /// US dollars a month that the metrics' series cost at one run a day.
    pub metrics_cost: f64,
    /// How many series there are.
    pub metrics_series: usize,
    /// Where the time went.
    pub timings: Timings,
    /// What was planned.
    pub plan: Plan,
    /// The results behind the report, account by account.
    pub store: Arc<Store>,
}

impl Finished {
    /// Whether everything that was configured was delivered.
    pub fn is_delivered(&self) -> bool {
        self.deliveries.iter().all(|one| one.outcome.is_ok())
    }
}

/// Why a run came to no end.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The accounts could not be listed.
    #[error(transparent)]
    Discover(#[from] DiscoverError),
    /// What was selected does not exist, so the run would look at nothing and seem clean.
    #[error("nothing is named by {}; correct it or leave it out", .0.join(", "))]
    NamesNothing(Vec<String>),
    /// Results could not be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Accounts have gone missing on the way.
    #[error(transparent)]
    Unaccounted(#[from] Unaccounted),
    /// The report could not be written.
    #[error(transparent)]
    Publish(#[from] PublishError),
}

/// Scans the organization and publishes what was found.
///
/// # Errors
/// See [`RunError`]. Accounts that could not be read and destinations that could not be reached are
/// no errors; they are in the answer.
pub async fn scan(
    aws: &Arc<Aws>,
    request: &Request,
    observer: Arc<dyn Observer>,
) -> Result<Finished, RunError> {
    let span = tracing::info_span!("run", run_id = %request.run_id);
    pipeline(aws, request, observer).instrument(span).await
}

async fn pipeline(
    aws: &Arc<Aws>,
    request: &Request,
    observer: Arc<dyn Observer>,
) -> Result<Finished, RunError> {
    let config = &request.config;
    let pacer = Pacer::new(PaceSettings::of(config));
    let publish_time = Duration::from_secs(config.timeouts.publish_seconds);
    let collect_by = request.deadline.earlier_by(publish_time);
    let mut timings = Timings::start();

    let store = Arc::new(open_store(request)?);
    let begun = store.begin(&record(request))?;
    observer.observe(Event::Stage("listing accounts"));
    let (found, listed) = mpsc::unbounded_channel();
    let clock = Instant::now();
    let listing = async {
        let discovered = list(aws, &pacer, collect_by, request, found).await?;
        Ok((discovered, clock.elapsed()))
    };
    let scanning = async {
        let (regions, note) = central_regions(aws, &pacer, collect_by).await;
        refuse_unknown_regions(config, &regions)?;
        let watch = observer.clone();
        let run = Run::new(
            request,
            aws,
            &pacer,
            collect_by,
            watch,
            regions,
            store.clone(),
        );
        Arc::new(run).scan_accounts(listed).await?;
        Ok::<_, RunError>(note)
    };
    let ((discovered, listed_after), note) = futures::try_join!(listing, scanning)?;
    timings.listed_after = listed_after;
    timings.stage("list, collect and evaluate");

    let Discovered { plan, mut notes } = discovered;
    notes.extend(note);
    let report = consolidate(request, begun.started, aws, &plan, notes, &store)?;
    timings.stage("consolidate");

    observer.observe(Event::Stage("publishing"));
    // The alert goes last, so a part of the time is its own.
    let alert_time = publish_time / 4;
    let lane = pacer
        .lane(request.deadline.earlier_by(alert_time))
        .with_attempt_timeout(publish_time);
    let alert_lane = pacer.lane(request.deadline);
    let publication = Publication {
        request,
        aws,
        plan: &plan,
        report: &report,
        store: &store,
        lane: &lane,
        alert_lane: &alert_lane,
    };
    let published = publish::publish(&publication).await?;
    timings.stage("publish");
    timings.finish(&pacer.stats, &aws.connections);

    Ok(Finished {
        report,
        plan,
        store,
        deliveries: published.deliveries,
        report_location: published.report_location,
        metrics_cost: published.metrics_cost,
        metrics_series: published.metrics_series,
        timings,
    })
}

/// Lists the accounts, and passes on those to scan: as soon as they are listed where that is enough
/// to decide, else when all are.
async fn list(
    aws: &Aws,
    pacer: &Arc<Pacer>,
    deadline: Deadline,
    request: &Request,
    found: UnboundedSender<Account>,
) -> Result<Discovered, RunError> {
    let config = &request.config;
    // Nobody listens any more only when the run has failed, which is told there.
    let pass_on = |account: &Account| drop(found.send(account.clone()));
    let own = request.own_account;
    let discovered = discover(aws, pacer, deadline, config, own, &pass_on).await?;
    refuse_unknown_accounts(config, &discovered.plan)?;
    discovered
        .plan
        .to_scan()
        .for_each(|account| pass_on(account));
    Ok(discovered)
}

/// The store below the local report folder, or else a temporary one.
fn open_store(request: &Request) -> Result<Store, StoreError> {
    let run_id = request.run_id.as_str();
    match local_folder(&request.config) {
        Some(folder) if !request.dry_run => Store::open(&folder, run_id),
        _ => Store::temporary(run_id),
    }
}

/// The local report folder, where the configuration names one.
fn local_folder(config: &Config) -> Option<PathBuf> {
    let report = config.destinations.report.as_ref()?;
    (!report.location.starts_with(S3)).then(|| PathBuf::from(&report.location))
}

/// The Regions of the partition, and whether the central account has them enabled. Where it may not
/// ask, those that this version knows, with a note.
async fn central_regions(
    aws: &Arc<Aws>,
    pacer: &Arc<Pacer>,
    deadline: Deadline,
) -> (BTreeMap<Region, bool>, Option<String>) {
    let own = Sessions::own(aws, pacer, deadline);
    match enabled_regions(&own).await {
        Ok(regions) => (regions, None),
        Err(failure) => {
            let note = format!(
                "the central account may not list the Regions ({failure}), so those that orgscan {} \
                 knows stand for them",
                env!("CARGO_PKG_VERSION")
            );
            let partition = &aws.caller.partition;
            let every = default_regions(partition).iter().map(|name| (name, true));
            let opt_in = opt_in_regions(partition).iter().map(|name| (name, false));
            let known = every.chain(opt_in);
            let known = known.map(|(name, enabled)| (Region::new(name), enabled));
            (known.collect(), Some(note))
        }
    }
}

/// Everything that decides what a run finds, for telling whether a run goes on or is another one.
fn record(request: &Request) -> Record {
    let config = &request.config;
    Record {
        started: request.started,
        settings: serde_json::json!({
            "version": env!("CARGO_PKG_VERSION"),
            "own_account": request.own_account,
            "accounts": config.accounts,
            "regions": config.regions,
            "checks": config.checks,
            "role": config.role,
            "sensitive_ports": config.sensitive_ports,
            "expected_gaps": config.expected_gaps,
        }),
    }
}

fn consolidate(
    request: &Request,
    started: Timestamp,
    aws: &Aws,
    plan: &Plan,
    notes: Vec<String>,
    store: &Store,
) -> Result<Report, RunError> {
    let run = RunInfo {
        id: request.run_id.to_string(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started,
        finished: Timestamp::now(),
        organization: plan.organization.clone(),
        central_account: plan.central_account.clone(),
        partition: aws.caller.partition.clone(),
    };
    let mut consolidation = Consolidation::new(plan, run, &request.config.checks.select());
    for account in plan.to_scan() {
        consolidation.add(&store.of(account)?);
    }
    Ok(consolidation.finish(&request.config.thresholds, notes)?)
}
