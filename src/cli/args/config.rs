//! Arguments of `orgscan config`.

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
    /// A source is a line of the file, an environment variable, a flag, or the default. The command accepts the flags
    /// of `orgscan scan`: replace `scan` with `config show` to see the values that a scan would use. It sends requests
    /// only to read a configuration file in S3. It does not show the external id.
    Show(Box<ScanArgs>),
}
