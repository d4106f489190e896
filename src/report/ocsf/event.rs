//! The shape of an event: class 2003 with the profile `cloud`.
//!
//! Source: <https://schema.ocsf.io/1.3.0/classes/compliance_finding?profiles=cloud>

use serde::Serialize;

/// A number with its caption.
pub(super) type Enumerated = (u32, &'static str);

#[derive(Debug, Serialize)]
pub(super) struct ComplianceFinding<'a> {
    pub(super) activity_id: u32,
    pub(super) activity_name: &'static str,
    pub(super) category_name: &'static str,
    pub(super) category_uid: u32,
    pub(super) class_name: &'static str,
    pub(super) class_uid: u32,
    pub(super) cloud: Cloud<'a>,
    pub(super) compliance: OcsfCompliance<'a>,
    pub(super) finding_info: FindingInfo<'a>,
    pub(super) message: &'a str,
    pub(super) metadata: Metadata<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) remediation: Option<OcsfRemediation>,
    pub(super) resources: [OcsfResource<'a>; 1],
    pub(super) severity: &'static str,
    pub(super) severity_id: u32,
    pub(super) status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status_detail: Option<String>,
    pub(super) status_id: u32,
    /// Milliseconds since 1970, as all times here.
    pub(super) time: i64,
    pub(super) type_name: String,
    pub(super) type_uid: u32,
    pub(super) unmapped: Unmapped<'a>,
}

#[derive(Debug, Serialize)]
pub(super) struct Cloud<'a> {
    pub(super) account: Account<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) org: Option<Organization<'a>>,
    pub(super) provider: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) region: Option<&'a str>,
}

#[derive(Debug, Serialize)]
pub(super) struct Account<'a> {
    pub(super) name: &'a str,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) type_id: u32,
    pub(super) uid: &'a str,
}

#[derive(Debug, Serialize)]
pub(super) struct Organization<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ou_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ou_uid: Option<&'a str>,
    pub(super) uid: &'a str,
}

#[derive(Debug, Serialize)]
pub(super) struct OcsfCompliance<'a> {
    /// Since 1.4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) category: Option<&'static str>,
    /// Since 1.4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) checks: Option<[CheckObject<'a>; 1]>,
    pub(super) control: &'a str,
    /// Since 1.4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) desc: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) requirements: Vec<String>,
    pub(super) standards: Vec<&'static str>,
    pub(super) status: &'static str,
    /// Until 1.3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status_detail: Option<String>,
    /// Since 1.4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status_details: Option<[String; 1]>,
    pub(super) status_id: u32,
}

#[derive(Debug, Serialize)]
pub(super) struct CheckObject<'a> {
    pub(super) name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) desc: Option<&'static str>,
    pub(super) severity: &'static str,
    pub(super) severity_id: u32,
    pub(super) standards: Vec<&'static str>,
    pub(super) status: &'static str,
    pub(super) status_id: u32,
    pub(super) uid: &'a str,
}

#[derive(Debug, Serialize)]
pub(super) struct FindingInfo<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) created_time: Option<i64>,
    pub(super) desc: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) first_seen_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last_seen_time: Option<i64>,
    pub(super) title: &'a str,
    pub(super) types: Vec<&'static str>,
    pub(super) uid: &'a str,
}

#[derive(Debug, Serialize)]
pub(super) struct Metadata<'a> {
    /// The run.
    pub(super) correlation_uid: &'a str,
    /// The check.
    pub(super) event_code: &'a str,
    pub(super) product: Product<'a>,
    pub(super) profiles: [&'static str; 1],
    /// Of this event alone.
    pub(super) uid: String,
    pub(super) version: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct Product<'a> {
    pub(super) name: &'static str,
    pub(super) vendor_name: &'static str,
    pub(super) version: &'a str,
}

#[derive(Debug, Serialize)]
pub(super) struct OcsfRemediation {
    pub(super) desc: String,
}

#[derive(Debug, Serialize)]
pub(super) struct OcsfResource<'a> {
    pub(super) cloud_partition: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) region: Option<&'a str>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<&'static str>,
    pub(super) uid: &'a str,
}

/// What the class has no place for.
#[derive(Debug, Serialize)]
pub(super) struct Unmapped<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) finding_status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) exception_id: Option<&'a str>,
    pub(super) ou_path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) part: Option<&'a str>,
}
