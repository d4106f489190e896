//! One account: assume, collect, evaluate.

use std::collections::{BTreeMap, HashSet};

use futures::future;
use jiff::Timestamp;
use orgscan_aws::Failure;
use orgscan_aws::assume::Session;
use orgscan_aws::collect::{
    self, AccountRegions, AccountScope, account_regions, is_about_the_account, region_decisions,
};
use orgscan_core::evaluate::{EvaluatedAccount, EvaluatedRegion};
use orgscan_core::facts::FactStore;
use orgscan_core::model::{
    Account, AccountId, AccountOutcome, AccountResult, Cause, Gap, Region, RegionDecision,
    SkipReason, TargetOutcome, TargetScope,
};
use orgscan_core::services::{account, ec2};

use super::accounts::RunContext;
use crate::observe::RunEvent;

/// What becomes of each Region.
type Decisions = BTreeMap<Region, RegionDecision>;

/// Requests sent and requests throttled, by scope.
pub(super) type Requests = BTreeMap<TargetScope, (u64, u64)>;

/// What was learned on the way to the verdicts.
pub(super) struct CollectedAccount {
    outcome: AccountOutcome,
    regions: BTreeMap<Region, RegionDecision>,
    evaluated: EvaluatedAccount,
    requests: Requests,
    notes: Vec<String>,
}

impl RunContext {
    /// Everything that can be learned about one account. Never fails: what goes wrong is part of
    /// the result.
    pub(super) async fn scan_account(&self, account: &Account) -> AccountResult {
        let started = Timestamp::now();
        self.observer.observe(RunEvent::AccountStarted { account });
        let collected = match self.sessions.open(&account.id).await {
            Ok(session) => self.collect_account(account, &session).await,
            Err(failure) => self.not_accessible(account, failure, BTreeMap::new()),
        };
        self.evaluate(account, collected, started)
    }

    /// What is asked of the account as a whole does not wait for its Regions, and the credential
    /// report, which takes IAM a while to make, is asked for first and read last.
    async fn collect_account(&self, account: &Account, session: &Session) -> CollectedAccount {
        let filter = &self.request.config.regions;
        let central = self.central_session(account);
        let partition = &self.aws.caller.partition;
        let wide = AccountScope::new(session, partition, filter, &self.needs);
        let preparation = wide.begin(central.as_ref());
        let ((), regional) =
            future::join(preparation, self.collect_regions(account, session)).await;
        let (regions, evaluated, listed) = match regional {
            Ok(regional) => regional,
            Err(failure) => return self.not_accessible(account, failure, session.requests()),
        };
        let global = wide.finish().await;
        let scope = &TargetScope::Global;
        self.observer
            .observe(RunEvent::TargetDone { account, scope });
        CollectedAccount {
            outcome: AccountOutcome::Scanned,
            regions,
            evaluated: self.evaluation.account(&account.id, &global, evaluated),
            requests: session.requests(),
            notes: session.note.iter().cloned().chain(listed).collect(),
        }
    }

    /// The account's Regions with a decision on each, and what those that are scanned come to. Where
    /// the Regions cannot be listed every one of the partition is tried, and a note says so: one that
    /// may be off and rejects the session is unknown, since no answer says that it is off.
    async fn collect_regions(
        &self,
        account: &Account,
        session: &Session,
    ) -> Result<(Decisions, BTreeMap<Region, EvaluatedRegion>, Option<String>), Failure> {
        let AccountRegions { enabled, note } = match account_regions(session).await {
            Ok(regions) => regions,
            Err(failure) if is_about_the_account(failure.cause) => return Err(failure),
            Err(failure) => self.every_region(&failure),
        };
        let regions = region_decisions(&enabled, &self.request.config.regions);
        let planned = to_scan(&regions);
        self.observer.observe(RunEvent::TargetsPlanned {
            account,
            scopes: planned.len() + 1,
        });
        let done = |region: &Region, facts| {
            let evaluated = self.evaluation.region(&account.id, region, facts);
            let scope = &TargetScope::Region(region.clone());
            self.observer
                .observe(RunEvent::TargetDone { account, scope });
            evaluated
        };
        let evaluated = collect::regions(session, &planned, &self.needs, &done).await;
        Ok((regions, evaluated, note))
    }

