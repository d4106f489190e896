//! Arguments of `orgscan history`.

use clap::{Args, Subcommand};

use super::ReportsArg;

/// `orgscan history`
#[derive(Debug, Args)]
#[command(after_help = crate::exit::HISTORY)]
pub struct HistoryArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: HistoryCommand,
}

/// What can be done with the history.
#[derive(Debug, Subcommand)]
pub enum HistoryCommand {
    /// Correct a state with dates in the future; keeps every finding
    Repair(RepairArgs),
}

/// `orgscan history repair`
#[derive(Debug, Args)]
pub struct RepairArgs {
    /// Write the repaired state [default: only show the changes]
    #[arg(long)]
    pub yes: bool,
    /// Where the reports are.
    #[command(flatten)]
    pub reports: ReportsArg,
}
