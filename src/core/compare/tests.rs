//! Every kind of change, on plain data.

mod coverage;
mod rules;

use super::*;
use crate::model::Severity::{Critical, High, Low};
use crate::model::{
    AccountOutcome, Baseline, Cause, Gap, Region, RegionDecision, Severity, SeverityCounts,
    TargetScope, TargetVerdict,
};
use crate::testing::{BUCKETS, USERS, VOLUMES, account, evaluated, id, region, result, run};

const DAY: i64 = 24 * 60 * 60;

fn on(day: i64) -> ComparisonInput {
    ComparisonInput {
        at: Timestamp::from_second(1_800_000_000 + day * DAY).unwrap(),
        organization: Some("o-a1b2c3d4e5".into()),
        checks: vec![USERS, VOLUMES, BUCKETS],
        rules: BTreeMap::new(),
    }
}

/// The account with a verdict on volumes in eu-west-1.
fn with(verdict: TargetVerdict) -> AccountResult {
    result(account(1, "prod", "Work"), vec![verdict])
}

fn volumes(found: &[Severity], gaps: &[Gap]) -> AccountResult {
    with(evaluated(VOLUMES, region("eu-west-1"), 9, found, gaps))
}

fn denied() -> Gap {
    Gap::new("ec2:DescribeVolumes", Cause::DeniedByScp)
}

fn throttled() -> Gap {
    Gap::new("ec2:DescribeVolumes", Cause::Throttled)
}

fn observed(result: &AccountResult) -> AccountObservation<'_> {
    AccountObservation::Result(result)
}

/// The state that a result leaves.
fn after(
    known: Option<KnownAccount>,
    seen: AccountObservation<'_>,
    now: &ComparisonInput,
) -> Option<KnownAccount> {
    compare(known, seen, now).unwrap().into_known()
}

/// One open finding of severity high, found on day 0.
fn open() -> Option<KnownAccount> {
    after(None, observed(&volumes(&[High], &[])), &on(0))
}

fn kinds(comparison: &Comparison) -> Vec<Option<ChangeKind>> {
    comparison.findings.iter().map(|one| one.kind).collect()
}

/// What becomes of the one open finding on day 1.
fn kind(seen: &AccountResult) -> ChangeKind {
    let compared = compare(open(), observed(seen), &on(1)).unwrap();
    assert_eq!(compared.findings.len(), 1);
    compared.findings[0].kind.unwrap()
}

#[test]
fn a_suppressed_finding_is_known_and_no_regression() {
    let found = volumes(&[High, High], &[]);
    let one = format!(
        "exceptions:\n  - checks: [{VOLUMES}]\n    resources: ['{VOLUMES}/0']\n    owner: us\n    reason: old\n    expires: 2099-12-31\n"
    );
    let exceptions = crate::testing::exceptions(&one);
    let applied = exceptions.apply(found);
    let mut compared = compare(None, observed(applied.result()), &on(0)).unwrap();
    compared.except(&applied);
    let mut tally = ChangesTally::default();
    tally.add(&compared);
    let changes = tally.finish(Baseline::FirstRun);
    assert_eq!(changes.of(ChangeKind::New).total(), 1);
    assert_eq!(changes.groups[0].findings, 1);
    assert_eq!(by_check(&compared)[0].new.total(), 1);
    assert_eq!(compared.into_known().unwrap().findings.len(), 2);
}

#[test]
fn what_is_found_is_new_then_ongoing_or_worse() {
    let first = compare(None, observed(&volumes(&[High], &[])), &on(0)).unwrap();
    assert_eq!(kinds(&first), [Some(ChangeKind::New)]);
    assert_eq!(kind(&volumes(&[High], &[])), ChangeKind::Ongoing);
    assert_eq!(kind(&volumes(&[Low], &[])), ChangeKind::Ongoing);
    assert_eq!(kind(&volumes(&[Critical], &[])), ChangeKind::Worsened);
    // What a verdict with gaps does find is found.
    assert_eq!(kind(&volumes(&[High], &[denied()])), ChangeKind::Ongoing);
    let known = after(open(), observed(&volumes(&[Low], &[])), &on(1)).unwrap();
    let finding = &known.findings[0];
    assert_eq!(
        (finding.first_seen, finding.last_seen),
        (on(0).at, on(1).at)
    );
    assert_eq!(finding.severity, Low);
}

