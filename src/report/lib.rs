//! The forms in which people and programs read the results. Pure: writers over `std::io::Write`.
//!
//! Findings and the ledger's rows stream through these writers one account at a time, so memory does
//! not grow with the organization. Given accounts in the report's order, the same results give the
//! same bytes.

#![cfg_attr(
    test,
    expect(clippy::too_many_lines, reason = "a test is long by its cases")
)]

pub mod asff;
mod bounded;
pub mod changes;
mod columns;
pub mod csv;
mod events;
mod findings;
pub mod html;
pub mod json;
pub mod junit;
mod ledger;
pub mod ocsf;
pub mod parquet;
pub mod sarif;
mod sink;
pub mod trend;
pub mod weekly;

use orgscan_core::checks::Check;
use orgscan_core::model::{AccountResult, TargetOutcome, TargetVerdict, Violation};
pub use sink::{AccountReport, FinishedFile, Sink};

/// The file with everything that was found.
pub const REPORT: &str = "report.json";

/// The file with what has changed since the run before.
pub const CHANGES: &str = "changes.jsonl";

/// The account's targets by check, in the order of `checks`, then by scope.
fn in_order<'r>(result: &'r AccountResult, checks: &[&Check]) -> Vec<&'r TargetVerdict> {
    let mut targets: Vec<_> = result.verdicts.iter().collect();
    // There are hundreds of them, and each has its rank looked up once.
    targets.sort_by_cached_key(|target| {
        (
            rank(&target.check_id, checks),
            &*target.check_id,
            &target.scope,
        )
    });
    targets
}

/// The position of a check. One that is not in the list, of another version say, comes last.
fn rank(id: &str, checks: &[&Check]) -> usize {
    let position = checks.iter().position(|check| check.id == id);
    position.unwrap_or(usize::MAX)
}

/// The account's violations with their targets, in the same order.
fn violations<'r>(
    result: &'r AccountResult,
    checks: &[&Check],
) -> impl Iterator<Item = (&'r TargetVerdict, &'r Violation)> {
    in_order(result, checks).into_iter().flat_map(|target| {
        let violations = match &target.outcome {
            TargetOutcome::Evaluated(verdict) => &verdict.violations[..],
            TargetOutcome::Skipped { .. } => &[],
        };
        violations.iter().map(move |violation| (target, violation))
    })
}
