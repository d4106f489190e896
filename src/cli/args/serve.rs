//! Arguments of `orgscan serve`.

use std::path::PathBuf;

use clap::Args;

/// The port, unless another one is given.
const PORT: u16 = 7320;

const HELP: &str =
    "The address contains a random key, so other users of this machine cannot read the reports.

Exit codes:
  0  stopped by a signal
  2  could not run: no reports in the folder, or the port cannot be used";

/// `orgscan serve`
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct ServeArgs {
    /// The folder with the reports
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Port on 127.0.0.1; 0 selects a free port
    #[arg(long, value_name = "PORT", default_value_t = PORT)]
    pub port: u16,
    /// Open the list of runs in the browser
    #[arg(long)]
    pub open: bool,
}
