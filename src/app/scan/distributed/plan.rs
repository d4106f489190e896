//! The first step: which accounts there are, in which batches.

use std::sync::Arc;

use orgscan_aws::AwsContext;
use orgscan_aws::discover::{Discovery, discover};
use orgscan_store::Store;
use serde::Serialize;

use super::{BATCHES, BatchItem, PLAN, StoredBatch, StoredPlan, WRITING, batch_name};
use crate::config::RunRef;
use crate::observe::NoObserver;
use crate::scan::run_handle::{RunHandle, begin_with, central_regions};
use crate::scan::selection::{validate_accounts, validate_regions};
use crate::scan::{Request, RunError};

/// How the accounts are divided.
#[derive(Clone, Copy, Debug)]
pub struct BatchLayout {
    /// How many children scan at the same time, at most.
    pub map_concurrency: u32,
    /// How many accounts a batch has, at most.
    pub batch_accounts: usize,
}

/// The plan in short, for the state machine: the same size whatever that of the organization.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlanSummary {
    /// The run.
    pub run: RunRef,
    /// Accounts listed.
    pub accounts_listed: usize,
    /// Accounts to scan.
    pub accounts_to_scan: usize,
    /// Batches that they are in.
    pub batches: usize,
    /// The part of the central account's request rates that each child may use.
    pub central_share: f64,
    /// Whether the run had come to its end before, so that there is nothing to scan.
    pub already_finished: bool,
    /// The bucket that the run's folder is in.
    pub bucket: String,
    /// The key of the list of batches.
    pub batches_key: String,
}

/// Lists the accounts, and writes down the plan and its batches. A run that was planned before keeps
/// its plan.
///
/// # Errors
/// Where the accounts cannot be listed, the filters name nothing, or the plan cannot be written.
pub async fn plan(
    aws: &Arc<AwsContext>,
    request: &Request,
    split: BatchLayout,
) -> Result<PlanSummary, RunError> {
    let store = Store::open_for_planning;
    let handle = begin_with(aws, request, Arc::new(NoObserver), store).await?;
    let planned = plan_or_recall(&handle, split).await;
    handle.store.release().await;
    planned
}

async fn plan_or_recall(handle: &RunHandle, split: BatchLayout) -> Result<PlanSummary, RunError> {
    let kept = match handle.store.kept::<StoredPlan>(PLAN).await? {
        Some(kept) => {
            kept.refuse_foreign(&handle.store, &handle.request)?;
            kept
        }
        None => {
            let kept = list(handle, split).await?;
            keep(&handle.store, &kept).await?;
            kept
        }
    };
    summarize(handle, &kept, split)
}

async fn list(handle: &RunHandle, split: BatchLayout) -> Result<StoredPlan, RunError> {
    let deadline = handle.request.deadline.earlier_by(WRITING);
    let RunHandle {
        aws,
        rate_limits,
        request,
        ..
    } = handle;
    let account_details = handle.exceptions.account_details();
    let discovery = Discovery {
        deadline,
        ..request.discovery(aws, rate_limits, &account_details)
    };
    let listing = discover(&discovery, &|_| {});
    let regions = central_regions(aws, rate_limits, deadline);
    let (discovered, (regions, note)) = futures::join!(listing, regions);
    let mut discovered = discovered?;
    validate_accounts(request, &mut discovered)?;
    let mut notes = discovered.notes;
    notes.extend(validate_regions(request, &regions)?);
    notes.extend(note);
    Ok(StoredPlan {
        run_id: request.run_id.clone(),
        plan: discovered.plan,
        regions,
        notes,
        batch_accounts: split.batch_accounts,
    })
}

async fn keep(store: &Store, kept: &StoredPlan) -> Result<(), RunError> {
    let batches = kept.batches();
    let objects = batches.iter().enumerate().map(|(number, accounts)| {
        let accounts = accounts.iter().copied().cloned().collect();
        let regions = kept.regions.clone();
        let batch = StoredBatch {
            run_id: kept.run_id.clone(),
            batch: number,
            accounts,
            regions,
        };
        (batch_name(number), batch)
    });
    store.keep_all(objects).await?;
    let items = items(kept);
    store.keep(BATCHES.to_owned(), items).await?;
    Ok(store.keep_first(PLAN, kept).await?)
}

/// The batches for the state machine.
pub(super) fn items(kept: &StoredPlan) -> Vec<BatchItem<'_>> {
    let batches = kept.batches().into_iter().enumerate();
    let items = batches.map(|(batch, accounts)| BatchItem {
        batch,
        accounts: accounts.into_iter().map(|account| &account.id).collect(),
    });
    items.collect()
}

fn summarize(
    handle: &RunHandle,
    kept: &StoredPlan,
    split: BatchLayout,
) -> Result<PlanSummary, RunError> {
    let objects = handle.store.objects()?;
    let batches = kept.batches().len();
    let map_concurrency = usize::try_from(split.map_concurrency).unwrap_or(usize::MAX);
    Ok(PlanSummary {
        run: RunRef {
            run_id: handle.request.run_id.clone(),
            started: handle.request.started,
        },
        accounts_listed: kept.plan.accounts.len(),
        accounts_to_scan: kept.plan.to_scan().count(),
        batches,
        central_share: 1.0 / map_concurrency.min(batches).max(1) as f64,
        already_finished: handle.delivered().is_some(),
        bucket: objects.bucket.clone(),
        batches_key: format!("{}{BATCHES}", objects.prefix),
    })
}
