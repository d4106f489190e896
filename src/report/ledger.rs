//! The ledger of what was evaluated: what became of every account, scope and check.

use LedgerOutcome::{Fail, Pass, Skipped, Unknown};
use orgscan_core::checks::Check;
use orgscan_core::consolidate::unanswered;
use orgscan_core::model::{
    AccountOutcome, AccountResult, AccountSummary, Cause, Gap, Outcome, RegionDecision, SkipReason,
    TargetOutcome, TargetVerdict, Verdict,
};

use crate::in_order;

/// Stands for all Regions, or for all checks.
pub(super) const ALL: &str = "*";

/// A cell's length in characters, below what spreadsheets can hold: 32,767 in Excel.
const CELL: usize = 32_000;

/// What became of a target, or of what was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LedgerOutcome {
    /// Evaluated completely, and nothing breaks the check.
    Pass,
    /// Evaluated completely, and something does.
    Fail,
    /// Not evaluated, or not completely.
    Unknown,
    /// Skipped.
    Skipped,
}

impl LedgerOutcome {
    /// The word used in reports.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::Skipped => "skipped",
        }
    }
}

/// A row of the ledger: of one account, in one scope, for one check, or for all of them (`*`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LedgerRow<'a> {
    /// A Region, `global` for the account as a whole, or `*`.
    pub(super) region: &'a str,
    /// The check's id, or `*`.
    pub(super) check: &'a str,
    pub(super) outcome: LedgerOutcome,
    /// Why it is unknown or was skipped; the different causes joined with ` | `.
    pub(super) cause: String,
    /// The IAM action that was needed, joined alike.
    pub(super) action: String,
    /// AWS's own words; for a skip, the reason in words.
    pub(super) detail: String,
    /// How many resources were evaluated.
    pub(super) resources_evaluated: Option<u64>,
    /// How many of them break the check; a lower bound where the outcome is unknown.
    pub(super) violations: Option<u64>,
    /// The resources that the gaps are about, with their own Regions, joined as the causes are.
    pub(super) resource: String,
    /// What else the reader should know, the age of a credential report say.
    pub(super) notes: String,
}

impl LedgerRow<'static> {
    const fn empty() -> Self {
        Self {
            region: ALL,
            check: ALL,
            outcome: Unknown,
            cause: String::new(),
            action: String::new(),
            detail: String::new(),
            resources_evaluated: None,
            violations: None,
            resource: String::new(),
            notes: String::new(),
        }
    }
}

/// The rows of an account with a result: Regions that were left out, then a row for each target, by
/// check, as in `checks, and scope.
pub(super) fn of_result<'r>(result: &'r AccountResult, checks: &[&'r Check]) -> Vec<LedgerRow<'r>> {
    let mut rows = Vec::new();
    for (region, decision) in &result.regions {
        if let RegionDecision::Skip { reason } = decision {
            rows.push(LedgerRow {
                region: region.as_str(),
                outcome: Skipped,
                cause: reason.as_str().to_owned(),
                ..LedgerRow::empty()
            });
        }
    }
    rows.extend(of_account(&result.outcome));
    rows.extend(in_order(result, checks).into_iter().map(of_target));
    let unanswered = unanswered(result, checks).into_iter();
    rows.extend(unanswered.map(|(check, gap)| of_gap(Unknown, ALL, check, gap)));
    rows
}

/// The row of an account that the plan leaves out.
pub(super) fn of_skipped(summary: &AccountSummary) -> Option<LedgerRow<'static>> {
    of_account(&summary.outcome)
}

fn of_account(outcome: &AccountOutcome) -> Option<LedgerRow<'static>> {
    match outcome {
        AccountOutcome::Skipped { reason, detail } => Some(of_skipped_account(*reason, detail)),
        AccountOutcome::Scanned | AccountOutcome::Failed { .. } => None,
    }
}

/// The row of an account that was left out.
fn of_skipped_account(reason: SkipReason, detail: &str) -> LedgerRow<'static> {
    LedgerRow {
        outcome: Skipped,
        cause: reason.as_str().to_owned(),
        detail: detail.to_owned(),
        ..LedgerRow::empty()
    }
}

