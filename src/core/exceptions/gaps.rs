//! Gaps that are meant to be: they become skips.

use jiff::civil::Date;

use super::entry::Entry;
use crate::model::{
    Acceptance, AccountOutcome, AccountResult, ExceptionState, Gap, Place, SkipReason,
    TargetOutcome, Verdict,
};

/// Takes the expected gaps out of a result. `near` are the entries that concern its account. Gives, for
/// each gap that some of them match, those that do.
pub(super) fn accept(
    result: &mut AccountResult,
    near: &[(usize, &Entry)],
    today: Date,
) -> Vec<Vec<usize>> {
    let mut acceptor = Acceptor {
        near,
        today,
        uses: Vec::new(),
    };
    if let AccountOutcome::Failed { gap } = &result.outcome {
        if let Some(accepted) = acceptor.accepts(gap, &Place::Global) {
            result.outcome = AccountOutcome::Skipped {
                reason: SkipReason::ExpectedGap,
                detail: in_words(accepted),
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
pub(crate) fn in_words(acceptance: &Acceptance) -> String {
    format!("expected, {acceptance}")
}

struct Acceptor<'a, 'e> {
    near: &'a [(usize, &'e Entry)],
    today: Date,
    uses: Vec<Vec<usize>>,
}

impl<'e> Acceptor<'_, 'e> {
    /// What a gap falls under, if anything.
    fn accepts(&mut self, gap: &Gap, place: &Place) -> Option<&'e Acceptance> {
        let near = self.near.iter();
        let matching = near.filter(|(_, entry)| entry.matches_gap(gap, place));
        let matching: Vec<_> = matching.collect();
        let mut holding = matching.iter();
        let first = holding.find(|(_, entry)| entry.state(self.today) != ExceptionState::Expired);
        if !matching.is_empty() {
            let indices = matching.iter().map(|(index, _)| *index);
            self.uses.push(indices.collect());
        }
        first.map(|(_, entry)| &entry.acceptance)
    }

    fn targets(&mut self, result: &mut AccountResult) {
        for target in &mut result.verdicts {
            if let TargetOutcome::Judged(verdict) = &mut target.outcome
                && let Some(skipped) = self.verdict(verdict, &target.place)
            {
                target.outcome = skipped;
            }
        }
    }

    /// Takes the expected gaps out of a verdict. Where nothing is left to say the target is skipped.
    fn verdict(&mut self, verdict: &mut Verdict, place: &Place) -> Option<TargetOutcome> {
        let mut details = Vec::new();
        for gap in std::mem::take(&mut verdict.gaps) {
            match self.accepts(&gap, place).map(in_words) {
                Some(words) => {
                    // The gap leaves the verdict, so the note has to name it.
                    push_new(&mut verdict.notes, format!("{gap}; {words}"));
                    push_new(&mut details, words);
                    verdict.expected_gaps.push(gap);
                }
                None => verdict.gaps.push(gap),
            }
        }
        let silent =
            verdict.gaps.is_empty() && verdict.examined == 0 && verdict.violations.is_empty();
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
