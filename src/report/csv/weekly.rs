//! `weekly.csv`: one row for each account and indicator.

use std::io::{self, Write};

use orgscan_core::model::TrendNumber;

use super::cell;
use crate::trend::weekly::{IndicatorTrend, Weekly, WeeklyAccount};

const HEADER: [&str; 11] = [
    "week",
    "account_id",
    "account_name",
    "ou_path",
    "indicator",
    "first_value",
    "first_lower_bound",
    "last_value",
    "last_lower_bound",
    "delta",
    "direction",
];

/// Writes `weekly.csv`, accounts by id and indicators by name.
///
/// | column | what |
/// | --- | --- |
/// | `week` | the ISO week, `2026-W47` |
/// | `account_id`, `account_name`, `ou_path` | the account; the path is empty in the root |
/// | `indicator` | the indicator's name |
/// | `first_value`, `last_value` | its number in the first and the last run that counts; empty where nothing was known |
/// | `first_lower_bound`, `last_lower_bound` | `true` where that is a lower bound |
/// | `delta` | by how much it changed; empty where nobody can say |
/// | `direction` | `better`, `worse`, `same` or `not_comparable` |
///
/// # Errors
/// The writer's own.
pub fn write_weekly<W: Write>(out: W, weekly: &Weekly) -> io::Result<W> {
    let mut out = csv::Writer::from_writer(out);
    out.write_record(HEADER)?;
    for account in &weekly.accounts {
        for line in &account.indicators {
            out.write_record(row(weekly, account, line))?;
        }
    }
    out.into_inner().map_err(csv::IntoInnerError::into_error)
}

fn row(weekly: &Weekly, account: &WeeklyAccount, line: &IndicatorTrend) -> [String; 11] {
    let value = |number: Option<TrendNumber>| number.and_then(|number| number.value);
    let shown = |number| value(number).map_or_else(String::new, |value| value.to_string());
    let lower_bound = |number: Option<TrendNumber>| match value(number).and(number) {
        Some(number) => number.lower_bound.to_string(),
        None => String::new(),
    };
    [
        weekly.week.to_string(),
        account.account_id.to_string(),
        cell(&account.account_name).into_owned(),
        cell(&account.ou_path).into_owned(),
        line.indicator.to_string(),
        shown(line.first),
        lower_bound(line.first),
        shown(line.last),
        lower_bound(line.last),
        line.change
            .delta
            .map_or_else(String::new, |by| by.to_string()),
        line.change.direction.as_str().to_owned(),
    ]
}
