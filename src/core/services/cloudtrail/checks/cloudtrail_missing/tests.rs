//! Expectations of what an organization's trail means for its members, written by hand.

use super::*;
use crate::checks::samples::{denied, evaluate_organization, missing, organization_outcomes};
use crate::facts::FactStore;
use crate::model::{Cause, Gap, Outcome, Reading, TargetOutcome, Verdict};
use crate::services::cloudtrail::samples::{
    all_management_events, owning, seeing, selecting, trail, trail_of,
};
use crate::services::cloudtrail::{BasicSelector, Trail, TrailList, TrailStatus};
use crate::testing::id;

/// The organization's trail, which the account with this number owns.
fn organization_trail(owner: u64) -> Trail {
    Trail {
        is_organization: true,
        ..trail_of(id(owner).as_str(), "central")
    }
}

fn stopped(trail: Trail) -> Trail {
    Trail {
        status: Reading::known(TrailStatus::default()),
        ..trail
    }
}

fn unread(trail: Trail) -> Trail {
    Trail {
        status: missing("cloudtrail:GetTrailStatus"),
        ..trail
    }
}

/// A member that sees this trail of another account, and owns these.
fn member(seen: &Trail, own: &[Trail]) -> FactStore {
    seeing(own, &[seen.arn.as_str()])
}

/// The messages of an account that has one violation at most, and is certain.
fn messages(verdict: &Verdict) -> Vec<&str> {
    assert_eq!(verdict.gaps, []);
    assert_eq!(verdict.resources_evaluated, 1);
    let violations = verdict.violations.iter();
    violations.map(|one| one.message.as_str()).collect()
}

fn of_one(facts: &FactStore) -> Vec<String> {
    let verdicts = evaluate_organization(&CHECK, &[facts]);
    let messages = messages(&verdicts[0]).into_iter();
    messages.map(str::to_owned).collect()
}

/// What each account comes to: an outcome; or the detail of a check that is skipped.
fn outcomes(accounts: &[&FactStore]) -> Vec<Result<Outcome, Gap>> {
    let outcomes = organization_outcomes(&CHECK, accounts).into_iter();
    let short = outcomes.map(|one| match one {
        TargetOutcome::Evaluated(verdict) => Ok(verdict.outcome()),
        TargetOutcome::Skipped { gap, .. } => Err(gap),
    });
    short.collect()
}

/// Why a member is not evaluated.
fn owner_has_it(trail: &Trail, why: &str) -> Gap {
    let owner = trail.arn.account();
    Gap {
        detail: format!(
            "account {owner} owns the organization trail that logs here, and its settings are only known there: it {why}"
        ),
        ..Gap::new("cloudtrail:GetEventSelectors", Cause::DelegationRequired).of(trail.arn.as_str())
    }
}

const NOT_IN_RUN: &str = "is not part of this run";
const UNREAD: &str = "could not be read there";

#[test]
fn an_account_s_own_trail_has_to_log_everything_everywhere() {
    let none: Vec<String> = Vec::new();
    assert_eq!(of_one(&owning(&[trail("all")])), none);
    let problem = "No multi-Region trail logs all management events";
    let single = Trail {
        is_multi_region: false,
        ..trail("ireland")
    };
    let selector = |reads, writes| BasicSelector {
        reads,
        writes,
        ..all_management_events()
    };
    let logging = |name: &str, selector| Trail {
        selectors: Reading::known(selecting(selector)),
        ..trail(name)
    };
    let (reads, writes) = (
        logging("reads", selector(true, false)),
        logging("writes", selector(false, true)),
    );
    let data_only = BasicSelector {
        has_management_events: false,
        ..all_management_events()
    };
    for (trails, expected) in [
        (vec![], "there is no trail"),
        (vec![single.clone()], "trail ireland logs in eu-west-1 only"),
        (vec![stopped(trail("old"))], "trail old is stopped"),
        (vec![reads.clone()], "trail reads logs no writes"),
        (vec![writes.clone()], "trail writes logs no reads"),
        (
            vec![logging("data", data_only)],
            "trail data logs no management events",
        ),
        // Two trails do not add up: the benchmark and AWS's control ask for one with both.
        (
            vec![reads, writes],
            "trail reads logs no writes; trail writes logs no reads",
        ),
    ] {
        assert_eq!(of_one(&owning(&trails)), [format!("{problem}: {expected}")]);
    }
    assert_eq!(
        of_one(&owning(&[single, stopped(trail("old")), trail("all")])),
        none
    );
}

