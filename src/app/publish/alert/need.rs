//! Whether an alert is sent.

use orgscan_core::model::{AlertOutcome, Base, BaseRun, ChangeKind, Changes, Severity};

use super::AlertContext;

/// Whether there is something to tell. Pure.
///
/// Compared with another run, these are regressions: a finding that is new, reopened or worse, so that a threshold
/// newly crossed or crossed by more is reported too; something that can no longer be evaluated, or could not be
/// in an account that is new; an account that was moved or is gone; an exception that has come near its end or to it; an alert that was not
/// delivered. What is as it was does not count, however severe it is, and neither does what was fixed. In a first
/// run every finding counts, and so does every coverage gap.
///
/// With nothing to compare with it is a threshold that is crossed, or something that could not be looked
/// at; for a route, which the organization's thresholds are not about, also a finding of severity high
/// or critical. A history that cannot be used is reported to the topic that is about all accounts.
pub fn needed(context: &AlertContext<'_>) -> bool {
    let report = context.report;
    let is_route = context.route.is_some();
    let is_bad = !report.crossed.is_empty() || !report.coverage.is_complete();
    match &report.changes.since {
        Base::Compared { run } => {
            let today = context.day();
            let mut exceptions = context.exceptions.iter();
            has_regressions(&report.changes)
                || undelivered(run).is_some()
                || exceptions.any(|one| one.is_regression(today, run.started))
        }
        Base::FirstRun => is_bad || has_regressions(&report.changes),
        Base::Unavailable { .. } if !is_route => true,
        Base::Unavailable { .. } | Base::NotKept => {
            is_bad || is_route && report.findings.at_least(Severity::High) > 0
        }
    }
}

fn has_regressions(changes: &Changes) -> bool {
    let kinds = [ChangeKind::New, ChangeKind::Reopened, ChangeKind::Worsened];
    kinds.iter().any(|kind| changes.of(*kind).total() > 0)
        || changes.coverage_lost.count > 0
        || changes.coverage_missing.count > 0
        || changes.permission_lost.count > 0
        || changes.moved.count > 0
        || changes.gone.count > 0
}

/// What became of that run's alert, where it did not arrive.
pub(super) fn undelivered(run: &BaseRun) -> Option<&AlertOutcome> {
    run.alert.as_ref().filter(|alert| !alert.delivered)
}
