use std::collections::BTreeMap;

use super::*;
use crate::model::{
    Account, AccountResult, Items, Monitoring, Outcome, Reading, Region, Severity, Violation,
};
use crate::services::by_id;
use crate::services::ec2::{FlowLogs, Volume, Volumes};
use crate::services::iam::{CentralRootAccess, UserSource, Users};
use crate::services::rds::{DbClusters, DbInstances};
use crate::testing::{account, result};

const VOLUMES: &str = "ebs-volume-unencrypted";
const GROUPS: &str = "security-group-open-to-world";

/// The facts of an account.
struct Snapshot {
    global: FactStore,
    regions: BTreeMap<Region, FactStore>,
}

fn snapshot(regions: Vec<(&str, FactStore)>) -> Snapshot {
    let regions = regions.into_iter();
    Snapshot {
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

fn settings(central: Option<&str>) -> Settings {
    Settings {
        partition: "aws".into(),
        now: jiff::Timestamp::UNIX_EPOCH,
        central_account: central.map(|id| id.parse().unwrap()),
        sensitive_ports: Vec::new(),
        monitoring: Monitoring::default(),
    }
}

/// Runs checks as from this account, those of the organization included.
fn run_from(central: Option<&str>, snapshot: &Snapshot, ids: &[&str]) -> Vec<TargetVerdict> {
    let checks: Vec<&'static Check> = ids.iter().map(|id| by_id(id).unwrap()).collect();
    let account: AccountId = "111122223333".parse().unwrap();
    let evaluation = Evaluation::new(&checks, settings(central));
    let regions = snapshot.regions.iter().map(|(region, facts)| {
        let evaluated = evaluation.region(&account, region, facts.clone());
        (region.clone(), evaluated)
    });
    let evaluated = evaluation.account(&account, &snapshot.global, regions.collect());
    let mut result = AccountResult {
        records: evaluated.records,
        ..result(of_id(account), evaluated.verdicts)
    };
    let mut organization = OrganizationChecks::new(&checks, settings(central));
    organization.add(&result);
    organization.evaluate(&mut result);
    result.verdicts
}

fn of_id(id: AccountId) -> Account {
    Account {
        id,
        ..account(1, "sandbox", "")
    }
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
        let scopes: Vec<_> = verdicts.into_iter().map(|verdict| verdict.scope).collect();
        scopes
    };
    assert_eq!(of(Some("111122223333")), [TargetScope::Global]);
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
    match of(Cause::DelegationRequired).outcome {
        TargetOutcome::Skipped { detail, gap } => {
            assert_eq!(
                (detail.as_str(), gap.cause),
                ("ask elsewhere", Cause::DelegationRequired)
            );
        }
        TargetOutcome::Evaluated(verdict) => panic!("{verdict:?}"),
    }
    assert_eq!(
        evaluated(&of(Cause::MissingPermission)).outcome(),
        Outcome::Unknown
    );
}

#[test]
fn a_check_of_a_service_that_is_not_offered_is_skipped_in_that_region_alone() {
    let without = FactStore::default()
        .with::<DbInstances>(missing(Cause::NotOffered))
        .with::<DbClusters>(missing(Cause::NotOffered));
    let with = FactStore::default()
        .with::<DbInstances>(Reading::known(Items::default()))
        .with::<DbClusters>(Reading::known(Items::default()));
    let half = with.clone().with::<DbClusters>(missing(Cause::Network));
    let regions = snapshot(vec![
        ("af-south-1", without),
        ("eu-west-1", with),
        ("us-east-1", half),
    ]);
    let verdicts = run(&regions, &["rds-instance-unencrypted"]);
    assert!(matches!(
        &verdicts[0].outcome,
        TargetOutcome::Skipped { gap, .. } if gap.cause == Cause::NotOffered
    ));
    assert_eq!(evaluated(&verdicts[1]).outcome(), Outcome::Pass);
    assert_eq!(evaluated(&verdicts[2]).outcome(), Outcome::Unknown);
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
            Cause::DelegationRequired,
        )],
        ..Verdict::default()
    };
    assert_eq!(
        super::outcome(verdict.clone()),
        TargetOutcome::Evaluated(verdict)
    );
}

fn evaluated(verdict: &TargetVerdict) -> &Verdict {
    match &verdict.outcome {
        TargetOutcome::Evaluated(verdict) => verdict,
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
        .map(|verdict| (verdict.check_id.as_str(), verdict.scope.as_str()))
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
    let outcomes: Vec<_> = verdicts.iter().map(|v| evaluated(v).outcome()).collect();
    assert_eq!(outcomes, [Outcome::Pass, Outcome::Pass, Outcome::Unknown]);
    assert_eq!(evaluated(&verdicts[0]).notes.len(), 1);
}

#[test]
fn of_a_regions_facts_only_what_a_rule_over_the_account_reads_is_kept() {
    let region = Region::new("eu-west-1");
    let facts = || {
        volumes(Reading::known(Items::default())).with::<FlowLogs>(Reading::known(Items::default()))
    };
    let account: AccountId = "111122223333".parse().unwrap();
    let kept = |ids: &[&str]| {
        let checks: Vec<_> = ids.iter().map(|id| by_id(id).unwrap()).collect();
        let evaluation = Evaluation::new(&checks, settings(None));
        let kept = evaluation.region(&account, &region, facts()).facts;
        (
            kept.get::<Volumes>().is_ok(),
            kept.get::<FlowLogs>().is_ok(),
        )
    };
    assert_eq!(kept(&[VOLUMES]), (false, false));
    assert_eq!(
        kept(&[VOLUMES, "vpc-flow-log-bucket-public"]),
        (false, true)
    );
}

#[test]
fn a_record_that_cannot_be_read_makes_its_account_unknown_and_no_other() {
    let check = by_id("organization-root-access-not-central").unwrap();
    let mut organization = OrganizationChecks::new(&[check], settings(None));
    let damaged = OrganizationRecord {
        record: serde_json::json!("of another version"),
        gaps: Vec::new(),
    };
    let mut account_result = AccountResult {
        records: BTreeMap::from([(check.id.to_owned(), damaged)]),
        ..result(account(1, "one", ""), Vec::new())
    };
    organization.add(&account_result);
    organization.evaluate(&mut account_result);
    let verdict = evaluated(&account_result.verdicts[0]);
    assert_eq!(verdict.outcome(), Outcome::Unknown);
    assert_eq!(verdict.gaps[0].cause, Cause::Malformed);
    assert!(account_result.records.is_empty());
}
