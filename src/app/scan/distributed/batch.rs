//! The step of a child: the accounts of one batch.

use std::sync::Arc;

use orgscan_aws::AwsContext;
use orgscan_core::model::Account;
use orgscan_store::Store;
use serde::Serialize;
use tokio::sync::mpsc::{self, UnboundedReceiver};

use super::{StoredBatch, StoredFailure, WRITING, batch_name, failure_name, foreign};
use crate::config::StepFailure;
use crate::observe::NoObserver;
use crate::scan::accounts::{RunContext, ScannedAccounts};
use crate::scan::run_handle::{rate_limits, record, run_storage};
use crate::scan::{Request, RunError};

/// How far a child has come with its batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BatchProgress {
    /// The batch.
    pub batch: usize,
    /// Accounts with a stored result, including those of earlier attempts.
    pub accounts_completed: usize,
    /// Accounts that the time limit left without a result.
    pub accounts_remaining: usize,
}

/// Scans the accounts of a batch that have no result yet, as far as there is time.
///
/// # Errors
/// Where the batch cannot be read, the run was started with other settings, or a result cannot be
/// stored. Accounts that could not be read and time that runs out are no errors; they are in the answer.
pub async fn scan_batch(
    aws: &Arc<AwsContext>,
    request: &Request,
    batch: usize,
) -> Result<BatchProgress, RunError> {
    request.refuse_ahead()?;
    let rate_limits = rate_limits(request);
    let store = Store::join(run_storage(aws, request, &rate_limits)).await?;
    let existing_record = store.resume(&record(request))?;
    request.refuse_future_start(&existing_record)?;
    let name = batch_name(batch);
    let kept: StoredBatch = store.needed(&name).await?;
    let why = foreign(&kept.run_id, (&request.run_id, batch), kept.batch);
    store.refuse_foreign(&name, why)?;
    let StoredBatch {
        accounts, regions, ..
    } = kept;
    let all = accounts.len();
    if existing_record.conclusion.is_some() {
        // A report is published of what there was; a result that came after it would only puzzle.
        return Ok(BatchProgress {
            batch,
            accounts_completed: all,
            accounts_remaining: 0,
        });
    }
    let request = Request {
        started: existing_record.started,
        ..request.clone()
    };
    let sessions = request.sessions(aws, &rate_limits, request.deadline.earlier_by(WRITING));
    let (observer, store) = (Arc::new(NoObserver), Arc::new(store));
    let run = Arc::new(RunContext::new(
        &request, sessions, observer, regions, store,
    ));
    let ScannedAccounts { done, unstored, .. } = run.scan_accounts(channel_of(accounts)).await?;
    // The state machine calls the batch again, and writes down why when it gives up.
    if let Some(error) = unstored.into_values().next() {
        return Err(error.into());
    }
    Ok(BatchProgress {
        batch,
        accounts_completed: done.len(),
        accounts_remaining: all - done.len(),
    })
}

/// The accounts as if they were being listed.
fn channel_of(accounts: Vec<Account>) -> UnboundedReceiver<Account> {
    let (found, listed) = mpsc::unbounded_channel();
    // The other end is here, so nothing is refused.
    accounts.into_iter().for_each(|one| drop(found.send(one)));
    listed
}

/// Records the failure of a batch, as the state machine caught it.
///
/// # Errors
/// Where the run was not started, or started with other settings, or the note cannot be written.
pub async fn record_failure(
    aws: &Arc<AwsContext>,
    request: &Request,
    batch: usize,
    failure: &StepFailure,
) -> Result<(), RunError> {
    request.refuse_ahead()?;
    let store = Store::join(run_storage(aws, request, &rate_limits(request))).await?;
    store.resume(&record(request))?;
    let kept = StoredFailure {
        run_id: request.run_id.clone(),
        batch,
        failure: failure.clone(),
    };
    Ok(store.keep(failure_name(batch), kept).await?)
}
