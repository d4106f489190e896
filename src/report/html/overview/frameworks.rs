//! Results of the controls of frameworks.

use orgscan_core::checks::Check;
use orgscan_core::frameworks::{CheckMapping, Control, by_id};
use orgscan_core::model::{Assessment, ControlOutcome, ControlView, FrameworkView, Report};
use orgscan_core::text::{count, number};

use super::super::data::{parts, severities};
use super::most_critical::percent;

/// The frameworks; none in the report of a part of an organization.
pub(super) struct FrameworksView {
    pub(super) accounts: String,
    pub(super) list: Vec<FrameworkPart>,
}

pub(super) struct FrameworkPart {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) source: &'static str,
    pub(super) omissions: &'static str,
    pub(super) controls: u64,
    /// How many controls have which outcome over all accounts, in the order of [`ControlOutcome::ALL`].
    pub(super) totals: Vec<OutcomeTotal>,
    /// The totals in words.
    pub(super) summary: String,
    /// None if no outcome counts in it.
    pub(super) score: Option<Score>,
    /// Controls not all of whose checks were selected.
    pub(super) not_selected: Vec<&'static str>,
    pub(super) lines: Vec<ControlLine>,
}

/// The percentage of outcomes that are a pass, each control in each account. Those that a person must review, as a whole
/// or for a part, are not counted: no run can pass them.
pub(super) struct Score {
    pub(super) percent: String,
    pub(super) pass: String,
    pub(super) of: String,
    pub(super) pass_in_part: String,
    pub(super) not_covered: String,
    pub(super) manual: String,
}

/// How many controls have an outcome, and where a picture of all of them has these.
pub(super) struct OutcomeTotal {
    pub(super) outcome: ControlOutcome,
    pub(super) controls: u64,
    pub(super) from: u64,
}

