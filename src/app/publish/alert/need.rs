//! Whether an alert is sent.

use orgscan_core::model::{AlertOutcome, Baseline, BaselineRun, ChangeKind, Changes, Severity};

use super::AlertContext;

/// Whether the run has something to report. Pure.
///
/// Compared with another run, an alert reports regressions:
///
/// - a new, reopened or worsened finding, so also a threshold that is newly crossed or crossed by more;
/// - lost coverage, and coverage gaps in a new account;
/// - an account that was moved, closed or removed;
/// - an exception that has expired or is about to expire;
/// - a previous alert that was not delivered.
///
/// Unchanged findings do not count, whatever their severity, and neither do resolved ones. In a first run every
/// finding and every coverage gap counts.
///
/// Without a previous run, an alert reports crossed thresholds and coverage gaps. A route has no thresholds, so it
/// also reports findings of severity high or critical. A history that cannot be used is reported to the topic for
/// all accounts.
pub fn needed(context: &AlertContext<'_>) -> bool {
    let report = context.report;
    let is_route = context.route.is_some();
    let is_bad = !report.thresholds_crossed.is_empty() || !report.coverage.is_complete();
    match &report.changes.baseline {
        Baseline::Compared { run } => {
            let today = context.day();
            let mut exceptions = context.exceptions.iter();
            has_regressions(&report.changes)
                || undelivered(run).is_some()
                || exceptions.any(|one| one.is_regression(today, run.started))
        }
        Baseline::FirstRun => is_bad || has_regressions(&report.changes),
        Baseline::Unavailable { .. } if !is_route => true,
        Baseline::Unavailable { .. } | Baseline::NotKept => {
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
        || changes.accounts_moved.count > 0
        || changes.accounts_gone.count > 0
}

/// The outcome of that run's alert, if it was not delivered.
pub(super) fn undelivered(run: &BaselineRun) -> Option<&AlertOutcome> {
    run.alert.as_ref().filter(|alert| !alert.delivered)
}