#[test]
fn a_violation_is_about_the_account() {
    let verdicts = evaluate_organization(&CHECK, &[&owning(&[])]);
    let account = format!("arn:aws:cloudtrail::{}:account", id(0));
    assert_eq!(verdicts[0].violations[0].resource, account.as_str());
}

#[test]
fn excluded_events_of_kms_are_a_note() {
    let selector = BasicSelector {
        excluded_sources: ["kms.amazonaws.com".to_owned()].into(),
        ..all_management_events()
    };
    let trail = Trail {
        selectors: Reading::known(selecting(selector)),
        ..trail("quiet")
    };
    let verdict = &evaluate_organization(&CHECK, &[&owning(&[trail])])[0];
    assert_eq!(messages(verdict), [""; 0]);
    assert_eq!(
        verdict.notes,
        ["trail quiet leaves out the management events of kms.amazonaws.com"]
    );
}

#[test]
fn a_trail_of_the_management_account_counts_for_every_member() {
    let central = organization_trail(0);
    let owner = owning(std::slice::from_ref(&central));
    let members = [
        member(&central, &[]),
        member(&central, &[stopped(trail("old"))]),
    ];
    let verdicts = evaluate_organization(&CHECK, &[&owner, &members[0], &members[1]]);
    for verdict in &verdicts {
        assert_eq!(messages(verdict), [""; 0]);
        assert_eq!(verdict.notes, [""; 0]);
    }
}

#[test]
fn a_trail_of_a_delegated_account_counts_for_every_member() {
    // AWS has the management account own it. Whatever account the ARN names is the owner.
    let central = organization_trail(2);
    let (management, member) = (member(&central, &[]), member(&central, &[]));
    let delegated = owning(&[central]);
    let verdicts = evaluate_organization(&CHECK, &[&management, &member, &delegated]);
    assert!(verdicts.iter().all(|verdict| messages(verdict).is_empty()));
}

#[test]
fn a_trail_of_nobody_leaves_each_account_on_its_own() {
    let (bare, own) = (owning(&[]), owning(&[trail("all")]));
    let verdicts = evaluate_organization(&CHECK, &[&bare, &own, &bare]);
    let found: Vec<usize> = verdicts.iter().map(|one| messages(one).len()).collect();
    assert_eq!(found, [1, 0, 1]);
}

#[test]
fn what_the_organization_s_trail_lacks_it_lacks_for_every_member() {
    let central = stopped(organization_trail(0));
    let owner = owning(std::slice::from_ref(&central));
    let without = member(&central, &[]);
    let with = member(&central, &[trail("all")]);
    let verdicts = evaluate_organization(&CHECK, &[&owner, &without, &with]);
    let problem = "No multi-Region trail logs all management events";
    assert_eq!(
        messages(&verdicts[0]),
        [format!("{problem}: trail central is stopped")]
    );
    assert_eq!(
        messages(&verdicts[1]),
        [format!(
            "{problem}: organization trail central of account {} is stopped",
            id(0)
        )]
    );
    assert_eq!(messages(&verdicts[2]), [""; 0]);
}

#[test]
fn an_ordinary_trail_of_another_account_counts_for_nobody_else() {
    let ordinary = trail_of(id(0).as_str(), "all");
    let verdicts = evaluate_organization(&CHECK, &[&owning(&[ordinary]), &owning(&[])]);
    let found: Vec<usize> = verdicts.iter().map(|one| messages(one).len()).collect();
    assert_eq!(found, [0, 1]);
}

