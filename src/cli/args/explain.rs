//! Arguments of `orgscan explain`.

use clap::Args;
use orgscan_core::model::AccountId;

use super::lists;

/// `orgscan explain`
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A check, framework, indicator or control: `s3-bucket-public`, `cis-7.0 3.1.1`
    #[arg(value_name = "ID", required_unless_present = "threshold", conflicts_with = "threshold",
          num_args = 1..=2, value_parser = lists::EXPLAINED, hide_possible_values = true)]
    pub what: Vec<String>,
    /// Show the threshold of this indicator [default: for the organization's total]
    #[arg(long, value_name = "INDICATOR", value_parser = lists::INDICATOR, hide_possible_values = true)]
    pub threshold: Option<String>,
    /// Show the threshold for this account
    #[arg(long, value_name = "ID", requires = "threshold")]
    pub account: Option<AccountId>,
    /// Show the threshold for this OU's total, by path or id; with --account, as if the account were in this OU
    #[arg(long, value_name = "OU", requires = "threshold")]
    pub ou: Option<String>,
}
