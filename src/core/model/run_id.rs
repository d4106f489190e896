//! The name of a run.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};
use schemars::JsonSchema;

use super::text::serde_as_text;

/// The name of a run: 2 to 48 letters, digits, `.`, `_` and `-`, the first a letter or digit.
///
/// It comes from what triggered the run, so that a retried invocation is the same run. It goes into
/// role session names (64 characters at most), S3 keys and file names, hence the narrow alphabet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema)]
#[schemars(with = "String", extend("pattern" = r"^[A-Za-z0-9][A-Za-z0-9._-]{1,47}$"))]
pub struct RunId(Arc<str>);

/// A text that should have been a run id, and is not.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{}` is not a run id: use 2 to 48 letters, digits, `.`, `_` and `-`, and begin with a letter or digit",
    .0.escape_debug()
)]
pub struct InvalidRunId(String);

impl RunId {
    /// The run id of a moment, in UTC to the second: `20261122T060000Z`.
    pub fn from_timestamp(moment: Timestamp) -> Self {
        Self(moment.strftime("%Y%m%dT%H%M%SZ").to_string().into())
    }

    /// The moment that the run id names, where it begins with one: `20261122T060000Z`, or that with more
    /// after a hyphen.
    pub fn moment(&self) -> Option<Timestamp> {
        let (named, rest) = self.0.split_at_checked("20261122T060000Z".len())?;
        let is_whole = rest.is_empty() || rest.starts_with('-');
        let time = civil::DateTime::strptime("%Y%m%dT%H%M%SZ", named).ok()?;
        let moment = time.to_zoned(TimeZone::UTC).ok()?.timestamp();
        is_whole.then_some(moment)
    }

    /// The run id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RunId {
    type Err = InvalidRunId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = (2..=48).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
        if fits {
            Ok(Self(text.into()))
        } else {
            Err(InvalidRunId(text.to_owned()))
        }
    }
}

serde_as_text!(RunId, str::parse);

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_names_the_same_run_however_it_is_written() {
        for text in [
            "2026-11-22T06:00:00Z",
            "2026-11-22T07:00:00+01:00",
            "2026-11-22T06:00:00.9Z",
        ] {
            let id = RunId::from_timestamp(text.parse().unwrap());
            assert_eq!(id.as_str(), "20261122T060000Z");
            assert_eq!(id.to_string().parse::<RunId>().unwrap(), id);
        }
    }

    #[test]
    fn a_run_id_that_begins_with_a_moment_names_it() {
        let moment = |text: &str| text.parse::<RunId>().unwrap().moment();
        let named: Timestamp = "2026-11-22T06:00:00Z".parse().unwrap();
        assert_eq!(moment("20261122T060000Z"), Some(named));
        assert_eq!(moment("20261122T060000Z-day-2"), Some(named));
        for other in [
            "nightly",
            "20261122T060000Z2",
            "20261322T060000Z",
            "20261122",
        ] {
            assert_eq!(moment(other), None, "{other}");
        }
    }

    #[test]
    fn a_run_id_is_safe_in_a_path_and_in_a_session_name() {
        let long = "x".repeat(49);
        for bad in [
            "",
            "x",
            "..",
            "-x",
            "a/b",
            "a b",
            "é1",
            "a:b",
            "a\u{1b}[2J",
            &long,
        ] {
            let error = bad.parse::<RunId>().unwrap_err().to_string();
            assert!(error.contains("2 to 48"), "{error}");
            assert!(!error.contains('\u{1b}'), "{error}");
            assert!(serde_json::from_value::<RunId>(bad.into()).is_err());
        }
        assert!("nightly_2.eu-1".parse::<RunId>().is_ok());
    }
}
