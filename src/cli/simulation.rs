//! The simulated organization, as the command line asks for it.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::Args;
use clap::builder::RangedU64ValueParser;

use orgscan_sim::{FaultFile, Latency, ReplayError, ServiceBehavior, Settings};

/// The simulated organization.
#[derive(Debug, Args)]
#[command(next_help_heading = "Simulated organization")]
pub struct Simulation {
    /// Number of accounts
    #[arg(long, value_name = "N", default_value = "60", value_parser = count(50_000))]
    pub accounts: u64,
    /// Number of copies of each resource
    #[arg(long, value_name = "N", default_value = "1", value_parser = count(1_000))]
    pub resources: u64,
    /// Response time of AWS in milliseconds: the median and the 99th percentile; 0 for none
    #[arg(long, value_name = "MS[/MS]", default_value = "40/250")]
    pub latency: Times,
    /// Factor for the published request quotas of AWS; 0 for no quotas
    #[arg(long, value_name = "SCALE", default_value_t = 1.0)]
    pub quotas: f64,
    /// Failing requests: a YAML file, or `example` for a built-in set; see docs/simulation.md
    #[arg(long, value_name = "FILE")]
    pub faults: Option<PathBuf>,
    /// Seed for all random values: the same seed gives the same responses, times and faults
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
}

fn count(most: u64) -> RangedU64ValueParser {
    RangedU64ValueParser::new().range(1..=most)
}

impl Simulation {
    /// The settings that these flags stand for.
    ///
    /// # Errors
    /// Where the file of faults cannot be read.
    pub fn settings(&self, port: u16) -> Result<Settings, ReplayError> {
        let faults = match &self.faults {
            Some(file) => FaultFile::of(file)?.faults,
            None => Vec::new(),
        };
        Ok(Settings {
            accounts: Some(self.accounts as usize),
            resources: self.resources as usize,
            seed: self.seed,
            behavior: self.behavior(),
            faults,
            day: None,
            clock: None,
            port,
            certificate: None,
            log: false,
        })
    }

    fn behavior(&self) -> ServiceBehavior {
        let behavior = match self.latency.0 {
            Some(latency) => ServiceBehavior {
                latency: Some(latency),
                ..ServiceBehavior::aws()
            },
            None => ServiceBehavior::none(),
        };
        ServiceBehavior {
            quota_scale: (self.quotas != 0.0).then_some(self.quotas),
            ..behavior
        }
    }
}

/// Answer times, or none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Times(Option<Latency>);

/// A text that is not a response time.
#[derive(Debug, thiserror::Error)]
#[error(
    "give milliseconds such as 40, or the median and the 99th percentile such as 40/250; 0 for none"
)]
pub struct InvalidTimes;

impl FromStr for Times {
    type Err = InvalidTimes;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let milliseconds = |text: &str| text.parse().map_err(|_| InvalidTimes);
        let (median, p99) = match text.split_once('/') {
            Some((median, p99)) => (milliseconds(median)?, milliseconds(p99)?),
            None => {
                let median: u64 = milliseconds(text)?;
                // AWS's own shape.
                (median, median.saturating_mul(250) / 40)
            }
        };
        if median > p99 {
            return Err(InvalidTimes);
        }
        let latency = Latency {
            median: Duration::from_millis(median),
            p99: Duration::from_millis(p99),
        };
        Ok(Self((p99 > 0).then_some(latency)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(text: &str) -> Option<(u64, u64)> {
        let latency = text.parse::<Times>().unwrap().0?;
        let (median, p99) = (latency.median.as_millis(), latency.p99.as_millis());
        Some((median as u64, p99 as u64))
    }

    #[test]
    fn times_are_a_median_and_a_99th_percentile() {
        assert_eq!(times("40/250"), Some((40, 250)));
        assert_eq!(times("80"), Some((80, 500)));
        assert_eq!(times("0"), None);
        for bad in ["", "x", "40/", "250/40", "-1", "40ms"] {
            assert!(bad.parse::<Times>().is_err(), "{bad}");
        }
    }
}