fn of_gap<'a>(outcome: LedgerOutcome, region: &'a str, check: &'a str, gap: &Gap) -> LedgerRow<'a> {
    LedgerRow {
        region,
        check,
        outcome,
        cause: gap.cause.as_str().to_owned(),
        action: gap.action.clone(),
        detail: gap.detail.clone(),
        resource: resource_of(gap),
        ..LedgerRow::empty()
    }
}

/// The resource of a gap, with its own Region in parentheses; empty where it has none.
fn resource_of(gap: &Gap) -> String {
    match &gap.region {
        Some(region) => format!("{} ({region})", gap.resource),
        None => gap.resource.clone(),
    }
}

fn of_target(target: &TargetVerdict) -> LedgerRow<'_> {
    let (region, check) = (target.scope.as_str(), target.check_id.as_str());
    match &target.outcome {
        TargetOutcome::Evaluated(verdict) => LedgerRow {
            region,
            check,
            ..of_verdict(verdict)
        },
        TargetOutcome::Skipped { detail, gap } => LedgerRow {
            detail: detail.clone(),
            ..of_gap(Skipped, region, check, gap)
        },
    }
}

fn of_verdict(verdict: &Verdict) -> LedgerRow<'static> {
    let kinds = kinds(&verdict.gaps);
    let room = CELL / kinds.len().max(1);
    LedgerRow {
        outcome: match verdict.outcome() {
            Outcome::Pass => Pass,
            Outcome::Fail => Fail,
            Outcome::Unknown => Unknown,
        },
        cause: joined(kinds.iter().map(|kind| kind.cause.as_str())),
        action: joined(kinds.iter().map(|kind| kind.action)),
        detail: joined(kinds.iter().map(|kind| within(&kind.details, room))),
        resource: joined(kinds.iter().map(|kind| within(&kind.resources, room))),
        notes: within(&verdict.notes, CELL),
        resources_evaluated: Some(verdict.resources_evaluated),
        violations: Some(verdict.violations.len() as u64),
        ..LedgerRow::empty()
    }
}

/// Gaps with the same cause and action.
struct GapGroup<'a> {
    cause: Cause,
    action: &'a str,
    details: Vec<&'a str>,
    resources: Vec<String>,
}

/// The different kinds of gap, in the order in which they first come. A thousand buckets that deny
/// the same call are one kind.
fn kinds(gaps: &[Gap]) -> Vec<GapGroup<'_>> {
    let mut kinds: Vec<GapGroup<'_>> = Vec::new();
    for gap in gaps {
        let same = |kind: &&mut GapGroup<'_>| kind.cause == gap.cause && kind.action == gap.action;
        match kinds.iter_mut().find(same) {
            Some(kind) => {
                kind.details.push(&gap.detail);
                kind.resources.push(resource_of(gap));
            }
            None => kinds.push(GapGroup {
                cause: gap.cause,
                action: &gap.action,
                details: vec![&gap.detail],
                resources: vec![resource_of(gap)],
            }),
        }
    }
    kinds
}

fn joined<S: AsRef<str>>(parts: impl Iterator<Item = S>) -> String {
    let mut joined = String::new();
    for (n, part) in parts.enumerate() {
        if n > 0 {
            joined.push_str(" | ");
        }
        joined.push_str(part.as_ref());
    }
    joined
}

/// As many of the texts as fit into `room` bytes, and how many more there are.
fn within<S: AsRef<str>>(texts: &[S], room: usize) -> String {
    let mut joined = String::new();
    let texts = texts.iter().map(AsRef::as_ref);
    let texts: Vec<_> = texts.filter(|text| !text.is_empty()).collect();
    for (n, text) in texts.iter().enumerate() {
        let separator = if n == 0 { "" } else { "; " };
        joined.push_str(separator);
        if joined.len() + text.len() > room {
            joined.push_str(&format!("and {} more", texts.len() - n));
            break;
        }
        joined.push_str(text);
    }
    joined
}
