//! `coverage.csv`: the ledger of what was looked at.

use std::io::{self, Write};

use super::cell;
use crate::checks::Check;
use crate::consolidate::unanswered;
use crate::model::{
    Account, AccountOutcome, AccountResult, AccountSummary, Cause, Gap, Outcome, RegionDecision,
    SkipReason, TargetOutcome, TargetVerdict, Verdict,
};
use crate::render::in_order;

const HEADER: [&str; 11] = [
    "account_id",
    "account_name",
    "ou_path",
    "region",
    "check",
    "outcome",
    "cause",
    "action",
    "detail",
    "examined",
    "violations",
];

/// Stands for all Regions, or for all checks.
const ALL: &str = "*";

/// A cell's length in characters, below what spreadsheets can hold: 32,767 in Excel.
const CELL: usize = 32_000;

/// Writes `coverage.csv`: one row for every account, place and check, passes too, so that nobody has
/// to guess what was looked at.
///
/// | column | what |
/// | --- | --- |
/// | `account_id`, `account_name`, `ou_path` | the account; the path is empty in the root |
/// | `region` | the place: a Region, or `global` for the account as a whole; `*` if the row is about all of them |
/// | `check` | the check's id; `*` if the row is about all checks |
/// | `outcome` | `pass`, `fail`, `unknown` or `skip` (left out on purpose) |
/// | `cause` | why it is unknown, or why the account or Region was skipped |
/// | `action` | the IAM action that was needed |
/// | `detail` | AWS's own words; for a skip, the reason in words |
/// | `examined` | how many resources were looked at |
/// | `violations` | how many of them break the check; a lower bound where the outcome is `unknown` |
///
/// A skipped account is one row with `*` for region and check. A skipped Region is a row with `*` for
/// the check, ahead of the account's checks. Of an account that failed before its Regions were known,
/// each check is one `unknown` row with `*` for the region. A skip row with a check's id is an
/// expected gap: `cause` and `action` are the gap's, `detail` says who accepts it.
///
/// So the rows with a check's id are as many as the targets in the report's coverage.
///
/// A target with several gaps stays one row: `cause` and `action` list the different ones, joined
/// with ` | `, and `detail` has the words of each in the same order, joined alike.
#[derive(Debug)]
pub struct CoverageCsv<'c, W: Write> {
    out: csv::Writer<W>,
    checks: &'c [&'static Check],
}

/// The cells that differ from row to row of one account.
#[derive(Default)]
struct Row<'a> {
    region: &'a str,
    check: &'a str,
    outcome: &'a str,
    cause: String,
    action: String,
    detail: String,
    examined: String,
    violations: String,
}

impl<'c, W: Write> CoverageCsv<'c, W> {
    /// Writes the header.
    ///
    /// # Errors
    /// The writer's own.
    pub fn start(out: W, checks: &'c [&'static Check]) -> io::Result<Self> {
        let mut out = csv::Writer::from_writer(out);
        out.write_record(HEADER)?;
        Ok(Self { out, checks })
    }

    /// Writes the row of an account that has no result because the plan leaves it out. Accounts come
    /// in the report's order.
    ///
    /// # Errors
    /// The writer's own.
    pub fn skipped_account(&mut self, summary: &AccountSummary) -> io::Result<()> {
        match &summary.outcome {
            AccountOutcome::Skipped { reason, detail } => {
                self.row(&summary.account, &of_skipped(*reason, detail))
            }
            AccountOutcome::Scanned | AccountOutcome::Failed { .. } => Ok(()),
        }
    }

    /// Writes an account's rows. Accounts come in the report's order.
    ///
    /// # Errors
    /// The writer's own.
    pub fn account(&mut self, result: &AccountResult) -> io::Result<()> {
        for (region, decision) in &result.regions {
            if let RegionDecision::Skip { reason } = decision {
                let row = Row {
                    region: region.as_str(),
                    check: ALL,
                    outcome: "skip",
                    cause: reason.as_str().to_owned(),
                    ..Row::default()
                };
                self.row(&result.account, &row)?;
            }
        }
        if let AccountOutcome::Skipped { reason, detail } = &result.outcome {
            self.row(&result.account, &of_skipped(*reason, detail))?;
        }
        for target in in_order(result, self.checks) {
            self.row(&result.account, &of_target(target))?;
        }
        for (check, gap) in unanswered(result, self.checks) {
            self.row(&result.account, &of_gap("unknown", ALL, check, gap))?;
        }
        Ok(())
    }

    /// Writes what is still buffered, and gives the writer back.
    ///
    /// # Errors
    /// The writer's own.
    pub fn finish(self) -> io::Result<W> {
        self.out
            .into_inner()
            .map_err(csv::IntoInnerError::into_error)
    }

    fn row(&mut self, account: &Account, row: &Row<'_>) -> io::Result<()> {
        self.out.write_record([
            account.id.as_str(),
            &cell(&account.name),
            &cell(&account.ou_path),
            &cell(row.region),
            &cell(row.check),
            row.outcome,
            &cell(&row.cause),
            &cell(&row.action),
            &cell(&row.detail),
            &row.examined,
            &row.violations,
        ])?;
        Ok(())
    }
}

