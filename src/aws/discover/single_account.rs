//! The caller's own account, scanned without its organization.

use orgscan_core::model::{Account, AccountState, Plan, PlannedAccount};
use orgscan_core::services::iam::LIST_ACCOUNT_ALIASES;

use super::select::decide;
use super::{Discovery, DiscoveryResult};
use crate::rate_limit::ApiCaller;
use crate::{AwsContext, Failure};

/// A plan of the caller's own account alone. Its alias serves as its name, since only Organizations knows
/// names; without one it is shown by its id, and a note says so where IAM did not answer.
pub(super) async fn single_account(
    discovery: &Discovery<'_>,
    note: Option<&str>,
) -> DiscoveryResult {
    let aws = discovery.aws;
    let api_caller = discovery
        .rate_limits
        .api_caller(&aws.scope(None), discovery.deadline);
    let alias = alias(aws, &api_caller).await;
    let unnamed = alias.as_ref().err().map(|failure| {
        format!("the account has its id as name because its alias could not be read: {failure}")
    });
    let id = &aws.caller.account;
    let account = Account {
        id: id.clone(),
        name: alias.ok().flatten().unwrap_or_else(|| id.to_string()),
        state: AccountState::Active,
        ou_ids: Vec::new(),
        ou_path: String::new(),
        tags: Default::default(),
    };
    let plan = Plan {
        organization: None,
        central_account: id.clone(),
        accounts: vec![PlannedAccount {
            decision: decide(&account, &discovery.config.accounts),
            account: account.into(),
        }],
    };
    let notes = note.map(str::to_owned).into_iter().chain(unnamed);
    DiscoveryResult {
        plan,
        ous: Vec::new(),
        notes: notes.collect(),
    }
}

/// An account has one alias at most.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccountAliases.html>
async fn alias(aws: &AwsContext, api_caller: &ApiCaller) -> Result<Option<String>, Failure> {
    let iam = aws.own.iam();
    let send = || iam.list_account_aliases().send();
    let answer = api_caller.call(&LIST_ACCOUNT_ALIASES, send).await?;
    let mut aliases = answer.account_aliases.into_iter();
    Ok(aliases.find(|alias| !alias.is_empty()))
}
