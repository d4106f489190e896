//! The forms in which a report is written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A report format.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ReportFormat {
    /// report.json, and changes.jsonl where there is a history
    Json,
    /// findings.csv, coverage.csv and exceptions.csv
    Csv,
    /// index.html, the report as a page
    Html,
    /// findings.ocsf.jsonl.gz: OCSF Compliance Findings
    Ocsf,
    /// findings.asff.jsonl.gz: for Security Hub's BatchImportFindings
    Asff,
    /// findings.parquet and coverage.parquet
    Parquet,
    /// findings.sarif: SARIF 2.1.0, for code scanning
    Sarif,
    /// findings.junit.xml: a test report, for CI systems
    Junit,
}

impl ReportFormat {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Json,
        Self::Csv,
        Self::Html,
        Self::Ocsf,
        Self::Asff,
        Self::Parquet,
        Self::Sarif,
        Self::Junit,
    ];

    /// Those that a run writes by default: what is for CI systems, it writes where it is asked to.
    pub const DEFAULT: [Self; 6] = [
        Self::Json,
        Self::Csv,
        Self::Html,
        Self::Ocsf,
        Self::Asff,
        Self::Parquet,
    ];
}

/// A version of OCSF.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum OcsfVersion {
    /// What Security Lake takes.
    #[default]
    #[serde(rename = "1.3.0")]
    V1_3,
    /// With the check as an object of its own.
    #[serde(rename = "1.5.0")]
    V1_5,
}

impl OcsfVersion {
    /// The version's number.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1_3 => "1.3.0",
            Self::V1_5 => "1.5.0",
        }
    }
}
