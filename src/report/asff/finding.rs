//! The shape of a finding.
//!
//! Source: <https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html>

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AsffFinding<'a> {
    pub(super) schema_version: &'static str,
    pub(super) id: &'a str,
    pub(super) product_arn: String,
    pub(super) product_name: &'static str,
    pub(super) company_name: &'static str,
    pub(super) region: &'a str,
    pub(super) generator_id: &'a str,
    pub(super) aws_account_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) aws_account_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) first_observed_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last_observed_at: Option<Timestamp>,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    /// What a provider says of severity and types: Security Hub's users may say otherwise.
    pub(super) finding_provider_fields: ProviderFields,
    pub(super) title: String,
    pub(super) description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) remediation: Option<AsffRemediation>,
    pub(super) product_fields: BTreeMap<&'static str, String>,
    pub(super) resources: [AsffResource<'a>; 1],
    pub(super) compliance: AsffCompliance,
    pub(super) workflow: Workflow,
    pub(super) record_state: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ProviderFields {
    pub(super) severity: SeverityObject,
    pub(super) types: [&'static str; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SeverityObject {
    pub(super) label: &'static str,
    pub(super) original: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AsffRemediation {
    pub(super) recommendation: Recommendation,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Recommendation {
    pub(super) text: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AsffResource<'a> {
    #[serde(rename = "Type")]
    pub(super) kind: &'static str,
    pub(super) id: String,
    pub(super) partition: &'a str,
    pub(super) region: &'a str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AsffCompliance {
    pub(super) status: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) related_requirements: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) status_reasons: Vec<Reason>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Reason {
    pub(super) reason_code: String,
    pub(super) description: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Workflow {
    pub(super) status: &'static str,
}
