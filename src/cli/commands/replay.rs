//! `orgscan replay`

use std::io::Write;

use orgscan_sim::{Certificate, Replay, Settings};

use super::CommandError;
use crate::args::ReplayArgs;
use crate::exit::CLEAN;
use crate::signals::Signals;

/// Serves a simulated organization to other programs, until interrupted.
pub(crate) async fn replay(
    args: &ReplayArgs,
    signals: &Signals,
    out: &mut impl Write,
) -> Result<u8, CommandError> {
    let files = args.certificate.clone().zip(args.key.clone());
    let settings = Settings {
        certificate: files.map(|(chain, key)| Certificate { chain, key }),
        ..args.simulation.settings(args.port)?
    };
    let replay = Replay::start(settings).await?;
    // The first line is for programs that wait for it.
    writeln!(out, "ready {}", replay.url)?;
    writeln!(
        out,
        "A simulated organization of {} accounts. Press Ctrl-C to stop. Try:\n  \
         AWS_ENDPOINT_URL={} AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo AWS_DEFAULT_REGION=us-east-1 \
         aws organizations list-accounts\nRequests that write: {}/_replay/writes",
        args.simulation.accounts, replay.url, replay.url
    )?;
    out.flush()?;
    signals.stop.requested().await;
    Ok(CLEAN)
}
