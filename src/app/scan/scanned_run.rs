//! The run's last stages: what was found becomes a report, and the report is published.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use orgscan_aws::Failure;
use orgscan_aws::rate_limit::{ApiCaller, Deadline};
use orgscan_core::model::{Account, AccountId, Plan, Report, RunInfo, StackSetFacts, Trend};
use orgscan_store::history::History;
use orgscan_store::{Conclusion, Record, StoreError};

use super::accounts::RunContext;
use super::compared_run::ComparedRun;
use super::run_handle::RunHandle;
use super::{FinishedRun, RunError};
use crate::observe::RunEvent;
use crate::publish::{self, Publication, PublishResult};

/// How long it is tried to write down that the run has published.
const MARKING: Duration = Duration::from_secs(10);

/// A run whose results are in the store, or as many of them as there was time for.
pub struct ScannedRun {
    pub(super) run: RunHandle,
    pub(super) found: ScanOutcome,
}

/// What came of the accounts.
pub(super) struct ScanOutcome {
    pub(super) run: Arc<RunContext>,
    pub(super) plan: Plan,
    /// Remarks for the report.
    pub(super) notes: Vec<String>,
    /// Accounts to scan that have no result to keep.
    pub(super) unscanned: Vec<UnscannedAccount>,
    /// Those among them with a stored result that there was no time to read.
    pub(super) unread: BTreeSet<AccountId>,
    /// What deploys the member role.
    pub(super) stack_set: StackSetFacts,
}

/// An account that has no result to keep.
pub(super) struct UnscannedAccount {
    pub(super) account: Arc<Account>,
    /// Why.
    pub(super) failure: Failure,
    /// Whether it only lacks time, so that another process may scan it.
    pub(super) is_out_of_time: bool,
}

impl ScannedRun {
    pub(super) fn new(run: RunHandle, found: ScanOutcome) -> Self {
        Self { run, found }
    }

    /// How many accounts have a result to keep.
    pub fn done(&self) -> usize {
        self.found.plan.to_scan().count() - self.found.unscanned.len()
    }

    /// For how many accounts there was no time, or not enough.
    pub fn unscanned(&self) -> usize {
        let unscanned = self.found.unscanned.iter();
        unscanned.filter(|one| one.is_out_of_time).count()
    }

    /// Whether another process can scan what is left.
    pub fn outlives_the_process(&self) -> bool {
        self.run.store.outlives_the_process()
    }

    /// Gives the run up, so that another process can go on with it.
    pub async fn release(&self) {
        self.run.store.release().await;
    }

    /// Takes the run up again where no other process could be had.
    ///
    /// # Errors
    /// Where somebody else works on it.
    pub async fn acquire(&self) -> Result<(), StoreError> {
        self.run.store.acquire().await
    }

    /// Limits the rate of requests that hand the run over. If they fail, half of the time for publishing is left.
    pub fn api_caller(&self) -> ApiCaller {
        let RunHandle {
            aws,
            request,
            rate_limits,
            ..
        } = &self.run;
        let deadline = request.deadline.earlier_by(self.run.publish_time() / 2);
        rate_limits.api_caller(&aws.scope(None), deadline).urgent()
    }

    /// Makes the report, what is left being unknown, and publishes it. `note` goes into it.
    ///
    /// # Errors
    /// See [`RunError`]. Destinations that could not be reached are no errors; they are in the answer.
    pub async fn publish(mut self, note: Option<String>) -> Result<FinishedRun, RunError> {
        self.found.notes.extend(note);
        let stop = self.run.stop.clone();
        let published = Box::pin(stop.grace(self.consolidate_and_publish())).await;
        self.run.release().await;
        let (report, published, compared) = published.ok_or(RunError::Interrupted)??;
        let RunHandle {
            aws,
            rate_limits,
            store,
            exceptions,
            mut timings,
            ..
        } = self.run;
        timings.finish(&rate_limits.stats, &aws.connections);
        Ok(FinishedRun {
            conclusion: published.conclusion(&report),
            report,
            plan: self.found.plan,
            store,
            exceptions,
            history: compared.map(|compared| compared.history),
            deliveries: published.deliveries,
            report_location: published.report_location,
            metrics_cost: published.metrics_cost,
            metrics_series: published.metrics_series,
            timings,
        })
    }

