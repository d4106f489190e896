//! The days that a trend is about, in UTC: those on which its runs began.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, ISOWeekDate, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use orgscan_core::clock::{Clock, FutureTimestamp};

/// Days, the first and the last one included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub first: Date,
    /// The last day, not before the first.
    pub last: Date,
}

impl Period {
    /// So many days, today's being the last.
    pub fn until_today(days: u16, now: Timestamp) -> Self {
        let last = day_of(now);
        let before = i64::from(days.max(1)) - 1;
        Self {
            first: last.saturating_sub(before.days()),
            last,
        }
    }

    /// All of its days, the first one first.
    pub fn days(self) -> impl Iterator<Item = Date> {
        let first = std::iter::successors(Some(self.first), |day| day.tomorrow().ok());
        first.take_while(move |day| *day <= self.last)
    }

    /// Whether it has this day.
    pub fn has(self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }

    /// The first days of the months that it has days of.
    pub fn months(self) -> Vec<Date> {
        let mut months: Vec<Date> = self.days().map(Date::first_of_month).collect();
        months.dedup();
        months
    }
}

/// The day of a moment, in UTC.
pub fn day_of(moment: Timestamp) -> Date {
    moment.to_zoned(TimeZone::UTC).date()
}

/// An ISO 8601 week: Monday to Sunday, `2026-W47`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", extend("pattern" = r"^\d{4}-W\d{2}$"))]
pub struct Week {
    monday: Date,
}

/// A text that should have been a week, and is not.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{}` is not a week: write the year and the ISO week, 2026-W47, of which a year has 52 or 53",
    .0.escape_debug()
)]
pub struct InvalidWeek(String);

impl Week {
    /// The week of a day.
    pub fn of(day: Date) -> Self {
        let back = i64::from(day.weekday().to_monday_zero_offset());
        Self {
            monday: day.saturating_sub(back.days()),
        }
    }

    /// The week that ended last, as seen at that moment.
    pub fn ended_before(now: Timestamp) -> Self {
        Self {
            monday: Self::of(day_of(now)).monday.saturating_sub(7.days()),
        }
    }

    /// Refuses a week that has not started by the clock.
    ///
    /// # Errors
    /// [`FutureTimestamp`]
    pub fn refuse_ahead(self, clock: Clock) -> Result<(), FutureTimestamp> {
        let begins = self.monday.to_zoned(TimeZone::UTC);
        let begins = begins.map_or(Timestamp::MAX, |begins| begins.timestamp());
        clock.refuse_ahead(format!("the beginning of the week {self}"), begins)
    }

    /// Its days.
    pub fn period(self) -> Period {
        Period {
            first: self.monday,
            last: self.monday.saturating_add(6.days()),
        }
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let week = self.monday.iso_week_date();
        f.pad(&format!("{:04}-W{:02}", week.year(), week.week()))
    }
}

impl From<Week> for String {
    fn from(week: Week) -> Self {
        week.to_string()
    }
}

impl TryFrom<String> for Week {
    type Error = InvalidWeek;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl FromStr for Week {
    type Err = InvalidWeek;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let monday = || {
            let (year, week) = text.split_once("-W")?;
            let is_written_so = year.len() == 4 && week.len() == 2;
            let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
            if !is_written_so || !digits(year) || !digits(week) {
                return None;
            }
            let (year, week) = (year.parse().ok()?, week.parse().ok()?);
            let monday = ISOWeekDate::new(year, week, Weekday::Monday).ok()?;
            Some(monday.date())
        };
        let monday = monday().ok_or_else(|| InvalidWeek(text.to_owned()))?;
        Ok(Self { monday })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_written_as_iso_does_and_read_back() {
        for (day, week) in [
            ("2026-11-16", "2026-W47"),
            ("2026-11-22", "2026-W47"),
            ("2026-11-23", "2026-W48"),
            ("2027-01-03", "2026-W53"),
            ("2024-12-30", "2025-W01"),
        ] {
            let of_day = Week::of(day.parse().unwrap());
            assert_eq!(of_day.to_string(), week);
            assert_eq!(week.parse::<Week>().unwrap(), of_day);
        }
        for bad in [
            "", "2026-47", "2026-W54", "2025-W53", "2026-W4", "2026-W00", "+026-W47",
        ] {
            let error = bad.parse::<Week>().unwrap_err().to_string();
            assert!(error.contains("2026-W47"), "{error}");
        }
    }

    #[test]
    fn the_week_that_ended_last_is_over() {
        let week = |now: &str| Week::ended_before(now.parse().unwrap());
        let last = week("2026-11-22T23:59:59Z");
        assert_eq!(last.to_string(), "2026-W46");
        assert_eq!(week("2026-11-23T00:00:00Z").to_string(), "2026-W47");
        let period = last.period();
        assert_eq!(period.first.to_string(), "2026-11-09");
        assert_eq!(period.last.to_string(), "2026-11-15");
    }

    #[test]
    fn a_period_has_its_days_and_months() {
        let period = Period::until_today(30, "2026-11-03T01:00:00Z".parse().unwrap());
        assert_eq!(period.days().count(), 30);
        assert_eq!(period.first.to_string(), "2026-10-05");
        let months: Vec<String> = period.months().iter().map(Date::to_string).collect();
        assert_eq!(months, ["2026-10-01", "2026-11-01"]);
        assert!(period.has(period.last) && !period.has("2026-11-04".parse().unwrap()));
    }
}
