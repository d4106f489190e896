//! All accounts of a plan, one after the other, beside the history where there is one.

use orgscan_core::compare::Seen;
use orgscan_core::exceptions::{Applied, Exceptions};
use orgscan_core::model::{Account, AccountId, AccountResult, Decision, Plan};

use super::{HistoryError, Join, Joined};

/// A comparison where there is a history; the error once one has stopped it.
type Going = Option<Result<Join, HistoryError>>;

/// Goes through the accounts of a plan. `of` has the result of one that was to be scanned; `each` is given
/// it with the exceptions applied. A history that turns out to be damaged keeps none of them back.
///
/// # Errors
/// Those of `of`.
pub fn join<'e, E>(
    plan: &Plan,
    exceptions: &'e Exceptions,
    mut join: Going,
    mut of: impl FnMut(&Account) -> Result<AccountResult, E>,
    mut each: impl FnMut(&Applied<'e>),
) -> Result<Option<Result<Joined, HistoryError>>, E> {
    for planned in &plan.accounts {
        let account = &planned.account;
        match &planned.decision {
            Decision::Scan | Decision::Fail { .. } => {
                let applied = exceptions.apply(of(account)?);
                each(&applied);
                let seen = Seen::Result(applied.result());
                add(&mut join, &account.id, seen, Some(&applied));
            }
            Decision::Skip { reason, .. } => {
                add(
                    &mut join,
                    &account.id,
                    Seen::Skipped(account, *reason),
                    None,
                );
            }
        }
    }
    Ok(join.map(|join| join.and_then(Join::finish)))
}

fn add(join: &mut Going, id: &AccountId, seen: Seen<'_>, applied: Option<&Applied<'_>>) {
    let Some(Ok(going)) = join else {
        return;
    };
    if let Err(error) = going.add(id, seen, applied) {
        *join = Some(Err(error));
    }
}