/// The row of an account that was left out.
fn of_skipped(reason: SkipReason, detail: &str) -> Row<'static> {
    Row {
        region: ALL,
        check: ALL,
        outcome: "skip",
        cause: reason.as_str().to_owned(),
        detail: detail.to_owned(),
        ..Row::default()
    }
}

fn of_gap<'a>(outcome: &'a str, region: &'a str, check: &'a str, gap: &Gap) -> Row<'a> {
    Row {
        region,
        check,
        outcome,
        cause: gap.cause.as_str().to_owned(),
        action: gap.action.clone(),
        detail: gap.detail.clone(),
        ..Row::default()
    }
}

fn of_target(target: &TargetVerdict) -> Row<'_> {
    let (region, check) = (target.place.as_str(), target.check.as_str());
    match &target.outcome {
        TargetOutcome::Judged(verdict) => Row {
            region,
            check,
            ..of_verdict(verdict)
        },
        TargetOutcome::Skipped { detail, gap } => Row {
            detail: detail.clone(),
            ..of_gap("skip", region, check, gap)
        },
    }
}

fn of_verdict(verdict: &Verdict) -> Row<'static> {
    let kinds = kinds(&verdict.gaps);
    let room = CELL / kinds.len().max(1);
    Row {
        outcome: match verdict.outcome() {
            Outcome::Pass => "pass",
            Outcome::Fail => "fail",
            Outcome::Unknown => "unknown",
        },
        cause: joined(kinds.iter().map(|kind| kind.cause.as_str())),
        action: joined(kinds.iter().map(|kind| kind.action)),
        detail: joined(kinds.iter().map(|kind| within(&kind.details, room))),
        examined: verdict.examined.to_string(),
        violations: verdict.violations.len().to_string(),
        ..Row::default()
    }
}

/// Gaps with the same cause and action.
struct Kind<'a> {
    cause: Cause,
    action: &'a str,
    details: Vec<&'a str>,
}

/// The different kinds of gap, in the order in which they first come. A thousand buckets that deny
/// the same call are one kind.
fn kinds(gaps: &[Gap]) -> Vec<Kind<'_>> {
    let mut kinds: Vec<Kind<'_>> = Vec::new();
    for gap in gaps {
        let same = |kind: &&mut Kind<'_>| kind.cause == gap.cause && kind.action == gap.action;
        match kinds.iter_mut().find(same) {
            Some(kind) => kind.details.push(&gap.detail),
            None => kinds.push(Kind {
                cause: gap.cause,
                action: &gap.action,
                details: vec![&gap.detail],
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
fn within(texts: &[&str], room: usize) -> String {
    let mut joined = String::new();
    let texts: Vec<_> = texts.iter().filter(|text| !text.is_empty()).collect();
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

#[cfg(test)]
mod tests;
