//! Arguments of `orgscan explain`.

use clap::Args;
use orgscan_core::model::AccountId;

use super::lists;

/// `orgscan explain`
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Id of a check or a framework, name of an indicator, or a control: `cis-7.0 3.1.1`
    #[arg(value_name = "ID", required_unless_present = "threshold", conflicts_with = "threshold",
          num_args = 1..=2, value_parser = lists::EXPLAINED, hide_possible_values = true)]
    pub what: Vec<String>,
    /// Say which threshold holds for this indicator, for the organization's total by default
    #[arg(long, value_name = "INDICATOR", value_parser = lists::INDICATOR, hide_possible_values = true)]
    pub threshold: Option<String>,
    /// For this account's own number
    #[arg(long, value_name = "ID", requires = "threshold")]
    pub account: Option<AccountId>,
    /// For this OU's total, by path or id; with --account, as if the account were there: asks nobody
    #[arg(long, value_name = "OU", requires = "threshold")]
    pub ou: Option<String>,
}
