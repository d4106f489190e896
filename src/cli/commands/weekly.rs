//! `orgscan weekly`

use std::io::Write;
use std::path::PathBuf;

use jiff::Timestamp;

use super::archive::configured;
use super::{CommandError, configure};
use crate::aws::{Aws, Source};
use crate::cli::args::{Global, WeeklyArgs};
use crate::cli::exit::{CLEAN, INCOMPLETE};
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
    let (archive, signer) = match (report.location.starts_with(S3), &report.signing.kms_key_id) {
        (false, None) => (
            Archive::Folder(PathBuf::from(&report.location)),
            Signer::local(&report.signing).map_err(SealError::from)?,
        ),
        _ => {
            let aws = Aws::connect(&config, &Source::Environment).await?;
            let pacer = Pacer::new(PaceSettings::of(&config));
            let lane = |region| pacer.lane(&aws.scope(region), Deadline::of(&config));
            signing = lane(None);
            let signer = Signer::of(&report.signing, &aws, &signing).await;
            let archive = Archive::of(report, &aws, lane(report.region.as_ref()));
            (archive, signer.map_err(SealError::from)?)
        }
    };
    let now = Timestamp::now();
    let week = args.week.unwrap_or_else(|| Week::ended_before(now));
    let weekly = gather::week(&archive, week).await?.weekly(now);
    let place = publish(&weekly, &archive, &config, &signer).await?;
    write(out, &weekly)?;
    let files = place.files.join(", ");
    writeln!(anstream::stderr(), "Written to {}: {files}", place.location)?;
    Ok(match weekly.complete {
        true => CLEAN,
        false => INCOMPLETE,
    })
}
