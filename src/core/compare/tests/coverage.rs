//! What can no longer be looked at, and what never could.

use super::*;

#[test]
fn coverage_is_lost_once_and_regained_once() {
    let covered = open();
    let lost = compare(covered, Seen::Result(&volumes(&[], &[throttled()])), &on(1)).unwrap();
    assert_eq!(lost.coverage.lost, 1);
    assert_eq!(
        lost.coverage.causes,
        BTreeMap::from([(Cause::Throttled, 1)])
    );
    assert!(lost.coverage.denied.is_empty());
    let known = lost.into_known();
    // First it was slow, then somebody forbade it: that is news, and only once.
    let forbidden = compare(known, Seen::Result(&volumes(&[], &[denied()])), &on(2)).unwrap();
    assert_eq!(forbidden.coverage.lost, 0);
    let action = ("ec2:DescribeVolumes".to_owned(), Cause::DeniedByScp);
    assert_eq!(forbidden.coverage.denied, BTreeMap::from([action]));
    let known = forbidden.into_known();
    let again = compare(known, Seen::Result(&volumes(&[], &[denied()])), &on(3)).unwrap();
    assert_eq!(again.coverage, CoverageChange::default());
    let known = again.into_known();
    let back = compare(known, Seen::Result(&volumes(&[], &[])), &on(4)).unwrap();
    assert_eq!((back.coverage.regained, back.coverage.lost), (1, 0));
}

#[test]
fn what_cannot_be_looked_at_from_the_first_time_on_is_told_once() {
    let denied = volumes(&[], &[denied()]);
    let first = compare(None, Seen::Result(&denied), &on(0)).unwrap();
    assert!(first.coverage.first_look);
    assert_eq!(first.coverage.lost, 1);
    // It was never allowed, so it is no permission lost.
    assert!(first.coverage.denied.is_empty());
    let told = |since| {
        let mut tally = Tally::default();
        tally.add(&first);
        let changes = tally.finish(since);
        (changes.coverage_missing.count, changes.coverage_lost.count)
    };
    let base = crate::model::BaseRun {
        id: "yesterday".into(),
        started: on(0).at,
        finished: on(0).at,
        alert: None,
    };
    assert_eq!(told(Base::Compared { run: base }), (1, 0));
    assert_eq!(told(Base::FirstRun), (0, 0));
    let known = first.clone().into_known();
    let again = compare(known.clone(), Seen::Result(&denied), &on(1)).unwrap();
    assert_eq!(again.coverage, CoverageChange::default());
    let seen = compare(known, Seen::Result(&volumes(&[], &[])), &on(1)).unwrap();
    assert_eq!(seen.coverage, CoverageChange::default());
}
