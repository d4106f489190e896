//! The run's first stages: its store, the accounts, and what is in them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use orgscan_aws::OrganizationAnswers;
use orgscan_aws::assume::Sessions;
use orgscan_aws::collect::{AccountRegions, account_regions};
use orgscan_aws::discover::{Discovery, DiscoveryResult, discover};
use orgscan_aws::rate_limit::{Deadline, RateLimitSettings, RateLimits};
use orgscan_aws::{AwsContext, Failure};
use orgscan_core::exceptions::{Exceptions, ExceptionsError};
use orgscan_core::model::{Account, Cause, Region};
use orgscan_core::partition::{Partition, is_enabled_by_default};
use orgscan_core::services::sts;
use orgscan_store::{Conclusion, Record, RunStorage, Store, StoreError};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

use super::accounts::{RunContext, ScannedAccounts};
use super::scanned_run::{ScanOutcome, ScannedRun, UnscannedAccount};
use super::selection::{validate_accounts, validate_regions};
use super::{Request, RunError, Timings};
use crate::observe::{Observer, RunEvent};
use crate::stack_set;
use crate::stop::StopSignal;

/// A run that this process has to itself, with what earlier ones have left in its store.
pub struct RunHandle {
    pub(super) aws: Arc<AwsContext>,
    pub(super) request: Request,
    pub(super) observer: Arc<dyn Observer>,
    pub(super) rate_limits: Arc<RateLimits>,
    pub(super) organization: Arc<OrganizationAnswers>,
    pub(super) store: Arc<Store>,
    pub(super) record: Record,
    pub(super) exceptions: Arc<Exceptions>,
    pub(super) timings: Timings,
    pub(super) stop: StopSignal,
}

/// Begins a run, or goes on with it.
///
/// # Errors
/// Where its store cannot be had, somebody else works on it, it was started with other settings, or it is
/// dated ahead of the clock.
pub async fn begin(
    aws: &Arc<AwsContext>,
    request: &Request,
    observer: Arc<dyn Observer>,
) -> Result<RunHandle, RunError> {
    begin_with(aws, request, observer, Store::open).await
}

/// The same with a store that is opened in this way.
pub(super) async fn begin_with<F: Future<Output = Result<Store, StoreError>>>(
    aws: &Arc<AwsContext>,
    request: &Request,
    observer: Arc<dyn Observer>,
    open: impl FnOnce(Option<RunStorage>) -> F,
) -> Result<RunHandle, RunError> {
    request.validate()?;
    let timings = Timings::start();
    let rate_limits = rate_limits(request);
    let exceptions = exceptions(aws, &rate_limits, request).await?;
    let store = open(run_storage(aws, request, &rate_limits)).await?;
    match begin_in(&store, request).await {
        Ok(record) => Ok(RunHandle {
            exceptions: Arc::new(exceptions.at(record.started)),
            aws: aws.clone(),
            // A run that goes on keeps its date.
            request: Request {
                started: record.started,
                ..request.clone()
            },
            observer,
            rate_limits,
            organization: Arc::default(),
            store: Arc::new(store),
            record,
            timings,
            stop: StopSignal::never(),
        }),
        Err(error) => {
            store.release().await;
            Err(error)
        }
    }
}

async fn begin_in(store: &Store, request: &Request) -> Result<Record, RunError> {
    let record = store.begin(record(request)).await?;
    request.refuse_future_start(&record)?;
    Ok(record)
}

/// The exceptions of a run, read before anything is scanned.
///
/// # Errors
/// Where they cannot be used and the run needs them.
pub(crate) async fn exceptions(
    aws: &AwsContext,
    rate_limits: &Arc<RateLimits>,
    request: &Request,
) -> Result<Exceptions, ExceptionsError> {
    let (config, started) = (&request.config.exceptions, request.started);
    let api_caller = rate_limits.api_caller(&aws.scope(None), request.deadline);
    let read = crate::config::exceptions_of_run(config, &aws.config, &api_caller, started).await;
    read.or_else(|error| match request.needs_exceptions {
        true => Err(error),
        false => Ok(Exceptions::without(config, &error, started)),
    })
}

/// The rate limits of a run's process.
pub(super) fn rate_limits(request: &Request) -> Arc<RateLimits> {
    RateLimits::new(RateLimitSettings {
        central_share: request.central_share,
        ..RateLimitSettings::of(&request.config)
    })
}