    async fn consolidate_and_publish(
        &mut self,
    ) -> Result<(Report, PublishResult, Option<ComparedRun>), RunError> {
        self.read_unread().await?;
        for unscanned in &self.found.unscanned {
            self.found.run.store_missing_result(unscanned).await?;
        }
        for (account, gap) in self.found.plan.failed() {
            let unscanned = UnscannedAccount {
                account: account.clone(),
                failure: Failure::listed(gap),
                is_out_of_time: false,
            };
            self.found.run.store_missing_result(&unscanned).await?;
        }
        self.found
            .run
            .evaluate_organization(self.found.plan.with_results())?;
        let (mut report, mut compared) = self.report().await?;
        self.run.timings.stage("consolidate and compare");
        self.run.observer.observe(RunEvent::Stage("publishing"));
        // Another process that works on the run publishes it.
        self.run.store.confirm().await?;
        let trend = self.trend(&mut report).await;
        let history = compared.as_ref().map(|compared| &compared.history);
        let mut published = self.deliver(&report, trend.as_ref(), history).await?;
        if let Some(compared) = &mut compared {
            // What was sent is written down first: the state may take a while.
            self.mark(published.unsettled(&report)).await?;
            let kept = self.keep_history(compared, &mut report, &published).await;
            published.push_delivery(kept);
        }
        self.mark(published.conclusion(&report)).await?;
        self.run.store.save_largest_accounts(&report.accounts).await;
        self.run.timings.stage("publish");
        Ok((report, published, compared))
    }

    /// Reads the results that there was no time to read before: what they found goes into the report. Remarks
    /// on files that were no results go there too.
    async fn read_unread(&mut self) -> Result<(), StoreError> {
        let store = &self.run.store;
        let results = store.results(&self.found.unread).await?;
        let unscanned = &mut self.found.unscanned;
        unscanned.retain(|one| results.get(&one.account.id) != Some(&true));
        let refused = store.refused().into_iter();
        let notes =
            refused.map(|(id, why)| format!("a stored result of account {id} is refused: {why}"));
        self.found.notes.extend(notes);
        Ok(())
    }

    /// The run, with the time until which it has collected.
    pub(super) fn info(&self) -> RunInfo {
        let RunHandle { request, aws, .. } = &self.run;
        let plan = &self.found.plan;
        RunInfo {
            id: request.run_id.to_string(),
            orgscan_version: env!("CARGO_PKG_VERSION").to_owned(),
            started: request.started,
            finished: Timestamp::now() - request.behind,
            organization: plan.organization.clone(),
            central_account: plan.central_account.clone(),
            partition: aws.caller.partition.clone(),
        }
    }

    async fn deliver(
        &self,
        report: &Report,
        trend: Option<&Trend>,
        history: Option<&History>,
    ) -> Result<PublishResult, RunError> {
        let RunHandle {
            aws,
            request,
            rate_limits,
            ..
        } = &self.run;
        let report_region = request.config.destinations.report.as_ref();
        let report_region = report_region.and_then(|report| report.region.as_ref());
        // The alert goes last, so a part of the time is its own.
        let publish_time = self.run.publish_time();
        let api_caller = rate_limits
            .api_caller(
                &aws.scope(report_region),
                request.deadline.earlier_by(publish_time / 4),
            )
            .with_attempt_timeout(publish_time);
        let publication = Publication {
            config: &request.config,
            dry_run: request.dry_run,
            aws,
            plan: &self.found.plan,
            stack_set: &self.found.stack_set,
            report,
            trend,
            store: &self.run.store,
            exceptions: &self.run.exceptions,
            history,
            before: self.run.conclusion(),
            api_caller: &api_caller,
            alert_api_caller: &rate_limits
                .api_caller(&aws.scope(None), request.deadline)
                .urgent(),
        };
        Ok(publish::publish(&publication).await?)
    }

    /// Writes down how the run ended. It has: where that fails, a run that is started again sends
    /// everything once more, and that is better than to call it failed and have it started again. Only a
    /// run that this process has lost is not its own to end.
    async fn mark(&self, conclusion: Conclusion) -> Result<(), StoreError> {
        let record = Record {
            conclusion: Some(conclusion),
            ..self.run.record.clone()
        };
        let RunHandle { store, request, .. } = &self.run;
        let deadline = request.deadline.or_earlier(Deadline::after(MARKING));
        match store.write_down_patiently(record, deadline).await {
            Err(lost @ StoreError::Lost { .. }) => Err(lost),
            Ok(Err(error)) | Err(error) => {
                tracing::error!(%error, "the end of the run could not be recorded");
                Ok(())
            }
            Ok(Ok(())) => Ok(()),
        }
    }
}
