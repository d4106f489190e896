//! What the list of accounts says, item by item: one that cannot be used is a failed account, and one that
//! comes twice is one account. Neither ends the run.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_organizations::types;
use orgscan_core::model::{Account, AccountId, AccountState, Cause, Gap};
use orgscan_core::services::organizations::LIST_ACCOUNTS;

use super::select::works;
use super::tree::ous_in_path;

/// The accounts of the organization, and what the reader should know about their list.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// Each account once.
    pub(super) accounts: Vec<Account>,
    /// Items that name no account for certain, each with the reason.
    pub(super) failed: Vec<(Account, Gap)>,
    /// The id and the path of every OU.
    pub(super) ous: Vec<(String, String)>,
    pub(super) notes: Vec<String>,
}

/// An item that names no account for certain.
#[derive(Debug)]
pub(super) struct UnusableItem {
    /// The id that it may be, by itself or by its ARN.
    id: Option<AccountId>,
    /// What else is known of it; its id is not.
    known: Account,
    detail: String,
}

/// One item of the list. Those whose path Organizations gives have the ids of their OUs.
///
/// # Errors
/// An item without a valid id, or with one that its ARN contradicts.
pub(super) fn shape(item: &types::Account) -> Result<Account, Box<UnusableItem>> {
    let own = item.id.as_deref().and_then(|id| id.parse().ok());
    let of_arn = item.arn.as_deref().and_then(account_in_arn);
    let agree = of_arn.is_none() || own == of_arn;
    let ous = item.paths().first().map_or("", String::as_str);
    let account = |id: AccountId| Account {
        state: state(item),
        ou_ids: ous_in_path(ous).map(str::to_owned).collect(),
        ou_path: String::new(),
        tags: BTreeMap::new(),
        name: item.name.clone().unwrap_or_else(|| id.to_string()),
        id,
    };
    match own.clone().filter(|_| agree) {
        Some(id) => Ok(account(id)),
        None => Err(Box::new(UnusableItem {
            detail: contradiction(item),
            known: account(AccountId::stand_in(0)),
            // The two ids of an item that contradicts itself are as good as none.
            id: own.xor(of_arn),
        })),
    }
}

/// The account's id in its ARN: `arn:aws:organizations::111122223333:account/o-a1b2c3d4e5/444455556666`.
///
/// Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html>
fn account_in_arn(arn: &str) -> Option<AccountId> {
    let (_, id) = arn.split_once(":account/")?.1.split_once('/')?;
    id.parse().ok()
}

fn contradiction(item: &types::Account) -> String {
    let shown = |text: &Option<String>| match text {
        Some(text) => format!("`{}`", text.escape_debug()),
        None => "missing".to_owned(),
    };
    let (id, arn, name) = (shown(&item.id), shown(&item.arn), shown(&item.name));
    format!("an item of the list does not identify an account: Id {id}, Arn {arn}, Name {name}")
}

/// `State`; or `Status`, which AWS retired in September 2026, from an API that does not have it yet.
fn state(account: &types::Account) -> AccountState {
    let word = match (&account.state, &account.status) {
        (Some(state), _) => state.as_str(),
        (None, Some(status)) => status.as_str(),
        (None, None) => "",
    };
    match word {
        "ACTIVE" => AccountState::Active,
        "PENDING_ACTIVATION" => AccountState::PendingActivation,
        "SUSPENDED" => AccountState::Suspended,
        "PENDING_CLOSURE" => AccountState::PendingClosure,
        "CLOSED" => AccountState::Closed,
        _ => AccountState::Unknown,
    }
}

impl Listing {
    /// Brings the items of all pages together.
    pub(super) fn of(items: Vec<Result<Account, Box<UnusableItem>>>) -> Self {
        let mut accounts: BTreeMap<AccountId, Account> = BTreeMap::new();
        let (mut twice, mut differ) = (BTreeSet::new(), BTreeSet::new());
        let mut unusable = Vec::new();
        for item in items {
            let account = match item {
                Ok(account) => account,
                Err(item) => {
                    unusable.push(*item);
                    continue;
                }
            };
            let id = account.id.clone();
            let Some(first) = accounts.get_mut(&id) else {
                accounts.insert(id, account);
                continue;
            };
            if *first != account {
                differ.insert(id.clone());
            }
            twice.insert(id);
            // The first counts; but an account that one of the two calls active is not left out.
            if !works(first.state) && works(account.state) {
                *first = account;
            }
        }
        let stateless = accounts.values();
        let stateless = stateless.filter(|one| one.state == AccountState::Unknown);
        let stateless = stateless.map(|one| one.id.clone()).collect();
        Self {
            notes: notes(twice, differ, stateless),
            failed: failed(unusable, &accounts),
            ous: Vec::new(),
            accounts: accounts.into_values().collect(),
        }
    }
}

fn notes(
    twice: BTreeSet<AccountId>,
    differ: BTreeSet<AccountId>,
    stateless: BTreeSet<AccountId>,
) -> Vec<String> {
    let notes = [
        ("are listed more than once, and count once", twice),
        (
            "are listed more than once with different data; the first item counts, or the first active one",
            differ,
        ),
        ("have an unknown state or none, and are scanned", stateless),
    ];
    let notes = notes.into_iter().filter(|(_, ids)| !ids.is_empty());
    let notes = notes.map(|(what, ids)| format!("accounts that {what}: {}", joined(&ids)));
    notes.collect()
}

