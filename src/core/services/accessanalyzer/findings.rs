//! Facts of what organization analyzers report.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ExternalAnalyzers, LIST_FINDINGS};
use crate::facts::{Fact, FactSpec};
use crate::model::{AccountId, Items};

/// A finding of an organization analyzer: somebody outside the organization has access to a resource.
///
/// Source: <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_FindingSummary.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalFinding {
    /// The account that owns the resource.
    pub account: AccountId,
    /// The resource, by its ARN.
    pub resource: String,
    /// Its type, as in CloudFormation: `AWS::SQS::Queue`.
    pub kind: String,
    /// Whether everybody has access.
    pub is_public: bool,
    /// Who else has access: account ids, ARNs and other names, as the policy has them.
    pub principals: Vec<String>,
    /// Whether somebody archived the finding. The access is still there.
    pub is_archived: bool,
    /// Whether the analyzer knows all resource control policies.
    pub restriction: Restriction,
    /// Why the analyzer could not analyze the resource, if so.
    pub error: Option<String>,
}

/// What resource control policies do to the access.
///
/// Source: <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_FindingSummary.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Restriction {
    /// There is none, or the finding is what it leaves.
    Considered,
    /// There is one that the analyzer does not evaluate, or could not.
    Possible,
}

/// The findings of the organization analyzer that an account owns in a Region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZoneFindings {
    /// When the analyzer was created.
    pub created: Timestamp,
    /// Its findings that are not resolved, except those of IAM roles.
    pub findings: Items<ExternalFinding>,
}

/// What the account's organization analyzer of a Region reports; none without an active one.
#[derive(Debug)]
pub struct OrganizationFindings;

impl Fact for OrganizationFindings {
    type Value = Option<ZoneFindings>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "accessanalyzer.organization_findings",
        least: 0,
        calls: &[&LIST_FINDINGS],
        reads: &[ExternalAnalyzers::SPEC],
        ..FactSpec::REGION
    };
}
