//! What a run sets out to do: every account listed, each with a decision.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Account, AccountId, Gap, Organization};

/// Every account listed, each with a decision; ordered by account id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The organization, where there is one.
    pub organization: Option<Organization>,
    /// The account that orgscan runs in.
    pub central_account: AccountId,
    /// All accounts listed.
    pub accounts: Vec<PlannedAccount>,
}

impl Plan {
    /// The accounts that are scanned, in order.
    pub fn to_scan(&self) -> impl Iterator<Item = &Arc<Account>> {
        self.accounts
            .iter()
            .filter(|planned| planned.decision == Decision::Scan)
            .map(|planned| &planned.account)
    }

    /// The accounts that have a result in the end: those that are scanned, and those that have failed before.
    pub fn with_results(&self) -> impl Iterator<Item = &Arc<Account>> {
        let failed = self.failed().map(|(account, _)| account);
        self.to_scan().chain(failed)
    }

    /// The accounts that have failed before they could be scanned, in order, each with the reason.
    pub fn failed(&self) -> impl Iterator<Item = (&Arc<Account>, &Gap)> {
        self.accounts
            .iter()
            .filter_map(|planned| match &planned.decision {
                Decision::Fail { gap } => Some((&planned.account, gap)),
                Decision::Scan | Decision::Skip { .. } => None,
            })
    }
}

/// An account and what is to become of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedAccount {
    /// The account.
    pub account: Arc<Account>,
    /// Scan, skip or failed.
    pub decision: Decision,
}

/// Scan, skip with the reason, or failed from the start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum Decision {
    /// It is scanned.
    Scan,
    /// It is not.
    Skip {
        /// Why, as a word.
        reason: SkipReason,
        /// Why, for people.
        detail: String,
    },
    /// It cannot be: Organizations does not say which account it is, or whether a filter names it.
    Fail {
        /// Why.
        gap: Gap,
    },
}

/// Why an account, a Region or a target is skipped.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// Organizations says that the account is not active.
    AccountNotActive,
    /// An include filter does not name it.
    NotIncluded,
    /// An exclude filter names it.
    Excluded,
    /// The Region is not enabled in the account.
    RegionDisabled,
    /// The configuration declares the gap as expected.
    ExpectedGap,
}

impl SkipReason {
    /// The `snake_case` word used in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccountNotActive => "account_not_active",
            Self::NotIncluded => "not_included",
            Self::Excluded => "excluded",
            Self::RegionDisabled => "region_disabled",
            Self::ExpectedGap => "expected_gap",
        }
    }

    /// The reason in a few words, for people.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::AccountNotActive => "not active in Organizations",
            Self::NotIncluded => "not included by a filter",
            Self::Excluded => "excluded by a filter",
            Self::RegionDisabled => "the Region is off",
            Self::ExpectedGap => "an expected gap",
        }
    }
}

/// What is to become of one Region of one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum RegionDecision {
    /// It is scanned.
    Scan,
    /// It is not.
    Skip {
        /// Why, as a word.
        reason: SkipReason,
    },
}
