//! All accounts of a report, one after the other, beside the history where there is one.

use orgscan_core::compare::{Comparison, Seen};
use orgscan_core::exceptions::Exceptions;
use orgscan_core::model::{Account, AccountId, AccountResult, Decision, Plan};
use orgscan_store::history::{History, HistoryError, Walk};

use super::{ReportFiles, WriteError};

/// What the files of a report are filled from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Every account listed.
    pub plan: &'a Plan,
    /// What has been accepted.
    pub exceptions: &'a Exceptions,
    /// What the results are compared with.
    pub history: Option<&'a History>,
}

/// Fills the files. `of` has the result of an account that was to be scanned, as it was found; it is asked
/// once for each, in the plan's order.
///
/// # Errors
/// Those of `of`, and where the files cannot be written or the history cannot be read.
pub async fn fill<E>(
    source: Source<'_>,
    files: &mut ReportFiles<'_>,
    mut of: impl FnMut(&Account) -> Result<AccountResult, E>,
) -> Result<(), E>
where
    E: From<WriteError> + From<HistoryError>,
{
    let mut walk = source.history.map(History::walk).transpose()?;
    for planned in &source.plan.accounts {
        let account = &planned.account;
        unlisted::<E>(&mut walk, Some(&account.id), files)?;
        let comparison = match &planned.decision {
            Decision::Skip { reason, .. } => {
                listed(&mut walk, &account.id, Seen::Skipped(account, *reason))?
            }
            Decision::Scan | Decision::Fail { .. } => {
                let applied = source.exceptions.apply(of(account)?);
                let comparison = listed(&mut walk, &account.id, Seen::Result(applied.result()))?;
                files.account(&applied, comparison.as_ref())?;
                comparison
            }
        };
        if let Some(comparison) = comparison {
            files.changes(&comparison)?;
        }
        // A runtime with one thread has its timers to serve meanwhile.
        tokio::task::yield_now().await;
    }
    unlisted(&mut walk, None, files)
}

fn listed(
    walk: &mut Option<Walk>,
    id: &AccountId,
    seen: Seen<'_>,
) -> Result<Option<Comparison>, HistoryError> {
    let compared = walk.as_mut().map(|walk| walk.listed(id, seen));
    Ok(compared.transpose()?.flatten())
}

/// Writes the changes of accounts that were not listed.
fn unlisted<E>(
    walk: &mut Option<Walk>,
    before: Option<&AccountId>,
    files: &mut ReportFiles<'_>,
) -> Result<(), E>
where
    E: From<WriteError> + From<HistoryError>,
{
    if let Some(walk) = walk {
        while let Some(comparison) = walk.unlisted(before)? {
            files.changes(&comparison)?;
        }
    }
    Ok(())
}