pub(super) struct ControlLine {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    /// Whether the framework assesses it manually.
    pub(super) by_person: bool,
    /// How many accounts have which outcome, in the order of [`ControlOutcome::ALL`].
    pub(super) outcomes: Vec<(&'static str, Option<String>)>,
    pub(super) findings: Option<String>,
    pub(super) suppressed: Option<String>,
    /// The filter for its findings: checks, with severities and parts if not all count.
    pub(super) filter: String,
    pub(super) mapped_checks: Vec<MappedCheck>,
    /// Whether the checks cover it in part.
    pub(super) is_partial: bool,
    pub(super) review: &'static str,
}

/// A check that maps to a control.
pub(super) struct MappedCheck {
    pub(super) check: &'static str,
    /// None where the run did not select it.
    pub(super) title: Option<&'static str>,
    pub(super) filter: String,
}

impl FrameworksView {
    pub(super) fn new(report: &Report, checks: &[&'static Check]) -> Self {
        let views = &report.frameworks;
        let controls = views.iter().flat_map(|view| &view.controls);
        let accounts = controls.map(|control| control.accounts.total()).max();
        Self {
            accounts: count(accounts.unwrap_or_default(), "account"),
            list: views.iter().filter_map(|view| part(view, checks)).collect(),
        }
    }
}

fn part(view: &FrameworkView, checks: &[&'static Check]) -> Option<FrameworkPart> {
    let framework = by_id(view.id)?;
    let is_selected = |id: &str| checks.iter().any(|check| check.id == id);
    let not_selected = framework.controls.iter().filter(|control| {
        let mut mapped_checks = control.checks.iter();
        mapped_checks.any(|answer| !is_selected(answer.check))
    });
    let lines = framework.controls.iter().zip(&view.controls);
    let totals = totals(view);
    Some(FrameworkPart {
        id: view.id,
        title: view.title,
        source: view.source,
        omissions: view.excluded_controls,
        controls: view.controls.len() as u64,
        summary: summary(&totals),
        score: score(&view.controls),
        totals,
        not_selected: not_selected.map(|control| control.id).collect(),
        lines: lines
            .map(|(of, counted)| line(of, counted, checks))
            .collect(),
    })
}

fn totals(view: &FrameworkView) -> Vec<OutcomeTotal> {
    let mut from = 0;
    let total = |outcome: ControlOutcome| {
        let controls = view.controls.iter();
        let controls = controls.filter(|one| one.accounts.overall() == outcome);
        let controls = controls.count() as u64;
        from += controls;
        OutcomeTotal {
            outcome,
            controls,
            from: from - controls,
        }
    };
    ControlOutcome::ALL.into_iter().map(total).collect()
}

/// `3 pass, 2 fail, 41 not covered`
fn summary(totals: &[OutcomeTotal]) -> String {
    let some = totals.iter().filter(|total| total.controls > 0);
    let texts = some.map(|total| format!("{} {}", total.controls, total.outcome.label()));
    texts.collect::<Vec<_>>().join(", ")
}

fn score(controls: &[ControlView]) -> Option<Score> {
    let with = |outcome| -> u64 {
        let accounts = controls.iter().map(|control| control.accounts);
        accounts.map(|accounts| accounts.of(outcome)).sum()
    };
    let pass = with(ControlOutcome::Pass);
    let reviewed = ControlOutcome::ALL.into_iter();
    let counted = reviewed.filter(|outcome| !outcome.needs_review());
    let of: u64 = counted.map(with).sum();
    (of > 0).then(|| Score {
        percent: percent(Some(100.0 * pass as f64 / of as f64)),
        pass: number(pass),
        of: number(of),
        pass_in_part: number(with(ControlOutcome::PassInPart)),
        not_covered: number(with(ControlOutcome::NotCovered)),
        manual: number(with(ControlOutcome::Manual)),
    })
}

fn line(
    control: &'static Control,
    counted: &ControlView,
    checks: &[&'static Check],
) -> ControlLine {
    let accounts = &counted.accounts;
    let outcomes = ControlOutcome::ALL.map(|outcome| {
        // Without a result of any account it is unknown, not zero.
        let is_unknown = accounts.total() == 0 && outcome == accounts.overall();
        let shown = some(accounts.of(outcome)).or(is_unknown.then(|| "?".to_owned()));
        (outcome.as_str(), shown)
    });
    let mapped_checks = control.checks.iter().map(|answer| MappedCheck {
        check: answer.check,
        title: checks
            .iter()
            .find(|one| one.id == answer.check)
            .map(|one| one.title),
        filter: filter(std::slice::from_ref(answer)),
    });
    ControlLine {
        id: control.id,
        title: control.title,
        by_person: control.assessment == Assessment::Manual,
        outcomes: outcomes.into(),
        findings: some(counted.findings),
        suppressed: some(counted.suppressed),
        filter: filter(control.checks),
        mapped_checks: mapped_checks.collect(),
        is_partial: control.is_partial(),
        review: control.manual_review(),
    }
}

/// The number, unless it is 0.
fn some(n: u64) -> Option<String> {
    (n > 0).then(|| number(n))
}

/// The filter of the page for findings that count.
fn filter(mappings: &[CheckMapping]) -> String {
    let checks: Vec<_> = mappings.iter().map(|answer| answer.check).collect();
    let filters = [
        ("severity", severities(mappings)),
        ("check", checks),
        ("part", parts(mappings)),
    ];
    let filters = filters.into_iter().filter(|(_, values)| !values.is_empty());
    let filters = filters.map(|(name, values)| format!("{name}={}", values.join(",")));
    filters.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use orgscan_core::consolidate::framework_views::FrameworkViews;
    use orgscan_core::model::ControlCounts;

    use super::*;

    /// The score of two controls with these outcomes, in the order of [`ControlOutcome::ALL`].
    fn scored(counts: [[u64; 7]; 2]) -> Option<[String; 3]> {
        let views = FrameworkViews::new(&[by_id("cis-7.0").unwrap()], &[]).finish();
        let mut controls = views[0].controls[..2].to_vec();
        for (control, counts) in controls.iter_mut().zip(counts) {
            let [
                pass,
                pass_in_part,
                fail,
                unknown,
                not_selected,
                not_covered,
                manual,
            ] = counts;
            control.accounts = ControlCounts {
                pass,
                pass_in_part,
                fail,
                unknown,
                not_selected,
                not_covered,
                manual,
            };
        }
        let score = score(&controls)?;
        Some([score.percent, score.pass, score.of])
    }

    #[test]
    fn the_filter_of_a_control_has_what_counts() {
        let controls = by_id("cis-7.0").unwrap().controls;
        let control = |id| controls.iter().find(|one| one.id == id).unwrap();
        let part = "check=cloudtrail-alarm-missing&part=root-usage";
        assert_eq!(filter(control("5.3").checks), part);
        assert!(filter(control("2.1.1").checks).starts_with("check="));
    }

    #[test]
    fn the_score_has_nothing_that_a_person_must_review() {
        let some = |score: [&str; 3]| Some(score.map(str::to_owned));
        let partly = [6, 5, 2, 0, 0, 0, 30];
        let uncovered = [0, 0, 0, 0, 0, 38, 0];
        assert_eq!(scored([partly, uncovered]), some(["75%", "6", "8"]));
        // What is unknown or not selected has not passed.
        let open = [0, 0, 0, 3, 1, 0, 0];
        assert_eq!(scored([partly, open]), some(["50%", "6", "12"]));
        assert_eq!(scored([uncovered, uncovered]), None);
    }
}
