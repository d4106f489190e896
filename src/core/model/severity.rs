//! How bad a violation is.

use std::fmt;
use std::ops::{Add, AddAssign};
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How bad a violation is, in OCSF's and ASFF's words; ordered from the mildest.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Informational,
    /// Fix when convenient.
    Low,
    /// Fix in the normal course of work.
    Medium,
    /// Fix soon: one more mistake makes it an incident.
    High,
    /// Fix now: it is reachable from the internet as it stands.
    Critical,
}

impl Severity {
    /// All of them, from the mildest.
    pub const ALL: [Self; 5] = [
        Self::Informational,
        Self::Low,
        Self::Medium,
        Self::High,
        Self::Critical,
    ];

    /// The lower-case word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Informational => "informational",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|severity| severity.as_str() == text)
            .ok_or_else(|| {
                let names = Self::ALL.map(Self::as_str).join(", ");
                format!("`{text}` is not a severity; use one of {names}")
            })
    }
}

/// How many of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SeverityCounts {
    /// Count of critical ones.
    pub critical: u64,
    /// Count of high ones.
    pub high: u64,
    /// Count of medium ones.
    pub medium: u64,
    /// Count of low ones.
    pub low: u64,
    /// Count of informational ones.
    pub informational: u64,
}

impl SeverityCounts {
    /// The count of one severity.
    pub fn of(&self, severity: Severity) -> u64 {
        match severity {
            Severity::Critical => self.critical,
            Severity::High => self.high,
            Severity::Medium => self.medium,
            Severity::Low => self.low,
            Severity::Informational => self.informational,
        }
    }

    /// The same, to be changed.
    pub(super) fn of_mut(&mut self, severity: Severity) -> &mut u64 {
        match severity {
            Severity::Critical => &mut self.critical,
            Severity::High => &mut self.high,
            Severity::Medium => &mut self.medium,
            Severity::Low => &mut self.low,
            Severity::Informational => &mut self.informational,
        }
    }

    /// Counts one more.
    pub fn count(&mut self, severity: Severity) {
        *self.of_mut(severity) += 1;
    }

    /// How many are at least as bad as `severity`.
    pub fn at_least(&self, severity: Severity) -> u64 {
        Severity::ALL
            .into_iter()
            .filter(|s| *s >= severity)
            .map(|s| self.of(s))
            .sum()
    }

    /// How many there are of all severities.
    pub fn total(&self) -> u64 {
        self.at_least(Severity::Informational)
    }

    /// The highest severity of which there is at least one.
    pub fn highest(&self) -> Option<Severity> {
        Severity::ALL
            .into_iter()
            .rev()
            .find(|severity| self.of(*severity) > 0)
    }
}

impl Add for SeverityCounts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            critical: self.critical + other.critical,
            high: self.high + other.high,
            medium: self.medium + other.medium,
            low: self.low + other.low,
            informational: self.informational + other.informational,
        }
    }
}

impl AddAssign for SeverityCounts {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_by_severity_add_up() {
        let mut counts = SeverityCounts::default();
        assert_eq!(counts.highest(), None);
        for severity in [Severity::Low, Severity::High, Severity::High] {
            counts.count(severity);
        }
        assert_eq!(counts.total(), 3);
        assert_eq!(counts.at_least(Severity::Medium), 2);
        assert_eq!(counts.highest(), Some(Severity::High));
        assert_eq!((counts + counts).high, 4);
    }

    #[test]
    fn severities_read_back_what_they_print() {
        for severity in Severity::ALL {
            assert_eq!(severity.to_string().parse(), Ok(severity));
        }
        assert!(
            "urgent"
                .parse::<Severity>()
                .unwrap_err()
                .contains("critical")
        );
    }
}
