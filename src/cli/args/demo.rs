//! Arguments of `orgscan demo`.

use std::path::PathBuf;

use clap::Args;

use super::super::exit;
use super::super::simulation::Simulation;
use super::export::folder;

/// `orgscan demo`
#[derive(Debug, Args)]
#[command(after_help = exit::DEMO)]
pub struct DemoArgs {
    /// Write the report to this folder
    #[arg(long = "report", value_name = "DIR", default_value = "orgscan-demo",
          value_parser = folder)]
    pub output: PathBuf,
    /// Open the report page in the browser after the scan
    #[arg(long)]
    pub open: bool,
    /// Simulate this many days with changes in the organization, and print each day's alert
    #[arg(long, value_name = "N", conflicts_with = "timings",
          value_parser = clap::value_parser!(u64).range(1..=30))]
    pub days: Option<u64>,
    /// Print timings and request counts
    #[arg(long)]
    pub timings: bool,
    /// What is scanned.
    #[command(flatten)]
    pub simulation: Simulation,
}
