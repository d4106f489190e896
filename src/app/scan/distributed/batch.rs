//! The step of a child: the accounts of one batch.

use std::sync::Arc;

use orgscan_aws::Aws;
use orgscan_core::model::Account;
use orgscan_store::Store;
use serde::Serialize;
use tokio::sync::mpsc::{self, UnboundedReceiver};

use super::{KeptBatch, KeptFailure, WRITING, batch_name, failure_name, foreign};
use crate::config::StepFailure;
use crate::observe::Silent;
use crate::scan::accounts::{Run, Scanned};
use crate::scan::begun::{pacer, record, run_storage};
use crate::scan::{Request, RunError};

/// How far a child has come with its batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BatchDone {
    /// The batch.
    pub batch: usize,
    /// Accounts that have a result to keep, earlier attempts' included.
    pub accounts_done: usize,
    /// Accounts for which there was no time, or not enough.
    pub accounts_left: usize,
}

/// Scans the accounts of a batch that have no result yet, as far as there is time.
///
/// # Errors
/// Where the batch cannot be read, the run was begun with other settings, or a result cannot be
/// stored. Accounts that could not be read and time that runs out are no errors; they are in the answer.
pub async fn scan_batch(
    aws: &Arc<Aws>,
    request: &Request,
    batch: usize,
) -> Result<BatchDone, RunError> {
    request.refuse_ahead()?;
    let pacer = pacer(request);
    let store = Store::join(run_storage(aws, request, &pacer)).await?;
    let begun = store.go_on(&record(request))?;
    request.refuse_begun_ahead(&begun)?;
    let name = batch_name(batch);
    let kept: KeptBatch = store.needed(&name).await?;
    let why = foreign(&kept.run_id, (&request.run_id, batch), kept.batch);
    store.refuse_foreign(&name, why)?;
    let KeptBatch {
        accounts, regions, ..
    } = kept;
    let all = accounts.len();
    if begun.finished.is_some() {
        // A report is published of what there was; a result that came after it would only puzzle.
        return Ok(BatchDone {
            batch,
            accounts_done: all,
            accounts_left: 0,
        });
    }
    let request = Request {
        started: begun.started,
        ..request.clone()
    };
    let sessions = request.sessions(aws, &pacer, request.deadline.earlier_by(WRITING));
    let (observer, store) = (Arc::new(Silent), Arc::new(store));
    let run = Arc::new(Run::new(&request, sessions, observer, regions, store));
    let Scanned { done, unstored, .. } = run.scan_accounts(channel_of(accounts)).await?;
    // The state machine calls the batch again, and writes down why when it gives up.
    if let Some(error) = unstored.into_values().next() {
        return Err(error.into());
    }
    Ok(BatchDone {
        batch,
        accounts_done: done.len(),
        accounts_left: all - done.len(),
    })
}

/// The accounts as if they were being listed.
fn channel_of(accounts: Vec<Account>) -> UnboundedReceiver<Account> {
    let (found, listed) = mpsc::unbounded_channel();
    // The other end is here, so nothing is refused.
    accounts.into_iter().for_each(|one| drop(found.send(one)));
    listed
}

/// Writes down why a batch was given up: what the state machine caught.
///
/// # Errors
/// Where the run was not begun, or begun with other settings, or the note cannot be written.
pub async fn give_up(
    aws: &Arc<Aws>,
    request: &Request,
    batch: usize,
    failure: &StepFailure,
) -> Result<(), RunError> {
    request.refuse_ahead()?;
    let store = Store::join(run_storage(aws, request, &pacer(request))).await?;
    store.go_on(&record(request))?;
    let kept = KeptFailure {
        run_id: request.run_id.clone(),
        batch,
        failure: failure.clone(),
    };
    Ok(store.keep(failure_name(batch), kept).await?)
}
