//! Which accounts there are, and which of them are scanned.

mod alone;
mod listing;
mod organization;
mod select;
mod tree;

use std::sync::Arc;

use orgscan_core::api::Api;
use orgscan_core::model::{Account, Arn, Decision, Gap, Plan, PlannedAccount};
use orgscan_core::services::{iam, organizations};
use orgscan_core::settings::{Config, Wanted};

use crate::pace::{Deadline, Pacer};
use crate::{Aws, Failure};
use alone::alone;
use listing::Listing;
use organization::Organizations;
use select::{decide, decide_placed, decided_by_listing, named_ous, wants_tags};
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
         orgscan runs as {caller}. Use credentials of the management account or of a delegated \
         administrator that may call it, or scan this account alone with `--account self`."
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
         Allow it, or name accounts by id, name or tag instead, in filters, thresholds and alert routes."
    )]
    Ous(Failure),
    /// A path that the configuration or an exception gives is that of several OUs.
    #[error("OU `{}` fits {}: give the id of the one that is meant", .ou.escape_debug(), .fits.join(" and "))]
    AmbiguousOu {
        /// As it was given.
        ou: String,
        /// The id of each OU that it fits.
        fits: Vec<String>,
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
pub struct Discovered {
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
    pub aws: &'a Aws,
    /// Paces the requests.
    pub pacer: &'a Arc<Pacer>,
    /// No request is sent after it.
    pub deadline: Deadline,
    /// The filters.
    pub config: &'a Config,
    /// Whether the caller's own account is all.
    pub own_account: bool,
    /// What exceptions have to know of accounts.
    pub wanted: &'a Wanted<'a>,
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
) -> Result<Discovered, DiscoverError> {
    if discovery.own_account {
        return Ok(alone(discovery, None).await);
    }
    let aws = discovery.aws;
    let lane = || {
        let scope = aws.scope(None);
        discovery.pacer.lane(&scope, discovery.deadline)
    };
    let first = Organizations::new(aws, lane().first_contact());
    let organization = match first.describe().await {
        Ok(organization) => organization,
        Err(failure) if failure.has_code(NO_ORGANIZATION) => {
            let note = "the account belongs to no organization, so it was scanned alone";
            return Ok(alone(discovery, Some(note)).await);
        }
        Err(failure) => return Err(discovery.refused(failure)),
    };
    let organizations = Organizations::new(aws, lane());
    let listing = discovery.listing(&organizations, early).await?;
    Ok(Discovered {
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
        organizations: &Organizations,
        early: &(dyn Fn(&Account) + Sync),
    ) -> Result<Listing, DiscoverError> {
        let (config, wanted) = (self.config, self.wanted);
        let decides = decided_by_listing(config);
        let listed = |account: &Account| {
            if decides && decide(account, &config.accounts) == Decision::Scan {
                early(account);
            }
        };
        let (listed, tree) = futures::join!(organizations.accounts(&listed), organizations.tree());
        let mut listing = listed.map_err(|failure| self.refused(failure))?;
        place(organizations, &mut listing, tree, config, wanted).await?;
        let tagged = tag(organizations, &mut listing, config, wanted).await;
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
async fn place(
    organizations: &Organizations,
    listing: &mut Listing,
    tree: Result<Tree, Failure>,
    config: &Config,
    wanted: &Wanted<'_>,
) -> Result<(), DiscoverError> {
    let placed = match tree {
        Ok(tree) => {
            let named = named_ous(config).chain(wanted.ous.iter().copied());
            refuse_ambiguous(&tree, named)?;
            listing.notes.extend(tree.note());
            listing.ous = tree.named();
            organizations.place(listing, &tree).await
        }
        Err(failure) => Err(failure),
    };
    match placed {
        Err(failure) if named_ous(config).next().is_some() => Err(DiscoverError::Ous(failure)),
        Err(failure) => {
            let note = format!("the OUs are not shown, they cannot be read: {failure}");
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
        Some((ou, fits)) => Err(DiscoverError::AmbiguousOu {
            ou: ou.to_owned(),
            fits,
        }),
    }
}

async fn tag(
    organizations: &Organizations,
    listing: &mut Listing,
    config: &Config,
    wanted: &Wanted<'_>,
) -> Result<(), Failure> {
    let accounts = &mut listing.accounts;
    if wants_tags(config) {
        organizations.tag(accounts).await?;
    } else if wanted.tags
        && let Err(failure) = organizations.tag(accounts).await
    {
        // Not some with and some without: it would look as if these had none.
        accounts.iter_mut().for_each(|one| one.tags.clear());
        listing.notes.push(format!(
            "exceptions by tag apply to nothing, the accounts' tags cannot be read: {failure}"
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
        let decision = decide_placed(&account, filter);
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
