//! Targets as test cases.

use std::fmt;

use orgscan_core::model::TargetScope;
use orgscan_core::text::{clean, count};

use crate::findings::Row;
use crate::ledger::{ALL, LedgerOutcome, LedgerRow};

/// How many findings a case lists.
const FINDINGS: usize = 50;

/// The longest line and message, in characters.
const LINE: usize = 500;

/// What became of a case, the most important first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CaseKind {
    Failed,
    NotEvaluated,
    Skipped,
    Passed,
}

impl CaseKind {
    pub(super) const ALL: [Self; 4] = [
        Self::Failed,
        Self::NotEvaluated,
        Self::Skipped,
        Self::Passed,
    ];
}

/// A check in a scope of an account.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) kind: CaseKind,
    pub(super) name: String,
    /// Why it is not passed.
    pub(super) parts: Vec<CasePart>,
}

/// An element within a case.
#[derive(Debug)]
pub(super) struct CasePart {
    pub(super) element: &'static str,
    pub(super) kind: String,
    pub(super) message: String,
    pub(super) body: String,
}

/// The case of a row of the ledger, with the account's findings. Not evaluated is never passed: it is an
/// error, beside the findings that are known.
pub(super) fn of(row: &LedgerRow<'_>, findings: &[Row<'_>]) -> Case {
    let own = findings.iter();
    let own = own.filter(|one| one.check == row.check && one.scope.as_str() == row.region);
    let (suppressed, open): (Vec<&Row<'_>>, Vec<_>) = own.partition(|one| one.exception.is_some());
    let mut parts = Vec::new();
    parts.extend(failure(&open));
    match row.outcome {
        LedgerOutcome::Unknown => parts.push(error(row)),
        LedgerOutcome::Skipped => parts.push(skipped(&row.cause, &row.detail, String::new())),
        LedgerOutcome::Fail if open.is_empty() => parts.push(all_suppressed(&suppressed)),
        LedgerOutcome::Fail | LedgerOutcome::Pass => {}
    }
    Case {
        kind: match (open.is_empty(), row.outcome) {
            (false, _) => CaseKind::Failed,
            (true, LedgerOutcome::Unknown) => CaseKind::NotEvaluated,
            (true, LedgerOutcome::Skipped | LedgerOutcome::Fail) => CaseKind::Skipped,
            (true, LedgerOutcome::Pass) => CaseKind::Passed,
        },
        name: name(row),
        parts,
    }
}

fn name(row: &LedgerRow<'_>) -> String {
    match (row.check, row.region) {
        (ALL, ALL) => "all checks".to_owned(),
        (ALL, region) => format!("all checks in {region}"),
        (check, ALL) => format!("{check} in all Regions"),
        (check, TargetScope::GLOBAL) => format!("{check} for the account"),
        (check, region) => format!("{check} in {region}"),
    }
}

fn failure(open: &[&Row<'_>]) -> Option<CasePart> {
    let highest = open.iter().map(|one| one.severity).max()?;
    let found = count(open.len() as u64, "finding");
    Some(CasePart {
        element: "failure",
        kind: highest.to_string(),
        message: format!("{found}, highest severity {highest}"),
        body: listed(open),
    })
}

fn listed(findings: &[&Row<'_>]) -> String {
    let mut sorted = findings.to_vec();
    sorted.sort_by_key(|one| std::cmp::Reverse(one.severity));
    let mut body = String::from("\n");
    for one in sorted.iter().take(FINDINGS) {
        let line = format!(
            "{}: {}: {} {}",
            one.severity, one.message, one.resource, one.part
        );
        body.push_str(&clean(&line, LINE));
        body.push('\n');
    }
    let more = sorted.len().saturating_sub(FINDINGS);
    if more > 0 {
        body.push_str(&format!("and {more} more\n"));
    }
    body
}

fn error(row: &LedgerRow<'_>) -> CasePart {
    let action = if row.action.is_empty() { "" } else { ", " };
    CasePart {
        element: "error",
        kind: clean(&row.cause, LINE),
        message: clean(
            &format!("not evaluated: {}{action}{}", row.cause, row.action),
            LINE,
        ),
        body: clean(&row.detail, LINE),
    }
}

fn all_suppressed(suppressed: &[&Row<'_>]) -> CasePart {
    let ids = suppressed
        .iter()
        .filter_map(|one| Some(one.exception?.id.as_str()));
    let mut ids: Vec<&str> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    let found = count(suppressed.len() as u64, "finding");
    let detail = format!("{found}, suppressed by the exceptions {}", ids.join(", "));
    skipped("suppressed", &detail, listed(suppressed))
}

fn skipped(cause: &str, detail: &str, body: String) -> CasePart {
    let message = if detail.is_empty() { cause } else { detail };
    CasePart {
        element: "skipped",
        kind: clean(cause, LINE),
        message: clean(message, LINE),
        body,
    }
}

/// The case that says that others found no room; `omitted` are their numbers by kind.
pub(super) fn omitted(omitted: &[u64]) -> Option<Case> {
    const NAMES: [&str; 4] = ["failed", "not evaluated", "skipped", "passed"];
    let parts: Vec<String> = NAMES
        .iter()
        .zip(omitted)
        .filter(|(_, count)| **count > 0)
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    let hides = omitted.iter().take(2).sum::<u64>() > 0;
    let message = format!(
        "omitted test cases: {}; the other formats have all",
        parts.join(", ")
    );
    let (kind, element) = match hides {
        true => (CaseKind::NotEvaluated, "error"),
        false => (CaseKind::Skipped, "skipped"),
    };
    (!parts.is_empty()).then(|| Case {
        kind,
        name: "omitted test cases".to_owned(),
        parts: vec![CasePart {
            element,
            kind: "omitted".to_owned(),
            message,
            body: String::new(),
        }],
    })
}

/// The numbers of a suite, or of all.
#[derive(Debug, Default)]
pub(super) struct Counts {
    tests: u64,
    failures: u64,
    errors: u64,
    skipped: u64,
}

pub(super) fn counts<'a>(cases: impl Iterator<Item = &'a Case>) -> Counts {
    let mut counts = Counts::default();
    for case in cases {
        counts.tests += 1;
        match case.kind {
            CaseKind::Failed => counts.failures += 1,
            CaseKind::NotEvaluated => counts.errors += 1,
            CaseKind::Skipped => counts.skipped += 1,
            CaseKind::Passed => {}
        }
    }
    counts
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            tests,
            failures,
            errors,
            skipped,
        } = self;
        write!(
            f,
            "tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\""
        )
    }
}
