use super::super::owners::PRINCIPAL;
use super::*;
use crate::checks::samples::{ago, denied, evaluate_organization, missing, organization_outcomes};
use crate::facts::FactStore;
use crate::model::{Cause, Reading, TargetOutcome};
use crate::services::organizations::samples::profile;
use crate::services::organizations::{
    DelegatedAdministrator, DelegatedAdministrators, OrganizationProfile,
};
use crate::testing::id;

const ACTION: &str = "access-analyzer:ListAnalyzers";

fn analyzer(zone: TrustZone, status: AnalyzerStatus) -> ExternalAnalyzer {
    ExternalAnalyzer {
        arn: "arn:aws:access-analyzer:eu-west-1:111122223333:analyzer/external".into(),
        created: ago(400),
        name: "external".to_owned(),
        zone,
        status,
    }
}

fn with(facts: FactStore, analyzers: Vec<ExternalAnalyzer>) -> FactStore {
    facts.with::<ExternalAnalyzers>(Reading::known(Items::from(analyzers)))
}

fn member(analyzers: Vec<ExternalAnalyzer>) -> FactStore {
    with(FactStore::default(), analyzers)
}

fn own() -> Vec<ExternalAnalyzer> {
    vec![analyzer(TrustZone::Account, AnalyzerStatus::Active)]
}

fn of_all() -> Vec<ExternalAnalyzer> {
    vec![analyzer(TrustZone::Organization, AnalyzerStatus::Active)]
}

/// The facts of account 0, the central one, which is the management account. Account 1 is the delegated administrator
/// for this service.
fn central(service: &str) -> FactStore {
    let administrator = DelegatedAdministrator {
        account: id(1),
        services: Reading::known([service.to_owned()].into()),
    };
    FactStore::default()
        .with::<OrganizationProfile>(Reading::known(Some(profile(id(0)))))
        .with::<DelegatedAdministrators>(Reading::known(Items::from(vec![administrator])))
}

#[test]
fn an_active_analyzer_of_the_account_passes_and_another_status_fails() {
    let central = with(central(PRINCIPAL), own());
    let inactive = [
        AnalyzerStatus::Creating,
        AnalyzerStatus::Disabled,
        AnalyzerStatus::Failed,
    ];
    for (analyzers, expected) in [(own(), None), (vec![], Some("There is no external"))]
        .into_iter()
        .chain(inactive.map(|status| {
            let analyzers = vec![analyzer(TrustZone::Account, status)];
            (analyzers, Some("No external access analyzer is active"))
        }))
    {
        let verdicts = evaluate_organization(&CHECK, &[&central, &member(analyzers)]);
        let verdict = &verdicts[1];
        assert_eq!(
            (verdict.resources_evaluated, verdict.gaps.clone()),
            (1, vec![])
        );
        let found = verdict.violations.first();
        assert_eq!(found.is_some(), expected.is_some());
        if let (Some(found), Some(start)) = (found, expected) {
            assert!(found.message.starts_with(start), "{}", found.message);
            assert_eq!(found.region, Some(Region::new("eu-west-1")));
            let resource = format!("arn:aws:access-analyzer:eu-west-1:{}:account", id(1));
            assert_eq!(found.resource.as_str(), resource);
        }
    }
}

#[test]
fn an_organization_analyzer_counts_for_every_account_even_an_unread_one() {
    let central = with(central(PRINCIPAL), vec![]);
    let unread = FactStore::default().with::<ExternalAnalyzers>(missing(ACTION));
    let accounts = [&central, &member(of_all()), &member(vec![]), &unread];
    for verdict in evaluate_organization(&CHECK, &accounts) {
        assert_eq!((verdict.resources_evaluated, verdict.gaps), (1, vec![]));
        assert_eq!(verdict.violations, []);
    }
    let disabled = vec![analyzer(TrustZone::Organization, AnalyzerStatus::Disabled)];
    let accounts = [&central, &member(disabled), &member(vec![])];
    for verdict in evaluate_organization(&CHECK, &accounts) {
        assert_eq!(verdict.violations.len(), 1);
    }
}

