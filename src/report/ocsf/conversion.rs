//! Events of ours as OCSF's.

use orgscan_core::model::{ChangeKind, RunInfo, Severity};
use orgscan_core::settings::OcsfVersion;

use super::event::{
    Account, CheckObject, Cloud, ComplianceFinding, Enumerated, FindingInfo, Metadata,
    OcsfCompliance, OcsfRemediation, OcsfResource, Organization, Product, Unmapped,
};
use crate::events::{Event, EventStatus};
use orgscan_core::services::{ACCOUNT, kind_of};

const CLASS: u32 = 2003;

/// The standard of a check that no framework asks for. There has to be one.
const OWN_STANDARD: &str = "orgscan";

/// What all events of a run share.
#[derive(Clone, Copy, Debug)]
pub(super) struct OcsfConversion<'r> {
    pub(super) run: &'r RunInfo,
    pub(super) version: OcsfVersion,
}

impl<'r> OcsfConversion<'r> {
    pub(super) fn event<'a>(&self, event: &'a Event<'a>) -> ComplianceFinding<'a>
    where
        'r: 'a,
    {
        let (activity_id, activity_name) = activity(event);
        let (severity_id, severity) = severity(event.severity);
        let (status_id, status) = status(event);
        ComplianceFinding {
            activity_id,
            activity_name,
            category_name: "Findings",
            category_uid: 2,
            class_name: "Compliance Finding",
            class_uid: CLASS,
            cloud: self.cloud(event),
            compliance: self.compliance(event),
            finding_info: finding_info(event),
            message: &event.message,
            metadata: self.metadata(event),
            remediation: event.remediation().map(|desc| OcsfRemediation { desc }),
            resources: [self.resource(event)],
            severity,
            severity_id,
            status,
            status_detail: event.detail(),
            status_id,
            time: self.run.started.as_millisecond(),
            type_name: format!("Compliance Finding: {activity_name}"),
            type_uid: CLASS * 100 + activity_id,
            unmapped: Unmapped {
                finding_status: event.change.map(ChangeKind::as_str),
                exception_id: event.exception.map(|exception| &*exception.id),
                ou_path: event.account.ou_path,
                part: Some(event.part).filter(|part| !part.is_empty()),
            },
        }
    }

    fn cloud<'a>(&self, event: &'a Event<'a>) -> Cloud<'a>
    where
        'r: 'a,
    {
        let account = event.account;
        let organization = self.run.organization.as_ref();
        Cloud {
            account: Account {
                name: account.name,
                kind: "AWS Account",
                type_id: 10,
                uid: account.id.as_str(),
            },
            org: organization.map(|organization| Organization {
                ou_name: account
                    .ou_path
                    .rsplit('/')
                    .next()
                    .filter(|ou| !ou.is_empty()),
                ou_uid: account.ou_id,
                uid: &organization.id,
            }),
            provider: "AWS",
            region: event.region,
        }
    }

    fn compliance<'a>(&self, event: &'a Event<'a>) -> OcsfCompliance<'a> {
        let (status_id, status) = compliance_status(&event.status);
        let detail = event.detail();
        let of_all_versions = OcsfCompliance {
            category: None,
            checks: None,
            control: event.check_id,
            desc: None,
            requirements: requirements(event),
            standards: standards(event),
            status,
            status_detail: None,
            status_details: None,
            status_id,
        };
        match self.version {
            OcsfVersion::V1_3 => OcsfCompliance {
                status_detail: detail,
                ..of_all_versions
            },
            OcsfVersion::V1_5 => OcsfCompliance {
                category: event.check.map(|check| check.category.as_str()),
                checks: Some([check_object(event)]),
                desc: event.check.map(|check| check.why),
                status_details: detail.map(|detail| [detail]),
                ..of_all_versions
            },
        }
    }

