//! `orgscan weekly`

use std::io::Write;

use jiff::Timestamp;

use super::{CommandError, archive, configure};
use crate::cli::args::{Global, WeeklyArgs};
use crate::cli::exit::{CLEAN, INCOMPLETE};
use crate::publish::reports::weekly::publish;
use crate::render::weekly::write;
use crate::trend::{Week, gather};

/// Writes the weekly report beside the reports that it is made of, and prints it. Gives the exit code.
pub(in crate::cli) async fn weekly(
    global: &Global,
    args: &WeeklyArgs,
    out: &mut impl Write,
) -> Result<u8, CommandError> {
    let config = configure(global, args.place.overlay()).await?;
    let (archive, _) = archive(&config).await?;
    let now = Timestamp::now();
    let week = args.week.unwrap_or_else(|| Week::ended_before(now));
    let weekly = gather::week(&archive, week).await?.weekly(now);
    let place = publish(&weekly, &archive).await?;
    write(out, &weekly)?;
    let files = place.files.join(", ");
    writeln!(anstream::stderr(), "Written to {}: {files}", place.location)?;
    Ok(match weekly.complete {
        true => CLEAN,
        false => INCOMPLETE,
    })
}
