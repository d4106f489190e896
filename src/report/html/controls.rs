//! The outcomes of the report's controls in each account, as little of it as the page needs.

use orgscan_core::checks::Check;
use orgscan_core::consolidate::framework_views::AccountControls;
use orgscan_core::exceptions::ResultWithExceptions;
use orgscan_core::frameworks::{Control, Framework, by_id};
use orgscan_core::model::{AccountOutcome, ControlOutcome, FrameworkView};

use super::ledger::IndexedLists;
use super::strings::Strings;

/// Stands for an outcome where a control applies to another account.
const ELSEWHERE: char = '-';

/// The outcomes, account by account. Controls with the same checks have the same outcome in every framework, so it
/// is kept once.
#[derive(Debug)]
pub(super) struct Controls {
    pub(super) frameworks: Vec<&'static Framework>,
    /// A control for each list of checks.
    pub(super) mapped: Vec<&'static Control>,
    /// For the accounts that are alike in that, an outcome's [`letter`] for each of `mapped`, or
    /// [`ELSEWHERE`].
    pub(super) outcomes: Strings,
    /// For the accounts that are alike in that, one after another where there are any: the number of the
    /// control in `mapped`, findings, suppressed ones.
    pub(super) counts: IndexedLists<u32>,
    /// The numbers of each account's outcomes and counts; none for those without a result.
    pub(super) of: Vec<Option<(u32, u32)>>,
}

impl Controls {
    pub(super) fn new(views: &[FrameworkView], accounts: usize) -> Self {
        let frameworks = views.iter().filter_map(|view| by_id(view.id));
        let frameworks: Vec<_> = frameworks.collect();
        let mut mapped: Vec<&'static Control> = Vec::new();
        for control in frameworks.iter().flat_map(|framework| framework.controls) {
            if !mapped.iter().any(|one| one.has_same_checks(control)) {
                mapped.push(control);
            }
        }
        Self {
            frameworks,
            mapped,
            outcomes: Strings::default(),
            counts: IndexedLists::default(),
            of: vec![None; accounts],
        }
    }

    /// The number of the one of `mapped` that stands for a control.
    pub(super) fn number(&self, control: &Control) -> Option<usize> {
        let mut mapped = self.mapped.iter();
        mapped.position(|one| one.has_same_checks(control))
    }

    /// Adds an account. Returns about how many bytes that takes in the page.
    pub(super) fn add(
        &mut self,
        position: usize,
        applied: &ResultWithExceptions<'_>,
        checks: &[&Check],
    ) -> usize {
        let is_skipped = matches!(applied.result().outcome, AccountOutcome::Skipped { .. });
        if is_skipped || self.mapped.is_empty() {
            return 0;
        }
        let evaluated = AccountControls::of(applied, checks);
        let mut outcomes = String::with_capacity(self.mapped.len());
        let mut counts = Vec::new();
        for (number, control) in (0..).zip(&self.mapped) {
            let Some(line) = evaluated.line(control) else {
                outcomes.push(ELSEWHERE);
                continue;
            };
            outcomes.push(letter(line.outcome));
            if line.findings + line.suppressed > 0 {
                counts.extend([number, small(line.findings), small(line.suppressed)]);
            }
        }
        self.keep(position, &outcomes, counts)
    }

    fn keep(&mut self, position: usize, outcomes: &str, counts: Vec<u32>) -> usize {
        let before = (self.outcomes.len(), self.counts.len());
        let list = counts.iter().map(|count| digits(*count) + 1).sum::<usize>();
        let numbers = (self.outcomes.number(outcomes), self.counts.number(counts));
        self.of[position] = Some(numbers);
        let mut bytes = digits(numbers.0) + digits(numbers.1) + 2;
        if self.outcomes.len() > before.0 {
            bytes += outcomes.len() + 3;
        }
        if self.counts.len() > before.1 {
            bytes += list + 2;
        }
        bytes
    }
}

