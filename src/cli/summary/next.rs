//! Where the report is, and what to do next.

use std::cmp::Reverse;
use std::io::{self, Write};

use super::{LINE, Summary};
use crate::checks::INDICATORS;
use crate::cli::style::{HEADING, paint};
use crate::model::{AccountOutcome, Report, Severity};
use crate::render::text::clean;

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
    let commands = commands(summary);
    let widest = commands.iter().map(|(command, _)| command.len()).max();
    let widest = widest.unwrap_or_default();
    for (command, purpose) in commands {
        writeln!(out, "{label}    {command:<widest$}  # {purpose}")?;
        label = "    ".to_owned();
    }
    Ok(())
}

/// Commands worth trying, with what they are for.
fn commands(summary: &Summary<'_>) -> Vec<(String, &'static str)> {
    let program = summary.program;
    let mut commands = Vec::new();
    if let Some(check) = worst_check(summary.report) {
        commands.push((
            format!("{program} explain {check}"),
            "how to mend the worst of it",
        ));
    }
    if summary.embedded {
        let location = summary.report_location.unwrap_or(".");
        commands.push((
            format!("cat {location}/alert.txt"),
            "the alert, as it is sent",
        ));
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
            "why it is incomplete",
        ));
    }
    if summary.report_location.is_none() {
        commands.push((
            format!("{program} scan --output report"),
            "every finding, in files",
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
