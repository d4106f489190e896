//! `orgscan demo`.

use std::path::PathBuf;

use clap::Args;

use super::super::exit;
use super::super::simulation::Simulation;
use super::export::folder;

/// `orgscan demo`
#[derive(Debug, Args)]
#[command(after_help = exit::DEMO)]
pub struct DemoArgs {
    /// Write the report into this folder
    #[arg(long = "report", alias = "output", value_name = "DIR", default_value = "orgscan-demo",
          value_parser = folder)]
    pub output: PathBuf,
    /// Open the report's page in the browser when the scan is done
    #[arg(long)]
    pub open: bool,
    /// Let so many days pass, on which the organization changes, and show each day's alert
    #[arg(long, value_name = "N", conflicts_with = "timings",
          value_parser = clap::value_parser!(u64).range(1..=30))]
    pub days: Option<u64>,
    /// Show where the time went
    #[arg(long)]
    pub timings: bool,
    /// What is scanned.
    #[command(flatten)]
    pub simulation: Simulation,
}
