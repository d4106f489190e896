//! `orgscan checks --framework`: the controls of a framework, which checks answer them, and what is left
//! to a person.

use std::io::{self, Write};

use orgscan_core::frameworks::{Control, FRAMEWORKS, Framework, by_id};
use orgscan_core::model::Assessed;
use serde_json::{Value, json};

use super::args::Format;
use super::grid::{Grid, width};
use super::no_such::NoSuch;
use super::style::{FAINT, HEADING, paint};

pub(super) fn framework(id: &str) -> Result<&'static Framework, NoSuch> {
    by_id(id).ok_or_else(|| {
        let known: Vec<_> = FRAMEWORKS.iter().map(|one| one.id).collect();
        NoSuch::new("framework", id, &known)
    })
}

/// Lists the controls of a framework.
pub(super) fn write(framework: &Framework, format: Format, out: &mut impl Write) -> io::Result<()> {
    if format == Format::Json {
        return writeln!(out, "{:#}", as_json(framework));
    }
    writeln!(out, "{}", paint(HEADING, framework.title))?;
    writeln!(out, "{}\n", paint(FAINT, framework.source))?;
    let columns = [
        "control",
        "assessed",
        "what it asks for",
        "answered by, and what is left to a person",
    ];
    let mut grid = Grid::new(width(), &columns);
    for control in framework.controls {
        grid.row([
            control.id.to_owned(),
            paint(FAINT, word(control.assessed)),
            control.title.to_owned(),
            answers(control),
        ]);
    }
    grid.whole(0).whole(1).write(out)?;
    let answered = framework.controls.iter();
    let answered = answered
        .filter(|control| !control.checks.is_empty())
        .count();
    let (all, id) = (framework.controls.len(), framework.id);
    writeln!(
        out,
        "\nChecks answer {answered} of {all} controls, as a whole or in part; `orgscan scan --framework {id}` \
         makes them."
    )?;
    match framework.leaves_out {
        "" => Ok(()),
        others => writeln!(out, "Not in the list: {others}."),
    }
}

/// Each check in a line, then what a person looks at.
fn answers(control: &Control) -> String {
    let checks = control.checks.iter().map(|answer| answer.check.to_owned());
    let look = match control.look() {
        "" => None,
        look => Some(paint(FAINT, look)),
    };
    checks.chain(look).collect::<Vec<_>>().join("\n")
}

pub(super) const fn word(assessed: Assessed) -> &'static str {
    match assessed {
        Assessed::Automated => "automated",
        Assessed::Manual => "manual",
    }
}

/// The controls that a check answers, a line for each framework.
pub(super) fn lines_of(check: &str) -> Vec<String> {
    let lines = FRAMEWORKS.iter().flat_map(|framework| {
        let controls = framework.controls_of(check);
        controls.map(|control| format!("{} {}: {}", framework.id, control.id, control.title))
    });
    lines.collect()
}

/// The controls that a check answers, by framework.
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
        "leaves_out": framework.leaves_out,
        "controls": controls,
    })
}

fn control(control: &Control) -> Value {
    let checks = control.checks.iter();
    let checks: Vec<_> = checks
        .map(|answer| json!({"check": answer.check, "at_least": answer.at_least}))
        .collect();
    json!({
        "id": control.id,
        "title": control.title,
        "assessed": control.assessed,
        "checks": checks,
        "look": control.look(),
        "partly": control.partly,
    })
}
