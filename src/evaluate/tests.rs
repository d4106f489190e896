use std::collections::BTreeMap;

use super::*;
use crate::checks::by_id;
use crate::config::AccountMatch;
use crate::model::{
    AccountFacts, AccountState, Cause, Fact, Gap, Ingress, Outcome, PrefixList, Region,
    RegionFacts, SecurityGroup, Source, TargetOutcome, UserSource, Users, Volume,
};

const VOLUMES: &str = "ebs-volume-unencrypted";
const GROUPS: &str = "security-group-open-to-world";

fn snapshot(regions: Vec<(&str, RegionFacts)>) -> Snapshot {
    let regions = regions.into_iter();
    Snapshot {
        account: Account {
            id: "111122223333".parse().unwrap(),
            name: "sandbox".into(),
            state: AccountState::Active,
            ou_ids: Vec::new(),
            ou_path: String::new(),
            tags: BTreeMap::new(),
        },
        partition: "aws".into(),
        global: AccountFacts::default(),
        regions: regions
            .map(|(name, facts)| (Region::new(name), facts))
            .collect(),
    }
}

fn volumes(volumes: Fact<Vec<Volume>>) -> RegionFacts {
    RegionFacts {
        volumes,
        ..RegionFacts::default()
    }
}

/// Facts of a Region with one group whose rules refer to two prefix lists that could not be read, for
/// different causes, and to one that is open.
fn two_gaps() -> RegionFacts {
    let rule = |list: &str| Ingress {
        protocol: "-1".into(),
        ports: None,
        source: Source::PrefixList(list.into()),
    };
    let open = PrefixList {
        ranges: vec!["0.0.0.0/0".parse().unwrap()],
    };
    RegionFacts {
        security_groups: Fact::known(vec![SecurityGroup {
            id: "sg-1".into(),
            name: "web".into(),
            ingress: ["pl-1", "pl-2", "pl-3"].map(rule).into(),
        }]),
        prefix_lists: BTreeMap::from([
            ("pl-1".into(), missing(Cause::DeniedByScp)),
            ("pl-2".into(), missing(Cause::Throttled)),
            ("pl-3".into(), Fact::known(open)),
        ]),
        ..RegionFacts::default()
    }
}

fn missing<T>(cause: Cause) -> Fact<T> {
    Fact::missing(Gap::new("ec2:Describe", cause))
}

fn expecting(causes: &[Cause]) -> Vec<ExpectedGap> {
    vec![ExpectedGap {
        accounts: AccountMatch::default(),
        regions: vec!["eu-*".into()],
        actions: Vec::new(),
        causes: causes.to_vec(),
        reason: "sandbox".into(),
        owner: "platform team".into(),
        expires: "2027-01-31".parse().unwrap(),
    }]
}

fn run(snapshot: &Snapshot, ids: &[&str], expected_gaps: &[ExpectedGap]) -> Vec<TargetVerdict> {
    let checks: Vec<&'static Check> = ids.iter().map(|id| by_id(id).unwrap()).collect();
    let settings = Settings {
        sensitive_ports: &[],
        expected_gaps,
        today: "2026-11-22".parse().unwrap(),
    };
    evaluate(snapshot, &checks, &settings)
}

fn judged(verdict: &TargetVerdict) -> &Verdict {
    match &verdict.outcome {
        TargetOutcome::Judged(verdict) => verdict,
        TargetOutcome::Skipped { .. } => panic!("{verdict:?}"),
    }
}

#[test]
fn every_check_runs_where_it_applies_in_the_registrys_order() {
    let snapshot = snapshot(vec![
        ("us-east-1", RegionFacts::default()),
        ("eu-west-1", RegionFacts::default()),
    ]);
    let verdicts = run(
        &snapshot,
        &[GROUPS, "s3-bucket-public", VOLUMES, "iam-user-without-mfa"],
        &[],
    );
    let targets: Vec<_> = verdicts
        .iter()
        .map(|verdict| (verdict.check.as_str(), verdict.place.as_str()))
        .collect();
    assert_eq!(
        targets,
        [
            ("iam-user-without-mfa", "global"),
            (VOLUMES, "eu-west-1"),
            (VOLUMES, "us-east-1"),
            ("s3-bucket-public", "global"),
            (GROUPS, "eu-west-1"),
            (GROUPS, "us-east-1"),
        ]
    );
}