#[test]
fn only_a_complete_scan_resolves() {
    let compared = compare(open(), observed(&volumes(&[], &[])), &on(1)).unwrap();
    assert_eq!(kinds(&compared), [Some(ChangeKind::Resolved)]);
    let finding = &compared.findings[0].finding;
    assert_eq!(finding.status, Status::Resolved);
    assert_eq!(finding.last_seen, on(0).at);
    assert_eq!(
        (finding.closed, finding.last_evaluated),
        (Some(on(1).at), on(1).at)
    );
    // It is reported once.
    let again = compare(compared.into_known(), observed(&volumes(&[], &[])), &on(2)).unwrap();
    assert_eq!(kinds(&again), [None]);
    assert_eq!(again.findings[0].finding.closed, Some(on(1).at));
}

#[test]
fn a_finding_that_was_not_scanned_stays_open_with_its_last_date() {
    let failed = crate::testing::failed(account(1, "prod", "Work"));
    for seen in [volumes(&[], &[throttled()]), failed] {
        let compared = compare(open(), observed(&seen), &on(1)).unwrap();
        assert_eq!(kinds(&compared), [Some(ChangeKind::Unknown)]);
        let finding = &compared.findings[0].finding;
        assert_eq!(finding.status, Status::Unknown);
        assert_eq!(
            (finding.last_seen, finding.last_evaluated),
            (on(0).at, on(0).at)
        );
        let back = compare(
            compared.into_known(),
            observed(&volumes(&[High], &[])),
            &on(2),
        );
        assert_eq!(kinds(&back.unwrap()), [Some(ChangeKind::Ongoing)]);
    }
}

#[test]
fn excluded_targets_are_neither_resolved_nor_lost() {
    let mut region_off = result(account(1, "prod", "Work"), Vec::new());
    let reason = SkipReason::NotIncluded;
    let eu = Region::new("eu-west-1");
    region_off
        .regions
        .insert(eu, RegionDecision::Skip { reason });
    assert_eq!(kind(&region_off), ChangeKind::OutOfScope);

    let expected = TargetOutcome::Skipped {
        detail: String::new(),
        gap: denied(),
    };
    let mut declared = volumes(&[], &[]);
    declared.verdicts[0].outcome = expected;
    assert_eq!(kind(&declared), ChangeKind::OutOfScope);

    let mut in_part = volumes(&[], &[]);
    let TargetOutcome::Evaluated(verdict) = &mut in_part.verdicts[0].outcome else {
        panic!();
    };
    verdict.expected_gaps.push(denied());
    assert_eq!(kind(&in_part), ChangeKind::OutOfScope);

    let outcome = AccountOutcome::Skipped {
        reason: SkipReason::ExpectedGap,
        detail: String::new(),
    };
    let suppressed = AccountResult {
        outcome,
        ..result(account(1, "prod", "Work"), Vec::new())
    };
    assert_eq!(kind(&suppressed), ChangeKind::OutOfScope);

    let other_checks = ComparisonInput {
        checks: vec![USERS],
        ..on(1)
    };
    let users = with(evaluated(USERS, TargetScope::Global, 1, &[], &[]));
    let excluded = account(1, "prod", "Work");
    for seen in [
        observed(&users),
        AccountObservation::Skipped(&excluded, SkipReason::Excluded),
    ] {
        let compared = compare(open(), seen, &other_checks).unwrap();
        assert_eq!(kinds(&compared), [Some(ChangeKind::OutOfScope)]);
        assert_eq!(compared.findings[0].finding, open().unwrap().findings[0]);
    }
}

