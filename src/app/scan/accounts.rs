//! All accounts of a run, side by side.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use orgscan_core::evaluate::{Evaluation, OrganizationChecks, Settings};
use orgscan_core::facts::Needs;
use orgscan_core::model::{Account, AccountId, AccountResult, Cause, Region, RegionDecision};
use orgscan_core::services::needs_of;
use orgscan_store::{Store, StoreError};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::{self, JoinError, JoinSet};

use super::Request;
use super::scanned_run::UnscannedAccount;
use crate::observe::{Observer, RunEvent};
use orgscan_aws::assume::Sessions;
use orgscan_aws::rate_limit::Deadline;
use orgscan_aws::{AwsContext, Failure};

/// One run under way: what its accounts share.
pub(super) struct RunContext {
    pub(super) request: Request,
    pub(super) aws: Arc<AwsContext>,
    pub(super) observer: Arc<dyn Observer>,
    pub(super) sessions: Sessions,
    pub(super) evaluation: Evaluation,
    pub(super) needs: Needs,
    /// The partition's Regions, and whether the central account has them enabled.
    pub(super) central_regions: BTreeMap<Region, bool>,
    pub(super) store: Arc<Store>,
    /// When no further account is taken.
    deadline: Deadline,
    /// None once it was handed to the store.
    recorded: Mutex<Option<RecordCollection>>,
}

/// The records that this process has had for checks of the organization.
struct RecordCollection {
    organization: OrganizationChecks,
    /// The accounts that they are of.
    accounts: HashSet<AccountId>,
}

/// How the work on an account ended.
enum AccountEnd {
    /// With a result to keep.
    Done,
    /// By the deadline.
    CutShort,
    /// With a result that could not be stored.
    Unstored(StoreError),
}

/// What became of a run's accounts.
#[derive(Default)]
pub(super) struct ScannedAccounts {
    /// Those with a result to keep.
    pub(super) done: HashSet<AccountId>,
    /// Those with a result of an earlier process that there was no time to read.
    pub(super) unread: BTreeSet<AccountId>,
    /// Those whose result could not be stored.
    pub(super) unstored: BTreeMap<AccountId, StoreError>,
}

/// The accounts of a run that are known, by how far they have come.
#[derive(Default)]
struct Queue {
    /// Known in any way, so that nothing is taken twice.
    known: HashSet<AccountId>,
    scanned: ScannedAccounts,
    /// Those that took most requests the last time, which begin before others that wait.
    large: HashSet<AccountId>,
    /// Those that an earlier process has stored a result of.
    stored: BTreeSet<AccountId>,
    waiting: VecDeque<Account>,
    /// Those that are listed and have a stored result, which is read once all others are under way: it may
    /// have a gap that has passed, or be none.
    unread: BTreeMap<AccountId, Account>,
    /// Whether accounts were given up for the deadline.
    is_cut: bool,
    running: JoinSet<Result<AccountEnd, StoreError>>,
    /// Whose task is whose.
    accounts: HashMap<task::Id, Account>,
}

impl RunContext {
    pub(super) fn new(
        request: &Request,
        sessions: Sessions,
        observer: Arc<dyn Observer>,
        central_regions: BTreeMap<Region, bool>,
        store: Arc<Store>,
    ) -> Self {
        let checks = request.config.checks.select();
        let settings = evaluation_settings(request, sessions.aws());
        let recorded = RecordCollection {
            organization: OrganizationChecks::new(&checks, settings.clone()),
            accounts: HashSet::new(),
        };
        Self {
            recorded: Mutex::new(Some(recorded)),
            request: request.clone(),
            aws: sessions.aws().clone(),
            deadline: sessions.deadline(),
            observer,
            sessions,
            needs: needs_of(&checks),
            evaluation: Evaluation::new(&checks, settings),
            central_regions,
            store,
        }
    }

    /// Scans every account that comes and has no result yet, each in a task of its own, so that all
    /// cores sign and parse; and stores each result as soon as it is there. When the deadline comes,
    /// no further account is taken. Results that are there already are read last, so that what has none
    /// does not wait for them.
    pub(super) async fn scan_accounts(
        self: &Arc<Self>,
        mut listed: UnboundedReceiver<Account>,
    ) -> Result<ScannedAccounts, StoreError> {
        let mut queue = Queue {
            stored: self.store.stored().await?,
            large: self.store.largest_accounts().await,
            ..Queue::default()
        };
        let mut all_listed = false;
        while !(all_listed && queue.is_empty()) {
            tokio::select! {
                // All that is listed is known before another account starts: the largest go first.
                biased;
                account = listed.recv(), if !all_listed => match account {
                    Some(account) => self.take(&mut queue, account),
                    None => {
                        all_listed = true;
                        self.observer.observe(RunEvent::Listed);
                    }
                },
                Some(ended) = queue.running.join_next_with_id() => self.ended(&mut queue, ended).await?,
            }
            self.fill(&mut queue);
            if all_listed && queue.waiting.is_empty() && !queue.is_cut {
                self.read_stored(&mut queue).await?;
            }
        }
        queue.scanned.unread = queue.unread.into_keys().collect();
        Ok(queue.scanned)
    }

    fn take(&self, queue: &mut Queue, account: Account) {
        if !queue.known.insert(account.id.clone()) {
            return;
        }
        if queue.stored.contains(&account.id) {
            queue.unread.insert(account.id.clone(), account);
            return;
        }
        self.observer.observe(RunEvent::Planned { accounts: 1 });
        match queue.large.contains(&account.id) {
            true => queue.waiting.push_front(account),
            false => queue.waiting.push_back(account),
        }
    }

