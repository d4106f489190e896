//! What can be said of `orgscan exceptions`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::Format;

/// `orgscan exceptions`
#[derive(Debug, Args)]
#[command(after_help = crate::cli::exit::EXCEPTIONS)]
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
    /// Make a list of a Prowler mutelist, on standard output
    Import(ExceptionsImport),
}

/// Which file.
#[derive(Debug, Args)]
pub struct ExceptionsFile {
    /// The file, or s3://BUCKET/KEY [default: the one that the configuration names]
    pub file: Option<String>,
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
