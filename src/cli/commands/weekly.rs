//! `orgscan weekly`

use std::io::Write;

use jiff::Timestamp;
use orgscan_app::past;
use orgscan_app::publish::reports::weekly::publish;
use orgscan_aws::rate_limit::{Deadline, RateLimitSettings, RateLimits};
use orgscan_aws::{AwsContext, Source};
use orgscan_core::clock::Clock;
use orgscan_core::settings::Location;
use orgscan_report::trend::{Week, WeeklyInput, day_of};
use orgscan_report::weekly::write;
use orgscan_store::integrity::{SealError, Signer};
use orgscan_store::{Storage, StoreError};

use super::archive::{configured, name_runs_ahead};
use super::{CommandError, configure};
use crate::args::{GlobalArgs, WeeklyArgs};
use crate::exit::{CLEAN, INCOMPLETE};
use crate::terminal;

/// A week has no runs to report on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoRuns {
    #[error("no run in {0}; check --report")]
    At(Location),
    #[error(
        "no run in the week {week} in {location}, so nothing was written; the latest week with runs is {other}: use \
         --week {other}"
    )]
    In {
        week: Week,
        location: Location,
        other: Week,
    },
}

/// What the report is made of: of the week that is asked for, or else of the last one that has runs.
async fn material(
    asked: Option<Week>,
    archive: &Storage,
    location: &Location,
    clock: Clock,
) -> Result<WeeklyInput, CommandError> {
    let week = match asked {
        Some(week) => week,
        None => {
            let last = last_with_runs(archive, clock.now()).await?;
            last.ok_or_else(|| NoRuns::At(location.clone()))?
        }
    };
    week.refuse_ahead(clock)?;
    let material = past::week(archive, week, clock).await?;
    if material.runs.all.is_empty() && material.runs.missing.is_empty() {
        let other = last_with_runs(archive, clock.now()).await?;
        return Err(none_in(week, other, location).into());
    }
    Ok(material)
}

fn none_in(week: Week, other: Option<Week>, location: &Location) -> NoRuns {
    let location = location.clone();
    match other {
        Some(other) => NoRuns::In {
            week,
            location,
            other,
        },
        None => NoRuns::At(location),
    }
}

/// The last week that has ended and has runs; the current one if no other has. Until it has ended, the
/// numbers of a week change from run to run.
async fn last_with_runs(archive: &Storage, now: Timestamp) -> Result<Option<Week>, StoreError> {
    let ended = Week::ended_before(now).period().last;
    let day = match archive.last_day_with_runs(ended).await? {
        Some(day) => Some(day),
        None => archive.last_day_with_runs(day_of(now)).await?,
    };
    Ok(day.map(Week::of))
}

/// Writes the weekly report beside the reports that it is made of, and prints it. Gives the exit code.
pub(crate) async fn weekly(
    global: &GlobalArgs,
    args: &WeeklyArgs,
    out: &mut impl Write,
) -> Result<u8, CommandError> {
    let config = configure(global, args.reports.layer()).await?;
    let report = configured(&config)?;
    let signing;
    let (archive, signer) = match (&report.location, Signer::kms_key(report)) {
        (Location::Folder(folder), None) => (
            Storage::in_folder(folder),
            Signer::local(report).map_err(SealError::from)?,
        ),
        _ => {
            let aws = AwsContext::connect(&config, &Source::Environment).await?;
            let rate_limits = RateLimits::new(RateLimitSettings::of(&config));
            let api_caller =
                |region| rate_limits.api_caller(&aws.scope(region), Deadline::of(&config));
            signing = api_caller(None);
            let signer = Signer::of(report, &aws, &signing).await;
            let archive = Storage::of(report, &aws, api_caller(report.region.as_ref()));
            (archive, signer.map_err(SealError::from)?)
        }
    };
    let clock = Clock::System;
    let now = clock.now();
    name_runs_ahead(&archive, clock).await?;
    let material = material(args.week, &archive, &report.location, clock).await?;
    let weekly = material.weekly(now);
    let location = publish(&weekly, &archive, &config, &signer).await?;
    write(out, &weekly)?;
    let files = location.files.join(", ");
    writeln!(
        terminal::stderr(),
        "Written to {}: {files}",
        location.location
    )?;
    Ok(match weekly.complete {
        true => CLEAN,
        false => INCOMPLETE,
    })
}
