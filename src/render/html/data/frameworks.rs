//! The controls of frameworks, and what they came to in each account.

use serde::Serialize;

use super::super::controls::Controls;
use super::super::strings::Strings;
use crate::frameworks::{Answer, Assessed, Control, Framework};
use crate::model::{ControlOutcome, Severity};

/// The report's frameworks; see [`Controls`].
#[derive(Debug, Serialize)]
pub(super) struct Frameworks {
    list: Vec<FrameworkText>,
    asked: Vec<Asked>,
    /// The words that begin with the letters.
    words: [&'static str; 5],
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
    assessed: Assessed,
    look: &'static str,
    asked: Option<usize>,
}

/// The checks that answer, and the severities of their findings that count; none where all do.
#[derive(Debug, Serialize)]
struct Asked {
    checks: Vec<&'static str>,
    severities: Vec<&'static str>,
}

impl Frameworks {
    pub(super) fn new(controls: Controls) -> Self {
        let frameworks = controls.frameworks.iter();
        Self {
            list: frameworks.map(|one| framework(one, &controls)).collect(),
            asked: controls.asked.iter().map(|one| asked(one)).collect(),
            words: ControlOutcome::ALL.map(ControlOutcome::as_str),
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
        assessed: control.assessed,
        look: control.look,
        asked: controls.number(control),
    });
    FrameworkText {
        id: framework.id,
        title: framework.title,
        controls: texts.collect(),
    }
}

fn asked(control: &Control) -> Asked {
    Asked {
        checks: control.checks.iter().map(|answer| answer.check).collect(),
        severities: severities(control.checks),
    }
}

/// The severities that count, the worst first; none where all do.
pub(in crate::render::html) fn severities(answers: &[Answer]) -> Vec<&'static str> {
    let mildest = answers.iter().map(|answer| answer.at_least).min();
    let mildest = mildest.unwrap_or(Severity::Informational);
    if mildest == Severity::Informational {
        return Vec::new();
    }
    let counting = Severity::ALL.iter().rev().filter(|one| **one >= mildest);
    counting.map(|one| one.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frameworks::FRAMEWORKS;
    use crate::frameworks::view::Views;

    /// The findings of a thousand accounts leave about this much of a page; see `BYTES` of `held.rs`.
    const LEFT: usize = 512 << 10;

    #[test]
    fn a_thousand_accounts_of_which_no_two_are_alike_fit_into_a_page() {
        let mut controls = Controls::new(&Views::new(FRAMEWORKS).finish(), 1000);
        let asked = u32::try_from(controls.asked.len()).unwrap();
        for n in 0..1000_u32 {
            let outcomes: String = (0..asked)
                .map(|one| if (n >> (one % 10)) & 1 == 1 { 'f' } else { 'p' })
                .collect();
            let counts =
                (0..asked).flat_map(|one| [one, 10 + [n % 90, n / 90][one as usize % 2], 0]);
            let outcomes = controls.outcomes.number(&outcomes);
            let counts = controls.counts.number(counts.collect());
            controls.of[n as usize] = Some((outcomes, counts));
        }
        let written = serde_json::to_vec(&Frameworks::new(controls)).unwrap();
        assert!(written.len() < LEFT, "{}", written.len());
        assert!(
            written.len() > LEFT / 2,
            "{} is of accounts that are alike",
            written.len()
        );
    }

    #[test]
    fn only_severities_that_count_lead_to_findings() {
        let answer = |at_least| Answer {
            check: "x",
            at_least,
        };
        assert_eq!(severities(&[]), [""; 0]);
        assert_eq!(severities(&[answer(Severity::High)]), ["critical", "high"]);
        let both = [answer(Severity::High), answer(Severity::Informational)];
        assert_eq!(severities(&both), [""; 0]);
    }
}
