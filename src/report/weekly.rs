//! `weekly.txt`: the weekly report for people.

mod sections;

use std::io::{self, Write};

use orgscan_core::text::{clean, count};

use crate::trend::Weekly;

/// The most characters of a name from outside orgscan.
const NAME: usize = 48;

/// Writes the weekly report for people: lines of up to about 100 characters.
///
/// # Errors
/// The writer's own.
pub fn write(out: &mut impl Write, weekly: &Weekly) -> io::Result<()> {
    let Weekly {
        week,
        first_day,
        last_day,
        ..
    } = weekly;
    writeln!(out, "orgscan, week {week}: {first_day} to {last_day} (UTC)")?;
    writeln!(out, "{}", summarize(weekly))?;
    sections::days(out, weekly)?;
    sections::indicators(out, weekly)?;
    sections::changes(out, weekly)?;
    sections::times(out, weekly)?;
    sections::accounts(out, weekly)?;
    sections::units(out, weekly)?;
    sections::oldest(out, weekly)
}

fn summarize(weekly: &Weekly) -> String {
    let coverage = &weekly.coverage;
    let runs = coverage.days_complete + coverage.days_incomplete;
    if runs == 0 {
        return "No run of this week covers the organization, so there is no comparison."
            .to_owned();
    }
    let days = count(weekly.days.len() as u64, "day");
    let mut text = format!(
        "Scanned on {runs} of {days}, {} of them with complete coverage",
        coverage.days_complete
    );
    if let Some(lowest) = coverage.lowest_percent {
        text.push_str(&format!("; lowest coverage of a run: {lowest}%"));
    }
    text.push('.');
    text
}

fn name_of(name: &str, id: &str) -> String {
    let name = clean(name, NAME);
    match name.as_str() {
        "" => id.to_owned(),
        name => format!("{name} ({id})"),
    }
}
