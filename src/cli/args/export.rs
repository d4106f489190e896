//! What can be said of an export.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use jiff::civil::Date;
use orgscan_core::model::{AccountId, RunId};
use orgscan_core::settings::{Location, OcsfVersion, ReportFormat};

use super::lists;
use super::values;

/// A comma may be in the name of an OU.
const PART: &str = "Part (several: with commas between, or repeat the flag; repeat --ou)";

/// `orgscan export`
#[derive(Debug, Args)]
#[command(after_help = crate::exit::STORED)]
pub struct ExportArgs {
    /// In which form; several with commas between, or repeat the flag
    #[arg(
        long,
        value_name = "FORM",
        required = true,
        value_parser = values::report_format(),
        value_delimiter = ','
    )]
    pub format: Vec<ReportFormat>,
    /// The folder to write into; `-` is the standard output, for one form of one run
    #[arg(long, value_name = "DIR")]
    pub to: ExportTarget,
    /// Where the reports are: a folder, or s3://BUCKET/PREFIX [default: as configured]
    #[arg(long, aliases = ["output", "from"], value_name = "LOCATION")]
    pub report: Option<Location>,
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
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = lists::account,
          help_heading = PART)]
    pub account: Vec<AccountId>,
    /// Only accounts of this OU and those nested in it, by id or path
    #[arg(long, value_name = "OU", help_heading = PART)]
    pub ou: Vec<String>,
    /// Only this check
    #[arg(long, value_name = "CHECK", value_delimiter = ',', value_parser = lists::CHECK,
          hide_possible_values = true, help_heading = PART)]
    pub check: Vec<String>,
    /// Only the checks that this framework asks for: cis-7.0, cis-5.0, aws-fsbp
    #[arg(long, value_name = "ID", value_parser = lists::FRAMEWORK, hide_possible_values = true,
          help_heading = PART)]
    pub framework: Option<String>,
    /// Version of OCSF [default: as configured, else 1.3.0]
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
            "this is written into a folder of this machine; name one, and copy it with \
             `aws s3 sync`"
                .to_owned(),
        ),
    }
}
