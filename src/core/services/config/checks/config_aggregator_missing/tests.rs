use super::*;
use crate::checks::samples::{denied, evaluate_organization, missing};
use crate::facts::FactStore;
use crate::model::{Items, Reading, Verdict};
use crate::services::organizations::DelegatedAdministrator;
use crate::services::organizations::samples::profile;
use crate::testing::id;

fn aggregator(regions: Option<u64>, is_filtered: bool) -> OrganizationAggregator {
    OrganizationAggregator {
        name: "all".to_owned(),
        regions,
        is_filtered,
    }
}

fn with(facts: FactStore, aggregators: Vec<OrganizationAggregator>) -> FactStore {
    facts.with::<OrganizationAggregators>(Reading::known(Items::from(aggregators)))
}

/// The central account, account 0, in an organization whose management account is account 1.
fn central(administrators: Vec<DelegatedAdministrator>) -> FactStore {
    FactStore::default()
        .with::<OrganizationProfile>(Reading::known(Some(profile(id(1)))))
        .with::<DelegatedAdministrators>(Reading::known(Items::from(administrators)))
}

fn administrator(account: u64, service: &str) -> DelegatedAdministrator {
    DelegatedAdministrator {
        account: id(account),
        services: Reading::known([service.to_owned()].into()),
    }
}

fn verdict(accounts: &[&FactStore]) -> Verdict {
    evaluate_organization(&CHECK, accounts).remove(0)
}

#[test]
fn an_aggregator_of_everything_passes_in_whichever_account_it_is() {
    let everything = || vec![aggregator(None, false)];
    let empty = with(FactStore::default(), vec![]);
    let other = with(FactStore::default(), everything());
    let own = with(central(vec![]), everything());
    let none = with(central(vec![administrator(1, SERVICES[1])]), vec![]);
    for accounts in [[&own, &empty], [&none, &other]] {
        let verdict = verdict(&accounts);
        assert_eq!((verdict.resources_evaluated, verdict.gaps), (1, vec![]));
        assert_eq!(verdict.violations, []);
    }
}

#[test]
fn no_aggregator_and_narrower_ones_are_found() {
    let empty = with(FactStore::default(), vec![]);
    let none = with(central(vec![]), vec![]);
    let result = verdict(&[&none, &empty]);
    assert_eq!(
        result.violations[0].message,
        "The organization has no aggregator in AWS Config"
    );
    for (narrower, part) in [
        (aggregator(Some(2), false), "covers 2 Regions"),
        (aggregator(None, true), "covers only some resource types"),
    ] {
        let other = with(FactStore::default(), vec![narrower]);
        let result = verdict(&[&none, &other]);
        let message = &result.violations[0].message;
        assert!(message.ends_with(part), "{message}");
    }
}

#[test]
fn other_accounts_have_nothing_to_report() {
    let none = with(central(vec![]), vec![]);
    let denied = FactStore::default().with::<OrganizationAggregators>(missing("x"));
    let verdicts = evaluate_organization(&CHECK, &[&none, &denied]);
    assert_eq!(
        (verdicts[1].resources_evaluated, verdicts[1].gaps.len()),
        (0, 0)
    );
}

#[test]
fn an_account_that_can_have_one_has_to_be_read() {
    let empty = with(FactStore::default(), vec![]);
    let unread = FactStore::default().with::<OrganizationAggregators>(missing("x"));
    let none = with(central(vec![]), vec![]);
    let elsewhere = with(central(vec![administrator(2, SERVICES[0])]), vec![]);
    let other_service = with(
        central(vec![administrator(2, "guardduty.amazonaws.com")]),
        vec![],
    );
    for (accounts, gaps, findings) in [
        (vec![&none], 1, 0),
        (vec![&none, &unread], 1, 0),
        (vec![&none, &empty, &unread], 0, 1),
        (vec![&elsewhere, &empty], 1, 0),
        (vec![&elsewhere, &empty, &empty], 0, 1),
        (vec![&other_service, &empty], 0, 1),
    ] {
        let verdict = verdict(&accounts);
        assert_eq!(
            (verdict.gaps.len(), verdict.violations.len()),
            (gaps, findings)
        );
    }
}

#[test]
fn outside_an_organization_there_is_nothing_to_evaluate() {
    let alone = FactStore::default().with::<OrganizationProfile>(Reading::known(None));
    let verdict = verdict(&[&with(alone, vec![])]);
    assert_eq!((verdict.resources_evaluated, verdict.notes.len()), (0, 1));
    assert!(verdict.violations.is_empty() && verdict.gaps.is_empty());
}

#[test]
fn what_the_central_account_could_not_read_is_a_gap() {
    let action = "organizations:DescribeOrganization";
    let facts = FactStore::default().with::<OrganizationProfile>(missing(action));
    let verdict = verdict(&[&with(facts, vec![])]);
    assert_eq!(verdict.gaps, [denied(action)]);
}
