use super::*;
use crate::sample::{LOCKED, recording};

fn ask(operation: &str, parameters: &[(&str, &str)], token: Option<&str>) -> Call {
    let pairs = parameters.iter();
    Call {
        service: "organizations".into(),
        operation: operation.into(),
        parameters: pairs.map(|(k, v)| ((*k).into(), (*v).into())).collect(),
        page_token: token.map(str::to_owned),
        ..Call::default()
    }
}

struct World {
    organizations: Organizations,
    account_list: AccountList,
}

impl World {
    fn of(accounts: usize) -> Self {
        let recording = recording();
        Self {
            organizations: Organizations::new(&recording).unwrap(),
            account_list: AccountList::new(&recording, Some(accounts)).unwrap(),
        }
    }

    fn answer(&self, call: &Call) -> Value {
        let reply = self.organizations.reply(call, &self.account_list).unwrap();
        serde_json::from_slice(&reply.body).unwrap()
    }

    fn all(&self, operation: &str, parameters: &[(&str, &str)], field: &str) -> Vec<Value> {
        let (mut all, mut token) = (Vec::new(), None::<String>);
        loop {
            let answer = self.answer(&ask(operation, parameters, token.as_deref()));
            let page = answer[field].as_array().unwrap();
            assert!(page.len() <= PAGE);
            all.extend(page.iter().cloned());
            match answer["NextToken"].as_str() {
                Some(next) => token = Some(next.to_owned()),
                None => return all,
            }
        }
    }
}

#[test]
fn all_accounts_are_listed_once_twenty_at_a_time() {
    let world = World::of(95);
    let accounts = world.all("ListAccounts", &[], "Accounts");
    assert_eq!(accounts.len(), 95);
    let copy = &accounts[94];
    let id = copy["Id"].as_str().unwrap();
    assert_eq!(copy["Name"], "web-91");
    assert_eq!(copy["Email"], "aws+web-91@example.com");
    assert!(copy["Arn"].as_str().unwrap().ends_with(id));
    let path = copy["Paths"][0].as_str().unwrap();
    assert!(path.ends_with(&format!("/{id}/")), "{path}");
}

#[test]
fn the_tree_leads_to_every_account() {
    let world = World::of(500);
    let (mut open, mut found) = (vec!["r-1".to_owned()], 0);
    while let Some(id) = open.pop() {
        let parent = [("ParentId", id.as_str())];
        found += world
            .all("ListAccountsForParent", &parent, "Accounts")
            .len();
        let below = "ListOrganizationalUnitsForParent";
        let ous = world.all(below, &parent, "OrganizationalUnits");
        open.extend(ous.iter().map(|ou| ou["Id"].as_str().unwrap().to_owned()));
    }
    assert_eq!(found, 500);
}

#[test]
fn tags_are_those_of_the_recorded_account() {
    let world = World::of(10);
    let copy = world.account_list.member(9).unwrap().id();
    let tags = |id: &str| world.answer(&ask("ListTagsForResource", &[("ResourceId", id)], None));
    assert_eq!(tags(&copy)["Tags"][0]["Value"], "web");
    assert_eq!(tags(LOCKED)["Tags"], json!([]));
    assert_eq!(tags("999999999999")["__type"], "TargetNotFoundException");
    let wrong = world.answer(&ask("ListAccounts", &[], Some("elsewhere")));
    assert_eq!(wrong["__type"], "InvalidInputException");
}
