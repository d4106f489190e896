//! Arguments of `orgscan alert`.

use clap::{Args, ValueEnum};
use orgscan_core::model::RunId;

use super::ReportsArg;

/// `orgscan alert`
#[derive(Debug, Args)]
pub struct AlertArgs {
    /// Show it; sends nothing
    #[arg(long, required = true)]
    pub preview: bool,
    /// Name of the run [default: the last one]
    #[arg(long, value_name = "ID")]
    pub run: Option<RunId>,
    /// For whom
    #[arg(long = "form", value_name = "FORM", default_value_t, value_enum)]
    pub format: AlertFormat,
    /// The message for this route instead of the one about all accounts
    #[arg(long, value_name = "NAME")]
    pub route: Option<String>,
    /// Where the reports are.
    #[command(flatten)]
    pub reports: ReportsArg,
}

/// A form of the alert.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum AlertFormat {
    /// The text, with its subject
    #[default]
    Email,
    /// The line for telephones
    Sms,
    /// For programs: SQS, Lambda, HTTP
    Json,
    /// For Slack and Teams
    Chat,
    /// The attributes for filter policies
    Attributes,
}
