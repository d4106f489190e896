//! Arguments of commands that read past runs.

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
    /// Location of the stored reports: a folder or s3://BUCKET/PREFIX [default: the configured one]
    #[arg(long, value_name = "LOCATION")]
    pub report: Option<Location>,
}

/// `orgscan trend`
#[derive(Debug, Args)]
pub struct TrendArgs {
    /// Number of days up to and including today [default: 30]
    #[arg(long, value_name = "N", conflicts_with_all = ["since", "until"],
          value_parser = clap::value_parser!(u16).range(1..=400))]
    pub days: Option<u16>,
    /// First day (UTC): 2026-11-01
    #[arg(long, value_name = "DAY")]
    pub since: Option<Date>,
    /// Last day [default: today]
    #[arg(long, value_name = "DAY", requires = "since")]
    pub until: Option<Date>,
    /// Show the totals of this OU with its nested OUs, by path
    #[arg(long, value_name = "PATH", conflicts_with = "account")]
    pub ou: Option<String>,
    /// Show the numbers of this account
    #[arg(long, value_name = "ID")]
    pub account: Option<AccountId>,
    /// Only this indicator; separate several with commas, or repeat the flag
    #[arg(long = "indicator", value_name = "NAME", value_delimiter = ',',
          value_parser = lists::INDICATOR, hide_possible_values = true)]
    pub indicators: Vec<String>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value_t, value_enum)]
    pub format: TrendFormat,
    /// Where the reports are.
    #[command(flatten)]
    pub reports: ReportsArg,
}

/// The format of a trend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum TrendFormat {
    /// Text for people, with small charts
    #[default]
    Text,
    /// JSON for programs
    Json,
    /// CSV for spreadsheets, with a row for each run and indicator
    Csv,
}

/// `orgscan weekly`
#[derive(Debug, Args)]
#[command(after_help = crate::exit::STORED)]
pub struct WeeklyArgs {
    /// ISO week (UTC): 2026-W47 [default: the latest week with runs; a completed week is preferred]
    #[arg(long, value_name = "WEEK")]
    pub week: Option<Week>,
    /// Where the reports of the runs are, and the weekly report is written.
    #[command(flatten)]
    pub reports: ReportsArg,
}
