//! Gaps that are meant to be: they become skips.

use jiff::civil::Date;

use super::entry::ExceptionEntry;
use crate::model::{
    AccountOutcome, AccountResult, ExceptionState, Gap, SkipReason, Suppression, TargetOutcome,
    TargetScope, Verdict,
};

/// Takes the expected gaps out of a result. `near` are the entries that concern its account. Gives, for
/// each gap that some of them match, those that do.
pub(super) fn suppress(
    result: &mut AccountResult,
    near: &[(usize, &ExceptionEntry)],
    today: Date,
) -> Vec<Vec<usize>> {
    let mut acceptor = GapSuppressor {
        near,
        today,
        uses: Vec::new(),
    };
    if let AccountOutcome::Failed { gap } = &result.outcome {
        if let Some(suppressed) = acceptor.suppression_for(gap, &TargetScope::Global) {
            result.outcome = AccountOutcome::Skipped {
                reason: SkipReason::ExpectedGap,
                detail: describe(suppressed),
            };
            result.verdicts.clear();
        }
        // The gap of the account is that of all its targets: once is enough to count it.
        let of_account = acceptor.uses.len();
        acceptor.targets(result);
        acceptor.uses.truncate(of_account);
    } else {
        acceptor.targets(result);
    }
    acceptor.uses
}

/// Until when, why and by whom a gap is expected: `expected, no-data until 2027-01-31: sandbox
/// (platform team)`.
pub(crate) fn describe(suppression: &Suppression) -> String {
    format!("expected, {suppression}")
}

struct GapSuppressor<'a, 'e> {
    near: &'a [(usize, &'e ExceptionEntry)],
    today: Date,
    uses: Vec<Vec<usize>>,
}

impl<'e> GapSuppressor<'_, 'e> {
    /// What a gap falls under, if anything.
    fn suppression_for(&mut self, gap: &Gap, scope: &TargetScope) -> Option<&'e Suppression> {
        let near = self.near.iter();
        let matching = near.filter(|(_, entry)| entry.matches_gap(gap, scope));
        let matching: Vec<_> = matching.collect();
        let mut holding = matching.iter();
        let first = holding.find(|(_, entry)| entry.state(self.today) != ExceptionState::Expired);
        if !matching.is_empty() {
            let indices = matching.iter().map(|(index, _)| *index);
            self.uses.push(indices.collect());
        }
        first.map(|(_, entry)| &entry.suppression)
    }

    fn targets(&mut self, result: &mut AccountResult) {
        for target in &mut result.verdicts {
            if let TargetOutcome::Evaluated(verdict) = &mut target.outcome
                && let Some(skipped) = self.verdict(verdict, &target.scope)
            {
                target.outcome = skipped;
            }
        }
    }

    /// Takes the expected gaps out of a verdict. Where nothing is left to say the target is skipped.
    fn verdict(&mut self, verdict: &mut Verdict, scope: &TargetScope) -> Option<TargetOutcome> {
        let mut details = Vec::new();
        for gap in std::mem::take(&mut verdict.gaps) {
            match self.suppression_for(&gap, scope).map(describe) {
                Some(text) => {
                    // The gap leaves the verdict, so the note has to name it.
                    push_new(&mut verdict.notes, format!("{gap}; {text}"));
                    push_new(&mut details, text);
                    verdict.expected_gaps.push(gap);
                }
                None => verdict.gaps.push(gap),
            }
        }
        let silent = verdict.gaps.is_empty()
            && verdict.resources_evaluated == 0
            && verdict.violations.is_empty();
        let first = verdict.expected_gaps.first().filter(|_| silent);
        first.map(|gap| TargetOutcome::Skipped {
            detail: details.join("; "),
            gap: gap.clone(),
        })
    }
}

/// Gaps that differ in their details alone read the same.
fn push_new(list: &mut Vec<String>, text: String) {
    if !list.contains(&text) {
        list.push(text);
    }
}

#[cfg(test)]
mod tests;