#[test]
fn a_trail_that_its_owner_cannot_read_is_unknown_once() {
    let central = organization_trail(0);
    let owner = owning(&[unread(central.clone())]);
    let plain = member(&central, &[]);
    let skipped = Err(owner_has_it(&central, UNREAD));
    assert_eq!(
        outcomes(&[&owner, &plain, &plain, &member(&central, &[trail("all")])]),
        [
            Ok(Outcome::Unknown),
            skipped.clone(),
            skipped,
            Ok(Outcome::Pass)
        ]
    );
}

#[test]
fn an_owner_that_was_not_reached_is_unknown_once() {
    let central = organization_trail(1);
    let missed = FactStore::all_missing(denied("sts:AssumeRole"));
    let plain = member(&central, &[]);
    let skipped = Err(owner_has_it(&central, UNREAD));
    assert_eq!(
        outcomes(&[&plain, &missed, &plain]),
        [skipped.clone(), Ok(Outcome::Unknown), skipped]
    );
}

#[test]
fn an_owner_outside_the_run_is_unknown_once_in_the_central_account() {
    let central = organization_trail(9);
    let plain = member(&central, &[]);
    let skipped = Err(owner_has_it(&central, NOT_IN_RUN));
    assert_eq!(
        outcomes(&[&plain, &plain, &plain]),
        [Ok(Outcome::Unknown), skipped.clone(), skipped]
    );
}

#[test]
fn a_run_of_one_member_is_not_incomplete_for_its_owner() {
    let central = organization_trail(9);
    let skipped = Err(owner_has_it(&central, NOT_IN_RUN));
    assert_eq!(outcomes(&[&member(&central, &[])]), [skipped]);
    // Its own trail is enough, and what certainly is not leaves the question open.
    assert_eq!(
        outcomes(&[&member(&central, &[trail("all")])]),
        [Ok(Outcome::Pass)]
    );
    let own = member(&central, &[stopped(trail("old"))]);
    assert_eq!(outcomes(&[&own]).len(), 1);
    assert!(outcomes(&[&own])[0].is_err());
}

#[test]
fn an_own_trail_that_may_be_enough_is_a_gap_unless_another_is() {
    let gap = denied("cloudtrail:GetTrailStatus");
    let alone = evaluate_organization(&CHECK, &[&owning(&[unread(trail("new"))])]);
    assert_eq!(alone[0].gaps, std::slice::from_ref(&gap));
    let both = owning(&[unread(trail("new")), trail("all")]);
    assert_eq!(
        messages(&evaluate_organization(&CHECK, &[&both])[0]),
        [""; 0]
    );
    // Only in its Region anyway.
    let single = Trail {
        is_multi_region: false,
        ..unread(trail("ireland"))
    };
    assert_eq!(
        messages(&evaluate_organization(&CHECK, &[&owning(&[single])])[0]).len(),
        1
    );
    let central = organization_trail(0);
    let own = member(&central, &[unread(trail("new"))]);
    let verdicts = evaluate_organization(&CHECK, &[&owning(std::slice::from_ref(&central)), &own]);
    assert_eq!(messages(&verdicts[1]), [""; 0]);
    let verdicts = evaluate_organization(&CHECK, &[&owning(&[stopped(central)]), &own]);
    assert_eq!(verdicts[1].gaps, [gap]);
}

#[test]
fn trails_that_could_not_be_listed_or_described_are_gaps() {
    let unlisted = FactStore::default().with::<Trails>(missing("cloudtrail:ListTrails"));
    let verdicts = evaluate_organization(&CHECK, &[&unlisted]);
    assert_eq!(verdicts[0].gaps, [denied("cloudtrail:ListTrails")]);
    let gap = denied("cloudtrail:DescribeTrails").of("hidden");
    let mut list = TrailList::default();
    list.own.gaps.push(gap.clone());
    let undescribed = FactStore::default().with::<Trails>(Reading::known(list));
    assert_eq!(
        evaluate_organization(&CHECK, &[&undescribed])[0].gaps,
        [gap]
    );
}
