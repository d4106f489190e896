//! IAM Access Analyzer: the analyzers of a Region that report external access, and what those of the organization report.

mod checks;
mod findings;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Service, ServiceRegions};
use crate::api::{PolicyResources, Rate, apis, resources};
use crate::facts::{Fact, FactSpec};
use crate::model::{Arn, Items};
pub use findings::*;

/// Access Analyzer publishes no request rates. A scan lists the analyzers of a Region once.
static RATE: Rate = Rate {
    burst: 10,
    refill_per_second: 5,
    source: "unpublished; https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-quotas.html",
};

static ANALYZERS: PolicyResources = resources(
    "Analyzers",
    "the account's analyzers",
    &["access-analyzer:*:${AWS::AccountId}:analyzer/*"],
);

apis! {
    "access-analyzer" at RATE;
    LIST_ANALYZERS = "ListAnalyzers" pages 100 of "analyzers";
    LIST_FINDINGS = "ListFindings" pages 100 of "findings of an organization analyzer" if "the account owns an active organization analyzer" on ANALYZERS;
}

/// The service, by its name in IAM actions, ARNs and endpoints.
pub const SERVICE: Service = Service {
    offered: ServiceRegions::Except(&[
        "us-iso-east-1",
        "us-iso-west-1",
        "us-isob-east-1",
        "us-isob-west-1",
    ]),
    checks: checks::CHECKS,
    ..Service::new("access-analyzer", APIS)
};

/// An analyzer of external access. Analyzers of unused access and of internal access are other products.
///
/// Source: <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_AnalyzerSummary.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalAnalyzer {
    /// Its ARN.
    pub arn: Arn,
    /// When it was created.
    pub created: Timestamp,
    /// Its name.
    pub name: String,
    /// The accounts whose resources it analyzes.
    pub zone: TrustZone,
    /// Whether it analyzes.
    pub status: AnalyzerStatus,
}

/// The accounts whose resources an analyzer analyzes. Access from outside of them is external.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrustZone {
    /// The account that owns it.
    Account,
    /// Every account of the organization. Only the management account and a delegated administrator can own it.
    Organization,
}

/// The status of an analyzer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnalyzerStatus {
    /// It analyzes.
    Active,
    /// It is being created.
    Creating,
    /// It lost its access, as after a change of the delegated administrator.
    Disabled,
    /// Its creation failed.
    Failed,
}

impl AnalyzerStatus {
    /// The status in a message.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Creating => "being created",
            Self::Disabled => "disabled",
            Self::Failed => "failed",
        }
    }
}

/// The analyzers of external access that the account owns in a Region.
#[derive(Debug)]
pub struct ExternalAnalyzers;

impl Fact for ExternalAnalyzers {
    type Value = Items<ExternalAnalyzer>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "accessanalyzer.external_analyzers",
        calls: &[&LIST_ANALYZERS],
        ..FactSpec::REGION
    };
}