/// A failed account for each item that cannot be used, under the id that it may be, or one that stands
/// for it where that is another account's or not known.
fn failed(
    items: Vec<UnusableItem>,
    accounts: &BTreeMap<AccountId, Account>,
) -> Vec<(Account, Gap)> {
    let mut taken: BTreeSet<AccountId> = accounts.keys().cloned().collect();
    let items = items.into_iter().map(|item| {
        let own = item.id.filter(|id| !taken.contains(id));
        let free = || {
            (0..)
                .map(AccountId::stand_in)
                .find(|id| !taken.contains(id))
        };
        let id = own.or_else(free).unwrap_or_else(|| AccountId::stand_in(0));
        taken.insert(id.clone());
        let gap = Gap {
            detail: item.detail,
            ..Gap::new(LIST_ACCOUNTS.action, Cause::Malformed)
        };
        (Account { id, ..item.known }, gap)
    });
    items.collect()
}

/// The first of them, and how many more there are.
fn joined(ids: &BTreeSet<AccountId>) -> String {
    const SHOWN: usize = 20;
    let shown: Vec<_> = ids.iter().take(SHOWN).map(AccountId::as_str).collect();
    match ids.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{}, and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:organizations::999999999999:account/o-a1b2c3d4e5/111122223333";

    fn item(id: &str) -> types::builders::AccountBuilder {
        types::Account::builder()
            .id(id)
            .state(types::AccountState::Active)
    }

    fn listing(items: Vec<types::builders::AccountBuilder>) -> Listing {
        Listing::of(items.into_iter().map(|item| shape(&item.build())).collect())
    }

    fn ids<'a>(accounts: impl Iterator<Item = &'a Account>) -> Vec<&'a str> {
        accounts.map(|account| account.id.as_str()).collect()
    }

    #[test]
    fn state_counts_and_status_only_in_its_absence() {
        let account = types::Account::builder()
            .state(types::AccountState::PendingClosure)
            .status(types::AccountStatus::Active)
            .build();
        assert_eq!(state(&account), AccountState::PendingClosure);
        let account = types::Account::builder().status(types::AccountStatus::Suspended);
        assert_eq!(state(&account.build()), AccountState::Suspended);
    }

    #[test]
    fn an_unknown_state_and_none_are_scanned_with_a_note() {
        for item in [
            types::Account::builder()
                .id("111122223333")
                .state("NEWER".into()),
            types::Account::builder().id("111122223333"),
        ] {
            let listing = listing(vec![item]);
            assert_eq!(listing.accounts[0].state, AccountState::Unknown);
            assert!(works(listing.accounts[0].state));
            assert!(
                listing.notes[0].contains("111122223333"),
                "{:?}",
                listing.notes
            );
        }
    }

    #[test]
    fn the_ous_come_from_the_path_where_there_is_one() {
        let item = item("111122223333").paths("o-abc/r-a1b2/ou-a1b2-1/111122223333/");
        let account = shape(&item.arn(ARN).build()).unwrap();
        assert_eq!(account.ou_ids, ["r-a1b2", "ou-a1b2-1"]);
        assert_eq!(account.name, "111122223333");
    }

    #[test]
    fn an_account_that_comes_twice_is_one_account() {
        let same = || item("111122223333").name("prod");
        let both = listing(vec![same(), item("444455556666"), same()]);
        assert_eq!(ids(both.accounts.iter()), ["111122223333", "444455556666"]);
        assert_eq!(both.notes.len(), 1);
        assert!(both.failed.is_empty());

        let closed = || item("111122223333").state(types::AccountState::Closed);
        for items in [vec![closed(), same()], vec![same(), closed()]] {
            let listing = listing(items);
            assert_eq!(listing.accounts.len(), 1);
            assert_eq!(listing.accounts[0].state, AccountState::Active);
            assert!(
                listing.notes[1].contains("different data"),
                "{:?}",
                listing.notes
            );
        }
    }

    #[test]
    fn an_item_that_names_no_account_for_certain_is_a_failed_account() {
        let other = || item("444455556666");
        let nameless = || types::Account::builder().name("prod");
        let bad = [
            (nameless(), "000000000000", "Id missing"),
            (nameless().id(""), "000000000000", "Id ``"),
            (
                nameless().id("11112222333"),
                "000000000000",
                "`11112222333`",
            ),
            // What is known: the ARN names it, and the id does not contradict that.
            (nameless().arn(ARN), "111122223333", "Id missing"),
            (
                nameless().id("777788889999").arn(ARN),
                "000000000000",
                "`777788889999`",
            ),
            (
                nameless()
                    .id("x")
                    .arn(ARN.replace("1111", "4444").replace("22223333", "55556666")),
                "000000000000",
                "`x`",
            ),
        ];
        for (item, id, message) in bad {
            let listing = listing(vec![other(), item]);
            assert_eq!(ids(listing.accounts.iter()), ["444455556666"]);
            let [(account, gap)] = &listing.failed[..] else {
                panic!("{listing:?}");
            };
            assert_eq!(
                (account.id.as_str(), account.name.as_str()),
                (id, "prod"),
                "{message}"
            );
            assert_eq!(gap.cause, Cause::Malformed);
            assert!(
                gap.detail.contains(message) && gap.detail.contains("prod"),
                "{gap:?}"
            );
        }
    }

    #[test]
    fn each_item_that_cannot_be_used_counts_once() {
        let nameless = types::Account::builder;
        let listing = listing(vec![
            nameless(),
            nameless().arn(ARN),
            nameless().arn(ARN),
            nameless(),
        ]);
        let failed = ids(listing.failed.iter().map(|(account, _)| account));
        assert_eq!(
            failed,
            [
                "000000000000",
                "111122223333",
                "000000000001",
                "000000000002"
            ]
        );
    }
}
