//! What Organizations is asked once per run, for the list of accounts and for the checks of the organization.

use std::collections::{BTreeSet, VecDeque};

use aws_sdk_organizations::{Client, types};
use orgscan_core::services::organizations::{
    DESCRIBE_ORGANIZATION, LIST_ACCOUNTS, LIST_OUS_FOR_PARENT, LIST_ROOTS,
};
use tokio::sync::OnceCell;

use crate::rate_limit::ApiCaller;
use crate::{Failure, pages, require};

/// The answers of Organizations in one run. Who asks while somebody else does waits for that answer;
/// who asks after a failure asks again.
#[derive(Debug, Default)]
pub struct OrganizationAnswers {
    organization: OnceCell<types::Organization>,
    root: OnceCell<types::Root>,
    ous: OnceCell<Vec<ListedOu>>,
    accounts: OnceCell<Vec<types::Account>>,
}

/// An OU, as it is listed.
#[derive(Debug)]
pub(crate) struct ListedOu {
    /// The id of the OU or root that it is in.
    pub(crate) parent: String,
    pub(crate) ou: types::OrganizationalUnit,
}

impl OrganizationAnswers {
    pub(crate) async fn organization(
        &self,
        client: &Client,
        api_caller: &ApiCaller,
    ) -> Result<&types::Organization, Failure> {
        let ask = || async {
            let api = &DESCRIBE_ORGANIZATION;
            let send = || client.describe_organization().send();
            let answer = api_caller.call(api, send).await?;
            require(api.action, "Organization", answer.organization)
        };
        self.organization.get_or_try_init(ask).await
    }

    /// The root. An organization has one.
    pub(crate) async fn root(
        &self,
        client: &Client,
        api_caller: &ApiCaller,
    ) -> Result<&types::Root, Failure> {
        let ask = || async {
            let api = &LIST_ROOTS;
            let roots = pages(api.action, |token| async move {
                let send = || client.list_roots().set_next_token(token.clone()).send();
                let page = api_caller.call(api, send).await?;
                Ok((page.roots.unwrap_or_default(), page.next_token))
            });
            require(api.action, "a root", roots.await?.pop())
        };
        self.root.get_or_try_init(ask).await
    }

    /// All OUs, level by level. Nothing is listed below one without an id.
    pub(crate) async fn ous(
        &self,
        client: &Client,
        api_caller: &ApiCaller,
    ) -> Result<&[ListedOu], Failure> {
        let root = self.root(client, api_caller).await?.id.clone();
        let root = require(LIST_ROOTS.action, "Id", root)?;
        let ask = || async {
            let mut ous = Vec::new();
            let mut seen = BTreeSet::from([root.clone()]);
            let mut open = VecDeque::from([root]);
            while let Some(parent) = open.pop_front() {
                for ou in ous_below(client, api_caller, &parent).await? {
                    let id = ou_id(&ou);
                    open.extend(id.filter(|id| seen.insert(id.clone())));
                    let parent = parent.clone();
                    ous.push(ListedOu { parent, ou });
                }
            }
            Ok(ous)
        };
        Ok(self.ous.get_or_try_init(ask).await?)
    }

    /// All accounts; `listed` is told of each as soon as its page is there, if this call is the one that asks.
    pub(crate) async fn accounts(
        &self,
        client: &Client,
        api_caller: &ApiCaller,
        listed: &(dyn Fn(&types::Account) + Sync),
    ) -> Result<&[types::Account], Failure> {
        let ask = || {
            let api = &LIST_ACCOUNTS;
            pages(api.action, move |token| async move {
                let send = || {
                    let request = client.list_accounts().set_max_results(api.page);
                    request.set_next_token(token.clone()).send()
                };
                let page = api_caller.call(api, send).await?;
                let mut accounts = page.accounts.unwrap_or_default();
                for account in &mut accounts {
                    // Nobody needs it, and the accounts are kept for the run.
                    account.email = None;
                    listed(account);
                }
                Ok((accounts, page.next_token))
            })
        };
        Ok(self.accounts.get_or_try_init(ask).await?)
    }
}

async fn ous_below(
    client: &Client,
    api_caller: &ApiCaller,
    parent: &str,
) -> Result<Vec<types::OrganizationalUnit>, Failure> {
    let api = &LIST_OUS_FOR_PARENT;
    let listed = pages(api.action, |token| async move {
        let send = || {
            let request = client.list_organizational_units_for_parent();
            let request = request.parent_id(parent).set_max_results(api.page);
            request.set_next_token(token.clone()).send()
        };
        let page = api_caller.call(api, send).await?;
        Ok((
            page.organizational_units.unwrap_or_default(),
            page.next_token,
        ))
    });
    listed.await
}

/// The id of an OU, from its ARN where it has none of its own:
/// `arn:aws:organizations::111122223333:ou/o-a1b2c3d4e5/ou-a1b2-c3d4e5f6`.
pub(crate) fn ou_id(ou: &types::OrganizationalUnit) -> Option<String> {
    let of_arn = || Some(ou.arn.as_deref()?.split_once(":ou/")?.1.split_once('/')?.1);
    let id = ou.id.as_deref().or_else(of_arn)?;
    Some(id.to_owned()).filter(|id| id.starts_with("ou-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ou_has_its_id_or_that_of_its_arn() {
        let ou = types::OrganizationalUnit::builder;
        let arn = "arn:aws:organizations::111122223333:ou/o-a1b2c3d4e5/ou-a1b2-c3d4e5f6";
        let own = ou().id("ou-a1b2-1").arn(arn).build();
        assert_eq!(ou_id(&own).as_deref(), Some("ou-a1b2-1"));
        assert_eq!(
            ou_id(&ou().arn(arn).build()).as_deref(),
            Some("ou-a1b2-c3d4e5f6")
        );
        assert_eq!(ou_id(&ou().name("x").build()), None);
        assert_eq!(ou_id(&ou().id("").build()), None);
    }
}
