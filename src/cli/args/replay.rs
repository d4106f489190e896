//! Arguments of `orgscan replay`.

use std::path::PathBuf;

use clap::Args;

use crate::simulation::Simulation;

const REPLAY_HELP: &str =
    "The server supports the operations of a scan, with pages of any size and the credentials of
every account (AssumeRole). docs/simulation.md lists them.

Other requests return NotRecorded (HTTP status 501):
  - other operations, filters, and lists of ids (--filters, --volume-ids)
  - private snapshots; add --owner-ids self --restorable-by-user-ids all
  - private images; add --owners self --executable-users all
  - list-virtual-mfa-devices without --assignment-status Assigned
  - details that no scan of this organization needs, such as the ACL of a private bucket

S3 Control adds the account to the host name, so http://ACCOUNT.localhost:PORT must resolve.";

/// `orgscan replay`
#[derive(Debug, Args)]
#[command(after_help = REPLAY_HELP)]
pub struct ReplayArgs {
    /// Port on 127.0.0.1; 0 selects a free port
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub port: u16,
    /// Serve over TLS with the certificate in this PEM file; clients must trust its CA (AWS_CA_BUNDLE)
    #[arg(long, value_name = "FILE", requires = "key")]
    pub certificate: Option<PathBuf>,
    /// Private key of the certificate, a PEM file
    #[arg(long, value_name = "FILE", requires = "certificate")]
    pub key: Option<PathBuf>,
    /// What is served.
    #[command(flatten)]
    pub simulation: Simulation,
}
