//! Arguments of `orgscan replay`.

use std::path::PathBuf;

use clap::Args;

use crate::simulation::Simulation;

const REPLAY_HELP: &str = "Served: what a scan asks, in pages of any size, with the credentials of every account (AssumeRole);
docs/simulation.md lists the operations. Not served, and answered with NotRecorded (HTTP status 501):
  - other operations, filters, and lists of ids (--filters, --volume-ids)
  - snapshots and images that are not public: ask with --owner-ids self --restorable-by-user-ids all, or
    --owners self --executable-users all
  - list-virtual-mfa-devices without --assignment-status Assigned
  - details that no scan of this organization asks for: the ACL of a bucket whose public access is blocked
S3 Control puts the account before the host name: http://ACCOUNT.localhost:PORT has to resolve.";

/// `orgscan replay`
#[derive(Debug, Args)]
#[command(after_help = REPLAY_HELP)]
pub struct ReplayArgs {
    /// Port of 127.0.0.1 to listen on; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub port: u16,
    /// Serve over TLS, under the certificate in this file of PEM; clients need its authority (AWS_CA_BUNDLE)
    #[arg(long, value_name = "FILE", requires = "key")]
    pub certificate: Option<PathBuf>,
    /// Private key of the certificate, a file of PEM
    #[arg(long, value_name = "FILE", requires = "certificate")]
    pub key: Option<PathBuf>,
    /// What is served.
    #[command(flatten)]
    pub simulation: Simulation,
}
