//! Arguments of `orgscan verify`.

use std::path::PathBuf;

use clap::Args;
use orgscan_core::model::RunId;
use orgscan_core::settings::Location;
use orgscan_store::integrity::Sha256Sum;

use super::{Format, ReportsArg};

const HELP: &str = "Exit codes:
  0  everything is as the runs left it
  1  something is missing, changed, extra or out of order, or signed by a wrong key
  2  could not verify: nothing is there, or it cannot be read
  3  what is there holds, but something could not be judged: the end of the chain, or a key that changes";

/// `orgscan verify`
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct VerifyArgs {
    /// The same as --report
    #[arg(value_name = "LOCATION", conflicts_with = "report")]
    pub location: Option<Location>,
    /// Where the reports are.
    #[command(flatten)]
    pub reports: ReportsArg,
    /// Say of every link who signed it, and what the last one was compared with
    #[arg(long)]
    pub details: bool,
    /// How the result is printed
    #[arg(long, value_name = "FORMAT", default_value_t, value_enum)]
    pub format: Format,
    /// This run alone, and not the chain
    #[arg(long, value_name = "ID", conflicts_with_all = ["checkpoint", "write_checkpoint"])]
    pub run: Option<RunId>,
    /// Hash of a manifest that has to be there: the alert of each run has it
    #[arg(long, value_name = "SHA256")]
    pub head: Option<Sha256Sum>,
    /// Link that was verified before; older ones may have gone
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Option<PathBuf>,
    /// Write the last link to this file, for --checkpoint, if nothing is amiss
    #[arg(long, value_name = "FILE")]
    pub write_checkpoint: Option<PathBuf>,
    /// A key that may have signed, PEM; repeat the flag for several [default: any]
    #[arg(long, value_name = "FILE")]
    pub public_key: Vec<PathBuf>,
}