/// Where a run's files lie for other processes; none where it has no report.
pub(super) fn run_storage(
    aws: &AwsContext,
    request: &Request,
    rate_limits: &Arc<RateLimits>,
) -> Option<RunStorage> {
    let report = request.config.destinations.report.as_ref();
    let report = report.filter(|_| !request.dry_run)?;
    let storage = RunStorage::of(&request.run_id, report, aws, rate_limits, request.deadline);
    Some(storage)
}

impl RunHandle {
    /// The same run, which ends early when `stop` is requested.
    #[must_use]
    pub fn until(self, stop: &StopSignal) -> Self {
        Self {
            stop: stop.clone(),
            ..self
        }
    }

    /// How the run ended, if it has.
    pub fn conclusion(&self) -> Option<&Conclusion> {
        self.record.conclusion.as_ref()
    }

    /// The same, if everything was delivered, so that nothing is left to do.
    pub fn delivered(&self) -> Option<&Conclusion> {
        let conclusion = self.conclusion().filter(|end| end.is_delivered())?;
        tracing::info!("the run was finished before");
        Some(conclusion)
    }

    /// Leaves the run as it is.
    pub async fn close(self) {
        self.store.release().await;
    }

    /// Lists the accounts and scans those that have no result yet, until the time comes to publish.
    ///
    /// # Errors
    /// See [`RunError`].
    pub async fn collect(mut self) -> Result<ScannedRun, RunError> {
        let stop = self.stop.clone();
        let found = tokio::select! {
            found = self.list_and_scan() => found,
            () = stop.requested() => Err(RunError::Interrupted),
        };
        match found {
            Ok(found) => Ok(ScannedRun::new(self, found)),
            Err(error) => {
                self.release().await;
                Err(error)
            }
        }
    }

    /// Gives the run up for others. A lease that cannot be given up in time ends by itself.
    pub(super) async fn release(&self) {
        let _ = self.stop.grace(self.store.release()).await;
    }

    async fn list_and_scan(&mut self) -> Result<ScanOutcome, RunError> {
        let collect_by = self.request.deadline.earlier_by(self.publish_time());
        self.observer.observe(RunEvent::Stage("listing accounts"));
        let (found, listed) = mpsc::unbounded_channel();
        let clock = Instant::now();
        let listing = async {
            let discovered = self.list(collect_by, found).await?;
            Ok((discovered, clock.elapsed()))
        };
        let scanning = self.scan(collect_by, listed);
        let stack_set = async {
            Ok(stack_set::read(
                &self.aws,
                &self.rate_limits,
                collect_by,
                self.request.enrollment(),
            )
            .await)
        };
        let ((discovered, listed_after), (run, scanned, of_regions), stack_set) =
            futures::try_join!(listing, scanning, stack_set)?;
        self.timings.listed_after = listed_after;
        self.timings.stage("list, collect and evaluate");
        let DiscoveryResult {
            plan, mut notes, ..
        } = discovered;
        notes.extend(of_regions);
        Ok(ScanOutcome {
            run,
            unscanned: plan
                .to_scan()
                .filter(|account| !scanned.done.contains(&account.id))
                .map(|account| unscanned(account, &scanned))
                .collect(),
            unread: scanned.unread,
            plan,
            notes,
            stack_set,
        })
    }

    /// Lists the accounts, and passes on those to scan: as soon as they are listed where that is enough
    /// to decide, else when all are.
    async fn list(
        &self,
        deadline: Deadline,
        found: UnboundedSender<Account>,
    ) -> Result<DiscoveryResult, RunError> {
        // The receiver is gone only if the run has failed, which is reported there.
        let pass_on = |account: &Account| drop(found.send(account.clone()));
        let account_details = self.exceptions.account_details();
        let discovery = Discovery {
            deadline,
            organization: self.organization.clone(),
            ..self
                .request
                .discovery(&self.aws, &self.rate_limits, &account_details)
        };
        let mut discovered = discover(&discovery, &pass_on).await?;
        validate_accounts(&self.request, &mut discovered)?;
        let to_scan = discovered.plan.to_scan();
        to_scan.for_each(|account| pass_on(account));
        Ok(discovered)
    }

