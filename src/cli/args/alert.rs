//! Arguments of `orgscan alert`.

use clap::{Args, ValueEnum};
use orgscan_core::model::RunId;

use super::ReportsArg;

/// `orgscan alert`
#[derive(Debug, Args)]
pub struct AlertArgs {
    /// Print the message, and send nothing
    #[arg(long, required = true)]
    pub preview: bool,
    /// Id of the run [default: the latest run]
    #[arg(long, value_name = "ID")]
    pub run_id: Option<RunId>,
    /// Message format
    #[arg(long, value_name = "FORMAT", default_value_t, value_enum)]
    pub format: AlertFormat,
    /// The message of this alert route [default: the message about all accounts]
    #[arg(long, value_name = "NAME")]
    pub route: Option<String>,
    /// Where the reports are.
    #[command(flatten)]
    pub reports: ReportsArg,
}

/// A format of the alert.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum AlertFormat {
    /// Email, with its subject
    #[default]
    Email,
    /// Text message for phones
    Sms,
    /// JSON for programs: SQS, Lambda, HTTP
    Json,
    /// Notification for Slack and Teams
    Chat,
    /// Message attributes for filter policies
    Attributes,
}
