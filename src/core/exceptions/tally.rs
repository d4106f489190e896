//! What each exception did: a few counters for each, whatever the size of the organization.

use super::entry::{ExceptionEntry, ExceptionTarget};
use super::{Exceptions, ResultWithExceptions};
use crate::checks::Check;
use crate::model::{
    AccountOutcome, AccountResult, Decision, ExceptionEffect, ExceptionState, ExceptionUse,
    ExceptionsReport, Plan, RegionDecision, SkipReason, TargetOutcome, TargetScope,
};
use crate::services::CHECKS;

/// What each exception did so far.
#[derive(Clone, Debug)]
pub(crate) struct ExceptionTally<'e> {
    exceptions: &'e Exceptions,
    counters: Vec<Counter>,
}

#[derive(Clone, Debug, Default)]
struct Counter {
    matched: u64,
    applied: u64,
    shadowed_by: Option<usize>,
    /// Something that it could match was not evaluated.
    unseen: bool,
}

impl<'e> ExceptionTally<'e> {
    /// Before the first result.
    pub(crate) fn new(exceptions: &'e Exceptions) -> Self {
        Self {
            exceptions,
            counters: vec![Counter::default(); exceptions.entries.len()],
        }
    }

    /// What a run leaves out that an exception could match: checks, accounts, and whatever is behind
    /// OUs and tags that could not be read.
    pub(crate) fn of_plan(exceptions: &'e Exceptions, plan: &Plan, checks: &[&Check]) -> Self {
        let mut tally = Self::new(exceptions);
        let excluded = |entry: &ExceptionEntry| {
            let mut all = CHECKS.iter().filter(|check| entry.is_about(check.id));
            all.any(|check| checks.iter().all(|made| made.id != check.id))
        };
        let accounts = || plan.accounts.iter().map(|planned| &planned.account);
        let alone = plan.organization.is_none();
        let unplaced = accounts().any(|account| account.ou_ids.is_empty());
        let untagged = accounts().all(|account| account.tags.is_empty());
        tally.unseen(|entry| {
            excluded(entry)
                || alone
                || unplaced && !entry.accounts.ous.is_empty()
                || untagged && !entry.accounts.tags.is_empty()
        });
        for planned in &plan.accounts {
            if matches!(planned.decision, Decision::Skip { .. }) {
                tally.unseen(|entry| entry.concerns(&planned.account));
            }
        }
        tally
    }

    fn unseen(&mut self, could_match: impl Fn(&ExceptionEntry) -> bool) {
        for (entry, counter) in self.exceptions.entries.iter().zip(&mut self.counters) {
            counter.unseen = counter.unseen || could_match(entry);
        }
    }

    /// Counts what the exceptions did in an account.
    pub(crate) fn add(&mut self, applied: &ResultWithExceptions<'e>) {
        for target in &applied.result.verdicts {
            let TargetOutcome::Evaluated(verdict) = &target.outcome else {
                continue;
            };
            for violation in &verdict.violations {
                self.count(applied.matching(target, violation).map(|(index, _)| index));
            }
        }
        for gap in &applied.gaps {
            self.count(gap.iter().copied());
        }
        for (index, entry) in &applied.near {
            let counter = &mut self.counters[*index];
            counter.unseen = counter.unseen || has_unseen(entry, &applied.result);
        }
    }

    /// Counts what one finding or gap matches: the first entry that has not expired applies.
    fn count(&mut self, matching: impl Iterator<Item = usize>) {
        let mut first = None;
        for index in matching {
            let counter = &mut self.counters[index];
            counter.matched += 1;
            let state = self.exceptions.entries[index].state(self.exceptions.today);
            if state == ExceptionState::Expired {
                continue;
            }
            match first {
                None => {
                    counter.applied += 1;
                    first = Some(index);
                }
                Some(first) => {
                    counter.shadowed_by.get_or_insert(first);
                }
            }
        }
    }

    /// The exceptions, with what each of them did.
    pub(crate) fn report(&self) -> ExceptionsReport {
        let all = (0..self.counters.len()).map(|index| self.line(index));
        self.exceptions.report_with(all.collect())
    }

    /// The same for those alone that match something, without what names accounts: for the people of
    /// one account.
    pub(crate) fn report_of_account(&self) -> ExceptionsReport {
        let counters = self.counters.iter().enumerate();
        let matching = counters.filter(|(_, counter)| counter.matched > 0);
        let lines = matching.map(|(index, _)| ExceptionUse {
            criteria: None,
            ..self.line(index)
        });
        self.exceptions.report_with(lines.collect())
    }

    fn line(&self, index: usize) -> ExceptionUse {
        let (entries, counter) = (&self.exceptions.entries, &self.counters[index]);
        let unused = self.exceptions.unused(&entries[index]);
        let id = |by: usize| entries[by].suppression.id.clone();
        ExceptionUse {
            matched: counter.matched,
            applied: counter.applied,
            effect: effect(counter, unused.state),
            shadowed_by: counter.shadowed_by.map(id),
            ..unused
        }
    }
}

fn effect(counter: &Counter, state: ExceptionState) -> ExceptionEffect {
    match (counter.applied, counter.matched, state) {
        (0, 0, _) if counter.unseen => ExceptionEffect::NotEvaluated,
        (0, 0, _) => ExceptionEffect::MatchedNothing,
        (0, _, ExceptionState::Expired) => ExceptionEffect::Lapsed,
        (0, _, _) => ExceptionEffect::Shadowed,
        (_, _, _) => ExceptionEffect::Applied,
    }
}

/// Whether something of an account was not evaluated that an entry which concerns it could match.
fn has_unseen(entry: &ExceptionEntry, result: &AccountResult) -> bool {
    if !matches!(result.outcome, AccountOutcome::Scanned) {
        return true;
    }
    let filtered = result.regions.iter().any(|(region, decision)| {
        let reason = match decision {
            RegionDecision::Skip { reason } => *reason,
            RegionDecision::Scan => return false,
        };
        let by_filter = matches!(reason, SkipReason::NotIncluded | SkipReason::Excluded);
        by_filter && entry.is_in(region.as_str())
    });
    let mut targets = result.verdicts.iter();
    filtered
        || targets.any(|target| {
            // What is found in the account as a whole may have a Region of its own.
            let here = target.scope == TargetScope::Global || entry.is_in(target.scope.as_str());
            here && entry.is_about(&target.check_id) && is_unknown(&target.outcome, entry)
        })
}

/// Whether a target was not evaluated. To an exception for gaps those that are expected are known.
fn is_unknown(outcome: &TargetOutcome, entry: &ExceptionEntry) -> bool {
    match outcome {
        TargetOutcome::Evaluated(verdict) => !verdict.gaps.is_empty(),
        TargetOutcome::Skipped { .. } => matches!(entry.what, ExceptionTarget::Findings { .. }),
    }
}

#[cfg(test)]
mod tests;
