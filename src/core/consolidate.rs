//! Account results, one at a time, made into the report. Pure.
//!
//! What is kept of an account is its summary: a few counts, whatever the number of its findings. The
//! findings themselves stream from the stored results into the report files.

pub mod framework_views;
mod summary;
mod totals;
mod view;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::checks::{Check, INDICATORS, Indicator};
use crate::consolidate::framework_views::FrameworkViews;
use crate::exceptions::{ExceptionTally, Exceptions, ResultWithExceptions};
use crate::frameworks::Framework;
use crate::model::{
    Account, AccountId, AccountOutcome, AccountSummary, Changes, Coverage, Decision, Plan, Report,
    RunInfo, SeverityCounts, ThresholdScope,
};
use crate::settings::Thresholds;
use crate::thresholds::crossings;
use summary::Indicators;
pub use summary::unanswered;
use totals::Totals;
pub use view::view;

/// A report in the making.
#[derive(Debug)]
pub struct Consolidation<'e> {
    run: RunInfo,
    checks: Vec<&'static Check>,
    indicators: Indicators,
    /// Every account listed; awaited until its result is there.
    accounts: BTreeMap<AccountId, ListedAccount>,
    unexpected: Vec<AccountId>,
    findings_by_check: BTreeMap<&'static str, SeverityCounts>,
    tally: ExceptionTally<'e>,
    frameworks: FrameworkViews,
}

/// An account that was listed.
#[derive(Debug)]
enum ListedAccount {
    Awaited(Arc<Account>),
    There(Box<AccountSummary>),
}

/// The results do not add up to the plan, so no report may be made of them: listed accounts would
/// not be scanned, skipped and failed ones together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct PlanMismatch {
    /// Accounts that were to be scanned and have no result.
    pub missing: Vec<AccountId>,
    /// Accounts with a result that the plan does not ask for, or with more than one.
    pub unexpected: Vec<AccountId>,
}

impl fmt::Display for PlanMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the results do not add up to the plan")?;
        if !self.missing.is_empty() {
            write!(f, "; no result for {}", some_of(&self.missing))?;
        }
        if !self.unexpected.is_empty() {
            let accounts = some_of(&self.unexpected);
            write!(f, "; a result too many for {accounts}")?;
        }
        f.write_str(": start the run again with the same run id to scan what is missing, or with a new one to scan everything")
    }
}

/// The first of them, and how many more there are.
fn some_of(accounts: &[AccountId]) -> String {
    const SHOWN: usize = 20;
    let mut names: Vec<_> = accounts.iter().take(SHOWN).map(AccountId::as_str).collect();
    let more = format!("{} more", accounts.len().saturating_sub(SHOWN));
    if accounts.len() > SHOWN {
        names.push(&more);
    }
    names.join(", ")
}

