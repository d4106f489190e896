//! Which accounts there are, and which of them are scanned.

mod listing;
mod organization;
mod select;
mod single_account;
mod tree;

use std::sync::Arc;

use orgscan_core::api::Api;
use orgscan_core::model::{Account, Arn, Decision, Gap, Plan, PlannedAccount};
use orgscan_core::services::{iam, organizations};
use orgscan_core::settings::{AccountDetails, Config};

use crate::rate_limit::{Deadline, RateLimits};
use crate::{AwsContext, Failure, OrganizationAnswers};
use listing::Listing;
use organization::Organizations;
use select::{decide, decide_with_ous, decided_by_listing, named_ous, wants_tags};
use single_account::single_account;
use tree::Tree;

/// APIs called in the central account to find out which accounts there are. The last two only where
/// Organizations does not give the accounts' paths, or a filter asks for tags.
pub const APIS: &[&Api] = &[
    &organizations::DESCRIBE_ORGANIZATION,
    &organizations::LIST_ACCOUNTS,
    &organizations::LIST_ROOTS,
    &organizations::LIST_OUS_FOR_PARENT,
    &organizations::LIST_ACCOUNTS_FOR_PARENT,
    &organizations::LIST_TAGS_FOR_RESOURCE,
];

/// The same where the caller's own account is scanned alone.
pub const APIS_ALONE: &[&Api] = &[&iam::LIST_ACCOUNT_ALIASES];

/// Codes that say that the account belongs to no organization.
const NO_ORGANIZATION: &[&str] = &["AWSOrganizationsNotInUseException"];

/// Why the accounts cannot be listed.
#[derive(Debug, thiserror::Error)]
pub enum DiscoverError {
    /// Organizations did not answer.
    #[error(
        "the organization's accounts cannot be listed: {failure}\n\
         The caller is {caller}. Use credentials of the management account or of a delegated administrator with this \
         permission, or scan only this account with `--account self`."
    )]
    Organizations {
        /// What failed.
        failure: Failure,
        /// Who asked.
        caller: Arn,
    },
    /// A filter, a threshold or a route names OUs, and the OUs cannot be read.
    #[error(
        "the configuration names OUs, but the organization's OUs cannot be read: {0}\n\
         Grant the permission, or use ids, names or tags of accounts instead of OUs in filters, thresholds and alert \
         routes."
    )]
    Ous(Failure),
    /// A path that the configuration or an exception gives is that of several OUs.
    #[error("OU `{}` matches {}; give the id of one of them", .ou.escape_debug(), .matches.join(" and "))]
    AmbiguousOu {
        /// As it was given.
        ou: String,
        /// The id of each OU that it fits.
        matches: Vec<String>,
    },
}

impl DiscoverError {
    /// Whether the same may well end otherwise after a while.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Organizations { failure, .. } | Self::Ous(failure) => failure.cause.may_pass(),
            Self::AmbiguousOu { .. } => false,
        }
    }
}

/// The plan, and what the reader should know about how it came about.
#[derive(Debug)]
pub struct DiscoveryResult {
    /// Every account listed, each with a decision.
    pub plan: Plan,
    /// The id and the path of every OU, the root included; nothing where they were not read.
    pub ous: Vec<(String, String)>,
    /// Remarks for the report.
    pub notes: Vec<String>,
}

/// With what the accounts are listed, and for what.
pub struct Discovery<'a> {
    /// Where the caller is.
    pub aws: &'a AwsContext,
    /// Limits the rate of the requests.
    pub rate_limits: &'a Arc<RateLimits>,
    /// No request is sent after it.
    pub deadline: Deadline,
    /// The filters.
    pub config: &'a Config,
    /// Whether the caller's own account is all.
    pub own_account: bool,
    /// What exceptions have to know of accounts.
    pub account_details: &'a AccountDetails<'a>,
    /// What Organizations has answered in this run.
    pub organization: Arc<OrganizationAnswers>,
}

/// Lists the accounts and decides on each. With `own_account`, or where there is no organization,
/// that is the caller's own account alone, by its alias.
///
/// Where the list alone decides, `early` is told of each account to scan as soon as its page of the
/// list is there: the list is read at eight pages of 20 a second at best, and scanning need not wait.
/// Such an account has no OUs yet; in the plan it has.
///
/// Tags are read where a filter or `wanted` asks for them. Exceptions do without where they cannot be
/// read, and a remark says so.
///
/// # Errors
/// See [`DiscoverError`].
pub async fn discover(
    discovery: &Discovery<'_>,
    early: &(dyn Fn(&Account) + Sync),
) -> Result<DiscoveryResult, DiscoverError> {
    if discovery.own_account {
        return Ok(single_account(discovery, None).await);
    }
    let aws = discovery.aws;
    let api_caller = || {
        let scope = aws.scope(None);
        discovery.rate_limits.api_caller(&scope, discovery.deadline)
    };
    let answers = &discovery.organization;
    let first = Organizations::new(aws, api_caller().first_contact(), answers);
    let organization = match first.describe().await {
        Ok(organization) => organization,
        Err(failure) if failure.has_code(NO_ORGANIZATION) => {
            let note = "the account is not in an organization, so only this account was scanned";
            return Ok(single_account(discovery, Some(note)).await);
        }
        Err(failure) => return Err(discovery.refused(failure)),
    };
    let organizations = Organizations::new(aws, api_caller(), answers);
    let listing = discovery.listing(&organizations, early).await?;
    Ok(DiscoveryResult {
        plan: Plan {
            organization: Some(organization),
            central_account: aws.caller.account.clone(),
            accounts: planned(listing.accounts, listing.failed, discovery.config),
        },
        ous: listing.ous,
        notes: listing.notes,
    })
}