#[test]
fn a_bucket_in_an_excluded_region_is_out_of_scope() {
    let bucket = |region: Option<&str>| {
        let mut found = evaluated(BUCKETS, TargetScope::Global, 1, &[High], &[]);
        if let TargetOutcome::Evaluated(verdict) = &mut found.outcome {
            verdict.violations[0].region = region.map(Region::new);
        }
        after(None, observed(&with(found)), &on(0))
    };
    let mut narrowed = with(evaluated(BUCKETS, TargetScope::Global, 0, &[], &[]));
    let reason = SkipReason::NotIncluded;
    let us = Region::new("us-east-1");
    narrowed.regions.insert(us, RegionDecision::Skip { reason });
    let kind = |known, result: &AccountResult| {
        compare(known, observed(result), &on(1)).unwrap().findings[0]
            .kind
            .unwrap()
    };
    assert_eq!(
        kind(bucket(Some("us-east-1")), &narrowed),
        ChangeKind::OutOfScope
    );
    assert_eq!(
        kind(bucket(Some("eu-west-1")), &narrowed),
        ChangeKind::Resolved
    );
    assert_eq!(kind(bucket(None), &narrowed), ChangeKind::Resolved);
    if let TargetOutcome::Evaluated(verdict) = &mut narrowed.verdicts[0].outcome {
        verdict.resources_skipped = 1;
    }
    assert_eq!(kind(bucket(None), &narrowed), ChangeKind::OutOfScope);
    assert_eq!(
        kind(bucket(Some("eu-west-1")), &narrowed),
        ChangeKind::Resolved
    );
}

#[test]
fn what_comes_back_is_reopened_for_ninety_days() {
    let resolved = || after(open(), observed(&volumes(&[], &[])), &on(1));
    let back = |day| compare(resolved(), observed(&volumes(&[High], &[])), &on(day)).unwrap();
    let reopened = back(91);
    assert_eq!(kinds(&reopened), [Some(ChangeKind::Reopened)]);
    let finding = &reopened.findings[0].finding;
    assert_eq!((finding.reopened, finding.closed), (1, None));
    assert_eq!(finding.first_seen, on(0).at);
    // It is still known on the day, and dropped when it is missing a day later.
    let clean = volumes(&[], &[]);
    let kept = after(resolved(), observed(&clean), &on(91)).unwrap();
    assert_eq!(kept.findings.len(), 1);
    let dropped = after(resolved(), observed(&clean), &on(92)).unwrap();
    assert_eq!(dropped.findings.len(), 0);
}

#[test]
fn findings_go_with_their_account_and_come_back_with_it() {
    let closed = Account {
        state: AccountState::Closed,
        ..account(1, "prod", "Work")
    };
    for seen in [
        AccountObservation::Unlisted,
        AccountObservation::Skipped(&closed, SkipReason::AccountNotActive),
    ] {
        let compared = compare(open(), seen, &on(1)).unwrap();
        assert_eq!(kinds(&compared), [Some(ChangeKind::Gone)]);
        assert!(compared.gone.is_some());
        let known = compared.into_known();
        let again = compare(known.clone(), seen, &on(2)).unwrap();
        assert_eq!((kinds(&again), &again.gone), (vec![None], &None));
        let back = compare(known.clone(), observed(&volumes(&[High], &[])), &on(3)).unwrap();
        assert_eq!(kinds(&back), [Some(ChangeKind::Reopened)]);
        assert_eq!(back.account.gone, None);
        // That nobody finds it there any more says nothing new.
        let clean = compare(known.clone(), observed(&volumes(&[], &[])), &on(3)).unwrap();
        assert_eq!(kinds(&clean), [None]);
        assert_eq!(after(known, seen, &on(92)), None);
    }
}

