//! Findings that are new, reopened or worse: the same thing in many accounts is one line.

use std::fmt::Write;

use orgscan_core::model::{AccountId, Base, ChangeGroup, ChangeKind};
use orgscan_core::services::by_id;
use orgscan_core::text::{capped, clean, count, number};

use super::{NAME, NEWS};
use crate::publish::alert::Matter;

/// How many accounts a line names; of more it says how many.
const NAMED: usize = 3;

pub(super) fn render(out: &mut String, matter: &Matter<'_>) {
    let is_first = matches!(matter.report.changes.since, Base::FirstRun);
    let new = if is_first { "Found" } else { "New" };
    for (kind, title) in [
        (ChangeKind::New, new),
        (ChangeKind::Reopened, "Reopened"),
        (ChangeKind::Worsened, "Worse than before"),
    ] {
        section(out, matter, kind, title);
    }
}

fn section(out: &mut String, matter: &Matter<'_>, kind: ChangeKind, title: &str) {
    let changes = &matter.report.changes;
    let groups = changes.groups.iter().filter(|group| group.kind == kind);
    let groups: Vec<_> = groups.collect();
    if groups.is_empty() {
        return;
    }
    let total = number(changes.of(kind).total());
    let _ = writeln!(out, "\n{title} ({total})");
    let shown = groups.iter().take(NEWS);
    let width = shown.map(|group| group.severity.as_str().len()).max();
    let width = width.unwrap_or_default();
    let lines = groups.iter().map(|group| {
        let severity = group.severity.as_str();
        format!("{severity:<width$}  {}", line(matter, group))
    });
    capped(out, lines, NEWS);
}

/// `42 accounts: EBS volume is not encrypted (57)`
fn line(matter: &Matter<'_>, group: &ChangeGroup) -> String {
    let title = by_id(&group.check).map(|check| check.title.to_owned());
    let title = title.unwrap_or_else(|| clean(&group.check, NAME));
    let whose = whose(matter, &group.sample, group.accounts);
    match group.findings > group.accounts {
        true => format!("{whose}: {title} ({})", number(group.findings)),
        false => format!("{whose}: {title}"),
    }
}

/// The accounts' names, or how many they are.
pub(super) fn whose(matter: &Matter<'_>, sample: &[AccountId], accounts: u64) -> String {
    if accounts > NAMED as u64 || sample.len() as u64 != accounts {
        return count(accounts, "account");
    }
    let names: Vec<_> = sample.iter().map(|id| matter.name_of(id)).collect();
    names.join(", ")
}