#[test]
fn facts_become_verdicts_and_missing_ones_unknown() {
    let mut snapshot = snapshot(vec![
        ("eu-west-1", volumes(Fact::known(vec![]))),
        ("us-east-1", volumes(missing(Cause::Throttled))),
    ]);
    snapshot.global.users = Fact::known(Users {
        list: Vec::new(),
        source: UserSource::PerUserCalls {
            because: Gap::new("iam:GenerateCredentialReport", Cause::Throttled),
        },
    });
    let verdicts = run(&snapshot, &["iam-user-without-mfa", VOLUMES], &[]);
    let outcomes: Vec<_> = verdicts.iter().map(|v| judged(v).outcome()).collect();
    assert_eq!(outcomes, [Outcome::Pass, Outcome::Pass, Outcome::Unknown]);
    assert_eq!(judged(&verdicts[0]).notes.len(), 1);
}

#[test]
fn a_target_with_nothing_but_expected_gaps_is_skipped() {
    let snapshot = snapshot(vec![
        ("eu-west-1", volumes(missing(Cause::DeniedByScp))),
        ("us-east-1", volumes(missing(Cause::DeniedByScp))),
    ]);
    let verdicts = run(&snapshot, &[VOLUMES], &expecting(&[]));
    assert_eq!(
        verdicts[0].outcome,
        TargetOutcome::Skipped {
            detail: "expected until 2027-01-31: sandbox (platform team)".into(),
            gap: Gap::new("ec2:Describe", Cause::DeniedByScp),
        }
    );
    assert_eq!(judged(&verdicts[1]).outcome(), Outcome::Unknown);
}

#[test]
fn expected_gaps_leave_the_rest_of_the_verdict_complete() {
    let snapshot = snapshot(vec![("eu-west-1", two_gaps())]);
    let verdicts = run(&snapshot, &[GROUPS], &expecting(&[]));
    let verdict = judged(&verdicts[0]);
    assert_eq!(verdict.outcome(), Outcome::Fail);
    assert_eq!((verdict.examined, verdict.violations.len()), (1, 1));
    let words = "expected until 2027-01-31: sandbox (platform team)";
    assert_eq!(
        verdict.notes,
        [
            format!("ec2:Describe: denied by a service control policy; {words}"),
            format!("ec2:Describe: throttled; {words}")
        ]
    );
}

#[test]
fn one_gap_that_is_not_expected_keeps_the_verdict_unknown() {
    let snapshot = snapshot(vec![("eu-west-1", two_gaps())]);
    let verdicts = run(&snapshot, &[GROUPS], &expecting(&[Cause::DeniedByScp]));
    let verdict = judged(&verdicts[0]);
    assert_eq!(verdict.outcome(), Outcome::Unknown);
    assert_eq!(verdict.gaps, [Gap::new("ec2:Describe", Cause::Throttled)]);
    assert_eq!(verdict.violations.len(), 1);
    assert_eq!(verdict.notes.len(), 1);
}

#[test]
fn a_gap_of_the_account_as_a_whole_is_in_no_region() {
    let snapshot = snapshot(vec![]);
    let ids = ["iam-user-without-mfa"];
    let verdicts = run(&snapshot, &ids, &expecting(&[]));
    assert_eq!(judged(&verdicts[0]).outcome(), Outcome::Unknown);
    let mut global = expecting(&[]);
    global[0].regions = vec!["global".into()];
    let verdicts = run(&snapshot, &ids, &global);
    assert!(matches!(verdicts[0].outcome, TargetOutcome::Skipped { .. }));
}
