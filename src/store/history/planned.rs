//! All accounts of a plan, one after the other, beside the history where there is one.

use orgscan_core::compare::AccountObservation;
use orgscan_core::exceptions::{Exceptions, ResultWithExceptions};
use orgscan_core::model::{Account, AccountId, AccountResult, Decision, Plan};

use super::{HistoryError, HistoryJoin, JoinResult};

/// A comparison where there is a history; the error once one has stopped it.
type OptionalJoin = Option<Result<HistoryJoin, HistoryError>>;

/// Goes through the accounts of a plan. `of` has the result of one that was to be scanned; `each` is given
/// it with the exceptions applied. A history that turns out to be damaged keeps none of them back.
///
/// # Errors
/// Those of `of`.
pub fn join<'e, E>(
    plan: &Plan,
    exceptions: &'e Exceptions,
    mut join: OptionalJoin,
    mut of: impl FnMut(&Account) -> Result<AccountResult, E>,
    mut each: impl FnMut(&ResultWithExceptions<'e>),
) -> Result<Option<Result<JoinResult, HistoryError>>, E> {
    for planned in &plan.accounts {
        let account = &planned.account;
        match &planned.decision {
            Decision::Scan | Decision::Fail { .. } => {
                let applied = exceptions.apply(of(account)?);
                each(&applied);
                let seen = AccountObservation::Result(applied.result());
                add(&mut join, &account.id, seen, Some(&applied));
            }
            Decision::Skip { reason, .. } => {
                add(
                    &mut join,
                    &account.id,
                    AccountObservation::Skipped(account, *reason),
                    None,
                );
            }
        }
    }
    Ok(join.map(|join| join.and_then(HistoryJoin::finish)))
}

fn add(
    join: &mut OptionalJoin,
    id: &AccountId,
    seen: AccountObservation<'_>,
    applied: Option<&ResultWithExceptions<'_>>,
) {
    let Some(Ok(running)) = join else {
        return;
    };
    if let Err(error) = running.add(id, seen, applied) {
        *join = Some(Err(error));
    }
}
