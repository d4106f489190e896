//! Arguments of `orgscan exceptions`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;
use orgscan_core::model::RunId;
use orgscan_core::settings::FileLocation;

use super::{Format, ReportsArg};

/// `orgscan exceptions`
#[derive(Debug, Args)]
#[command(after_help = crate::exit::EXCEPTIONS)]
pub struct ExceptionsArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: ExceptionsCommand,
}

/// What can be done with exceptions.
#[derive(Debug, Subcommand)]
pub enum ExceptionsCommand {
    /// Validate the exceptions file
    Check(ExceptionsFile),
    /// List the exceptions and their current states
    List(ExceptionsList),
    /// Add an exception for a finding to the file; comments in the file stay
    Add(ExceptionsAdd),
    /// Convert a Prowler mutelist to an exceptions file, on standard output
    Import(ExceptionsImport),
}

/// Which file.
#[derive(Debug, Args)]
pub struct ExceptionsFile {
    /// The exceptions file, a path or s3://BUCKET/KEY [default: the configured one]
    pub file: Option<FileLocation>,
}

/// `orgscan exceptions list`
#[derive(Debug, Args)]
pub struct ExceptionsList {
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value_t, value_enum)]
    pub format: Format,
    /// Which file.
    #[command(flatten)]
    pub file: ExceptionsFile,
}

/// `orgscan exceptions add`
#[derive(Debug, Args)]
pub struct ExceptionsAdd {
    /// Id of the finding, from findings.csv, report.json or the report page
    #[arg(value_name = "FINDING")]
    pub finding: String,
    /// Owner of the risk
    #[arg(long, value_name = "NAME")]
    pub owner: String,
    /// Why the risk is accepted
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Days until the exception expires, from today
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=3650))]
    pub days: u16,
    /// Number or URL of the ticket with the decision
    #[arg(long, value_name = "TICKET")]
    pub ticket: Option<String>,
    /// Who approved the exception
    #[arg(long, value_name = "NAME")]
    pub approved_by: Option<String>,
    /// The exceptions file, created if it is missing [default: the configured one]
    #[arg(long, value_name = "FILE")]
    pub file: Option<FileLocation>,
    /// Id of the run that has the finding [default: the latest run]
    #[arg(long, value_name = "ID")]
    pub run_id: Option<RunId>,
    /// Where the reports are.
    #[command(flatten)]
    pub reports: ReportsArg,
}

/// `orgscan exceptions import`
#[derive(Debug, Args)]
pub struct ExceptionsImport {
    /// The mutelist (YAML)
    pub file: PathBuf,
    /// Owner of the risks
    #[arg(long, value_name = "NAME")]
    pub owner: Option<String>,
    /// Last day of all imported exceptions
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub expires: Option<Date>,
}
