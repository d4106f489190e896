//! `orgscan trend`

use std::io::Write;

use jiff::Timestamp;
use orgscan_app::past;
use orgscan_core::clock::Clock;
use orgscan_core::settings::Location;
use orgscan_core::suggest::instead;
use orgscan_report::csv::write_trend;
use orgscan_report::trend::{Period, Scope, Series, day_of};

use super::archive::{configured, name_runs_ahead, open_storage};
use super::{CommandError, configure};
use crate::args::{GlobalArgs, TrendArgs, TrendFormat};
use crate::exit::CLEAN;
use crate::grid::width;
use crate::trend::{Chart, write};

/// The default number of days.
const DAYS: u16 = 30;

/// How many days a period may have.
const MOST_DAYS: usize = 400;

#[derive(Debug, thiserror::Error)]
pub(crate) enum NoSuchTrend {
    #[error("--since {0} is after the last day {1}; use an earlier --since or a later --until")]
    Backwards(jiff::civil::Date, jiff::civil::Date),
    #[error("--since to --until is more than {MOST_DAYS} days; use a shorter period")]
    TooLong,
    #[error(
        "{what} from {since} to {until} in {location}; check --days, --since, --until and --report"
    )]
    NoRun {
        since: jiff::civil::Date,
        until: jiff::civil::Date,
        location: Location,
        what: String,
    },
    #[error("--indicator: no indicator `{0}` in these runs; {1}")]
    NoIndicator(String, String),
}

/// Prints the trend. Gives the exit code.
pub(crate) async fn trend(
    global: &GlobalArgs,
    args: &TrendArgs,
    out: &mut impl Write,
) -> Result<u8, CommandError> {
    let clock = Clock::System;
    let period = period(args, clock.now())?;
    let scope = scope(args);
    let config = configure(global, args.reports.layer()).await?;
    let report = configured(&config)?;
    let archive = open_storage(&config, report).await?;
    name_runs_ahead(&archive, clock).await?;
    let mut series = past::series(&archive, period, &scope, clock).await?;
    let has_missing_alone = series.points.is_empty() && !series.missing_runs.is_empty();
    if series.indicators.is_empty() && !has_missing_alone {
        return Err(none(&series, &scope, &report.location).into());
    }
    select(&mut series, &args.indicators)?;
    match args.format {
        TrendFormat::Text => write(out, &series, &scope, &Chart::of_terminal(width()))?,
        TrendFormat::Csv => write_trend(&mut *out, &series)?,
        TrendFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &series)?;
            writeln!(out)?;
        }
    }
    Ok(CLEAN)
}

fn period(args: &TrendArgs, now: Timestamp) -> Result<Period, NoSuchTrend> {
    let Some(first) = args.since else {
        return Ok(Period::until_today(args.days.unwrap_or(DAYS), now));
    };
    let last = args.until.unwrap_or(day_of(now));
    if last < first {
        return Err(NoSuchTrend::Backwards(first, last));
    }
    let period = Period { first, last };
    match period.days().nth(MOST_DAYS) {
        Some(_) => Err(NoSuchTrend::TooLong),
        None => Ok(period),
    }
}

fn scope(args: &TrendArgs) -> Scope {
    match (&args.account, &args.ou) {
        (Some(id), _) => Scope::Account(id.clone()),
        (None, Some(path)) => Scope::Unit(path.trim_matches('/').to_owned()),
        (None, None) => Scope::Organization,
    }
}

fn none(series: &Series, scope: &Scope, location: &Location) -> NoSuchTrend {
    let what = match (series.points.is_empty(), scope) {
        (false, Scope::Unit(path)) => format!("no run with an OU `{}`", path.escape_debug()),
        (false, Scope::Account(id)) => format!("no run with the account {id}"),
        _ => "no report".to_owned(),
    };
    NoSuchTrend::NoRun {
        since: series.since,
        until: series.until,
        location: location.clone(),
        what,
    }
}

fn select(series: &mut Series, names: &[String]) -> Result<(), NoSuchTrend> {
    if names.is_empty() {
        return Ok(());
    }
    let known = series.names();
    if let Some(other) = names.iter().find(|name| !known.contains(&name.as_str())) {
        let remediation = instead(other, &known);
        return Err(NoSuchTrend::NoIndicator(
            other.escape_debug().to_string(),
            remediation,
        ));
    }
    series.retain(names);
    Ok(())
}
