//! Whether there is anything to tell.

use orgscan_core::model::{AlertOutcome, BaseRun};

use super::news::{a_worse_night, compared, counts, yesterday};
use super::*;

/// Whether a quiet night with one thing that is not as before is told.
#[track_caller]
fn is_told(change: impl FnOnce(&mut Report)) -> bool {
    let mut report = compared(a_bad_night());
    change(&mut report);
    needed(&matter(&report))
}

#[test]
fn what_is_news_is_told_and_what_was_mended_is_not() {
    let worse = a_worse_night().changes;
    let kind = |kind, is_news| {
        let told = is_told(|report| {
            report.changes.counts.insert(kind, counts(&[Low]));
        });
        assert_eq!(told, is_news, "{kind:?}");
    };
    use orgscan_core::model::ChangeKind::*;
    for news in [New, Reopened, Worsened] {
        kind(news, true);
    }
    for known in [Ongoing, Unknown, OutOfScope, Resolved, Gone] {
        kind(known, false);
    }
    assert!(is_told(
        |r| r.changes.coverage_lost = worse.coverage_lost.clone()
    ));
    assert!(is_told(
        |r| r.changes.coverage_missing = worse.coverage_lost.clone()
    ));
    assert!(is_told(
        |r| r.changes.permission_lost = worse.permission_lost.clone()
    ));
    assert!(is_told(|r| r.changes.moved = worse.moved.clone()));
    assert!(is_told(|r| r.changes.gone = worse.gone.clone()));
    assert!(!is_told(
        |r| r.changes.coverage_regained = worse.coverage_regained.clone()
    ));
    let delivered = |delivered| AlertOutcome {
        delivered,
        detail: "AuthorizationError".into(),
    };
    for (arrived, is_news) in [(true, false), (false, true)] {
        let run = BaseRun {
            alert: Some(delivered(arrived)),
            ..yesterday()
        };
        let told = is_told(|r| r.changes.since = Base::Compared { run });
        assert_eq!(told, is_news);
    }
}

#[test]
fn an_alert_that_was_not_delivered_is_told_by_the_next() {
    let mut report = compared(a_bad_night());
    let run = BaseRun {
        alert: Some(AlertOutcome {
            delivered: false,
            detail: "sns:Publish: AuthorizationError".into(),
        }),
        ..yesterday()
    };
    report.changes.since = Base::Compared { run };
    insta::assert_snapshot!(first_lines(&told(&report).email, 3), @"
    Nothing new; 1 account could not be looked at, 1 only in part; 3 thresholds crossed.
    Since run 2026-11-14T03-00-00Z of 2026-11-14 03:00 UTC.
    The alert of that run was not delivered (sns:Publish: AuthorizationError): what it told is in its report folder.
    ");
}
