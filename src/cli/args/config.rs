//! What can be said of `orgscan config`.

use clap::{Args, Subcommand};

use super::ScanArgs;

/// `orgscan config`
#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: ConfigCommand,
}

/// What can be done with the configuration.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Show the effective configuration, with the source of every value
    ///
    /// The source is a line of the file, a variable, a flag, or the default. Takes the flags of `orgscan scan`: put
    /// `config show` in the place of `scan` to see with which values a scan would run. Asks nobody but for a file in
    /// S3. The external id is not shown.
    Show(Box<ScanArgs>),
}