    fn metadata<'a>(&self, event: &'a Event<'a>) -> Metadata<'a>
    where
        'r: 'a,
    {
        Metadata {
            correlation_uid: &self.run.id,
            event_code: event.check_id,
            product: Product {
                name: "orgscan",
                vendor_name: "orgscan",
                version: &self.run.orgscan_version,
            },
            profiles: ["cloud"],
            uid: format!("{}/{}", self.run.id, event.id),
            version: self.version.as_str(),
        }
    }

    fn resource<'a>(&self, event: &'a Event<'a>) -> OcsfResource<'a>
    where
        'r: 'a,
    {
        let kind = match event.resource {
            Some(arn) => kind_of(arn),
            None => Some(ACCOUNT),
        };
        OcsfResource {
            cloud_partition: &self.run.partition,
            region: event.region,
            kind: kind.map(|kind| kind.cloudformation),
            uid: event.resource.unwrap_or(event.account.id.as_str()),
        }
    }
}

fn check_object<'a>(event: &'a Event<'a>) -> CheckObject<'a> {
    let (severity_id, severity) = severity(event.severity);
    let (status_id, status) = compliance_status(&event.status);
    CheckObject {
        name: event.title(),
        desc: event.check.map(|check| check.why),
        severity,
        severity_id,
        standards: standards(event),
        status,
        status_id,
        uid: event.check_id,
    }
}

fn finding_info<'a>(event: &'a Event<'a>) -> FindingInfo<'a> {
    let first_seen = event.first_seen.map(|time| time.as_millisecond());
    FindingInfo {
        created_time: first_seen,
        desc: &event.message,
        first_seen_time: first_seen,
        last_seen_time: event.last_seen.map(|time| time.as_millisecond()),
        title: event.title(),
        types: event
            .check
            .iter()
            .map(|check| check.category.as_str())
            .collect(),
        uid: &event.id,
    }
}

fn standards(event: &Event<'_>) -> Vec<&'static str> {
    let mut titles: Vec<_> = event
        .requirements()
        .map(|(framework, _)| framework.title)
        .collect();
    titles.dedup();
    if titles.is_empty() {
        titles.push(OWN_STANDARD);
    }
    titles
}

/// `cis-5.0 1.9`
fn requirements(event: &Event<'_>) -> Vec<String> {
    let asked = event.requirements();
    asked
        .map(|(framework, control)| format!("{} {}", framework.id, control.id))
        .collect()
}

/// What the event says of the finding's life. Without a history nobody knows.
fn activity(event: &Event<'_>) -> Enumerated {
    match event.change {
        Some(ChangeKind::New) => (1, "Create"),
        Some(ChangeKind::Resolved | ChangeKind::Gone) => (3, "Close"),
        Some(
            ChangeKind::Reopened
            | ChangeKind::Worsened
            | ChangeKind::Ongoing
            | ChangeKind::Unknown
            | ChangeKind::OutOfScope,
        ) => (2, "Update"),
        None => (0, "Unknown"),
    }
}

fn severity(severity: Option<Severity>) -> Enumerated {
    match severity {
        None => (0, "Unknown"),
        Some(Severity::Informational) => (1, "Informational"),
        Some(Severity::Low) => (2, "Low"),
        Some(Severity::Medium) => (3, "Medium"),
        Some(Severity::High) => (4, "High"),
        Some(Severity::Critical) => (5, "Critical"),
    }
}

/// Where the finding stands in its reader's work.
fn status(event: &Event<'_>) -> Enumerated {
    match event.status {
        EventStatus::Resolved | EventStatus::Gone => (4, "Resolved"),
        _ if event.exception.is_some() => (3, "Suppressed"),
        EventStatus::Failed | EventStatus::Unseen => (1, "New"),
        EventStatus::NotEvaluated { .. } => (0, "Unknown"),
    }
}

/// What the check says. Only a complete look can say that it passes.
fn compliance_status(status: &EventStatus) -> Enumerated {
    match status {
        EventStatus::Failed => (3, "Fail"),
        EventStatus::Resolved => (1, "Pass"),
        EventStatus::Unseen | EventStatus::NotEvaluated { .. } | EventStatus::Gone => {
            (0, "Unknown")
        }
    }
}
