//! Reads the text of a list of exceptions.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::validate::findings;
use super::{Document, Exceptions};
use crate::document::{ConfigError, read_document};
use crate::settings::ExceptionsConfig;

/// A list of exceptions that cannot be used, with everything that is wrong with it.
#[derive(Debug)]
pub struct ExceptionsError(Vec<String>);

impl fmt::Display for ExceptionsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [problem] = self.0.as_slice() {
            return f.write_str(problem);
        }
        write!(f, "{} problems in the exceptions:", self.0.len())?;
        self.0.iter().try_for_each(|one| write!(f, "\n  {one}"))
    }
}

impl std::error::Error for ExceptionsError {}

impl ExceptionsError {
    /// The first problem, and how many more there are.
    pub fn summarize(&self) -> String {
        let first = self.0.first().map_or("", String::as_str);
        match self.0.len() {
            0 | 1 => first.to_owned(),
            all => format!("{first} (and {} more)", all - 1),
        }
    }
}

impl From<ConfigError> for ExceptionsError {
    fn from(error: ConfigError) -> Self {
        Self(error.problems().iter().map(ToString::to_string).collect())
    }
}

impl Exceptions {
    /// The day of a time, in UTC.
    pub fn day_of(time: Timestamp) -> Date {
        time.to_zoned(TimeZone::UTC).date()
    }

    /// Reads the text of a list.
    pub fn parse(
        name: String,
        text: &str,
        require_expiry: bool,
        today: Date,
    ) -> Result<Self, ExceptionsError> {
        let found = |document: &Document| findings(document, require_expiry);
        let document = read_document::<Document>(&name, text, found)?;
        Self::of(name, document, today).map_err(|error| ExceptionsError(vec![error]))
    }

    /// The exceptions of a run that does without a list that cannot be used. Nothing is suppressed then, which
    /// is logged and stands in the report: rather a finding too many than one too few.
    pub fn without(config: &ExceptionsConfig, error: &ExceptionsError, started: Timestamp) -> Self {
        tracing::error!(%error, "the exceptions cannot be used, so nothing is suppressed");
        let location = config.location.as_ref().map(ToString::to_string);
        Self::unusable(
            location.unwrap_or_default(),
            error.summarize(),
            Self::day_of(started),
        )
    }

    /// The same exceptions for a run that began at another time.
    #[must_use]
    pub fn at(self, started: Timestamp) -> Self {
        Self {
            today: Self::day_of(started),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_a_run_is_that_of_its_beginning_in_utc() {
        let day = |time: &str| Exceptions::day_of(time.parse().unwrap()).to_string();
        assert_eq!(day("2027-01-31T23:59:59Z"), "2027-01-31");
        assert_eq!(day("2027-02-01T00:00:00Z"), "2027-02-01");
        assert_eq!(day("2027-02-01T00:30:00+01:00"), "2027-01-31");
        assert_eq!(day("2028-02-28T23:30:00-01:00"), "2028-02-29");
    }

    #[test]
    fn one_problem_stands_for_many_where_room_is_short() {
        let many = ExceptionsError(vec!["a".into(), "b".into(), "c".into()]);
        assert_eq!(many.summarize(), "a (and 2 more)");
        assert_eq!(
            many.to_string(),
            "3 problems in the exceptions:\n  a\n  b\n  c"
        );
        let one = ExceptionsError(vec!["a".into()]);
        assert_eq!((one.summarize(), one.to_string()), ("a".into(), "a".into()));
    }
}
