//! What can be said of an export.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use jiff::civil::Date;

use crate::config::{OcsfVersion, ReportFormat};
use crate::model::{AccountId, RunId};

/// `orgscan export`
#[derive(Debug, Args)]
#[command(after_help = crate::cli::exit::STORED)]
pub struct ExportArgs {
    /// In which form; repeat it for several
    #[arg(long, value_name = "FORM", required = true, value_enum)]
    pub format: Vec<ReportFormat>,
    /// The folder to write into; `-` is the standard output, for one form of one run
    #[arg(long, value_name = "DIR")]
    pub to: To,
    /// Where the reports are, a folder or s3://BUCKET/PREFIX [default: as configured]
    #[arg(long, value_name = "PLACE")]
    pub from: Option<String>,
    /// Name of the run [default: the last one]
    #[arg(long, value_name = "ID", conflicts_with_all = ["since", "until"])]
    pub run: Option<RunId>,
    /// All runs since this day, in UTC, 2026-11-30
    #[arg(long, value_name = "DAY")]
    pub since: Option<Date>,
    /// All runs until this day, which is included
    #[arg(long, value_name = "DAY")]
    pub until: Option<Date>,
    /// Only this account
    #[arg(
        long,
        value_name = "ID",
        help_heading = "Part (repeat a flag to name several)"
    )]
    pub account: Vec<AccountId>,
    /// Only accounts of this OU and those nested in it, by id or path
    #[arg(
        long,
        value_name = "OU",
        help_heading = "Part (repeat a flag to name several)"
    )]
    pub ou: Vec<String>,
    /// Only this check
    #[arg(
        long,
        value_name = "CHECK",
        help_heading = "Part (repeat a flag to name several)"
    )]
    pub check: Vec<String>,
    /// Only the checks that this framework asks for: cis-7.0, cis-5.0, aws-fsbp
    #[arg(
        long,
        value_name = "ID",
        help_heading = "Part (repeat a flag to name several)"
    )]
    pub framework: Option<String>,
    /// Version of OCSF [default: as configured, else 1.3.0]
    #[arg(long, value_name = "VERSION", value_enum)]
    pub ocsf_version: Option<OcsfVersion>,
}

/// Where an export goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// `-`
    Output,
    /// A folder.
    Folder(PathBuf),
}

impl FromStr for To {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "-" => Self::Output,
            folder => Self::Folder(PathBuf::from(folder)),
        })
    }
}
