//! Accounts and the organization that they belong to.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::text::serde_as_text;

/// The 12 digits that name an AWS account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema)]
#[schemars(with = "String", extend("pattern" = r"^\d{12}$"))]
pub struct AccountId(Arc<str>);

/// A text that should have been an account id, and is not.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not an AWS account id; use 12 digits, quoted in YAML")]
pub struct InvalidAccountId(String);

impl AccountId {
    /// The 12 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Stands for an account whose id is not known: `000000000000` and the next ones, which AWS does not give.
    pub fn stand_in(number: usize) -> Self {
        Self(format!("{number:012}").into())
    }
}

impl FromStr for AccountId {
    type Err = InvalidAccountId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text.into()))
        } else {
            Err(InvalidAccountId(text.to_owned()))
        }
    }
}

serde_as_text!(AccountId, str::parse);

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Where an account stands in its life cycle: Organizations' `Account.State`.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_account_state.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AccountState {
    /// Can be used, and is scanned.
    Active,
    /// Created, but its sign-up is not finished.
    PendingActivation,
    /// AWS has restricted it.
    Suspended,
    /// Its owner has closed it; it still works for a while.
    PendingClosure,
    /// Closed; listed for 90 days more.
    Closed,
    /// A state that this version of orgscan does not know, or none was given.
    Unknown,
}

impl fmt::Display for AccountState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Active => "ACTIVE",
            Self::PendingActivation => "PENDING_ACTIVATION",
            Self::Suspended => "SUSPENDED",
            Self::PendingClosure => "PENDING_CLOSURE",
            Self::Closed => "CLOSED",
            Self::Unknown => "UNKNOWN",
        })
    }
}

/// An account of the organization, as Organizations describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Account {
    /// Its 12 digits.
    pub id: AccountId,
    /// Its friendly name; the id where there is no organization to ask.
    pub name: String,
    /// Where it stands in its life cycle.
    pub state: AccountState,
    /// Ids from the root to the account's own OU: `r-a1b2`, `ou-a1b2-…`. Empty outside organizations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ou_ids: Vec<String>,
    /// Names of the OUs below the root, joined with `/`: `Workloads/Production`. Empty in the root.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ou_path: String,
    /// Tags, read only where a filter or a route needs them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
}

/// The organization that is scanned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Organization {
    /// `o-…`
    pub id: String,
    /// The account that owns the organization.
    pub management_account: AccountId,
}

/// The path of an OU and of every OU around it: `A/B` gives `A` and `A/B`.
pub fn unit_paths(ou_path: &str) -> impl Iterator<Item = &str> {
    ou_path
        .match_indices('/')
        .map(|(end, _)| &ou_path[..end])
        .chain([ou_path])
        .filter(|path| !path.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_id_is_twelve_digits() {
        assert!("123456789012".parse::<AccountId>().is_ok());
        for bad in ["", "12345678901", "1234567890123", "12345678901x", "١٢٣٤٥٦"] {
            let error = bad.parse::<AccountId>().unwrap_err().to_string();
            assert!(error.contains("12 digits"), "{error}");
        }
    }
}