    /// Nothing could be read: a gap for every scope that would have been scanned.
    pub(super) fn not_accessible(
        &self,
        account: &Account,
        failure: Failure,
        requests: Requests,
    ) -> CollectedAccount {
        let gap = Gap::from(failure);
        tracing::warn!(account_id = %account.id, account_name = account.name, cause = %gap.cause, "not scanned: {gap}");
        let mut regions = region_decisions(&self.central_regions, &self.request.config.regions);
        // Those that the central account has off may be on here; nobody could ask.
        let reason = SkipReason::RegionDisabled;
        regions.retain(|_, decision| *decision != RegionDecision::Skip { reason });
        CollectedAccount {
            evaluated: self.all_missing(account, &gap, to_scan(&regions)),
            outcome: AccountOutcome::Failed { gap },
            regions,
            requests,
            notes: Vec::new(),
        }
    }

    pub(super) fn evaluate(
        &self,
        account: &Account,
        collected: CollectedAccount,
        started: Timestamp,
    ) -> AccountResult {
        log_gaps(account, &collected.evaluated);
        let EvaluatedAccount { verdicts, records } = collected.evaluated;
        let throttled = collected.requests.values().map(|(_, throttled)| throttled);
        AccountResult {
            run_id: self.request.run_id.to_string(),
            account: account.clone(),
            outcome: collected.outcome,
            regions: collected.regions,
            verdicts,
            records,
            throttled: throttled.sum(),
            requests: collected
                .requests
                .into_iter()
                .map(|(scope, (sent, _))| (scope, sent))
                .collect(),
            notes: collected.notes,
            started,
            finished: Timestamp::now(),
        }
    }

    /// The account where checks of the organization are made; none where the run is about one account.
    fn central_account(&self) -> Option<&AccountId> {
        (!self.request.own_account).then_some(&self.aws.caller.account)
    }

    /// A session with the caller's own credentials, if this is the account where the organization is asked.
    fn central_session(&self, account: &Account) -> Option<Session> {
        let is_central = self.central_account() == Some(&account.id);
        is_central.then(|| self.sessions.central())
    }

    /// What an account comes to of which nothing could be read.
    fn all_missing(&self, account: &Account, gap: &Gap, regions: Vec<Region>) -> EvaluatedAccount {
        let missing = FactStore::all_missing(gap.clone());
        let regions = regions.into_iter().map(|region| {
            let evaluated = self
                .evaluation
                .region(&account.id, &region, missing.clone());
            (region, evaluated)
        });
        self.evaluation
            .account(&account.id, &missing, regions.collect())
    }

    /// Every Region of the partition, as if enabled, where `failure` kept them from being listed.
    fn every_region(&self, failure: &Failure) -> AccountRegions {
        let regions = self.central_regions.keys();
        AccountRegions {
            enabled: regions.map(|region| (region.clone(), true)).collect(),
            note: Some(format!(
                "its Regions could not be listed ({failure}), so every Region of the partition was tried; \
                 an opt-in Region that is off is unknown then: allow {} or {}",
                ec2::DESCRIBE_REGIONS.action,
                account::LIST_REGIONS.action
            )),
        }
    }
}

fn to_scan(regions: &BTreeMap<Region, RegionDecision>) -> Vec<Region> {
    regions
        .iter()
        .filter(|(_, decision)| **decision == RegionDecision::Scan)
        .map(|(region, _)| region.clone())
        .collect()
}

/// One line for each distinct gap of the account, those of its records for checks of the organization included.
fn log_gaps(account: &Account, evaluated: &EvaluatedAccount) {
    let target = evaluated.verdicts.iter().flat_map(|verdict| {
        let gaps = match &verdict.outcome {
            TargetOutcome::Evaluated(target) => target.gaps.as_slice(),
            TargetOutcome::Skipped { .. } => &[],
        };
        gaps.iter().map(|gap| (&verdict.scope, gap))
    });
    let recorded = evaluated.records.values().flat_map(|one| &one.gaps);
    let recorded = recorded.map(|gap| (&TargetScope::Global, gap));
    let mut logged: HashSet<(&TargetScope, &str, Cause)> = HashSet::new();
    for (scope, gap) in target.chain(recorded) {
        let key = (scope, gap.action.as_str(), gap.cause);
        if gap.cause != Cause::RoleNotAssumable && logged.insert(key) {
            tracing::warn!(
                account_id = %account.id,
                region = %scope,
                action = gap.action,
                cause = %gap.cause,
                detail = gap.detail,
                "not evaluated"
            );
        }
    }
}
