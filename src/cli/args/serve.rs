//! Arguments of `orgscan serve`.

use std::path::PathBuf;

use clap::Args;

/// The port, unless another one is given.
const PORT: u16 = 7320;

const HELP: &str = "The address has a key, so other users of this machine cannot read the reports.

Exit codes:
  0  stopped by a signal
  2  the folder has no reports, or the port cannot be used";

/// `orgscan serve`
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct ServeArgs {
    /// The folder that the reports were written into
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Port of 127.0.0.1 to listen on; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = PORT)]
    pub port: u16,
    /// Open the list of runs in the browser
    #[arg(long)]
    pub open: bool,
}
