//! `orgscan weekly`

use std::io::Write;
use std::path::PathBuf;

use super::archive::{configured, name_runs_ahead};
use super::{CommandError, configure};
use crate::aws::{Aws, Source};
use crate::cli::args::{Global, WeeklyArgs};
use crate::cli::exit::{CLEAN, INCOMPLETE};
use crate::cli::terminal;
use crate::clock::Clock;
use crate::integrity::{SealError, Signer};
use crate::pace::{Deadline, PaceSettings, Pacer};
use crate::publish::S3;
use crate::publish::reports::weekly::publish;
use crate::render::weekly::write;
use crate::store::Archive;
use crate::trend::{Week, gather};

/// Writes the weekly report beside the reports that it is made of, and prints it. Gives the exit code.
pub(in crate::cli) async fn weekly(
    global: &Global,
    args: &WeeklyArgs,
    out: &mut impl Write,
) -> Result<u8, CommandError> {
    let config = configure(global, args.place.overlay()).await?;
    let report = configured(&config, "--output DIR or --report s3://BUCKET/PREFIX")?;
    let signing;
    let (archive, signer) = match (report.location.starts_with(S3), Signer::kms_key(report)) {
        (false, None) => (
            Archive::Folder(PathBuf::from(&report.location)),
            Signer::local(report).map_err(SealError::from)?,
        ),
        _ => {
            let aws = Aws::connect(&config, &Source::Environment).await?;
            let pacer = Pacer::new(PaceSettings::of(&config));
            let lane = |region| pacer.lane(&aws.scope(region), Deadline::of(&config));
            signing = lane(None);
            let signer = Signer::of(report, &aws, &signing).await;
            let archive = Archive::of(report, &aws, lane(report.region.as_ref()));
            (archive, signer.map_err(SealError::from)?)
        }
    };
    let clock = Clock::System;
    let now = clock.now();
    let week = args.week.unwrap_or_else(|| Week::ended_before(now));
    week.refuse_ahead(clock)?;
    name_runs_ahead(&archive, clock).await?;
    let weekly = gather::week(&archive, week, clock).await?.weekly(now);
    let place = publish(&weekly, &archive, &config, &signer).await?;
    write(out, &weekly)?;
    let files = place.files.join(", ");
    writeln!(terminal::stderr(), "Written to {}: {files}", place.location)?;
    Ok(match weekly.complete {
        true => CLEAN,
        false => INCOMPLETE,
    })
}