    /// Reads what earlier processes have stored. Where that is no result to keep, the account is scanned
    /// again.
    async fn read_stored(self: &Arc<Self>, queue: &mut Queue) -> Result<(), StoreError> {
        let unread = mem::take(&mut queue.unread);
        let results = self
            .store
            .results(&unread.keys().cloned().collect())
            .await?;
        for (id, account) in unread {
            match results.get(&id) {
                Some(true) => drop(queue.scanned.done.insert(id)),
                _ => {
                    self.observer.observe(RunEvent::Planned { accounts: 1 });
                    queue.waiting.push_back(account);
                }
            }
        }
        self.fill(queue);
        Ok(())
    }

    /// Starts as many accounts as there is room for.
    fn fill(self: &Arc<Self>, queue: &mut Queue) {
        if self.deadline.is_over() {
            queue.is_cut |= !queue.waiting.is_empty();
            queue.waiting.clear();
        }
        while queue.running.len() < self.request.config.concurrency.accounts {
            let Some(account) = queue.waiting.pop_front() else {
                return;
            };
            let (run, of) = (self.clone(), account.clone());
            let task = async move {
                let result = run.scan_account(&of).await;
                run.done(result).await
            };
            let task = queue.running.spawn(task);
            queue.accounts.insert(task.id(), account);
        }
    }

    /// A task that broke off is a failed account like any other: it stops no other, and shows.
    async fn ended(
        &self,
        queue: &mut Queue,
        ended: Result<(task::Id, Result<AccountEnd, StoreError>), JoinError>,
    ) -> Result<(), StoreError> {
        let (id, ended) = match ended {
            Ok((id, stored)) => (id, Ok(stored?)),
            Err(error) => (error.id(), Err(error)),
        };
        let Some(account) = queue.accounts.remove(&id) else {
            return Ok(());
        };
        let ended = match ended {
            Ok(ended) => ended,
            Err(error) => self.broke_off(&account, &error).await?,
        };
        let scanned = &mut queue.scanned;
        match ended {
            AccountEnd::Done => drop(scanned.done.insert(account.id)),
            AccountEnd::Unstored(error) => drop(scanned.unstored.insert(account.id, error)),
            AccountEnd::CutShort => {}
        }
        Ok(())
    }

    async fn broke_off(
        &self,
        account: &Account,
        error: &JoinError,
    ) -> Result<AccountEnd, StoreError> {
        let detail = format!("orgscan broke off here, which is a mistake of its own: {error}");
        let failure = Failure::new("orgscan", Cause::Other, detail);
        self.done(self.inaccessible_account(account, failure)).await
    }

    async fn done(&self, result: AccountResult) -> Result<AccountEnd, StoreError> {
        log_account(&result);
        let result = Arc::new(result);
        if let Err(error) = self.store.put(result.clone(), self.deadline).await? {
            tracing::error!(account_id = %result.account.id, %error, "the result cannot be stored");
            return Ok(AccountEnd::Unstored(error));
        }
        self.observer
            .observe(RunEvent::AccountDone { result: &result });
        if result.is_cut_short() {
            return Ok(AccountEnd::CutShort);
        }
        self.record(&result);
        Ok(AccountEnd::Done)
    }

    /// Adds what an account contributes to checks of the organization.
    fn record(&self, result: &AccountResult) {
        let mut recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(recorded) = &mut *recorded
            && recorded.accounts.insert(result.account.id.clone())
        {
            recorded.organization.add(result);
        }
    }

    /// Has the checks of the organization evaluated, now that all of these accounts have a result. Those that this process
    /// has not scanned are read.
    pub(super) fn evaluate_organization<'a>(
        &self,
        accounts: impl Iterator<Item = &'a Arc<Account>>,
    ) -> Result<(), StoreError> {
        let mut recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(mut recorded) = recorded.take() else {
            return Ok(());
        };
        if !recorded.organization.is_empty() {
            for account in accounts.filter(|one| !recorded.accounts.contains(&one.id)) {
                recorded.organization.add(&self.store.of(account)?);
            }
        }
        self.store.evaluate_with(recorded.organization);
        Ok(())
    }

    /// Stores why there is no result for an account.
    pub(super) async fn store_missing_result(
        &self,
        unscanned: &UnscannedAccount,
    ) -> Result<(), StoreError> {
        let result = self.inaccessible_account(&unscanned.account, unscanned.failure.clone());
        self.observer
            .observe(RunEvent::AccountDone { result: &result });
        let (replace, deadline) = (!unscanned.is_out_of_time, self.request.deadline);
        self.store.put_unknown(result, replace, deadline).await
    }

    /// The result of an account of which nothing was read.
    fn inaccessible_account(&self, account: &Account, failure: Failure) -> AccountResult {
        let collected = self.not_accessible(account, failure, BTreeMap::new());
        self.evaluate(account, collected, Timestamp::now())
    }
}

impl Queue {
    fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.running.is_empty()
    }
}

/// What evaluating depends on beside the facts.
fn evaluation_settings(request: &Request, aws: &AwsContext) -> Settings {
    Settings {
        partition: aws.caller.partition.clone(),
        now: request.started,
        central_account: (!request.own_account).then(|| aws.caller.account.clone()),
        sensitive_ports: request.config.sensitive_ports.effective(),
        monitoring: request.config.monitoring.clone(),
    }
}

fn log_account(result: &AccountResult) {
    let scanned = |decision: &&RegionDecision| **decision == RegionDecision::Scan;
    tracing::info!(
        account_id = %result.account.id,
        account_name = result.account.name,
        regions = result.regions.values().filter(scanned).count(),
        requests = result.requests.values().sum::<u64>(),
        "account finished"
    );
}
