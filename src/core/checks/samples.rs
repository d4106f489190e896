//! What the tests of the checks share.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{Check, Context, Rule};
use crate::evaluate::{Evaluation, OrganizationChecks, Settings};
use crate::facts::{FactStore, Facts};
use crate::model::{
    AccountResult, Cause, Gap, Monitoring, Reading, Region, RuleResult, TargetOutcome, Verdict,
    default_ports,
};
use crate::testing::result;

/// A gap that a denied action leaves.
pub(crate) fn denied(action: &str) -> Gap {
    Gap::new(action, Cause::DeniedByScp)
}

/// A fact that an organization's policy denies.
pub(crate) fn missing<T>(action: &str) -> Reading<T> {
    Reading::missing(denied(action))
}

/// Runs a check over an account as a whole. A fact that it reads and does not declare fails the test.
pub(crate) fn evaluate_account(check: &Check, facts: &FactStore) -> Result<RuleResult, Gap> {
    let Rule::Account(rule) = check.rule else {
        panic!("{} does not run per account", check.id)
    };
    with_context(|context| declared(check, facts, |facts| rule(facts, context)))
}

/// Runs a check of the organization over accounts, the first of which is the central one. The facts that there are of
/// an account are those of its only Region, `eu-west-1`, too. Gives a verdict for each account that has one.
pub(crate) fn evaluate_organization(
    check: &'static Check,
    accounts: &[&FactStore],
) -> Vec<Verdict> {
    let outcomes = organization_outcomes(check, accounts).into_iter();
    let found = outcomes.map(|outcome| match outcome {
        TargetOutcome::Evaluated(verdict) => verdict,
        TargetOutcome::Skipped { .. } => panic!("{outcome:?}"),
    });
    found.collect()
}

/// The same with what is skipped in an account.
pub(crate) fn organization_outcomes(
    check: &'static Check,
    accounts: &[&FactStore],
) -> Vec<TargetOutcome> {
    let id = |n: usize| crate::testing::id(n as u64);
    let settings = Settings {
        partition: "aws".to_owned(),
        now: NOW.parse().unwrap(),
        central_account: Some(id(0)),
        sensitive_ports: default_ports(),
        monitoring: Monitoring::default(),
    };
    let evaluation = Evaluation::new(&[check], settings.clone());
    let results = accounts.iter().enumerate().map(|(n, facts)| {
        let region = Region::new("eu-west-1");
        let evaluated = evaluation.region(&id(n), &region, (*facts).clone());
        let account = evaluation.account(&id(n), facts, BTreeMap::from([(region, evaluated)]));
        AccountResult {
            records: account.records,
            ..result(
                crate::testing::account(n as u64, "an account", ""),
                account.verdicts,
            )
        }
    });
    let mut results: Vec<AccountResult> = results.collect();
    let mut organization = OrganizationChecks::new(&[check], settings);
    results.iter().for_each(|result| organization.add(result));
    results
        .iter_mut()
        .for_each(|result| organization.evaluate(result));
    let verdicts = results.into_iter().flat_map(|result| result.verdicts);
    verdicts.map(|one| one.outcome).collect()
}

fn declared<T>(check: &Check, facts: &FactStore, evaluate: impl FnOnce(&Facts<'_>) -> T) -> T {
    let facts = Facts::new(facts, check.needs);
    let found = evaluate(&facts);
    assert_eq!(facts.undeclared(), None, "{}", check.id);
    found
}

/// Runs a check over `eu-west-1`.
pub(crate) fn evaluate_region(check: &Check, facts: &FactStore) -> Result<RuleResult, Gap> {
    let Rule::Region(rule) = check.rule else {
        panic!("{} runs per account", check.id)
    };
    let region = Region::new("eu-west-1");
    with_context(|context| declared(check, facts, |facts| rule(facts, &region, context)))
}

/// When the samples are evaluated.
pub(crate) const NOW: &str = "2026-11-15T03:00:00Z";

/// Runs something in the context of an account.
pub(crate) fn with_context<T>(run: impl FnOnce(&Context<'_>) -> T) -> T {
    run(&Context {
        account: &"111122223333".parse().unwrap(),
        partition: "aws",
        now: NOW.parse().unwrap(),
        is_central: false,
        sensitive_ports: &default_ports(),
        monitoring: &Monitoring::default(),
    })
}

/// So many days before [`NOW`], to the second.
pub(crate) fn ago(days: i64) -> Timestamp {
    let now: Timestamp = NOW.parse().unwrap();
    now - SignedDuration::from_hours(24 * days)
}
