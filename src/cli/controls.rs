//! `orgscan checks --framework`: the controls of a framework, the checks that cover them, and what to review.

use std::io::{self, Write};

use orgscan_core::frameworks::{Control, FRAMEWORKS, Framework, by_id};
use orgscan_core::model::ControlOutcome;
use orgscan_core::services::CHECKS;
use serde_json::{Value, json};

use super::args::Format;
use super::grid::{Grid, Page, width};
use super::no_such::NoSuch;
use super::style::{FAINT, HEADING, paint};

pub(super) fn framework(argument: &'static str, id: &str) -> Result<&'static Framework, NoSuch> {
    by_id(id).ok_or_else(|| {
        let known: Vec<_> = FRAMEWORKS.iter().map(|one| one.id).collect();
        NoSuch::new((argument, "framework"), id, &known)
    })
}

/// Lists the controls of a framework.
pub(super) fn write(framework: &Framework, format: Format, out: &mut impl Write) -> io::Result<()> {
    if format == Format::Json {
        return writeln!(out, "{:#}", as_json(framework));
    }
    writeln!(out, "{}", paint(HEADING, framework.title))?;
    writeln!(out, "{}\n", paint(FAINT, framework.source))?;
    let columns = ["control", "title", "assessment", "checks and manual review"];
    let mut grid = Grid::new(width(), &columns);
    for control in framework.controls {
        grid.row([
            control.id.to_owned(),
            control.title.to_owned(),
            paint(FAINT, control.assessment.as_str()),
            mapped_checks(control),
        ]);
    }
    grid.whole(0).whole(2).write(out)?;
    totals(framework, out)?;
    match framework.excluded_controls {
        "" => Ok(()),
        others => writeln!(out, "Not listed: {others}."),
    }
}

/// How many controls checks cover, and what becomes of the others.
fn totals(framework: &Framework, out: &mut impl Write) -> io::Result<()> {
    let with = |outcome: Option<ControlOutcome>| {
        let controls = framework.controls.iter();
        controls.filter(|one| one.uncovered() == outcome).count()
    };
    let (all, id) = (framework.controls.len(), framework.id);
    let covered = with(None);
    let partial = framework.controls.iter();
    let partial = partial.filter(|one| one.is_partial()).count();
    let not_covered = with(Some(ControlOutcome::NotCovered));
    let manual = with(Some(ControlOutcome::Manual));
    let text = format!(
        "Checks cover {covered} of {all} controls, {partial} of them in part; `orgscan scan --framework {id}` runs them. \
         Not covered: {not_covered}. Manual: {manual}."
    );
    writeln!(out)?;
    Page::of_terminal().write(&text, out)
}

/// Each check in a line, or that no check covers it; the best outcome if they cover it in part; then what to review.
fn mapped_checks(control: &Control) -> String {
    let checks = control.checks.iter().map(|answer| answer.check.to_owned());
    let uncovered = control.uncovered().map(|one| one.label().to_owned());
    let in_part = control.is_partial().then(best_in_part);
    let checks = checks.chain(uncovered).chain(in_part);
    let review = match control.manual_review() {
        "" => None,
        review => Some(paint(FAINT, review)),
    };
    checks.chain(review).collect::<Vec<_>>().join("\n")
}

/// The best outcome of a control that checks cover in part.
pub(super) fn best_in_part() -> String {
    format!("best result: {}", ControlOutcome::PassInPart.label())
}

/// The controls that a check covers, a line for each.
pub(super) fn lines_of(check: &str) -> Vec<String> {
    let lines = FRAMEWORKS.iter().flat_map(|framework| {
        let controls = framework.controls_of(check);
        controls.map(|control| format!("{} {} {}", framework.id, control.id, control.title))
    });
    lines.collect()
}

/// The controls that a check covers, by framework.
pub(super) fn ids_of(check: &str) -> Value {
    let ids = FRAMEWORKS.iter().map(|framework| {
        let controls = framework.controls_of(check);
        let ids: Vec<_> = controls.map(|control| control.id).collect();
        (framework.id.to_owned(), json!(ids))
    });
    Value::Object(ids.collect())
}

fn as_json(framework: &Framework) -> Value {
    let controls: Vec<_> = framework.controls.iter().map(control).collect();
    json!({
        "id": framework.id,
        "title": framework.title,
        "source": framework.source,
        "excluded_controls": framework.excluded_controls,
        "controls": controls,
    })
}

fn control(control: &Control) -> Value {
    let checks = control.checks.iter();
    let checks: Vec<_> = checks
        .map(|answer| json!({"check_id": answer.check, "min_severity": answer.at_least}))
        .collect();
    json!({
        "id": control.id,
        "title": control.title,
        "assessment": control.assessment,
        "checks": checks,
        "manual_review": control.manual_review(),
        "partial": control.is_partial(),
        "calls": control.calls(CHECKS),
        "uncovered": control.uncovered().map(ControlOutcome::as_str),
    })
}
