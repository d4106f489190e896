//! All accounts of a report, one after the other, beside the history where there is one.

use std::iter::Peekable;
use std::slice::Iter;

use orgscan_core::compare::{AccountObservation, Comparison};
use orgscan_core::exceptions::Exceptions;
use orgscan_core::model::{Account, AccountId, AccountResult, Decision, Plan, PlannedAccount};

use super::{Entry, ReportFiles, WriteError};
use orgscan_store::history::{History, HistoryError, Walk};

/// How many targets and findings are written at a time. While they are, as many are read that come next.
const AT_A_TIME: usize = 4_000;

/// What the files of a report are filled from.
#[derive(Clone, Copy, Debug)]
pub struct ReportSource<'a> {
    /// Every account listed.
    pub plan: &'a Plan,
    /// The exceptions.
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
    source: ReportSource<'_>,
    files: &mut ReportFiles<'_>,
    of: impl FnMut(&Account) -> Result<AccountResult, E>,
) -> Result<(), E>
where
    E: From<WriteError> + From<HistoryError>,
{
    let mut entries = Entries {
        exceptions: source.exceptions,
        walk: source.history.map(History::walk).transpose()?,
        planned: source.plan.accounts.iter().peekable(),
        of,
    };
    let mut some = entries.some()?;
    while !some.is_empty() {
        some = files.write(&some, || entries.some())??;
        // A runtime with one thread has its timers to serve meanwhile.
        tokio::task::yield_now().await;
    }
    Ok(())
}

/// The entries of all accounts, listed or not, by id.
struct Entries<'a, F> {
    exceptions: &'a Exceptions,
    walk: Option<Walk>,
    planned: Peekable<Iter<'a, PlannedAccount>>,
    of: F,
}

impl<'a, F> Entries<'a, F> {
    /// As many as are written at a time; none at the end.
    fn some<E: From<HistoryError>>(&mut self) -> Result<Vec<Entry<'a>>, E>
    where
        F: FnMut(&Account) -> Result<AccountResult, E>,
    {
        let (mut entries, mut size) = (Vec::new(), 0);
        while size < AT_A_TIME {
            let Some(entry) = self.next()? else {
                break;
            };
            size += entry.size();
            entries.push(entry);
        }
        Ok(entries)
    }

    fn next<E: From<HistoryError>>(&mut self) -> Result<Option<Entry<'a>>, E>
    where
        F: FnMut(&Account) -> Result<AccountResult, E>,
    {
        loop {
            let before = self.planned.peek().map(|one| &one.account.id);
            let unlisted = self.walk.as_mut().map(|walk| walk.unlisted(before));
            if let Some(comparison) = unlisted.transpose()?.flatten() {
                return Ok(Some(Entry::changed(comparison)));
            }
            let Some(planned) = self.planned.next() else {
                return Ok(None);
            };
            let account = &planned.account;
            match &planned.decision {
                Decision::Skip { reason, .. } => {
                    let compared =
                        self.compared(&account.id, AccountObservation::Skipped(account, *reason))?;
                    if let Some(comparison) = compared {
                        return Ok(Some(Entry::changed(comparison)));
                    }
                }
                Decision::Scan | Decision::Fail { .. } => {
                    let applied = self.exceptions.apply((self.of)(account)?);
                    let compared =
                        self.compared(&account.id, AccountObservation::Result(applied.result()))?;
                    return Ok(Some(Entry::found(applied, compared)));
                }
            }
        }
    }

    fn compared(
        &mut self,
        id: &AccountId,
        seen: AccountObservation<'_>,
    ) -> Result<Option<Comparison>, HistoryError> {
        let compared = self.walk.as_mut().map(|walk| walk.listed(id, seen));
        Ok(compared.transpose()?.flatten())
    }
}
