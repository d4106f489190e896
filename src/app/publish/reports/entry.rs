//! What goes into the files of a report, account by account.

use std::slice::Iter;

use orgscan_core::checks::Check;
use orgscan_core::compare::Comparison;
use orgscan_core::exceptions::ResultWithExceptions;
use orgscan_core::model::{AccountId, AccountOutcome, AccountSummary, TargetOutcome};

use super::WriteError;
use orgscan_report::{AccountReport, Sink};

/// What a report has of an account, listed or not.
#[derive(Debug)]
pub struct Entry<'e> {
    applied: Option<ResultWithExceptions<'e>>,
    comparison: Option<Comparison>,
}

impl<'e> Entry<'e> {
    /// An account of the report that has a result, with what became of it since the runs before.
    pub fn found(applied: ResultWithExceptions<'e>, comparison: Option<Comparison>) -> Self {
        Self {
            applied: Some(applied),
            comparison,
        }
    }

    /// What changed in an account without a result.
    pub fn changed(comparison: Comparison) -> Self {
        Self {
            applied: None,
            comparison: Some(comparison),
        }
    }

    /// How many targets and findings it is about: its part of the memory.
    pub(super) fn size(&self) -> usize {
        let targets = self.applied.iter().flat_map(|one| &one.result().verdicts);
        let of_target = |outcome: &TargetOutcome| match outcome {
            TargetOutcome::Evaluated(verdict) => 1 + verdict.violations.len(),
            TargetOutcome::Skipped { .. } => 1,
        };
        let known = self.comparison.iter().map(|one| one.findings.len());
        targets
            .map(|one| of_target(&one.outcome))
            .chain(known)
            .sum()
    }
}

/// A step in the making of every file.
pub(super) enum FileStep<'s> {
    /// An account that the plan leaves out.
    Skipped(&'s AccountSummary),
    /// An account that has a result.
    Account(AccountReport<'s>),
    /// What changed in an account.
    Changed(&'s Comparison),
}

impl FileStep<'_> {
    /// Takes the step in one of the files.
    pub(super) fn take<W>(&self, sink: &mut (impl Sink<W> + ?Sized)) -> std::io::Result<()> {
        match self {
            Self::Skipped(summary) => sink.skipped(summary),
            Self::Account(reported) => sink.account(reported),
            Self::Changed(comparison) => sink.changed(comparison),
        }
    }
}

/// The accounts of a report that are not written yet.
pub(super) type Accounts<'r> = Iter<'r, AccountSummary>;

/// The steps of these entries, and of the accounts before them that have no result.
pub(super) fn steps<'s, 'r: 's>(
    entries: &'s [Entry<'_>],
    accounts: &mut Accounts<'r>,
    checks: &'s [&'static Check],
) -> Result<Vec<FileStep<'s>>, WriteError> {
    let mut steps = Vec::new();
    for entry in entries {
        let comparison = entry.comparison.as_ref();
        if let Some(applied) = &entry.applied {
            let skipped = skipped_before(Some(&applied.result().account.id), accounts)?;
            steps.extend(skipped.into_iter().map(FileStep::Skipped));
            let reported = AccountReport::new(applied, comparison, checks);
            steps.push(FileStep::Account(reported));
        }
        steps.extend(comparison.map(FileStep::Changed));
    }
    Ok(steps)
}

/// The accounts that have no result, up to the account given; to the end where none is.
pub(super) fn skipped_before<'r>(
    id: Option<&AccountId>,
    accounts: &mut Accounts<'r>,
) -> Result<Vec<&'r AccountSummary>, WriteError> {
    let mut skipped = Vec::new();
    for summary in accounts {
        let own = &summary.account.id;
        if Some(own) == id {
            return Ok(skipped);
        }
        if !matches!(summary.outcome, AccountOutcome::Skipped { .. }) {
            return Err(not_in_order(own));
        }
        skipped.push(summary);
    }
    id.map_or(Ok(skipped), |id| Err(not_in_order(id)))
}

fn not_in_order(expected: &AccountId) -> WriteError {
    WriteError::NotInOrder {
        expected: expected.clone(),
    }
}