    /// Scans the accounts as they are listed.
    async fn scan(
        &self,
        deadline: Deadline,
        listed: UnboundedReceiver<Account>,
    ) -> Result<(Arc<RunContext>, ScannedAccounts, Vec<String>), RunError> {
        let (regions, note) = central_regions(&self.aws, &self.rate_limits, deadline).await;
        let mut notes = validate_regions(&self.request, &regions)?;
        notes.extend(note);
        let sessions = self
            .request
            .sessions(&self.aws, &self.rate_limits, deadline)
            .with_organization(self.organization.clone());
        let (observer, store) = (self.observer.clone(), self.store.clone());
        let run = Arc::new(RunContext::new(
            &self.request,
            sessions,
            observer,
            regions,
            store,
        ));
        let scanned = run.scan_accounts(listed).await?;
        Ok((run, scanned, notes))
    }

    /// What is kept back for publishing.
    pub(super) fn publish_time(&self) -> Duration {
        Duration::from_secs(self.request.config.timeouts.publish_seconds)
    }
}

/// An account without a result to keep: it could not be stored, or there was not enough time.
fn unscanned(account: &Arc<Account>, scanned: &ScannedAccounts) -> UnscannedAccount {
    let unstored = scanned.unstored.get(&account.id);
    let no_time = || Failure::new(sts::ASSUME_ROLE.action, Cause::DeadlineExceeded, "");
    UnscannedAccount {
        account: account.clone(),
        failure: unstored.map_or_else(no_time, StoreError::as_failure),
        is_out_of_time: unstored.is_none(),
    }
}

/// The Regions of the partition, and whether the central account has them enabled. Where it may not
/// ask, those that this version knows, with a note.
pub(super) async fn central_regions(
    aws: &Arc<AwsContext>,
    rate_limits: &Arc<RateLimits>,
    deadline: Deadline,
) -> (BTreeMap<Region, bool>, Option<String>) {
    let own = Sessions::own(aws, rate_limits, deadline);
    match account_regions(&own).await {
        Ok(AccountRegions { enabled, note }) => {
            let note = note.map(|note| format!("of the central account: {note}"));
            (enabled, note)
        }
        Err(failure) => {
            let note = format!(
                "the central account may not list the Regions ({failure}), so those that orgscan {} \
                 knows stand for them",
                env!("CARGO_PKG_VERSION")
            );
            let partition = Partition::named(&aws.caller.partition).into_iter();
            let known = partition.flat_map(Partition::regions);
            let known = known.map(|name| (Region::new(name), is_enabled_by_default(name)));
            (known.collect(), Some(note))
        }
    }
}

/// Everything that decides what a run finds, for telling whether a run goes on or is another one.
pub(super) fn record(request: &Request) -> Record {
    let config = &request.config;
    Record {
        run_id: Some(request.run_id.clone()),
        epoch: 0,
        started: request.started,
        settings: serde_json::json!({
            "orgscan_version": env!("CARGO_PKG_VERSION"),
            "own_account": request.own_account,
            "accounts": config.accounts,
            "regions": config.regions,
            "checks": config.checks,
            "role": config.role,
            "rules": config.rule_parameters(),
            "sensitive_ports": config.sensitive_ports.effective(),
            "monitoring": config.monitoring,
        }),
        conclusion: None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use orgscan_core::clock::Clock;
    use orgscan_core::model::RunId;
    use orgscan_core::settings::Config;

    use super::*;

    #[test]
    fn what_is_written_down_of_a_run_does_not_have_the_external_id() {
        let mut config = Config::default();
        config.role.external_id = Some("a-secret".into());
        let request = Request {
            origins: Arc::default(),
            config,
            run_id: RunId::from_timestamp(Timestamp::UNIX_EPOCH),
            started: Timestamp::UNIX_EPOCH,
            clock: Clock::System,
            behind: SignedDuration::ZERO,
            own_account: false,
            dry_run: false,
            needs_exceptions: false,
            deadline: Deadline::never(),
            central_share: 1.0,
        };
        let written = serde_json::to_string(&record(&request)).unwrap();
        assert!(!written.contains("secret"), "{written}");
        assert!(!written.contains("external_id"), "{written}");
        // So another one is no other run.
        let other = Request {
            config: Config::default(),
            ..request.clone()
        };
        assert_eq!(record(&other).settings, record(&request).settings);
    }
}
