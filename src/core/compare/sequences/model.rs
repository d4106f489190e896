//! What becomes of a finding, by somebody who is told what is there and how far a run could see.

use crate::model::{ChangeKind, Severity};

/// How far a run can see what a finding is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Visibility {
    /// All of it.
    Whole,
    /// Some of it.
    Some,
    /// It looks elsewhere, but what it meets it tells.
    Aside,
    /// It looks elsewhere.
    Away,
    /// The account is no more.
    Closed,
}

/// What the model knows of a finding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct FindingHistory {
    pub(super) severity: Severity,
    pub(super) first: i64,
    pub(super) last: i64,
    pub(super) closed: Option<i64>,
}

/// What became of it, by the model.
pub(super) fn expected(
    past: &mut Option<FindingHistory>,
    seen_severity: Option<Severity>,
    visibility: Visibility,
    day: i64,
) -> Option<ChangeKind> {
    let remembered = |past: &FindingHistory| past.closed.is_none_or(|closed| day - closed <= 90);
    *past = past.filter(remembered);
    match (&mut *past, seen_severity) {
        (None, Some(severity)) => {
            let closed = None;
            *past = Some(FindingHistory {
                severity,
                first: day,
                last: day,
                closed,
            });
            Some(ChangeKind::New)
        }
        (Some(old), Some(severity)) => {
            let kind = match (old.closed, severity > old.severity) {
                (Some(_), _) => ChangeKind::Reopened,
                (None, true) => ChangeKind::Worsened,
                (None, false) => ChangeKind::Ongoing,
            };
            *old = FindingHistory {
                severity,
                last: day,
                closed: None,
                ..*old
            };
            Some(kind)
        }
        (Some(old), None) if old.closed.is_none() => Some(match visibility {
            Visibility::Whole => {
                old.closed = Some(day);
                ChangeKind::Resolved
            }
            Visibility::Closed => {
                old.closed = Some(day);
                ChangeKind::Gone
            }
            Visibility::Some => ChangeKind::Unknown,
            Visibility::Aside | Visibility::Away => ChangeKind::OutOfScope,
        }),
        _ => None,
    }
}
