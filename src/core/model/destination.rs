//! Where the results of a run go.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where results of a run go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Destination {
    /// The report's files.
    Report,
    /// Metrics in CloudWatch.
    Metrics,
    /// Each account's own part of the report.
    Accounts,
    /// Messages to SNS topics.
    Alert,
    /// The state of findings that the next run is compared with.
    History,
}

impl Destination {
    /// Its name in records, messages and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Metrics => "metrics",
            Self::Accounts => "accounts",
            Self::Alert => "alert",
            Self::History => "history",
        }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
