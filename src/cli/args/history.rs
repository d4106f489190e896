//! What can be said of `orgscan history`.

use clap::{Args, Subcommand};

use super::ReportsArg;

/// `orgscan history`
#[derive(Debug, Args)]
#[command(after_help = crate::exit::STORED)]
pub struct HistoryArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: HistoryCommand,
}

/// What can be done with the history.
#[derive(Debug, Subcommand)]
pub enum HistoryCommand {
    /// Correct the dates of a state that is dated ahead of the clock; keeps every finding
    Repair(RepairArgs),
}

/// `orgscan history repair`
#[derive(Debug, Args)]
pub struct RepairArgs {
    /// Write the repaired state; without it, only show what would change
    #[arg(long)]
    pub yes: bool,
    /// Where the reports are.
    #[command(flatten)]
    pub reports: ReportsArg,
}
