//! The controls of frameworks, and their outcomes in each account.

use orgscan_core::frameworks::{CheckMapping, Control, Framework};
use orgscan_core::model::{Assessment, ControlOutcome, Severity};
use serde::Serialize;

use super::super::controls::{Controls, letter};
use super::super::strings::Strings;

/// The report's frameworks; see [`Controls`].
#[derive(Debug, Serialize)]
pub(super) struct Frameworks {
    list: Vec<FrameworkText>,
    mapped: Vec<MappedChecks>,
    /// The letters that stand for outcomes.
    labels: [(char, &'static str); 6],
    outcomes: Strings,
    counts: Vec<Vec<u32>>,
    outcomes_of: Vec<Option<u32>>,
    counts_of: Vec<Option<u32>>,
}

#[derive(Debug, Serialize)]
struct FrameworkText {
    id: &'static str,
    title: &'static str,
    controls: Vec<ControlText>,
}

#[derive(Debug, Serialize)]
struct ControlText {
    id: &'static str,
    title: &'static str,
    assessed: Assessment,
    review: &'static str,
    /// Its outcome in every account where no check covers it.
    uncovered: Option<&'static str>,
    mapped: Option<usize>,
}

/// The checks that map to a control, and the severities of their findings that count; none if all do.
#[derive(Debug, Serialize)]
struct MappedChecks {
    checks: Vec<&'static str>,
    severities: Vec<&'static str>,
}

impl Frameworks {
    pub(super) fn new(controls: Controls) -> Self {
        let frameworks = controls.frameworks.iter();
        Self {
            list: frameworks.map(|one| framework(one, &controls)).collect(),
            mapped: controls.mapped.iter().map(|one| mapped(one)).collect(),
            labels: ControlOutcome::ALL.map(|one| (letter(one), one.as_str())),
            counts: controls.counts.list().into_iter().map(Vec::from).collect(),
            outcomes_of: controls.of.iter().map(|one| Some((*one)?.0)).collect(),
            counts_of: controls.of.iter().map(|one| Some((*one)?.1)).collect(),
            outcomes: controls.outcomes,
        }
    }
}

fn framework(framework: &Framework, controls: &Controls) -> FrameworkText {
    let texts = framework.controls.iter().map(|control| ControlText {
        id: control.id,
        title: control.title,
        assessed: control.assessment,
        review: control.manual_review(),
        uncovered: control.uncovered().map(ControlOutcome::as_str),
        mapped: controls.number(control),
    });
    FrameworkText {
        id: framework.id,
        title: framework.title,
        controls: texts.collect(),
    }
}

fn mapped(control: &Control) -> MappedChecks {
    MappedChecks {
        checks: control.checks.iter().map(|answer| answer.check).collect(),
        severities: severities(control.checks),
    }
}

/// The severities that count, the highest first; none if all do.
pub(in crate::html) fn severities(mappings: &[CheckMapping]) -> Vec<&'static str> {
    let mildest = mappings.iter().map(|answer| answer.at_least).min();
    let mildest = mildest.unwrap_or(Severity::Informational);
    if mildest == Severity::Informational {
        return Vec::new();
    }
    let counting = Severity::ALL.iter().rev().filter(|one| **one >= mildest);
    counting.map(|one| one.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use orgscan_core::consolidate::framework_views::FrameworkViews;
    use orgscan_core::frameworks::{FRAMEWORKS, all_of};
    use orgscan_core::model::{Cause, Gap, TargetScope};
    use orgscan_core::testing::{BUCKETS, CHECKS, USERS, account, evaluated, plain, result};

    use super::*;

    fn written(controls: Controls) -> usize {
        let json = serde_json::to_vec(&Frameworks::new(controls));
        json.unwrap().len()
    }

    #[test]
    fn what_accounts_take_is_known_before_it_is_written() {
        let empty = || Controls::new(&FrameworkViews::new(&FRAMEWORKS).finish(), 200);
        let mut controls = empty();
        let taken = (0..200).map(|n| {
            let users = vec![Severity::High; n % 150];
            let gap = Gap::new("s3:GetBucketAcl", Cause::DeniedByScp);
            let gaps = if n % 3 == 0 { vec![gap] } else { Vec::new() };
            let users = evaluated(USERS, TargetScope::Global, 500, &users, &[]);
            let buckets = evaluated(BUCKETS, TargetScope::Global, 500, &[Severity::Low], &gaps);
            let result = result(account(1, "one", ""), vec![users, buckets]);
            controls.add(n, &plain(&result), CHECKS)
        });
        let taken: usize = taken.sum();
        // Without accounts, each has the word `null` twice.
        let more = written(controls) - (written(empty()) - 200 * 2 * "null,".len());
        assert!(taken.abs_diff(more) < more / 50, "{taken} {more}");
    }

    #[test]
    fn only_severities_that_count_lead_to_findings() {
        let answer = |at_least| CheckMapping {
            at_least,
            ..all_of("x")
        };
        assert_eq!(severities(&[]), [""; 0]);
        assert_eq!(severities(&[answer(Severity::High)]), ["critical", "high"]);
        let both = [answer(Severity::High), answer(Severity::Informational)];
        assert_eq!(severities(&both), [""; 0]);
    }
}
