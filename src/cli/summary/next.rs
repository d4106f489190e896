//! Where the report is, and what to do next.

use std::cmp::Reverse;
use std::io::{self, Write};

use super::{LINE, Summary};
use crate::checks::INDICATORS;
use crate::cli::style::{FAINT, HEADING, paint};
use crate::model::{AccountOutcome, Report, Severity};
use crate::render::text::clean;
use crate::shell;

/// How wide `Next` is, with the space behind it.
const LABEL: usize = 8;

pub(super) fn write(summary: &Summary<'_>, out: &mut impl Write) -> io::Result<()> {
    writeln!(out)?;
    if let Some(location) = summary.report_location {
        writeln!(
            out,
            "{}  {}",
            paint(HEADING, "Report"),
            clean(location, LINE)
        )?;
    }
    let mut label = paint(HEADING, "Next");
    for (command, purpose) in commands(summary) {
        let purpose = format!("  # {purpose}");
        let fits = LABEL + command.len() + purpose.len() <= usize::from(summary.width);
        let purpose = if fits { purpose } else { String::new() };
        writeln!(out, "{label}    {command}{}", paint(FAINT, purpose))?;
        label = "    ".to_owned();
    }
    Ok(())
}

/// Commands worth trying, with what they are for.
fn commands(summary: &Summary<'_>) -> Vec<(String, &'static str)> {
    let program = summary.program;
    let mut commands = Vec::new();
    if let Some(check) = worst_check(summary.report) {
        commands.push((format!("{program} explain {check}"), "mend the worst"));
    }
    if summary.embedded {
        let location = summary.report_location.unwrap_or(".");
        let alert = shell::path(&format!("{location}/alert.txt"));
        let show = alert.map(|path| (format!("cat {path}"), "the alert, as it is sent"));
        commands.extend(show);
        commands.push((
            format!("{program} plan --account self"),
            "a look at your own account",
        ));
        return commands;
    }
    let failed = |outcome: &AccountOutcome| matches!(outcome, AccountOutcome::Failed { .. });
    let accounts = &summary.report.accounts;
    let gaps = accounts
        .iter()
        .find(|one| failed(&one.outcome))
        .or_else(|| accounts.iter().find(|one| one.targets.unknown > 0));
    if let Some(account) = gaps {
        let id = &account.account.id;
        commands.push((
            format!("{program} scan --dry-run --account {id}"),
            "see what is missing",
        ));
    }
    if summary.report_location.is_none() {
        commands.push((
            format!("{program} scan --output report"),
            "keep every finding",
        ));
    }
    commands
}

/// The check behind the indicator with the worst and the most violations.
fn worst_check(report: &Report) -> Option<&'static str> {
    let counts = |index: usize| {
        let known = report.indicators[index].total.known;
        Severity::ALL.map(|severity| known.of(severity))
    };
    let worst = (0..report.indicators.len())
        .filter(|index| report.indicators[*index].total.value() > 0)
        .max_by_key(|index| {
            let mut counts = counts(*index);
            counts.reverse();
            (counts, Reverse(*index))
        })?;
    let name = &report.indicators[worst].indicator;
    let indicator = INDICATORS.iter().find(|known| known.name == name)?;
    Some(indicator.check)
}
