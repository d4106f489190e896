//! What the controls of the report's frameworks came to in each account, as little of it as the page needs.

use super::ledger::Numbered;
use super::strings::Strings;
use crate::checks::Check;
use crate::exceptions::Applied;
use crate::frameworks::view::Judged;
use crate::frameworks::{Control, Framework, by_id};
use crate::model::{AccountOutcome, FrameworkView};

/// Stands for an outcome where a control is asked of another account.
const ELSEWHERE: char = '-';

/// The outcomes, account by account. Controls that the same checks answer have the same outcome, in
/// whatever framework they are, so it is kept once.
#[derive(Debug)]
pub(super) struct Controls {
    pub(super) frameworks: Vec<&'static Framework>,
    /// A control for each list of answers.
    pub(super) asked: Vec<&'static Control>,
    /// For the accounts that are alike in that, an outcome's first letter for each of `asked`, or
    /// [`ELSEWHERE`].
    pub(super) outcomes: Strings,
    /// For the accounts that are alike in that, one after another where there are any: the number of the one
    /// that is asked, findings, excepted ones.
    pub(super) counts: Numbered<u32>,
    /// The numbers of each account's outcomes and counts; none for those without a result.
    pub(super) of: Vec<Option<(u32, u32)>>,
}

impl Controls {
    pub(super) fn new(views: &[FrameworkView], accounts: usize) -> Self {
        let frameworks = views.iter().filter_map(|view| by_id(view.framework));
        let frameworks: Vec<_> = frameworks.collect();
        let mut asked: Vec<&'static Control> = Vec::new();
        for control in frameworks.iter().flat_map(|framework| framework.controls) {
            if !asked.iter().any(|one| one.checks == control.checks) {
                asked.push(control);
            }
        }
        Self {
            frameworks,
            asked,
            outcomes: Strings::default(),
            counts: Numbered::default(),
            of: vec![None; accounts],
        }
    }

    /// The number of the one of `asked` that stands for a control.
    pub(super) fn number(&self, control: &Control) -> Option<usize> {
        let mut asked = self.asked.iter();
        asked.position(|one| one.checks == control.checks)
    }

    pub(super) fn add(&mut self, position: usize, applied: &Applied<'_>, checks: &[&Check]) {
        let is_skipped = matches!(applied.result().outcome, AccountOutcome::Skipped { .. });
        if is_skipped || self.asked.is_empty() {
            return;
        }
        let judged = Judged::of(applied, checks);
        let mut outcomes = String::with_capacity(self.asked.len());
        let mut counts = Vec::new();
        for (number, control) in (0..).zip(&self.asked) {
            let Some(line) = judged.line(control) else {
                outcomes.push(ELSEWHERE);
                continue;
            };
            outcomes.extend(line.outcome.as_str().chars().next());
            if line.findings + line.excepted > 0 {
                counts.extend([number, small(line.findings), small(line.excepted)]);
            }
        }
        let outcomes = self.outcomes.number(&outcomes);
        self.of[position] = Some((outcomes, self.counts.number(counts)));
    }
}

/// Far more than an account has.
fn small(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