impl<'e> Consolidation<'e> {
    /// Begins a report. `checks` are those that the run selected, in registry order: an
    /// indicator is part of the report if its check is among them.
    pub fn new(
        plan: &Plan,
        run: RunInfo,
        checks: &[&'static Check],
        exceptions: &'e Exceptions,
    ) -> Self {
        let runs = |indicator: &&Indicator| checks.iter().any(|c| c.id == indicator.check);
        let accounts = plan.accounts.iter().map(|planned| {
            let summary = match &planned.decision {
                Decision::Scan | Decision::Fail { .. } => {
                    ListedAccount::Awaited(planned.account.clone())
                }
                Decision::Skip { reason, detail } => {
                    ListedAccount::There(Box::new(summary::of_skipped(
                        planned.account.clone(),
                        AccountOutcome::Skipped {
                            reason: *reason,
                            detail: detail.clone(),
                        },
                    )))
                }
            };
            (planned.account.id.clone(), summary)
        });
        Self {
            run,
            checks: checks.to_vec(),
            indicators: Indicators::new(INDICATORS.iter().filter(runs).collect()),
            accounts: accounts.collect(),
            unexpected: Vec::new(),
            findings_by_check: BTreeMap::new(),
            tally: ExceptionTally::of_plan(exceptions, plan, checks),
            frameworks: FrameworkViews::new(&[], checks),
        }
    }

    /// The same with a view of these frameworks.
    #[must_use]
    pub fn with_frameworks(self, frameworks: &[&'static Framework]) -> Self {
        Self {
            frameworks: FrameworkViews::new(frameworks, &self.checks),
            ..self
        }
    }

    /// Counts an account's result, and keeps none of its details. Once per account, in any order.
    pub fn add(&mut self, applied: &ResultWithExceptions<'e>) {
        let result = applied.result();
        match self.accounts.get_mut(&result.account.id) {
            Some(entry @ ListedAccount::Awaited(_)) => {
                let ListedAccount::Awaited(account) = entry else {
                    return;
                };
                let account = account.clone();
                let by_check = &mut self.findings_by_check;
                let summary =
                    summary::of(account, applied, &self.checks, &self.indicators, by_check);
                *entry = ListedAccount::There(Box::new(summary));
                self.tally.add(applied);
                self.frameworks.add(applied, &self.checks);
            }
            Some(ListedAccount::There(_)) | None => self.unexpected.push(result.account.id.clone()),
        }
    }

    /// The report, without the enrollment. `notes` are what the reader should know about the run as a whole.
    ///
    /// # Errors
    /// [`PlanMismatch`], if an account of the plan has no result or a result has no account.
    pub fn finish(
        self,
        thresholds: &Thresholds,
        notes: Vec<String>,
    ) -> Result<Report, PlanMismatch> {
        let accounts = all_there(self.accounts, self.unexpected)?;
        let mut totals = Totals::new(&self.indicators.all);
        let mut coverage = Coverage::default();
        for account in &accounts {
            totals.add(account);
            cover(&mut coverage, account);
        }
        let mut report = Report {
            run: self.run,
            thresholds_crossed: Vec::new(),
            indicators: totals.organization,
            ous: totals.organizational_units,
            findings: totals.findings,
            suppressed: totals.suppressed,
            findings_by_check: self.findings_by_check,
            exceptions: self.tally.report(),
            frameworks: self.frameworks.finish(),
            accounts,
            coverage,
            enrollment: None,
            changes: Changes::default(),
            notes,
        };
        report.thresholds_crossed = crossings(&report, thresholds);
        Ok(report)
    }
}

/// The summaries of all accounts of the plan, if each is there and no other is.
fn all_there(
    accounts: BTreeMap<AccountId, ListedAccount>,
    mut unexpected: Vec<AccountId>,
) -> Result<Vec<AccountSummary>, PlanMismatch> {
    let (mut missing, mut there) = (Vec::new(), Vec::new());
    for (id, summary) in accounts {
        match summary {
            ListedAccount::There(summary) => there.push(*summary),
            ListedAccount::Awaited(_) => missing.push(id),
        }
    }
    if missing.is_empty() && unexpected.is_empty() {
        return Ok(there);
    }
    unexpected.sort();
    unexpected.dedup();
    Err(PlanMismatch {
        missing,
        unexpected,
    })
}

/// The part of a report that is about one account, as a report of its own: nothing in it is about
/// another account. `applied` is the account's result.
pub fn part(
    report: &Report,
    summary: &AccountSummary,
    applied: &ResultWithExceptions<'_>,
) -> Report {
    let counted = |one: &&Indicator| summary.indicators.get(one.name).is_some();
    let indicators: Vec<_> = INDICATORS.iter().filter(counted).collect();
    let mut totals = Totals::new(&indicators);
    totals.add(summary);
    let mut coverage = Coverage::default();
    cover(&mut coverage, summary);
    let mut tally = ExceptionTally::new(applied.exceptions());
    tally.add(applied);
    let own = ThresholdScope::Account(summary.account.id.clone());
    let crossed = report
        .thresholds_crossed
        .iter()
        .filter(|one| one.scope == own);
    Report {
        run: report.run.clone(),
        indicators: totals.organization,
        // Totals of an OU are the organization's business, and notes on the run may name accounts.
        ous: BTreeMap::new(),
        changes: Changes {
            baseline: report.changes.baseline.clone(),
            counts: view::changed(&[summary]).0,
            ..Changes::default()
        },
        notes: Vec::new(),
        accounts: vec![summary.clone()],
        thresholds_crossed: crossed.cloned().collect(),
        enrollment: report
            .enrollment
            .as_ref()
            .map(|all| all.part(&summary.account.id)),
        findings: totals.findings,
        suppressed: totals.suppressed,
        findings_by_check: BTreeMap::new(),
        exceptions: tally.report_of_account(),
        // Its rows are in the organization's frameworks.csv; here the controls would outweigh all else.
        frameworks: Vec::new(),
        coverage,
    }
}

/// Enters an account in the ledger.
fn cover(coverage: &mut Coverage, account: &AccountSummary) {
    coverage.accounts_listed += 1;
    *match account.outcome {
        AccountOutcome::Scanned => &mut coverage.accounts_scanned,
        AccountOutcome::Failed { .. } => &mut coverage.accounts_failed,
        AccountOutcome::Skipped { .. } => &mut coverage.accounts_skipped,
    } += 1;
    let failed = matches!(account.outcome, AccountOutcome::Failed { .. });
    coverage.accounts_incomplete += u64::from(failed || account.targets.unknown > 0);
    coverage.account_regions_skipped += account.regions_skipped;
    coverage.buckets_skipped += account.buckets_skipped;
    coverage.targets.add(&account.targets);
}

#[cfg(test)]
mod tests;
