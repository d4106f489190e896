//! Whether anybody should be told.

use super::Matter;
use crate::model::{AlertOutcome, Base, BaseRun, ChangeKind, Changes};

/// Whether there is something to tell. Pure.
///
/// Compared with another run, that is news: a finding that is new, reopened or worse, so that a threshold
/// newly crossed or crossed by more is told too; something that can no longer be looked at; an account
/// that was moved or is gone; an exception that has come near its end or to it; an alert that was not
/// delivered. What is as it was is no news, however bad it is, and neither is what was mended.
///
/// With nothing to compare with it is a threshold that is crossed, or something that could not be looked at.
pub fn needed(matter: &Matter<'_>) -> bool {
    let report = matter.report;
    match &report.changes.since {
        Base::Compared { run } => {
            let today = matter.day();
            let mut exceptions = matter.exceptions.iter();
            has_news(&report.changes)
                || undelivered(run).is_some()
                || exceptions.any(|one| one.is_news(today, run.started))
        }
        Base::Unavailable { .. } => true,
        Base::FirstRun | Base::NotKept => {
            !report.crossed.is_empty() || !report.coverage.is_complete()
        }
    }
}

fn has_news(changes: &Changes) -> bool {
    let kinds = [ChangeKind::New, ChangeKind::Reopened, ChangeKind::Worsened];
    kinds.iter().any(|kind| changes.of(*kind).total() > 0)
        || changes.coverage_lost.count > 0
        || changes.permission_lost.count > 0
        || changes.moved.count > 0
        || changes.gone.count > 0
}

/// What became of that run's alert, where it did not arrive.
pub(super) fn undelivered(run: &BaseRun) -> Option<&AlertOutcome> {
    run.alert.as_ref().filter(|alert| !alert.delivered)
}
