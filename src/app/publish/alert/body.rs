//! The alert's text: what changed, then all findings, then where the details are.

mod footer;
mod gaps;
mod groups;
mod numbers;
mod regressions;

use std::fmt::Write;

use orgscan_core::enrollment::summarize;
use orgscan_core::model::{Account, Baseline, Severity, SeverityCounts};
use orgscan_core::text::{capped, clean, number};

use super::need::undelivered;
use super::{AlertContext, NAME, NOTE, accounts_planned, headline, named};

/// The most lines of a list of regressions.
const REGRESSIONS: usize = 20;

/// The most lines of other lists.
const LINES: usize = 5;

/// The whole text. What the engineer on call needs for a decision comes first.
///
/// Nothing here can fail: writing to a `String` does not.
pub(super) fn render(context: &AlertContext<'_>) -> String {
    let report = context.report;
    let mut out = headline::sentence(context);
    out.push('\n');
    out.push_str(&compared_with(context));
    out.push_str(&regressions(context));
    if accounts_planned(report) > 0 {
        numbers::findings(&mut out, report);
    }
    gaps::render(&mut out, report);
    if let Some(text) = report.enrollment.as_ref().and_then(summarize) {
        let text = clean(&text, NOTE);
        let _ = writeln!(
            out,
            "\nEnrollment: {text}. To see how to fix it, run `orgscan enrollment`."
        );
    }
    if !report.notes.is_empty() {
        out.push_str("\nNotes\n");
        let notes = report.notes.iter().map(|note| clean(note, NOTE));
        capped(&mut out, notes, LINES);
    }
    footer::render(&mut out, context);
    out
}

/// What changed, in sections with a blank line before each.
pub(super) fn regressions(context: &AlertContext<'_>) -> String {
    let mut out = String::new();
    groups::render(&mut out, context);
    numbers::thresholds(&mut out, context);
    regressions::render(&mut out, context);
    exceptions(&mut out, context);
    out
}

/// The run that this run was compared with.
fn compared_with(context: &AlertContext<'_>) -> String {
    match &context.report.changes.baseline {
        Baseline::NotKept => String::new(),
        Baseline::FirstRun => {
            "This is the first run. The next run reports what changed.\n".to_owned()
        }
        Baseline::Unavailable { reason } => format!(
            "Changes are unknown because the history cannot be used: {}\n",
            clean(reason, NOTE)
        ),
        Baseline::Compared { run } => {
            let mut text = format!(
                "Compared with run {} of {} UTC.\n",
                clean(&run.id, NAME),
                run.started.strftime("%Y-%m-%d %H:%M")
            );
            if let Some(alert) = undelivered(run) {
                let why = clean(&alert.detail, NOTE);
                let _ = writeln!(
                    text,
                    "The alert of that run was not delivered ({why}). Its content is in that run's report folder."
                );
            }
            text
        }
    }
}

fn exceptions(out: &mut String, context: &AlertContext<'_>) {
    let today = context.day();
    let due = context.exceptions.iter().filter(|one| one.is_due(today));
    let mut due: Vec<_> = due.collect();
    if due.is_empty() {
        return;
    }
    due.sort_by_key(|one| (one.expires, &one.id));
    let _ = writeln!(
        out,
        "\nExceptions expired or about to expire ({})",
        number(due.len() as u64)
    );
    let lines = due.into_iter().map(|one| {
        let (id, owner) = (clean(&one.id, NAME), clean(&one.owner, NAME));
        format!("{id}, {owner}: {}", one.describe(today))
    });
    capped(out, lines, REGRESSIONS);
}

/// `prod-web (111122223333), Workloads/Production`
fn describe_account(account: &Account) -> String {
    let name = named(&account.id, &account.name);
    match clean(&account.ou_path, NAME) {
        ou if ou.is_empty() => name,
        ou => format!("{name}, {ou}"),
    }
}

/// `3 critical, 1 low`
fn by_severity(counts: &SeverityCounts) -> String {
    let text: Vec<_> = Severity::ALL
        .into_iter()
        .rev()
        .filter(|severity| counts.of(*severity) > 0)
        .map(|severity| format!("{} {severity}", number(counts.of(severity))))
        .collect();
    text.join(", ")
}
