//! Arguments that select accounts, Regions and checks.

use std::str::FromStr;

use clap::Args;
use orgscan_core::model::{AccountId, CallAs, InvalidAccountId, Severity};
use orgscan_core::settings::ExternalId;
use serde::{Serialize, Serializer};

use super::lists::{self, RegionList};
use super::values;

/// A comma may be in the name of an OU.
const HEADING: &str =
    "Selection (several values: separate with commas, or repeat the flag; for OUs repeat the flag)";

/// Which accounts, Regions and checks, and how to access them.
#[derive(Debug, Default, Args, Serialize)]
#[serde(rename_all = "kebab-case")]
#[command(next_help_heading = HEADING)]
pub struct SelectionArgs {
    /// Which accounts, and how to access them.
    #[command(flatten)]
    #[serde(flatten)]
    pub account_args: AccountArgs,
    /// Only this Region, or all that match a glob: eu-*
    #[arg(long, value_name = "REGION", value_parser = lists::regions(), hide_possible_values = true)]
    #[serde(serialize_with = "RegionList::serialize_all")]
    pub region: Vec<RegionList>,
    /// Exclude this Region, or all that match a glob
    #[arg(long, value_name = "REGION", value_parser = lists::regions(), hide_possible_values = true)]
    #[serde(serialize_with = "RegionList::serialize_all")]
    pub exclude_region: Vec<RegionList>,
    /// Run only this check, also if it is opt-in
    #[arg(long, value_name = "CHECK", value_delimiter = ',',
          value_parser = lists::CHECK, hide_possible_values = true)]
    pub check: Vec<String>,
    /// Run only the checks that map to this framework; `orgscan checks --framework ID` lists them
    #[arg(long, value_name = "FRAMEWORK", value_delimiter = ',',
          value_parser = lists::FRAMEWORK, hide_possible_values = true)]
    pub framework: Vec<String>,
    /// Run only checks of this category
    #[arg(long, value_name = "CATEGORY", value_delimiter = ',',
          value_parser = lists::CATEGORY, hide_possible_values = true)]
    pub category: Vec<String>,
    /// Run only checks whose usual severity is this or higher
    #[arg(long, value_name = "SEVERITY", value_parser = values::severity())]
    pub min_severity: Option<Severity>,
    /// Exclude this check
    #[arg(long, value_name = "CHECK", value_delimiter = ',',
          value_parser = lists::CHECK, hide_possible_values = true)]
    pub exclude_check: Vec<String>,
}

/// Which accounts, and how to access them.
#[derive(Debug, Default, Args, Serialize)]
#[serde(rename_all = "kebab-case")]
#[command(next_help_heading = HEADING)]
pub struct AccountArgs {
    /// Only this account; `self` is the account of the credentials, without Organizations
    #[arg(long, value_name = "ID|self", value_delimiter = ',')]
    #[serde(skip_serializing_if = "AccountArg::is_own")]
    pub account: Vec<AccountArg>,
    /// Only accounts in this OU or its nested OUs, by id or path
    #[arg(long, value_name = "OU")]
    pub ou: Vec<String>,
    /// Exclude this account
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = lists::account)]
    pub exclude_account: Vec<AccountId>,
    /// Exclude all accounts in this OU and its nested OUs
    #[arg(long, value_name = "OU")]
    pub exclude_ou: Vec<String>,
    /// Name of the member role, which orgscan assumes in each account
    #[arg(long, value_name = "NAME")]
    pub role_name: Option<String>,
    /// External id that the member role requires
    #[arg(long, value_name = "ID")]
    #[serde(serialize_with = "exposed")]
    pub external_id: Option<ExternalId>,
    /// Stack set that deploys the member role, to show its state in each account
    #[arg(long, value_name = "NAME")]
    pub stack_set: Option<String>,
    /// Caller of the stack set: SELF (management account) or DELEGATED_ADMIN (delegated administrator)
    #[arg(long, value_name = "CALLER")]
    pub call_as: Option<CallAs>,
    /// Share of AWS's request quotas to use, above 0 and up to 1
    #[arg(long, value_name = "SHARE", value_parser = finite)]
    pub api_share: Option<f64>,
}

/// An account, or the one of the credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum AccountArg {
    /// `self`
    Own,
    /// By its id.
    Id(AccountId),
}

impl AccountArg {
    /// Whether the account of the credentials is among these.
    pub(crate) fn is_own(accounts: &[Self]) -> bool {
        accounts.contains(&Self::Own)
    }
}

impl FromStr for AccountArg {
    type Err = InvalidAccountId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim() {
            "self" => Ok(Self::Own),
            id => id.parse().map(Self::Id),
        }
    }
}

/// The configuration needs the id itself.
fn exposed<S: Serializer>(id: &Option<ExternalId>, serializer: S) -> Result<S::Ok, S::Error> {
    id.as_ref().map(ExternalId::expose).serialize(serializer)
}

/// A number of the kind that a configuration can have.
fn finite(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    let number = Some(number).filter(|number| number.is_finite());
    number.ok_or_else(|| "not a finite number".to_owned())
}
