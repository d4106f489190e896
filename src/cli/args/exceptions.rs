//! What can be said of `orgscan exceptions`.

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
    /// Say what is wrong with the file that lists the exceptions
    Check(ExceptionsFile),
    /// List the exceptions, and where each of them stands today
    List(ExceptionsList),
    /// Accept a finding: write an exception for it into the file, which keeps its comments
    Add(ExceptionsAdd),
    /// Make a list of a Prowler mutelist, on standard output
    Import(ExceptionsImport),
}

/// Which file.
#[derive(Debug, Args)]
pub struct ExceptionsFile {
    /// The file, or s3://BUCKET/KEY [default: the one that the configuration names]
    pub file: Option<FileLocation>,
}

/// `orgscan exceptions list`
#[derive(Debug, Args)]
pub struct ExceptionsList {
    /// How the list is printed
    #[arg(long, value_name = "FORMAT", default_value_t, value_enum)]
    pub format: Format,
    /// Which file.
    #[command(flatten)]
    pub file: ExceptionsFile,
}

/// `orgscan exceptions add`
#[derive(Debug, Args)]
pub struct ExceptionsAdd {
    /// The finding's id, as in findings.csv, report.json and on the page
    #[arg(value_name = "FINDING")]
    pub finding: String,
    /// Who owns the risk
    #[arg(long, value_name = "NAME")]
    pub owner: String,
    /// Why it is accepted
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// For so many days from today
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=3650))]
    pub days: u16,
    /// Where it was decided: a ticket's number or URL
    #[arg(long, value_name = "TICKET")]
    pub ticket: Option<String>,
    /// Who approved it
    #[arg(long, value_name = "NAME")]
    pub approved_by: Option<String>,
    /// The file, made if it is missing [default: the one that the configuration names]
    #[arg(long, value_name = "FILE")]
    pub file: Option<FileLocation>,
    /// Name of the run that has the finding [default: the last one]
    #[arg(long, value_name = "ID")]
    pub run: Option<RunId>,
    /// Where the reports are.
    #[command(flatten)]
    pub reports: ReportsArg,
}

/// `orgscan exceptions import`
#[derive(Debug, Args)]
pub struct ExceptionsImport {
    /// The mutelist, YAML
    pub file: PathBuf,
    /// Who owns the risks
    #[arg(long, value_name = "NAME")]
    pub owner: Option<String>,
    /// The last day of them all
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub expires: Option<Date>,
}
