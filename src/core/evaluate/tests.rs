use std::collections::BTreeMap;

use super::*;
use crate::model::{AccountState, Items, Outcome, Reading, Region, Severity, Violation};
use crate::services::by_id;
use crate::services::ec2::{Volume, Volumes};
use crate::services::iam::{CentralRootAccess, UserSource, Users};

const VOLUMES: &str = "ebs-volume-unencrypted";
const GROUPS: &str = "security-group-open-to-world";

fn snapshot(regions: Vec<(&str, FactStore)>) -> Snapshot {
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
        global: FactStore::default(),
        regions: regions
            .map(|(name, facts)| (Region::new(name), facts))
            .collect(),
    }
}

fn volumes(volumes: Reading<Items<Volume>>) -> FactStore {
    FactStore::default().with::<Volumes>(volumes)
}

fn missing<T>(cause: Cause) -> Reading<T> {
    Reading::missing(Gap::new("ec2:Describe", cause))
}

fn run(snapshot: &Snapshot, ids: &[&str]) -> Vec<TargetVerdict> {
    run_from(None, snapshot, ids)
}

/// Runs checks as from this account.
fn run_from(central: Option<&str>, snapshot: &Snapshot, ids: &[&str]) -> Vec<TargetVerdict> {
    let checks: Vec<&'static Check> = ids.iter().map(|id| by_id(id).unwrap()).collect();
    let central = central.map(|id| id.parse().unwrap());
    let settings = Settings {
        now: jiff::Timestamp::UNIX_EPOCH,
        central_account: central.as_ref(),
        sensitive_ports: &[],
    };
    evaluate(snapshot, &checks, &settings)
}

#[test]
fn a_check_of_the_organization_is_made_in_the_central_account_only() {
    let snapshot = snapshot(Vec::new());
    let of = |central| {
        let verdicts = run_from(
            central,
            &snapshot,
            &["organization-root-access-not-central"],
        );
        let places: Vec<_> = verdicts.into_iter().map(|verdict| verdict.place).collect();
        places
    };
    assert_eq!(of(Some("111122223333")), [Place::Global]);
    assert_eq!(of(Some("444455556666")), []);
    assert_eq!(of(None), []);
}

#[test]
fn a_check_that_aws_answers_to_other_accounts_only_is_skipped_and_a_denial_is_unknown() {
    let of = |cause| {
        let mut snapshot = snapshot(Vec::new());
        let gap = Gap {
            detail: "ask elsewhere".into(),
            ..Gap::new("iam:ListOrganizationsFeatures", cause)
        };
        snapshot
            .global
            .put::<CentralRootAccess>(Reading::missing(gap));
        let central = Some("111122223333");
        run_from(
            central,
            &snapshot,
            &["organization-root-access-not-central"],
        )
        .remove(0)
    };
    match of(Cause::WrongAccount).outcome {
        TargetOutcome::Skipped { detail, gap } => {
            assert_eq!(
                (detail.as_str(), gap.cause),
                ("ask elsewhere", Cause::WrongAccount)
            );
        }
        TargetOutcome::Judged(verdict) => panic!("{verdict:?}"),
    }
    assert_eq!(
        judged(&of(Cause::MissingPermission)).outcome(),
        Outcome::Unknown
    );
}

#[test]
fn what_was_found_stays_beside_a_gap_of_another_account() {
    let verdict = Verdict {
        violations: vec![Violation {
            resource: "arn:aws:iam::111122223333:root".into(),
            part: String::new(),
            region: None,
            severity: Severity::High,
            message: "found".into(),
        }],
        gaps: vec![Gap::new(
            "iam:ListOrganizationsFeatures",
            Cause::WrongAccount,
        )],
        ..Verdict::default()
    };
    assert_eq!(
        super::outcome(verdict.clone()),
        TargetOutcome::Judged(verdict)
    );
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
        ("us-east-1", FactStore::default()),
        ("eu-west-1", FactStore::default()),
    ]);
    let verdicts = run(
        &snapshot,
        &[GROUPS, "s3-bucket-public", VOLUMES, "iam-user-without-mfa"],
    );
    let targets: Vec<_> = verdicts
        .iter()
        .map(|verdict| (verdict.check.as_str(), verdict.place.as_str()))
        .collect();
    assert_eq!(
        targets,
        [
            ("iam-user-without-mfa", "global"),
            ("s3-bucket-public", "global"),
            (VOLUMES, "eu-west-1"),
            (VOLUMES, "us-east-1"),
            (GROUPS, "eu-west-1"),
            (GROUPS, "us-east-1"),
        ]
    );
}

#[test]
fn facts_become_verdicts_and_missing_ones_unknown() {
    let mut snapshot = snapshot(vec![
        ("eu-west-1", volumes(Reading::known(vec![].into()))),
        ("us-east-1", volumes(missing(Cause::Throttled))),
    ]);
    snapshot.global.put::<Users>(Reading::known(Users {
        list: Default::default(),
        root: missing(Cause::Throttled),
        source: UserSource::PerUserCalls {
            because: Gap::new("iam:GenerateCredentialReport", Cause::Throttled),
        },
    }));
    let verdicts = run(&snapshot, &["iam-user-without-mfa", VOLUMES]);
    let outcomes: Vec<_> = verdicts.iter().map(|v| judged(v).outcome()).collect();
    assert_eq!(outcomes, [Outcome::Pass, Outcome::Pass, Outcome::Unknown]);
    assert_eq!(judged(&verdicts[0]).notes.len(), 1);
}