#[test]
fn an_account_outside_the_listing_is_not_gone() {
    let alone = ComparisonInput {
        organization: None,
        ..on(1)
    };
    let other = ComparisonInput {
        organization: Some("o-other".into()),
        ..on(1)
    };
    for now in [alone, other] {
        let compared = compare(open(), AccountObservation::Unlisted, &now).unwrap();
        assert_eq!(kinds(&compared), [Some(ChangeKind::OutOfScope)]);
        assert_eq!(compared.into_known(), open());
    }
}

#[test]
fn a_move_is_reported_once_and_a_new_name_is_none() {
    let mut moved = volumes(&[High], &[]);
    moved.account = account(1, "prod", "Sandbox");
    let compared = compare(open(), observed(&moved), &on(1)).unwrap();
    assert_eq!(compared.moved_from.as_deref(), Some("Work"));
    let known = compared.into_known();
    let again = compare(known.clone(), observed(&moved), &on(2)).unwrap();
    assert_eq!(again.moved_from, None);
    let mut renamed = moved.clone();
    renamed.account.ou_path = "Playground".into();
    let compared = compare(known.clone(), observed(&renamed), &on(2)).unwrap();
    assert_eq!(compared.moved_from, None);
    // Where the OUs cannot be read nothing has moved.
    let mut unread = moved.clone();
    (unread.account.ou_ids, unread.account.ou_path) = (Vec::new(), String::new());
    let compared = compare(known.clone(), observed(&unread), &on(2)).unwrap();
    assert_eq!(
        (compared.moved_from, compared.account.ou),
        (None, known.unwrap().ou)
    );
}

#[test]
fn a_run_that_began_before_changes_nothing_that_a_later_one_has_seen() {
    let later = after(None, observed(&volumes(&[High], &[])), &on(5));
    let compared = compare(later.clone(), observed(&volumes(&[], &[])), &on(4)).unwrap();
    assert_eq!(kinds(&compared), [None]);
    assert_eq!(compared.into_known(), later);
}

#[test]
fn the_same_run_compared_again_changes_nothing() {
    let known = after(open(), observed(&volumes(&[], &[])), &on(1));
    assert_eq!(
        after(known.clone(), observed(&volumes(&[], &[])), &on(1)),
        known
    );
    let known = after(known, observed(&volumes(&[Low], &[])), &on(2));
    assert_eq!(
        after(known.clone(), observed(&volumes(&[Low], &[])), &on(2)),
        known
    );
}

#[test]
fn the_summary_groups_what_is_new_and_samples_the_accounts() {
    let mut tally = ChangesTally::default();
    for n in 1..=12 {
        let mut found = volumes(&[High, Critical, High], &[]);
        found.account = account(n, "prod", "Work");
        let compared = compare(None, observed(&found), &on(0)).unwrap();
        let checks = by_check(&compared);
        assert_eq!((checks.len(), checks[0].new.high), (1, 2));
        tally.add(&compared);
    }
    tally.add(&compare(open(), AccountObservation::Unlisted, &on(1)).unwrap());
    let changes = tally.finish(Baseline::FirstRun);
    let severities: Vec<_> = changes
        .groups
        .iter()
        .map(|g| (g.severity, g.findings))
        .collect();
    assert_eq!(severities, [(Critical, 12), (High, 24)]);
    assert_eq!(
        (changes.groups[1].accounts, changes.groups[1].sample.len()),
        (12, 10)
    );
    assert_eq!(changes.groups[1].sample[0], id(1));
    let expected = SeverityCounts {
        critical: 12,
        high: 24,
        ..SeverityCounts::default()
    };
    assert_eq!(changes.of(ChangeKind::New), expected);
    assert_eq!(changes.of(ChangeKind::Gone).high, 1);
    assert_eq!(
        (
            changes.accounts_gone.count,
            changes.accounts_gone.first[0].findings
        ),
        (1, 1)
    );
    assert_eq!(changes.of(ChangeKind::Resolved), SeverityCounts::default());
    assert_eq!(run().organization.unwrap().id, on(0).organization.unwrap());
}
