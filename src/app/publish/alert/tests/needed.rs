//! Whether there is anything to tell.

use orgscan_core::model::{AlertOutcome, BaselineRun};

use super::regressions::{a_worse_night, compared, counts, yesterday};
use super::*;

/// Whether a quiet night with one thing that is not as before sends an alert.
#[track_caller]
fn sends_alert(change: impl FnOnce(&mut Report)) -> bool {
    let mut report = compared(a_bad_night());
    change(&mut report);
    needed(&context(&report))
}

#[test]
fn regressions_are_sent_and_fixed_findings_are_not() {
    let worse = a_worse_night().changes;
    let kind = |kind, is_regression| {
        let sent = sends_alert(|report| {
            report.changes.counts.insert(kind, counts(&[Low]));
        });
        assert_eq!(sent, is_regression, "{kind:?}");
    };
    use orgscan_core::model::ChangeKind::*;
    for regressions in [New, Reopened, Worsened] {
        kind(regressions, true);
    }
    for known in [Ongoing, Unknown, OutOfScope, Resolved, Gone] {
        kind(known, false);
    }
    assert!(sends_alert(
        |r| r.changes.coverage_lost = worse.coverage_lost.clone()
    ));
    assert!(sends_alert(
        |r| r.changes.coverage_missing = worse.coverage_lost.clone()
    ));
    assert!(sends_alert(
        |r| r.changes.permission_lost = worse.permission_lost.clone()
    ));
    assert!(sends_alert(
        |r| r.changes.accounts_moved = worse.accounts_moved.clone()
    ));
    assert!(sends_alert(
        |r| r.changes.accounts_gone = worse.accounts_gone.clone()
    ));
    assert!(!sends_alert(
        |r| r.changes.coverage_regained = worse.coverage_regained.clone()
    ));
    let delivered = |delivered| AlertOutcome {
        delivered,
        detail: "AuthorizationError".into(),
    };
    for (arrived, is_regression) in [(true, false), (false, true)] {
        let run = BaselineRun {
            alert: Some(delivered(arrived)),
            ..yesterday()
        };
        let sent = sends_alert(|r| r.changes.baseline = Baseline::Compared { run });
        assert_eq!(sent, is_regression);
    }
}

#[test]
fn the_next_alert_reports_an_undelivered_one() {
    let mut report = compared(a_bad_night());
    let run = BaselineRun {
        alert: Some(AlertOutcome {
            delivered: false,
            detail: "sns:Publish: AuthorizationError".into(),
        }),
        ..yesterday()
    };
    report.changes.baseline = Baseline::Compared { run };
    insta::assert_snapshot!(first_lines(&alert_of(&report).email, 3), @"
    No new findings; 1 account could not be scanned, 1 scanned in part; 3 thresholds crossed.
    Compared with run 2026-11-14T03-00-00Z of 2026-11-14 03:00 UTC.
    The alert of that run was not delivered (sns:Publish: AuthorizationError). Its content is in that run's report folder.
    ");
}
