//! What can be said about past runs.

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use orgscan_core::model::AccountId;
use orgscan_core::settings::Location;
use orgscan_report::trend::Week;
use serde::Serialize;

use super::lists;

/// Where the reports of past runs are.
#[derive(Debug, Default, Args, Serialize)]
pub struct ReportsArg {
    /// Where the reports are: a folder, or s3://BUCKET/PREFIX [default: as configured]
    #[arg(long, alias = "output", value_name = "LOCATION")]
    pub report: Option<Location>,
}

/// `orgscan trend`
#[derive(Debug, Args)]
pub struct TrendArgs {
    /// So many days, today being the last [default: 30]
    #[arg(long, value_name = "N", conflicts_with_all = ["since", "until"],
          value_parser = clap::value_parser!(u16).range(1..=400))]
    pub days: Option<u16>,
    /// The first day, in UTC: 2026-11-01
    #[arg(long, value_name = "DAY")]
    pub since: Option<Date>,
    /// The last day [default: today]
    #[arg(long, value_name = "DAY", requires = "since")]
    pub until: Option<Date>,
    /// Of this OU, by path, with those nested in it
    #[arg(long, value_name = "PATH", conflicts_with = "account")]
    pub ou: Option<String>,
    /// Of this account
    #[arg(long, value_name = "ID")]
    pub account: Option<AccountId>,
    /// This indicator alone; several with commas between, or repeat the flag
    #[arg(long = "indicator", value_name = "NAME", value_delimiter = ',',
          value_parser = lists::INDICATOR, hide_possible_values = true)]
    pub indicators: Vec<String>,
    /// How it is printed
    #[arg(long, value_name = "FORMAT", default_value_t, value_enum)]
    pub format: TrendFormat,
    /// Where the reports are.
    #[command(flatten)]
    pub reports: ReportsArg,
}

/// How a trend is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum TrendFormat {
    /// For people, with small charts
    #[default]
    Text,
    /// For programs
    Json,
    /// For spreadsheets: one row for each run and indicator
    Csv,
}

/// `orgscan weekly`
#[derive(Debug, Args)]
#[command(after_help = crate::exit::STORED)]
pub struct WeeklyArgs {
    /// The ISO week, in UTC: 2026-W47 [default: the last one that has runs, a week that has ended before the current one]
    #[arg(long, value_name = "WEEK")]
    pub week: Option<Week>,
    /// Where the runs' reports are, and the weekly one goes.
    #[command(flatten)]
    pub reports: ReportsArg,
}
