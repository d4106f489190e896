//! New, reopened and worsened findings: the same change in many accounts is one line.

use std::fmt::Write;

use orgscan_core::model::{AccountId, Baseline, ChangeGroup, ChangeKind};
use orgscan_core::services::by_id;
use orgscan_core::text::{capped, clean, count, number};

use super::{NAME, REGRESSIONS};
use crate::publish::alert::AlertContext;

/// The most accounts that a line names; of more it has the number.
const NAMED: usize = 3;

pub(super) fn render(out: &mut String, context: &AlertContext<'_>) {
    let is_first = matches!(context.report.changes.baseline, Baseline::FirstRun);
    let new = if is_first { "Findings" } else { "New" };
    for (kind, title) in [
        (ChangeKind::New, new),
        (ChangeKind::Reopened, "Reopened"),
        (ChangeKind::Worsened, "Worsened"),
    ] {
        section(out, context, kind, title);
    }
}

fn section(out: &mut String, context: &AlertContext<'_>, kind: ChangeKind, title: &str) {
    let changes = &context.report.changes;
    let groups = changes.groups.iter().filter(|group| group.status == kind);
    let groups: Vec<_> = groups.collect();
    if groups.is_empty() {
        return;
    }
    let total = number(changes.of(kind).total());
    let _ = writeln!(out, "\n{title} ({total})");
    let shown = groups.iter().take(REGRESSIONS);
    let width = shown.map(|group| group.severity.as_str().len()).max();
    let width = width.unwrap_or_default();
    let lines = groups.iter().map(|group| {
        let severity = group.severity.as_str();
        format!("{severity:<width$}  {}", line(context, group))
    });
    capped(out, lines, REGRESSIONS);
}

/// `42 accounts: EBS volume is not encrypted (57)`
fn line(context: &AlertContext<'_>, group: &ChangeGroup) -> String {
    let title = by_id(&group.check_id).map(|check| check.title.to_owned());
    let title = title.unwrap_or_else(|| clean(&group.check_id, NAME));
    let account_names = account_names(context, &group.sample, group.accounts);
    match group.findings > group.accounts {
        true => format!("{account_names}: {title} ({})", number(group.findings)),
        false => format!("{account_names}: {title}"),
    }
}

/// The accounts' names, or their number.
pub(super) fn account_names(
    context: &AlertContext<'_>,
    sample: &[AccountId],
    accounts: u64,
) -> String {
    if accounts > NAMED as u64 || sample.len() as u64 != accounts {
        return count(accounts, "account");
    }
    let names: Vec<_> = sample.iter().map(|id| context.name_of(id)).collect();
    names.join(", ")
}
