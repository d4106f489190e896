//! Organizations: built from the accounts, and from the recorded OUs and tags.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::account_list::{AccountList, Member};
use super::call::Call;
use super::generated_ous::last;
use super::listing::page;
use super::recording::{Exchange, Recording};
use super::reply::{ErrorFormat, Refusal, Reply};

/// The largest page, and the ordinary one.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html>
const PAGE: usize = 20;

/// The recording of the organization, without its accounts.
#[derive(Debug)]
pub(super) struct Organizations {
    organization: Value,
    roots: Value,
    /// OUs directly below each OU and the root.
    ous: HashMap<String, Vec<Value>>,
    /// Tags of each recorded account, OU and root.
    tags: HashMap<String, Value>,
}

impl Organizations {
    /// Takes them from a recording.
    ///
    /// # Errors
    /// Where it lacks one.
    pub(super) fn new(recording: &Recording) -> Result<Self, String> {
        let one = |operation: &str, field: &str| {
            let mut found = answers(recording, operation);
            let document = found.next().map(|(_, document)| document[field].clone());
            document.ok_or_else(|| format!("it has no answer to {operation}"))
        };
        let by = |operation: &str, parameter: &str, field: &str| {
            answers(recording, operation)
                .filter_map(|(exchange, document)| {
                    let about = exchange.parameters.get(parameter)?.clone();
                    Some((about, document[field].clone()))
                })
                .collect::<HashMap<_, _>>()
        };
        let ous = by(
            "ListOrganizationalUnitsForParent",
            "ParentId",
            "OrganizationalUnits",
        );
        let list = |value: Value| value.as_array().cloned().unwrap_or_default();
        Ok(Self {
            organization: one("DescribeOrganization", "Organization")?,
            roots: one("ListRoots", "Roots")?,
            ous: ous.into_iter().map(|(id, ous)| (id, list(ous))).collect(),
            tags: by("ListTagsForResource", "ResourceId", "Tags"),
        })
    }

    /// The answer to a call of the management account; none to an operation that is not here.
    pub(super) fn reply(&self, call: &Call, account_list: &AccountList) -> Option<Reply> {
        let parent = call.parameter("ParentId").unwrap_or_default();
        let answer = match call.operation.as_str() {
            "DescribeOrganization" => Ok(json!({ "Organization": self.organization })),
            "ListRoots" => Ok(json!({ "Roots": self.roots })),
            "ListAccounts" => {
                let account = |index| self.account(account_list, u32::try_from(index).ok()?);
                paged(call, "Accounts", account_list.len(), account)
            }
            "ListAccountsForParent" => {
                let indexes = account_list.accounts_in(parent);
                let account = |at: usize| self.account(account_list, indexes[at]);
                paged(call, "Accounts", indexes.len(), account)
            }
            "ListOrganizationalUnitsForParent" => {
                let ous = self.ous_below(parent, account_list);
                paged(call, "OrganizationalUnits", ous.len(), |at| {
                    Some(ous[at].clone())
                })
            }
            "ListTagsForResource" => self.tags(call, account_list),
            _ => return None,
        };
        Some(match answer {
            Ok(document) => Reply::json(200, &document),
            Err(refusal) => refusal.reply(ErrorFormat::Json),
        })
    }

    fn account(&self, account_list: &AccountList, index: u32) -> Option<Value> {
        let member = account_list.member(index)?;
        let mut document = member.original.document.clone();
        if member.round > 0 {
            self.rename(&mut document, &member, account_list);
        }
        Some(document)
    }

    /// Makes the document of a recorded account that of its copy.
    fn rename(&self, document: &mut Value, copy: &Member<'_>, account_list: &AccountList) {
        let (id, name) = (copy.id(), copy.name());
        let original = copy.original;
        let replaced = |field: &str, from: &str, to: &str| {
            let text = original.document[field].as_str().unwrap_or_default();
            Value::from(text.replace(from, to))
        };
        document["Arn"] = replaced("Arn", &original.id, &id);
        document["Email"] = replaced("Email", &original.name, &name);
        document["Paths"] = json!([format!("{}/{id}/", account_list.path(copy))]);
        document["Name"] = Value::from(name);
        document["Id"] = Value::from(id);
    }

    fn ous_below(&self, parent: &str, account_list: &AccountList) -> Vec<Value> {
        let mut ous = self.ous.get(parent).cloned().unwrap_or_default();
        let text = |field: &str| self.organization[field].as_str().unwrap_or_default();
        let (management, organization) = (text("MasterAccountId"), text("Id"));
        for ou in account_list.generated_ous().below(parent) {
            let id = last(&ou.path);
            let arn = format!("arn:aws:organizations::{management}:ou/{organization}/{id}");
            ous.push(json!({ "Id": id, "Arn": arn, "Name": ou.name }));
        }
        ous
    }

    fn tags(&self, call: &Call, account_list: &AccountList) -> Result<Value, Refusal> {
        let id = call.parameter("ResourceId").unwrap_or_default();
        let member = account_list.by_id(id);
        let recorded = member.map_or(id, |member| &member.original.id);
        let is_known = member.is_some() || id.starts_with("ou-") || id.starts_with("r-");
        match self.tags.get(recorded) {
            Some(tags) => Ok(json!({ "Tags": tags })),
            None if is_known => Ok(json!({ "Tags": [] })),
            None => Err(Refusal::new(
                400,
                "TargetNotFoundException",
                "You specified a target that doesn't exist.",
            )),
        }
    }
}

/// The answer to an account that is not the management account.
pub(super) fn denied() -> Reply {
    let message = "You don't have permissions to access this resource.";
    Refusal::new(400, "AccessDeniedException", message).reply(ErrorFormat::Json)
}

fn paged(
    call: &Call,
    field: &str,
    total: usize,
    item: impl Fn(usize) -> Option<Value>,
) -> Result<Value, Refusal> {
    let size = call.page_size.unwrap_or(PAGE).clamp(1, PAGE);
    let Some((range, next)) = page(total, size, call.page_token.as_deref()) else {
        let message = "You provided a token that isn't valid.";
        return Err(Refusal::new(400, "InvalidInputException", message));
    };
    let mut document = Map::new();
    let items: Vec<Value> = range.filter_map(item).collect();
    document.insert(field.to_owned(), Value::from(items));
    if let Some(next) = next {
        document.insert("NextToken".to_owned(), Value::from(next));
    }
    Ok(Value::from(document))
}

fn answers<'a>(
    recording: &'a Recording,
    operation: &'a str,
) -> impl Iterator<Item = (&'a Exchange, Value)> {
    let found = recording.exchanges.iter().filter(move |exchange| {
        exchange.service == "organizations"
            && exchange.operation == operation
            && exchange.status == 200
    });
    found.filter_map(|exchange| {
        let document = serde_json::from_str(&exchange.body).ok()?;
        Some((exchange, document))
    })
}

#[cfg(test)]
mod tests;