impl Discovery<'_> {
    async fn listing(
        &self,
        organizations: &Organizations<'_>,
        early: &(dyn Fn(&Account) + Sync),
    ) -> Result<Listing, DiscoverError> {
        let (config, account_details) = (self.config, self.account_details);
        let decides = decided_by_listing(config);
        let listed = |account: &Account| {
            if decides && decide(account, &config.accounts) == Decision::Scan {
                early(account);
            }
        };
        let (listed, tree) = futures::join!(organizations.accounts(&listed), organizations.tree());
        let mut listing = listed.map_err(|failure| self.refused(failure))?;
        assign_ous(organizations, &mut listing, tree, config, account_details).await?;
        let tagged = tag(organizations, &mut listing, config, account_details).await;
        tagged.map_err(|failure| self.refused(failure))?;
        Ok(listing)
    }

    fn refused(&self, failure: Failure) -> DiscoverError {
        DiscoverError::Organizations {
            failure,
            caller: self.aws.caller.arn.clone(),
        }
    }
}

/// Gives every account its OUs, as far as they can be read. They have to be where something names OUs, and a
/// path has to be that of one OU.
async fn assign_ous(
    organizations: &Organizations<'_>,
    listing: &mut Listing,
    tree: Result<Tree, Failure>,
    config: &Config,
    account_details: &AccountDetails<'_>,
) -> Result<(), DiscoverError> {
    let placed = match tree {
        Ok(tree) => {
            let named = named_ous(config).chain(account_details.ous.iter().copied());
            refuse_ambiguous(&tree, named)?;
            listing.notes.extend(tree.note());
            listing.ous = tree.named();
            organizations.assign_ous(listing, &tree).await
        }
        Err(failure) => Err(failure),
    };
    match placed {
        Err(failure) if named_ous(config).next().is_some() => Err(DiscoverError::Ous(failure)),
        Err(failure) => {
            let note = format!("OUs are missing because they could not be read: {failure}");
            listing.notes.push(note);
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

fn refuse_ambiguous<'a>(
    tree: &Tree,
    mut named: impl Iterator<Item = &'a str>,
) -> Result<(), DiscoverError> {
    let ambiguous = named.find_map(|ou| Some((ou, tree.ambiguous(ou)?)));
    match ambiguous {
        None => Ok(()),
        Some((ou, matches)) => Err(DiscoverError::AmbiguousOu {
            ou: ou.to_owned(),
            matches,
        }),
    }
}

async fn tag(
    organizations: &Organizations<'_>,
    listing: &mut Listing,
    config: &Config,
    account_details: &AccountDetails<'_>,
) -> Result<(), Failure> {
    let accounts = &mut listing.accounts;
    if wants_tags(config) {
        organizations.tag(accounts).await?;
    } else if account_details.tags
        && let Err(failure) = organizations.tag(accounts).await
    {
        // Not some with and some without: it would look as if these had none.
        accounts.iter_mut().for_each(|one| one.tags.clear());
        listing.notes.push(format!(
            "exceptions by tag do not apply because the accounts' tags could not be read: {failure}"
        ));
    }
    Ok(())
}

/// Every account with a decision, in order. Those that have failed count unless a filter leaves them out by
/// what is known of them.
fn planned(
    accounts: Vec<Account>,
    failed: Vec<(Account, Gap)>,
    config: &Config,
) -> Vec<PlannedAccount> {
    let filter = &config.accounts;
    let accounts = accounts.into_iter().map(|account| {
        let decision = decide_with_ous(&account, filter);
        (account, decision)
    });
    let failed = failed.into_iter().map(|(account, gap)| {
        let decision = match decide(&account, filter) {
            Decision::Scan => Decision::Fail { gap },
            decision => decision,
        };
        (account, decision)
    });
    let planned = accounts
        .chain(failed)
        .map(|(account, decision)| PlannedAccount {
            account: account.into(),
            decision,
        });
    let mut planned: Vec<_> = planned.collect();
    planned.sort_by(|a, b| a.account.id.cmp(&b.account.id));
    planned
}
