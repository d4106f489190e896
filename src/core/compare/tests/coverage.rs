//! What can no longer be evaluated, and what never could.

use super::*;

#[test]
fn coverage_is_lost_once_and_regained_once() {
    let covered = open();
    let lost = compare(
        covered,
        AccountObservation::Result(&volumes(&[], &[throttled()])),
        &on(1),
    )
    .unwrap();
    assert_eq!(lost.coverage.lost, 1);
    assert_eq!(
        lost.coverage.causes,
        BTreeMap::from([(Cause::Throttled, 1)])
    );
    assert!(lost.coverage.denied.is_empty());
    let known = lost.into_known();
    // First it was slow, then somebody forbade it: that is a change, and only once.
    let forbidden = compare(
        known,
        AccountObservation::Result(&volumes(&[], &[denied()])),
        &on(2),
    )
    .unwrap();
    assert_eq!(forbidden.coverage.lost, 0);
    let action = ("ec2:DescribeVolumes".to_owned(), Cause::DeniedByScp);
    assert_eq!(forbidden.coverage.denied, BTreeMap::from([action]));
    let known = forbidden.into_known();
    let again = compare(
        known,
        AccountObservation::Result(&volumes(&[], &[denied()])),
        &on(3),
    )
    .unwrap();
    assert_eq!(again.coverage, CoverageChange::default());
    let known = again.into_known();
    let back = compare(
        known,
        AccountObservation::Result(&volumes(&[], &[])),
        &on(4),
    )
    .unwrap();
    assert_eq!((back.coverage.regained, back.coverage.lost), (1, 0));
}

#[test]
fn a_gap_since_the_first_scan_is_reported_once() {
    let denied = volumes(&[], &[denied()]);
    let first = compare(None, AccountObservation::Result(&denied), &on(0)).unwrap();
    assert!(first.coverage.first_scan);
    assert_eq!(first.coverage.lost, 1);
    // It was never allowed, so it is no permission lost.
    assert!(first.coverage.denied.is_empty());
    let counts = |since| {
        let mut tally = ChangesTally::default();
        tally.add(&first);
        let changes = tally.finish(since);
        (changes.coverage_missing.count, changes.coverage_lost.count)
    };
    let base = crate::model::BaselineRun {
        id: "yesterday".into(),
        started: on(0).at,
        finished: on(0).at,
        alert: None,
    };
    assert_eq!(counts(Baseline::Compared { run: base }), (1, 0));
    assert_eq!(counts(Baseline::FirstRun), (0, 0));
    let known = first.clone().into_known();
    let again = compare(known.clone(), AccountObservation::Result(&denied), &on(1)).unwrap();
    assert_eq!(again.coverage, CoverageChange::default());
    let seen = compare(
        known,
        AccountObservation::Result(&volumes(&[], &[])),
        &on(1),
    )
    .unwrap();
    assert_eq!(seen.coverage, CoverageChange::default());
}
