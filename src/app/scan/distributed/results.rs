//! The last step: the results of all children, and what became of accounts that have none.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::stream::{self, StreamExt, TryStreamExt};
use orgscan_aws::Failure;
use orgscan_core::model::{Account, Cause, RunId};
use orgscan_store::{Store, StoreError};

use super::failures::{failure_of, stopped_early};
use super::{PLAN, StoredFailure, StoredPlan, failure_name};
use crate::config::StepFailure;
use crate::scan::RunError;
use crate::scan::accounts::RunContext;
use crate::scan::run_handle::RunHandle;
use crate::scan::scanned_run::{ScanOutcome, ScannedRun, UnscannedAccount};
use crate::stack_set;

/// How many notes of the state machine are read at a time.
const AT_A_TIME: usize = 32;

impl RunHandle {
    /// Takes the plan and the results that other processes have left in the run's store. An account
    /// without a result is a failure, with the cause for which its batch was given up. `failure` is
    /// why the state machine stopped scanning before the end, if it did.
    ///
    /// # Errors
    /// Where the plan or the notes about batches cannot be read.
    pub async fn collect_planned(
        mut self,
        failure: Option<&StepFailure>,
    ) -> Result<ScannedRun, RunError> {
        match self.recall(failure).await {
            Ok(found) => {
                self.timings.stage("read the plan");
                Ok(ScannedRun::new(self, found))
            }
            Err(error) => {
                self.store.release().await;
                Err(error)
            }
        }
    }

    async fn recall(&self, failure: Option<&StepFailure>) -> Result<ScanOutcome, RunError> {
        let kept: StoredPlan = self.store.needed(PLAN).await?;
        kept.refuse_foreign(&self.store, &self.request)?;
        let read_by = self.request.deadline.earlier_by(self.publish_time());
        let stack_set = stack_set::read(
            &self.aws,
            &self.rate_limits,
            read_by,
            self.request.enrollment(),
        );
        let (unscanned, stack_set) = futures::join!(self.without_result(&kept), stack_set);
        let unscanned = unscanned?;
        let mut notes = kept.notes;
        notes.extend(failure.map(stopped_early));
        let request = &self.request;
        let sessions = request.sessions(&self.aws, &self.rate_limits, request.deadline);
        let (observer, store) = (self.observer.clone(), self.store.clone());
        let run = RunContext::new(request, sessions, observer, kept.regions, store);
        Ok(ScanOutcome {
            run: Arc::new(run),
            plan: kept.plan,
            notes,
            unscanned,
            unread: BTreeSet::new(),
            stack_set,
        })
    }

    /// The accounts without a result, each with the reason.
    async fn without_result(&self, kept: &StoredPlan) -> Result<Vec<UnscannedAccount>, RunError> {
        let results = self.store.results(&self.store.stored().await?).await?;
        let mut missing: BTreeMap<usize, Vec<&Account>> = BTreeMap::new();
        for (number, accounts) in kept.batches().into_iter().enumerate() {
            let none = |account: &&Account| !results.contains_key(&account.id);
            let accounts: Vec<&Account> = accounts.into_iter().filter(none).collect();
            if !accounts.is_empty() {
                missing.insert(number, accounts);
            }
        }
        let run = &self.request.run_id;
        let reasons = reasons(&self.store, run, missing.keys().copied()).await?;
        let refused = self.store.refused();
        let unscanned = missing.into_iter().flat_map(|(number, accounts)| {
            let failure = reasons.get(&number).cloned();
            let failure = failure.unwrap_or_else(|| failure_of(number, None));
            let refused = &refused;
            let unscanned = move |account: &Account| UnscannedAccount {
                account: Arc::new(account.clone()),
                failure: match refused.get(&account.id) {
                    Some(why) => Failure::new("orgscan", Cause::Other, why.clone()),
                    None => failure.clone(),
                },
                is_out_of_time: false,
            };
            accounts.into_iter().map(unscanned)
        });
        Ok(unscanned.collect())
    }
}

/// Why these batches were given up.
async fn reasons(
    store: &Store,
    run: &RunId,
    batches: impl Iterator<Item = usize>,
) -> Result<BTreeMap<usize, Failure>, StoreError> {
    let read = stream::iter(batches).map(|number| async move {
        let noted: Option<StoredFailure> = store.kept(&failure_name(number)).await?;
        let own = noted.filter(|one| (&one.run_id, one.batch) == (run, number));
        let failure = own.map(|one| one.failure);
        Ok((number, failure_of(number, failure.as_ref())))
    });
    read.buffer_unordered(AT_A_TIME).try_collect().await
}
