//! What can be said of which accounts, Regions and checks.

use std::str::FromStr;

use clap::Args;
use orgscan_core::model::{AccountId, CallAs, InvalidAccountId, Severity};
use orgscan_core::settings::ExternalId;
use serde::{Serialize, Serializer};

use super::lists::{self, RegionList};
use super::values;

/// A comma may be in the name of an OU.
const HEADING: &str = "Selection (several: with commas between, or repeat the flag; repeat --ou)";

/// Which accounts, Regions and checks, and how to get at them.
#[derive(Debug, Default, Args, Serialize)]
#[serde(rename_all = "kebab-case")]
#[command(next_help_heading = HEADING)]
pub struct SelectionArgs {
    /// Which accounts, and how to get at them.
    #[command(flatten)]
    #[serde(flatten)]
    pub account_args: AccountArgs,
    /// Only this Region; a glob may stand for several
    #[arg(long, value_name = "REGION", value_parser = lists::regions(), hide_possible_values = true)]
    #[serde(serialize_with = "RegionList::serialize_all")]
    pub region: Vec<RegionList>,
    /// Not this Region
    #[arg(long, value_name = "REGION", value_parser = lists::regions(), hide_possible_values = true)]
    #[serde(serialize_with = "RegionList::serialize_all")]
    pub exclude_region: Vec<RegionList>,
    /// Only this check
    #[arg(long, value_name = "CHECK", value_delimiter = ',',
          value_parser = lists::CHECK, hide_possible_values = true)]
    pub check: Vec<String>,
    /// Only checks that answer this framework; `orgscan checks --framework ID` lists its controls
    #[arg(long, value_name = "FRAMEWORK", value_delimiter = ',',
          value_parser = lists::FRAMEWORK, hide_possible_values = true)]
    pub framework: Vec<String>,
    /// Only checks of this category
    #[arg(long, value_name = "CATEGORY", value_delimiter = ',',
          value_parser = lists::CATEGORY, hide_possible_values = true)]
    pub category: Vec<String>,
    /// Only checks of this severity or worse, as it usually is
    #[arg(long, value_name = "SEVERITY", value_parser = values::severity())]
    pub severity: Option<Severity>,
    /// Not this check
    #[arg(long, value_name = "CHECK", value_delimiter = ',',
          value_parser = lists::CHECK, hide_possible_values = true)]
    pub exclude_check: Vec<String>,
}

/// Which accounts, and how to get at them.
#[derive(Debug, Default, Args, Serialize)]
#[serde(rename_all = "kebab-case")]
#[command(next_help_heading = HEADING)]
pub struct AccountArgs {
    /// Only this account; `self` is the one of the credentials, without asking Organizations
    #[arg(long, value_name = "ID|self", value_delimiter = ',')]
    #[serde(skip_serializing_if = "AccountArg::is_own")]
    pub account: Vec<AccountArg>,
    /// Only accounts of this OU and those nested in it, by id or path
    #[arg(long, value_name = "OU")]
    pub ou: Vec<String>,
    /// Not this account
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = lists::account)]
    pub exclude_account: Vec<AccountId>,
    /// No account of this OU or those nested in it
    #[arg(long, value_name = "OU")]
    pub exclude_ou: Vec<String>,
    /// Role to assume in each account
    #[arg(long, value_name = "NAME")]
    pub role_name: Option<String>,
    /// External id that the role asks for
    #[arg(long, value_name = "ID")]
    #[serde(serialize_with = "exposed")]
    pub external_id: Option<ExternalId>,
    /// Stack set that deploys the role, to compare the accounts with
    #[arg(long, value_name = "NAME")]
    pub stack_set: Option<String>,
    /// SELF for a stack set of the management account, DELEGATED_ADMIN for a delegated administrator's
    #[arg(long, value_name = "WHO")]
    pub call_as: Option<CallAs>,
    /// Share of AWS's request quotas to use, above 0 and at most 1
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
