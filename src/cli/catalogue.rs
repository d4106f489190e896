//! `orgscan checks`, `orgscan explain` and `orgscan schema`: what needs no AWS.

use std::io::{self, Write};

use serde_json::json;

use super::args::{Format, SchemaOf};
use super::grid::{Grid, width};
use super::prose;
use super::style::{FAINT, HEADING, of, paint};
use crate::checks::{CHECKS, Check, INDICATORS, by_id};
use crate::collect::apis_for;
use crate::config::{config_schema, event_schema};
use crate::exceptions::exceptions_schema;
use crate::integrity;
use crate::publish::alert;
use crate::render::json;
use crate::suggest::instead;
use crate::trend::weekly;

/// A check that does not exist.
#[derive(Debug, thiserror::Error)]
#[error("there is no check `{id}`; {mend}")]
pub(super) struct NoSuchCheck {
    id: String,
    mend: String,
}

/// Lists all checks.
pub(super) fn checks(format: Format, out: &mut impl Write) -> io::Result<()> {
    if format == Format::Json {
        let all: Vec<_> = CHECKS.iter().map(|check| as_json(check)).collect();
        return writeln!(out, "{:#}", json!(all));
    }
    let mut grid = Grid::new(width(), &["severity", "check", "what it finds", "category"]);
    for check in CHECKS {
        grid.row([
            paint(of(Some(check.severity)), check.severity),
            check.id.to_owned(),
            check.title.to_owned(),
            paint(FAINT, check.category.as_str()),
        ]);
    }
    grid.whole(0).whole(1).write(out)?;
    writeln!(
        out,
        "\n`orgscan explain CHECK` says why one matters and how to mend it."
    )
}

/// Says all about one check.
pub(super) fn explain(id: &str, out: &mut impl Write) -> Result<io::Result<()>, NoSuchCheck> {
    let check = by_id(id).ok_or_else(|| {
        let known: Vec<&str> = CHECKS.iter().map(|check| check.id).collect();
        NoSuchCheck {
            id: id.escape_debug().to_string(),
            mend: instead(id, &known),
        }
    })?;
    Ok(write(check, out))
}

fn write(check: &Check, out: &mut impl Write) -> io::Result<()> {
    let severity = paint(of(Some(check.severity)), check.severity);
    writeln!(out, "{}", paint(HEADING, check.title))?;
    writeln!(out, "{}  {severity}, {}", check.id, check.category.as_str())?;
    prose(out, "Why it matters", check.why)?;
    prose(out, "How to mend it", check.fix)?;
    section(out, "IAM actions that it needs", &actions(check).join("\n"))?;
    let counted = INDICATORS.iter().filter(|one| one.check == check.id);
    let lines: Vec<_> = counted
        .map(|one| format!("{}: {}", one.name, one.counts))
        .collect();
    section(out, "Indicators that count it", &lines.join("\n"))
}

fn prose(out: &mut impl Write, title: &str, text: &str) -> io::Result<()> {
    writeln!(out, "\n{}", paint(HEADING, title))?;
    prose::write(out, text)
}

fn section(out: &mut impl Write, title: &str, text: &str) -> io::Result<()> {
    writeln!(out, "\n{}", paint(HEADING, title))?;
    Grid::lines(width(), text.lines().map(str::to_owned)).write(out)
}

fn actions(check: &Check) -> Vec<&'static str> {
    let apis = check.needs.iter().flat_map(|need| apis_for(*need));
    apis.map(|api| api.action).collect()
}

fn as_json(check: &Check) -> serde_json::Value {
    json!({
        "id": check.id,
        "title": check.title,
        "category": check.category,
        "severity": check.severity,
        "why": check.why,
        "fix": check.fix,
        "iam_actions": actions(check),
    })
}

/// Prints the JSON Schema of something that people write or programs read.
pub(super) fn schema(of: SchemaOf, out: &mut impl Write) -> io::Result<()> {
    let schema = match of {
        SchemaOf::Config => config_schema(),
        SchemaOf::Event => event_schema(),
        SchemaOf::Exceptions => exceptions_schema(),
        SchemaOf::Report => json::schema().into(),
        SchemaOf::Alert => alert::schema().into(),
        SchemaOf::Manifest => integrity::schema().into(),
        SchemaOf::Weekly => weekly::schema().into(),
    };
    writeln!(out, "{:#}", schema)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(print: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        print(&mut out);
        anstream::adapter::strip_bytes(&out)
            .into_vec()
            .try_into()
            .unwrap()
    }

    #[test]
    fn every_check_is_listed_and_explained() {
        let list = printed(|out| checks(Format::Table, out).unwrap());
        let all: serde_json::Value =
            serde_json::from_str(&printed(|out| checks(Format::Json, out).unwrap())).unwrap();
        assert_eq!(all.as_array().unwrap().len(), CHECKS.len());
        for check in CHECKS {
            assert!(list.contains(check.id), "{list}");
            let text = printed(|out| explain(check.id, out).unwrap().unwrap());
            assert!(text.contains("aws "), "the fix has a command: {text}");
        }
    }

    #[test]
    fn a_check_that_does_not_exist_is_answered_with_the_nearest() {
        let error = explain("ebs-volumes-unencrypted", &mut Vec::new()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is no check `ebs-volumes-unencrypted`; did you mean `ebs-volume-unencrypted`?"
        );
    }
}