/// What stands for an outcome in the page's data.
pub(super) const fn letter(outcome: ControlOutcome) -> char {
    match outcome {
        ControlOutcome::Pass => 'p',
        ControlOutcome::PassInPart => 'i',
        ControlOutcome::Fail => 'f',
        ControlOutcome::Unknown => 'u',
        ControlOutcome::NotSelected => 'n',
        ControlOutcome::NotCovered => 'c',
        ControlOutcome::Manual => 'm',
    }
}

/// How many digits it is written with.
fn digits(number: u32) -> usize {
    1 + number.checked_ilog10().unwrap_or_default() as usize
}

/// Far more than an account has.
fn small(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use orgscan_core::consolidate::framework_views::{AccountControl, FrameworkViews};
    use orgscan_core::frameworks::FRAMEWORKS;
    use orgscan_core::model::Severity::{High, Low};
    use orgscan_core::model::{AccountResult, Cause, Gap, TargetScope};
    use orgscan_core::testing::{
        BUCKETS, CHECKS, USERS, account, evaluated, exceptions, failed, plain, result,
    };

    use super::*;

    fn controls(accounts: usize) -> Controls {
        Controls::new(&FrameworkViews::new(&FRAMEWORKS, CHECKS).finish(), accounts)
    }

    /// What the page shows of a control.
    fn shown(controls: &Controls, position: usize, control: &Control) -> Option<AccountControl> {
        let number = controls.number(control).unwrap();
        let (outcomes, counts) = controls.of[position].unwrap();
        let letters = controls.outcomes.list()[outcomes as usize];
        let mut outcome = ControlOutcome::ALL.into_iter();
        let outcome = outcome.find(|one| letters[number..].starts_with(letter(*one)))?;
        let counts = controls.counts.list()[counts as usize].chunks(3);
        let mut counts = counts.filter(|one| one[0] as usize == number);
        let counts = counts.next().map_or([0, 0], |one| [one[1], one[2]]);
        Some(AccountControl {
            outcome,
            findings: counts[0].into(),
            suppressed: counts[1].into(),
        })
    }

    fn users(n: u64, gaps: &[Gap]) -> AccountResult {
        let buckets = evaluated(BUCKETS, TargetScope::Global, 3, &[], gaps);
        let users = evaluated(USERS, TargetScope::Global, 3, &[High, Low], &[]);
        // It is all that covers a control in part.
        let root = evaluated("root-used-recently", TargetScope::Global, 1, &[], &[]);
        result(account(n, "users", ""), vec![users, buckets, root])
    }

    #[test]
    fn every_control_of_every_framework_has_its_evaluated_outcome() {
        let gap = Gap::new("s3:GetBucketAcl", Cause::DeniedByScp);
        let list = exceptions(&format!(
            "exceptions:\n- {{ id: a, checks: [{USERS}], reason: r, owner: o, expires: 2027-01-01 }}\n"
        ));
        let accounts = [
            plain(&users(1, &[])),
            list.apply(users(2, &[])),
            plain(&users(3, &[gap])),
            plain(&failed(account(4, "failed", ""))),
        ];
        let made = &orgscan_core::services::CHECKS[..20];
        let mut controls = controls(accounts.len());
        let mut outcomes = Vec::new();
        for (position, applied) in accounts.iter().enumerate() {
            controls.add(position, applied, made);
            for control in FRAMEWORKS.iter().flat_map(|one| one.controls) {
                let line = AccountControls::of(applied, made).line(control);
                assert_eq!(shown(&controls, position, control), line, "{}", control.id);
                outcomes.extend(line.map(|line| line.outcome));
            }
        }
        for outcome in ControlOutcome::ALL {
            assert!(outcomes.contains(&outcome), "{outcome:?}");
        }
    }

    #[test]
    fn accounts_that_are_alike_are_kept_once_and_skipped_ones_not_at_all() {
        let mut controls = controls(3);
        controls.add(0, &plain(&users(1, &[])), CHECKS);
        controls.add(2, &plain(&users(3, &[])), CHECKS);
        assert_eq!(controls.of, [Some((0, 0)), None, Some((0, 0))]);
        let same = controls.mapped.len();
        let all: usize = FRAMEWORKS.iter().map(|one| one.controls.len()).sum();
        assert!(same < all / 2 && all > 180, "{same} {all}");
    }
}