#[test]
fn a_region_that_could_not_be_read_is_a_gap() {
    let central = with(central("guardduty.amazonaws.com"), own());
    let unread = FactStore::default().with::<ExternalAnalyzers>(missing(ACTION));
    let verdicts = evaluate_organization(&CHECK, &[&central, &unread]);
    let region = Region::new("eu-west-1");
    assert_eq!(verdicts[1].gaps, [denied(ACTION).in_region(&region)]);
    let partly = Items {
        known: own(),
        gaps: vec![denied(ACTION)],
    };
    let partly = FactStore::default().with::<ExternalAnalyzers>(Reading::known(partly));
    let verdicts = evaluate_organization(&CHECK, &[&central, &partly]);
    assert_eq!(verdicts[1].gaps.len(), 1);
}

#[test]
fn an_owner_that_was_not_scanned_is_one_gap_of_the_central_account() {
    let away = with(central(PRINCIPAL), vec![]);
    let administrator = FactStore::default();
    let accounts = [&away, &administrator, &member(vec![]), &member(own())];
    let outcomes = organization_outcomes(&CHECK, &accounts);
    let TargetOutcome::Evaluated(verdict) = &outcomes[0] else {
        panic!("{outcomes:?}")
    };
    assert_eq!(verdict.gaps[0].cause, Cause::OwnedByOtherAccount);
    assert_eq!(verdict.violations, []);
    assert!(matches!(&outcomes[2], TargetOutcome::Skipped { gap, .. }
        if gap.cause == Cause::DelegationRequired));
    assert!(matches!(&outcomes[3], TargetOutcome::Evaluated(one) if one.gaps.is_empty()));
}

#[test]
fn a_run_of_one_account_has_no_verdict_where_another_decides() {
    let away = with(central(PRINCIPAL), vec![]);
    let outcomes = organization_outcomes(&CHECK, &[&away]);
    assert!(matches!(&outcomes[0], TargetOutcome::Skipped { gap, .. }
        if gap.cause == Cause::DelegationRequired));
}

#[test]
fn an_owner_whose_analyzers_could_not_be_read_decides_nothing() {
    let central = with(central(PRINCIPAL), vec![]);
    let unread = FactStore::default().with::<ExternalAnalyzers>(missing(ACTION));
    let outcomes = organization_outcomes(&CHECK, &[&central, &unread, &member(vec![])]);
    assert!(matches!(&outcomes[0], TargetOutcome::Evaluated(one) if one.gaps.len() == 1));
    assert!(matches!(&outcomes[1], TargetOutcome::Evaluated(one)
        if one.gaps[0].cause == Cause::DeniedByScp));
    assert!(matches!(&outcomes[2], TargetOutcome::Skipped { .. }));
}

#[test]
fn owners_that_could_not_be_read_may_be_any() {
    let action = "organizations:ListDelegatedAdministrators";
    let facts = FactStore::default()
        .with::<OrganizationProfile>(Reading::known(Some(profile(id(0)))))
        .with::<DelegatedAdministrators>(missing(action));
    let central = with(facts, vec![]);
    let outcomes = organization_outcomes(&CHECK, &[&central, &member(vec![]), &member(own())]);
    assert!(matches!(&outcomes[0], TargetOutcome::Evaluated(one) if one.gaps == [denied(action)]));
    assert!(matches!(&outcomes[1], TargetOutcome::Skipped { .. }));
    assert!(matches!(&outcomes[2], TargetOutcome::Evaluated(one) if one.gaps.is_empty()));
}

#[test]
fn outside_an_organization_only_the_account_counts() {
    let alone = || FactStore::default().with::<OrganizationProfile>(Reading::known(None));
    let verdicts = evaluate_organization(&CHECK, &[&with(alone(), vec![])]);
    assert_eq!(verdicts[0].violations.len(), 1);
    let verdicts = evaluate_organization(&CHECK, &[&with(alone(), own())]);
    assert_eq!(
        (
            verdicts[0].resources_evaluated,
            verdicts[0].violations.len()
        ),
        (1, 0)
    );
}
