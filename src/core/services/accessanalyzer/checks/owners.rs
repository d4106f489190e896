//! The accounts that can own an organization analyzer, and which of them this run read.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::checks::Context;
use crate::facts::{Fact, FactSpec, Facts};
use crate::model::{AccountId, Cause, Gap, Region};
use crate::services::accessanalyzer::LIST_ANALYZERS;
use crate::services::organizations::{DelegatedAdministrators, OrganizationProfile};

/// The service principal that a delegated administrator of Access Analyzer is registered for.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-delegated-administrator.html>
pub(super) const PRINCIPAL: &str = "access-analyzer.amazonaws.com";

/// What the central account is asked.
pub(super) const NEEDS: [&FactSpec; 2] = [OrganizationProfile::SPEC, DelegatedAdministrators::SPEC];

/// The accounts that can own an organization analyzer.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct CentralRecord {
    /// The management account and delegated administrators. Empty outside an organization.
    accounts: BTreeSet<AccountId>,
    /// Why others may be among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unread: Vec<Gap>,
}

/// Which of the possible owners were read.
#[derive(Debug, Default)]
pub(super) struct Owners {
    central: Option<CentralRecord>,
    /// Accounts that were scanned, each with the Regions that could not be read there.
    scanned: BTreeMap<AccountId, BTreeSet<Region>>,
}

impl CentralRecord {
    /// What the central account tells; none of any other account.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-delegated-administrator.html>
    pub(super) fn of(facts: &Facts<'_>, context: &Context<'_>) -> Option<Self> {
        context.is_central.then(|| {
            let mut central = Self::default();
            if let Err(gap) = central.read(facts) {
                central.unread.push(gap);
            }
            central
        })
    }

    fn read(&mut self, facts: &Facts<'_>) -> Result<(), Gap> {
        let Some(organization) = facts.get::<OrganizationProfile>()? else {
            return Ok(());
        };
        self.accounts
            .insert(organization.management_account.clone());
        if !organization.has_all_features {
            return Ok(());
        }
        let administrators = facts.get::<DelegatedAdministrators>()?;
        self.unread.extend(administrators.gaps.iter().cloned());
        for administrator in administrators {
            match administrator.services.get() {
                Ok(services) if services.contains(PRINCIPAL) => {
                    self.accounts.insert(administrator.account.clone());
                }
                Ok(_) => {}
                Err(gap) => self.unread.push(gap.clone()),
            }
        }
        Ok(())
    }
}

impl Owners {
    /// Adds an account, with the Regions that could not be read there.
    pub(super) fn add(&mut self, account: &AccountId, unread: BTreeSet<Region>) {
        self.scanned.insert(account.clone(), unread);
    }

    /// Adds what the central account tells.
    pub(super) fn add_central(&mut self, central: Option<CentralRecord>) {
        self.central = self.central.take().or(central);
    }

    /// Whether an account can own an organization analyzer, as far as is known.
    pub(super) fn may_own(&self, account: &AccountId) -> bool {
        let central = self.central.as_ref();
        central.is_none_or(|one| !one.unread.is_empty() || one.accounts.contains(account))
    }

    /// Why an account may own an organization analyzer in a Region that this run did not read; none if no account may.
    pub(super) fn possible(&self, region: &Region, context: &Context<'_>) -> Option<String> {
        let Some(central) = &self.central else {
            return Some("the accounts that can own one are not known".to_owned());
        };
        if !central.unread.is_empty() {
            return Some("the accounts that can own one could not be read".to_owned());
        }
        let others = central.accounts.iter();
        let mut others = others.filter(|one| *one != context.account);
        others.find_map(|account| match self.scanned.get(account) {
            None => Some(format!("account {account} can own one and was not scanned")),
            Some(unread) if unread.contains(region) => Some(format!(
                "account {account} can own one, and its analyzers could not be read"
            )),
            Some(_) => None,
        })
    }

    /// The Regions in which an organization analyzer of another account decides. The central account has the gap, so
    /// that it appears once. Other accounts, and the only account of a run, have no verdict there, and skip the check
    /// if nothing else was decided.
    pub(super) fn undecided(
        &self,
        regions: &[(Region, String)],
        is_all: bool,
        context: &Context<'_>,
    ) -> Vec<Gap> {
        let Some((_, why)) = regions.first() else {
            return Vec::new();
        };
        let names: Vec<&str> = regions.iter().map(|(region, _)| region.as_str()).collect();
        let names = names.join(", ");
        let gap = |cause| Gap {
            detail: format!("an organization analyzer may cover {names}: {why}"),
            ..Gap::new(LIST_ANALYZERS.action, cause)
        };
        if !context.is_central || self.scanned.len() == 1 {
            return Vec::from_iter(is_all.then(|| gap(Cause::DelegationRequired)));
        }
        let unread = self.central.iter().flat_map(|central| &central.unread);
        let unread: Vec<Gap> = unread.cloned().collect();
        match unread.is_empty() {
            true => vec![gap(Cause::OwnedByOtherAccount)],
            false => unread,
        }
    }
}
