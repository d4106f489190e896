//! Which accounts there are, and which of them are scanned.

mod organization;
mod select;
mod tree;

use std::sync::Arc;

use crate::aws::{Aws, Failure};
use crate::config::Config;
use crate::model::{Account, AccountId, AccountState, Decision, Plan, PlannedAccount};
use crate::pace::{Api, Deadline, Pacer, api};
use organization::Organizations;
use select::{decide, decided_by_listing, wants_ous, wants_tags};

/// APIs called in the central account to find out which accounts there are. The last two only where
/// Organizations does not give the accounts' paths, or a filter asks for tags.
pub const APIS: &[&Api] = &[
    &api::DESCRIBE_ORGANIZATION,
    &api::LIST_ACCOUNTS,
    &api::LIST_ROOTS,
    &api::LIST_OUS_FOR_PARENT,
    &api::LIST_ACCOUNTS_FOR_PARENT,
    &api::LIST_TAGS_FOR_RESOURCE,
];

/// Codes that say that the account belongs to no organization.
const NO_ORGANIZATION: &[&str] = &["AWSOrganizationsNotInUseException"];

/// Why the accounts cannot be listed.
#[derive(Debug, thiserror::Error)]
pub enum DiscoverError {
    /// Organizations did not answer.
    #[error(
        "the organization's accounts cannot be listed: {failure}\n\
         orgscan runs as {caller}. Use credentials of the management account or of a delegated \
         administrator that may call it, or scan this account alone with `--account self`."
    )]
    Organizations {
        /// What failed.
        failure: Failure,
        /// Who asked.
        caller: String,
    },
    /// A filter, a threshold or a route names OUs, and the OUs cannot be read.
    #[error(
        "the configuration names OUs, but the organization's OUs cannot be read: {0}\n\
         Allow it, or name accounts by id, name or tag instead, in filters, thresholds and alert routes."
    )]
    Ous(Failure),
}

impl DiscoverError {
    /// What failed.
    pub fn failure(&self) -> &Failure {
        match self {
            Self::Organizations { failure, .. } | Self::Ous(failure) => failure,
        }
    }
}

/// The plan, and what the reader should know about how it came about.
#[derive(Debug)]
pub struct Discovered {
    /// Every account listed, each with a decision.
    pub plan: Plan,
    /// Remarks for the report.
    pub notes: Vec<String>,
}

/// Lists the accounts and decides on each. With `own_account`, or where there is no organization,
/// that is the caller's own account alone.
///
/// Where the list alone decides, `early` is told of each account to scan as soon as its page of the
/// list is there: the list is read at eight pages of 20 a second at best, and scanning need not wait.
/// Such an account has no OUs yet; in the plan it has.
///
/// Tags are read where a filter asks for them, and with `tags_wanted`. What wants them then does
/// without where they cannot be read, and a remark says so.
///
/// # Errors
/// See [`DiscoverError`].
pub async fn discover(
    aws: &Aws,
    pacer: &Arc<Pacer>,
    deadline: Deadline,
    config: &Config,
    own_account: bool,
    tags_wanted: bool,
    early: &(dyn Fn(&Account) + Sync),
) -> Result<Discovered, DiscoverError> {
    let refused = |failure| DiscoverError::Organizations {
        failure,
        caller: aws.caller.arn.clone(),
    };
    if own_account {
        return Ok(alone(aws, config, None));
    }
    let organizations = Organizations::new(aws, pacer.lane(&aws.scope(None), deadline));
    let organization = match organizations.describe().await {
        Ok(organization) => organization,
        Err(failure) if failure.has_code(NO_ORGANIZATION) => {
            let note = "the account belongs to no organization, so it was scanned alone";
            return Ok(alone(aws, config, Some(note.to_owned())));
        }
        Err(failure) => return Err(refused(failure)),
    };
    let decides = decided_by_listing(config);
    let listed = |account: &Account| {
        if decides && decide(account, &config.accounts) == Decision::Scan {
            early(account);
        }
    };
    let (listed, tree) = futures::join!(organizations.accounts(&listed), organizations.tree());
    let mut accounts = listed.map_err(refused)?;
    let mut notes = Vec::new();
    let placed = match tree {
        Ok(tree) => organizations.place(&mut accounts, &tree).await,
        Err(failure) => Err(failure),
    };
    match placed {
        Ok(()) => {}
        Err(failure) if wants_ous(config) => return Err(DiscoverError::Ous(failure)),
        Err(failure) => notes.push(format!(
            "the OUs are not shown, they cannot be read: {failure}"
        )),
    }
    if wants_tags(config) {
        organizations.tag(&mut accounts).await.map_err(refused)?;
    } else if tags_wanted && let Err(failure) = organizations.tag(&mut accounts).await {
        // Not some with and some without: it would look as if these had none.
        accounts.iter_mut().for_each(|one| one.tags.clear());
        notes.push(format!(
            "exceptions by tag apply to nothing, the accounts' tags cannot be read: {failure}"
        ));
    }
    let plan = Plan {
        organization: Some(organization),
        central_account: aws.caller.account.clone(),
        accounts: planned(accounts, config),
    };
    Ok(Discovered { plan, notes })
}

fn planned(mut accounts: Vec<Account>, config: &Config) -> Vec<PlannedAccount> {
    accounts.sort_by(|a, b| a.id.cmp(&b.id));
    accounts
        .into_iter()
        .map(|account| PlannedAccount {
            decision: decide(&account, &config.accounts),
            account: account.into(),
        })
        .collect()
}

fn alone(aws: &Aws, config: &Config, note: Option<String>) -> Discovered {
    let plan = Plan {
        organization: None,
        central_account: aws.caller.account.clone(),
        accounts: planned(vec![unnamed(&aws.caller.account)], config),
    };
    Discovered {
        plan,
        notes: note.into_iter().collect(),
    }
}

fn unnamed(id: &AccountId) -> Account {
    Account {
        id: id.clone(),
        name: id.to_string(),
        state: AccountState::Active,
        ou_ids: Vec::new(),
        ou_path: String::new(),
        tags: Default::default(),
    }
}
