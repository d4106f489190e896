//! Arguments of `orgscan export`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use jiff::civil::Date;
use orgscan_core::model::{AccountId, RunId};
use orgscan_core::settings::{Location, OcsfVersion, ReportFormat};

use super::lists;
use super::values;

/// A comma may be in the name of an OU.
const PART: &str =
    "Selection (several values: separate with commas, or repeat the flag; for OUs repeat the flag)";

/// `orgscan export`
#[derive(Debug, Args)]
#[command(after_help = crate::exit::STORED)]
pub struct ExportArgs {
    /// Report format; separate several with commas, or repeat the flag
    #[arg(
        long,
        value_name = "FORMAT",
        required = true,
        value_parser = values::report_format(),
        value_delimiter = ','
    )]
    pub format: Vec<ReportFormat>,
    /// Folder to write to; `-` is standard output, for one format of one run
    #[arg(long, value_name = "DIR")]
    pub to: ExportTarget,
    /// Location of the stored reports: a folder or s3://BUCKET/PREFIX [default: the configured one]
    #[arg(long, value_name = "LOCATION")]
    pub report: Option<Location>,
    /// Id of the run [default: the latest run]
    #[arg(long, value_name = "ID", conflicts_with_all = ["since", "until"])]
    pub run_id: Option<RunId>,
    /// All runs from this day on (UTC): 2026-11-30
    #[arg(long, value_name = "DAY")]
    pub since: Option<Date>,
    /// All runs up to and including this day
    #[arg(long, value_name = "DAY")]
    pub until: Option<Date>,
    /// Only this account
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = lists::account,
          help_heading = PART)]
    pub account: Vec<AccountId>,
    /// Only accounts in this OU or its nested OUs, by id or path
    #[arg(long, value_name = "OU", help_heading = PART)]
    pub ou: Vec<String>,
    /// Only this check
    #[arg(long, value_name = "CHECK", value_delimiter = ',', value_parser = lists::CHECK,
          hide_possible_values = true, help_heading = PART)]
    pub check: Vec<String>,
    /// Only checks that map to this framework: cis-7.0, cis-6.0, cis-5.0, aws-fsbp
    #[arg(long, value_name = "ID", value_parser = lists::FRAMEWORK, hide_possible_values = true,
          help_heading = PART)]
    pub framework: Option<String>,
    /// Version of OCSF [default: the configured one, or 1.3.0]
    #[arg(long, value_name = "VERSION", value_parser = values::ocsf_version())]
    pub ocsf_version: Option<OcsfVersion>,
}

/// Where an export goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportTarget {
    /// `-`
    Output,
    /// A folder.
    Folder(PathBuf),
}

impl FromStr for ExportTarget {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "-" => Ok(Self::Output),
            text => folder(text).map(Self::Folder),
        }
    }
}

/// A folder of this machine.
pub(super) fn folder(text: &str) -> Result<PathBuf, String> {
    match text.parse() {
        Ok(Location::Folder(folder)) => Ok(folder),
        _ => Err(
            "not a folder on this machine; give a folder, and copy it to S3 with `aws s3 sync`"
                .to_owned(),
        ),
    }
}
