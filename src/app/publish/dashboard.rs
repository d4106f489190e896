//! The CloudWatch dashboard, generated from the indicators.
//!
//! The organization comes first: when it was scanned last, coverage, every indicator's total and trend,
//! the accounts with the most critical findings. Below that the same numbers of one account, which the reader chooses
//! from a list of those that have metrics.
//!
//! A metric's dimension is named `AccountId`, and widgets have a property `accountId` that means
//! another thing: whose metrics they are. A variable that sets a property by its name could be taken
//! for either. So the chosen account takes the place of a word ([`ACCOUNT`]) in the dashboard's text,
//! and in the text widget's links too, which a property's variable does not reach.
//!
//! Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html>

mod account;
mod layout;
mod limits;
mod overview;
mod search;
mod template;
#[cfg(test)]
mod tests;
mod widgets;

use orgscan_core::partition::{PARTITIONS, Partition};
use orgscan_core::settings::{Config, Location, Thresholds};
use serde_json::{Value, json};

pub use template::template;

use crate::publish::metrics::DIMENSION;
use layout::Layout;

/// Stands where the chosen account's id belongs.
pub const ACCOUNT: &str = "SELECTED_ACCOUNT";

/// What the dashboard shows, and from where.
#[derive(Debug)]
pub struct Dashboard<'a> {
    /// The metrics' namespace.
    pub namespace: &'a str,
    /// The metrics' Region.
    pub region: &'a str,
    /// Drawn as lines.
    pub thresholds: &'a Thresholds,
    /// Where the text points to.
    pub reports: ReportsLocation,
}

/// Where the reports are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportsLocation {
    /// There are none.
    Nowhere,
    /// In a folder of the machine that scans.
    Folder(String),
    /// In S3.
    Bucket {
        /// The console's host, `console.aws.amazon.com`.
        console: String,
        /// The bucket's Region.
        region: String,
        /// The bucket.
        name: String,
        /// Begins the keys: empty, or with a slash at its end.
        prefix: String,
    },
}

impl<'a> Dashboard<'a> {
    /// The dashboard of a configuration, for metrics that go to this Region.
    pub fn of(config: &'a Config, region: &'a str) -> Self {
        let destinations = &config.destinations;
        let metrics = destinations.metrics.as_ref();
        let report = destinations.report.as_ref();
        let reports = report.map_or(ReportsLocation::Nowhere, |report| {
            let region = report.region.as_ref().map_or(region, |own| own.as_str());
            ReportsLocation::at(&report.location, region)
        });
        Self {
            namespace: metrics.map_or(DEFAULT_NAMESPACE, |metrics| &metrics.namespace),
            region,
            thresholds: &config.thresholds,
            reports,
        }
    }

    /// The dashboard's body, as `PutDashboard` takes it.
    pub fn body(&self) -> Value {
        let mut layout = Layout::default();
        self.overview(&mut layout);
        self.account(&mut layout);
        json!({
            // Two weeks: as far back as queries and searches see.
            "start": "-P14D",
            "periodOverride": "inherit",
            "variables": [self.variable()],
            "widgets": layout.widgets(),
        })
    }

    /// The choice of an account. Every account that was not skipped sends how many of its targets are
    /// unknown, even if no indicator's number is known.
    fn variable(&self) -> Value {
        json!({
            "type": "pattern",
            "pattern": ACCOUNT,
            "inputType": "select",
            "id": "account",
            "label": "Account",
            "search": search::metrics_named(self.namespace, "TargetsUnknown"),
            "populateFrom": DIMENSION,
            "defaultValue": "__FIRST",
            "visible": true,
        })
    }
}

/// The namespace if none is configured: that of metrics that a flag enables.
const DEFAULT_NAMESPACE: &str = "OrgScan";

impl ReportsLocation {
    /// Reports at a configured location; a bucket is in this Region.
    fn at(location: &Location, region: &str) -> Self {
        match location {
            Location::Folder(_) => Self::Folder(location.to_string()),
            Location::S3(prefix) => Self::Bucket {
                console: console(region).to_owned(),
                region: region.to_owned(),
                name: prefix.bucket.clone(),
                prefix: prefix.key_prefix(),
            },
        }
    }

    /// The text that leads to the reports in a folder, `daily/`.
    fn link(&self, folder: &str, text: &str) -> String {
        match self {
            Self::Nowhere => "No reports are stored: `destinations.report` is not set.".to_owned(),
            Self::Folder(root) => format!("{text}: `{root}/{folder}` where orgscan runs."),
            Self::Bucket {
                console,
                region,
                name,
                prefix,
            } => format!(
                "[{text}](https://{console}/s3/buckets/{name}?region={region}&prefix={prefix}{folder})"
            ),
        }
    }
}

/// The console's host in the partition of a Region.
fn console(region: &str) -> &'static str {
    Partition::of_region(region)
        .unwrap_or(&PARTITIONS[0])
        .console
}
