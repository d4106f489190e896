use super::*;
use crate::sample::{DENIED, LOCKED, MANAGEMENT, SOUND, recording};

fn account_list(accounts: Option<usize>) -> AccountList {
    AccountList::new(&recording(), accounts).unwrap()
}

fn ids(account_list: &AccountList) -> Vec<String> {
    let indexes = 0..u32::try_from(account_list.len()).unwrap();
    indexes
        .map(|index| account_list.member(index).unwrap().id())
        .collect()
}

#[test]
fn the_recorded_accounts_come_first_as_they_are() {
    assert_eq!(
        ids(&account_list(None)),
        [MANAGEMENT, SOUND, LOCKED, DENIED]
    );
    assert_eq!(ids(&account_list(Some(2))), [MANAGEMENT, SOUND]);
    assert_eq!(ids(&account_list(Some(6)))[..4], ids(&account_list(None)));
}

#[test]
fn copies_are_of_members_that_nothing_is_denied_in() {
    let account_list = account_list(Some(100));
    for index in 4..100 {
        let member = account_list.member(index).unwrap();
        assert_eq!(member.original.id, SOUND);
        assert_eq!(member.name(), format!("web-{}", index - 3));
        assert_eq!(account_list.by_id(&member.id()).unwrap().index, index);
    }
    assert_eq!(ids(&account_list), ids(&self::account_list(Some(100))));
    let mut different = ids(&account_list);
    different.sort();
    different.dedup();
    assert_eq!(different.len(), 100);
    assert!(account_list.by_id("12").is_none());
    assert!(account_list.member(100).is_none());
}

#[test]
fn copies_are_in_generated_ous_below_the_ou_of_the_recorded_account() {
    let account_list = account_list(Some(104));
    let member = account_list.member(50).unwrap();
    let path = account_list.path(&member);
    assert!(path.starts_with("o-1/r-1/ou-1-work/ou-1-"), "{path}");
    assert!(account_list.accounts_in(last(path)).contains(&50));
    assert_eq!(account_list.accounts_in("ou-1-work"), [1, 3]);
    assert_eq!(account_list.accounts_in("r-1"), [0, 2]);
    let generated_ous = account_list.generated_ous().below("ou-1-work");
    let names: Vec<_> = generated_ous.iter().map(|ou| &ou.name).collect();
    assert_eq!(names, ["Team 01", "Team 02", "Team 03"]);
}

#[test]
fn a_recording_without_accounts_is_refused() {
    let mut empty = recording();
    empty.exchanges.clear();
    let error = AccountList::new(&empty, None).unwrap_err();
    assert!(error.contains("ListAccounts"), "{error}");
    let mut denied = recording();
    denied
        .exchanges
        .retain(|exchange| exchange.operation != "AssumeRole");
    let error = AccountList::new(&denied, Some(5)).unwrap_err();
    assert!(error.contains("none can be copied"), "{error}");
}
