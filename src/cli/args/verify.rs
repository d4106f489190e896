//! Arguments of `orgscan verify`.

use std::path::PathBuf;

use clap::Args;
use orgscan_core::model::RunId;
use orgscan_core::settings::Location;
use orgscan_store::integrity::Sha256Sum;

use super::{Format, ReportsArg};

const HELP: &str = "Exit codes:
  0  all reports are complete and unchanged
  1  files or manifests are missing, changed, extra or out of order, or signed by another key
  2  could not verify: no reports, or they cannot be read
  3  no problem found, but something could not be verified: the end of the chain, or a change of the key";

/// `orgscan verify`
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct VerifyArgs {
    /// Location of the stored reports, the same as --report
    #[arg(value_name = "LOCATION", conflicts_with = "report")]
    pub location: Option<Location>,
    /// Where the reports are.
    #[command(flatten)]
    pub reports: ReportsArg,
    /// Print the signer of each link of the chain, and the evidence for the last one
    #[arg(long)]
    pub details: bool,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value_t, value_enum)]
    pub format: Format,
    /// Verify only this run, without the chain
    #[arg(long, value_name = "ID", conflicts_with_all = ["checkpoint", "write_checkpoint"])]
    pub run_id: Option<RunId>,
    /// SHA-256 of a manifest that must be in the chain; each alert contains one
    #[arg(long, value_name = "SHA256")]
    pub manifest_sha256: Option<Sha256Sum>,
    /// Checkpoint of an earlier verification; older runs may have been deleted
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Option<PathBuf>,
    /// Write a checkpoint to this file if no problem is found
    #[arg(long, value_name = "FILE")]
    pub write_checkpoint: Option<PathBuf>,
    /// Public key (PEM) of an accepted signer; repeat the flag for several [default: any]
    #[arg(long, value_name = "FILE")]
    pub public_key: Vec<PathBuf>,
}
