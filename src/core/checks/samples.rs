//! What the tests of the checks share.

use jiff::{SignedDuration, Timestamp};

use super::{Check, Context, Rule};
use crate::facts::{FactStore, Facts};
use crate::model::{Cause, Gap, Judgement, Reading, Region, default_ports};

/// A gap that a denied action leaves.
pub(crate) fn denied(action: &str) -> Gap {
    Gap::new(action, Cause::DeniedByScp)
}

/// A fact that an organization's policy denies.
pub(crate) fn missing<T>(action: &str) -> Reading<T> {
    Reading::missing(denied(action))
}

/// Runs a check over an account as a whole. A fact that it reads and does not declare fails the test.
pub(crate) fn judge_account(check: &Check, facts: &FactStore) -> Result<Judgement, Gap> {
    let (Rule::Account(rule) | Rule::Organization(rule)) = check.rule else {
        panic!("{} runs per Region", check.id)
    };
    with_context(|context| declared(check, facts, |facts| rule(facts, context)))
}

fn declared<T>(check: &Check, facts: &FactStore, judge: impl FnOnce(&Facts<'_>) -> T) -> T {
    let facts = Facts::new(facts, check.needs);
    let judged = judge(&facts);
    assert_eq!(facts.undeclared(), None, "{}", check.id);
    judged
}

/// Runs a check over `eu-west-1`.
pub(crate) fn judge_region(check: &Check, facts: &FactStore) -> Result<Judgement, Gap> {
    let Rule::Region(rule) = check.rule else {
        panic!("{} runs per account", check.id)
    };
    let region = Region::new("eu-west-1");
    with_context(|context| declared(check, facts, |facts| rule(facts, &region, context)))
}

/// When the samples are judged.
pub(crate) const NOW: &str = "2026-11-15T03:00:00Z";

/// Runs something in the context of an account.
pub(crate) fn with_context<T>(run: impl FnOnce(&Context<'_>) -> T) -> T {
    run(&Context {
        account: &"111122223333".parse().unwrap(),
        partition: "aws",
        now: NOW.parse().unwrap(),
        sensitive_ports: &default_ports(),
    })
}

/// So many days before [`NOW`], to the second.
pub(crate) fn ago(days: i64) -> Timestamp {
    let now: Timestamp = NOW.parse().unwrap();
    now - SignedDuration::from_hours(24 * days)
}
