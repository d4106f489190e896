//! An organization that changes from day to day, for `orgscan demo --days`.
//!
//! Copies of an account change as it does. So what decides which accounts are copied stays as it is: an
//! account that is moved or closed here is one that has no copies.

use serde_json::{Value, json};

use super::faults::{Fault, FaultKind};
use super::listing::listing;
use super::recording::Recording;

/// What is different from what was recorded.
enum Change {
    /// Lists of this service's operation are empty in this account.
    Empty(&'static str, &'static str, &'static str),
    /// The account lies in the OU of another one.
    Moved(&'static str, &'static str),
    /// The account is closed.
    Closed(&'static str),
}

/// The changes in effect on a day, counted from 1. They repeat every third day, except those that cannot happen
/// twice.
fn changes(day: u64) -> Vec<Change> {
    let mut changes = match day % 3 {
        // Encrypted by now, or so it seems.
        2 => vec![Change::Empty("storefront", "ec2", "DescribeVolumes")],
        // Nobody has opened anything yet, or not any longer.
        _ => vec![Change::Empty(
            "staging-storefront",
            "ec2",
            "DescribeSecurityGroups",
        )],
    };
    if day >= 2 {
        changes.push(Change::Moved("acquired-startup", "sandbox-alex"));
    }
    if day >= 3 {
        changes.push(Change::Closed("payments-ledger"));
    }
    changes
}

/// Requests that fail on a day: on every second of three the role of an account cannot be assumed.
pub(super) fn faults_of(day: u64) -> Vec<Fault> {
    let denied = Fault {
        account: Some("payments-api".to_owned()),
        region: None,
        service: Some("sts".to_owned()),
        operation: Some("AssumeRole".to_owned()),
        share: 1.0,
        kind: FaultKind::AssumeRoleDenied,
        times: None,
    };
    (day % 3 == 2).then_some(denied).into_iter().collect()
}

impl Recording {
    /// The organization as it is on a day, counted from 1.
    pub(super) fn on_day(mut self, day: u64) -> Self {
        for change in changes(day) {
            match change {
                Change::Empty(account, service, operation) => {
                    self.empty(account, service, operation);
                }
                Change::Moved(account, beside) => {
                    let ids = self.id_of(account).zip(self.id_of(beside));
                    let path = |accounts: &Value, id: &str| {
                        let path = document(accounts, id)?["Paths"][0].as_str()?;
                        Some(path.replace(id, ""))
                    };
                    self.in_lists(|accounts| {
                        let (id, other) = ids.as_ref()?;
                        let path = path(accounts, other)?.trim_end_matches('/').to_owned();
                        document_mut(accounts, id)?["Paths"] = json!([format!("{path}/{id}/")]);
                        Some(())
                    });
                }
                Change::Closed(account) => {
                    let id = self.id_of(account);
                    self.in_lists(|accounts| {
                        document_mut(accounts, id.as_deref()?)?["State"] = json!("CLOSED");
                        Some(())
                    });
                }
            }
        }
        self
    }

    /// The id of a recorded account.
    fn id_of(&self, name: &str) -> Option<String> {
        let accounts = &self.header.inventory["accounts"];
        accounts[name]["id"].as_str().map(str::to_owned)
    }

    fn empty(&mut self, account: &str, service: &str, operation: &str) {
        let id = self.id_of(account);
        let items = listing(service, operation).map(|listing| listing.items);
        let (Some(id), Some(items)) = (id, items) else {
            return;
        };
        let (open, close) = (format!("<{items}>"), format!("</{items}>"));
        for exchange in &mut self.exchanges {
            if exchange.account != id || exchange.operation != operation {
                continue;
            }
            let body = &mut exchange.body;
            let list = body.find(&open).zip(body.rfind(&close));
            if let Some((from, to)) = list {
                body.replace_range(from + open.len()..to, "");
            }
        }
    }

    /// Changes the lists of accounts.
    fn in_lists(&mut self, change: impl Fn(&mut Value) -> Option<()>) {
        let lists = self.exchanges.iter_mut();
        let lists = lists.filter(|exchange| exchange.operation == "ListAccounts");
        for exchange in lists {
            let Ok(mut list) = serde_json::from_str::<Value>(&exchange.body) else {
                continue;
            };
            if change(&mut list["Accounts"]).is_some() {
                exchange.body = list.to_string();
            }
        }
    }
}

fn document<'a>(accounts: &'a Value, id: &str) -> Option<&'a Value> {
    accounts.as_array()?.iter().find(|one| one["Id"] == id)
}

fn document_mut<'a>(accounts: &'a mut Value, id: &str) -> Option<&'a mut Value> {
    let mut accounts = accounts.as_array_mut()?.iter_mut();
    accounts.find(|one| one["Id"] == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_changes_the_recording() {
        let recorded = Recording::embedded().unwrap();
        let on = |day| recorded.clone().on_day(day);
        assert_ne!(on(1), recorded);
        assert_ne!(on(1), on(2));
        assert_ne!(on(2), on(3));
        let of = |recording: &Recording, name: &str| {
            let id = recording.id_of(name).unwrap();
            let mut lists = recording.exchanges.iter();
            let list = lists.find(|exchange| exchange.operation == "ListAccounts");
            let list: Value = serde_json::from_str(&list.unwrap().body).unwrap();
            document(&list["Accounts"], &id).unwrap().clone()
        };
        let path = |day| of(&on(day), "acquired-startup")["Paths"][0].clone();
        assert_ne!(path(1), path(2));
        let beside = of(&on(2), "sandbox-alex");
        let unit = beside["Paths"][0].as_str().unwrap();
        let unit = unit.strip_suffix(&format!("{}/", beside["Id"].as_str().unwrap()));
        let unit = unit.unwrap();
        assert!(path(2).as_str().unwrap().starts_with(unit), "{}", path(2));
        assert_eq!(of(&on(2), "payments-ledger")["State"], "ACTIVE");
        assert_eq!(of(&on(3), "payments-ledger")["State"], "CLOSED");
        for (day, open) in [(1, false), (2, true), (3, false)] {
            let recording = on(day);
            let id = recording.id_of("staging-storefront").unwrap();
            let mut groups = recording.exchanges.iter().filter(|exchange| {
                exchange.account == id && exchange.operation == "DescribeSecurityGroups"
            });
            assert_eq!(
                groups.any(|one| one.body.contains("<groupId>")),
                open,
                "{day}"
            );
        }
        assert_eq!([1, 2, 3].map(|day| faults_of(day).len()), [0, 1, 0]);
    }
}
