//! Exceptions that expire.

use jiff::civil::Date;
use jiff::{Span, Timestamp, tz::TimeZone};
use schemars::JsonSchema;
use serde::Serialize;

use orgscan_core::model::{ExceptionEffect, ExceptionKind, Report};
use orgscan_core::text::count;

/// How many days before it expires an exception is reported.
const NOTICE_DAYS: i64 = 14;

/// An exception that is about to expire or has expired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExceptionNotice {
    /// Its id.
    pub id: String,
    /// Its owner.
    pub owner: String,
    /// The reason for it.
    pub reason: String,
    /// The last day on which it applies.
    pub expires: Date,
    /// Whether it is about findings or gaps.
    pub kind: ExceptionKind,
    /// How many of them it matches; null if it matches none and coverage is incomplete.
    pub matched: Option<u64>,
}

impl ExceptionNotice {
    /// The exceptions of a report that have an expiry date.
    pub fn all_of(report: &Report) -> Vec<Self> {
        let uses = report.exceptions.entries.iter();
        let ending = uses.filter_map(|one| {
            let suppression = &one.suppression;
            Some(Self {
                id: suppression.id.clone(),
                owner: suppression.owner.clone(),
                reason: suppression.reason.clone(),
                expires: suppression.expires?,
                kind: one.kind,
                matched: (one.effect != ExceptionEffect::NotEvaluated).then_some(one.matched),
            })
        });
        ending.collect()
    }

    /// Whether its last day has passed.
    pub(super) fn has_expired(&self, today: Date) -> bool {
        self.expires < today
    }

    /// Whether it has expired, or expires within 14 days.
    pub(super) fn is_due(&self, today: Date) -> bool {
        let last = today.saturating_add(Span::new().days(NOTICE_DAYS));
        self.expires <= last
    }

    /// Whether it has become due or has expired since another run began.
    pub(super) fn is_regression(&self, today: Date, before: Timestamp) -> bool {
        self.is_due(today) && !self.is_due(day(before)) || self.has_just_expired(today, before)
    }

    /// Whether it has expired since another run began.
    pub(super) fn has_just_expired(&self, today: Date, before: Timestamp) -> bool {
        self.has_expired(today) && !self.has_expired(day(before))
    }

    /// `expires 2026-11-27, suppresses 2 findings`
    pub(super) fn describe(&self, today: Date) -> String {
        let what = match self.kind {
            ExceptionKind::Findings => "finding",
            ExceptionKind::Gaps => "coverage gap",
        };
        let (expires, suppresses) = match self.has_expired(today) {
            true => ("expired", "no longer suppresses"),
            false => ("expires", "suppresses"),
        };
        let expires = format!("{expires} {}", self.expires);
        match self.matched {
            Some(matched) => format!("{expires}, {suppresses} {}", count(matched, what)),
            None => expires,
        }
    }
}

fn day(time: Timestamp) -> Date {
    time.to_zoned(TimeZone::UTC).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice() -> ExceptionNotice {
        ExceptionNotice {
            id: "web".into(),
            owner: "web team".into(),
            reason: "moves".into(),
            expires: "2026-11-29".parse().unwrap(),
            kind: ExceptionKind::Findings,
            matched: Some(2),
        }
    }

    #[test]
    fn an_exception_is_reported_before_it_expires_and_when_it_has_expired() {
        let exception = notice();
        let day = |text: &str| text.parse::<Date>().unwrap();
        let regressions = |today: &str, before: &str| {
            let before = format!("{before}T23:30:00Z").parse().unwrap();
            exception.is_regression(day(today), before)
        };
        assert!(!exception.is_due(day("2026-11-14")));
        assert!(exception.is_due(day("2026-11-15")));
        assert!(!exception.has_expired(day("2026-11-29")));
        assert!(exception.has_expired(day("2026-11-30")));
        assert!(regressions("2026-11-15", "2026-11-14"));
        assert!(!regressions("2026-11-16", "2026-11-15"));
        assert!(regressions("2026-11-30", "2026-11-29"));
        assert!(!regressions("2026-12-01", "2026-11-30"));
        assert!(regressions("2026-12-24", "2026-11-01"));
    }

    #[test]
    fn unknown_values_are_left_empty() {
        let text = |kind, matched, today: &str| {
            let exception = ExceptionNotice {
                kind,
                matched,
                ..notice()
            };
            exception.describe(today.parse().unwrap())
        };
        let (findings, gaps) = (ExceptionKind::Findings, ExceptionKind::Gaps);
        let (before, after) = ("2026-11-29", "2026-11-30");
        assert_eq!(
            text(findings, Some(2), before),
            "expires 2026-11-29, suppresses 2 findings"
        );
        assert_eq!(
            text(gaps, Some(1), after),
            "expired 2026-11-29, no longer suppresses 1 coverage gap"
        );
        assert_eq!(text(findings, None, after), "expired 2026-11-29");
    }
}
