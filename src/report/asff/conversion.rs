//! Events of ours as findings of Security Hub.

use std::collections::BTreeMap;

use orgscan_core::model::{ChangeKind, Region, RunInfo, Severity, TargetScope};

use super::finding::{
    AsffCompliance, AsffFinding, AsffRemediation, AsffResource, ProviderFields, Reason,
    Recommendation, SeverityObject, Workflow,
};
use crate::events::{Event, EventStatus};
use orgscan_core::services::{ACCOUNT, OTHER, kind_of};

/// The longest texts, in characters. The account's name is as long as Organizations lets it be.
///
/// Source: <https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html> and
/// <https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_StatusReason.html>
const TITLE: usize = 256;
const DESCRIPTION: usize = 1024;
const RECOMMENDATION: usize = 512;
const RESOURCE: usize = 512;
const FIELD: usize = 2048;
const REASON: usize = 1024;
const NAME: usize = 50;
const REQUIREMENT: usize = 64;

/// How many requirements there may be.
///
/// Source: <https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_Compliance.html>
const REQUIREMENTS: usize = 32;

/// What all findings of a run share.
#[derive(Clone, Copy, Debug)]
pub(super) struct AsffConversion<'r> {
    pub(super) run: &'r RunInfo,
}

impl<'r> AsffConversion<'r> {
    /// The Region that a finding goes to. What is about the account as a whole goes to the Region that IAM
    /// is in.
    pub(super) fn region<'a>(&self, event: &Event<'a>) -> &'a str {
        let of_iam = || Region::of_iam(&self.run.partition).unwrap_or(TargetScope::GLOBAL);
        event.region.unwrap_or_else(of_iam)
    }

    pub(super) fn finding<'a>(&self, event: &'a Event<'a>) -> AsffFinding<'a>
    where
        'r: 'a,
    {
        let region = self.region(event);
        let account = event.account;
        let at = self.run.started;
        let name = cut(account.name, NAME);
        AsffFinding {
            schema_version: "2018-10-08",
            id: &event.id,
            product_arn: self.product_arn(region, account.id.as_str()),
            product_name: "orgscan",
            company_name: "orgscan",
            region,
            generator_id: event.check_id,
            aws_account_id: account.id.as_str(),
            aws_account_name: Some(name).filter(|name| !name.trim().is_empty()),
            first_observed_at: event.first_seen,
            last_observed_at: event.last_seen,
            created_at: event.first_seen.unwrap_or(at),
            updated_at: at,
            finding_provider_fields: ProviderFields {
                severity: severity(event.severity),
                types: ["Software and Configuration Checks/AWS Security Best Practices"],
            },
            title: cut(event.title(), TITLE),
            description: cut(&event.message, DESCRIPTION),
            remediation: event.remediation().map(|text| AsffRemediation {
                recommendation: Recommendation {
                    text: cut(&text, RECOMMENDATION),
                },
            }),
            product_fields: self.fields(event),
            resources: [self.resource(event, region)],
            compliance: compliance(event),
            workflow: Workflow {
                status: workflow(event),
            },
            record_state: record_state(&event.status),
        }
    }

    fn product_arn(&self, region: &str, account: &str) -> String {
        let partition = &self.run.partition;
        format!("arn:{partition}:securityhub:{region}:{account}:product/{account}/default")
    }

    fn fields(&self, event: &Event<'_>) -> BTreeMap<&'static str, String> {
        let exception = event.exception;
        let given = [
            ("orgscan/RunId", self.run.id.clone()),
            ("orgscan/Version", self.run.orgscan_version.clone()),
            ("orgscan/OuPath", event.account.ou_path.to_owned()),
            ("orgscan/Part", event.part.to_owned()),
            (
                "orgscan/FindingStatus",
                event.change.map_or("", ChangeKind::as_str).to_owned(),
            ),
            (
                "orgscan/Exception",
                exception.map(ToString::to_string).unwrap_or_default(),
            ),
        ];
        let given = given.into_iter();
        given
            .filter(|(_, value)| !value.trim().is_empty())
            .map(|(name, value)| (name, cut(&value, FIELD)))
            .collect()
    }

    fn resource<'a>(&self, event: &'a Event<'a>, region: &'a str) -> AsffResource<'a>
    where
        'r: 'a,
    {
        let (kind, id) = match event.resource {
            Some(arn) => (
                kind_of(arn).map_or(OTHER, |kind| kind.asff),
                cut(arn, RESOURCE),
            ),
            // As Security Hub's own findings name an account.
            None => (ACCOUNT.asff, format!("AWS::::Account:{}", event.account.id)),
        };
        AsffResource {
            kind,
            id,
            partition: &self.run.partition,
            region,
        }
    }
}

fn severity(severity: Option<Severity>) -> SeverityObject {
    let label = match severity {
        None | Some(Severity::Informational) => "INFORMATIONAL",
        Some(Severity::Low) => "LOW",
        Some(Severity::Medium) => "MEDIUM",
        Some(Severity::High) => "HIGH",
        Some(Severity::Critical) => "CRITICAL",
    };
    SeverityObject {
        label,
        original: severity.map_or("unknown", Severity::as_str),
    }
}

/// What the check says. Only a complete look can say that it passes.
fn compliance(event: &Event<'_>) -> AsffCompliance {
    let (status, code) = match &event.status {
        EventStatus::Failed => ("FAILED", None),
        EventStatus::Resolved => ("PASSED", None),
        EventStatus::Unseen => ("NOT_AVAILABLE", Some("NOT_EVALUATED")),
        EventStatus::NotEvaluated { .. } => ("NOT_AVAILABLE", Some("NOT_EVALUATED")),
        EventStatus::Gone => ("NOT_AVAILABLE", Some("ACCOUNT_GONE")),
    };
    let reason = code.map(|code| Reason {
        reason_code: code.to_owned(),
        description: cut(&event.detail().unwrap_or_default(), REASON),
    });
    let asked = event.requirements();
    let asked = asked.map(|(framework, control)| format!("{} {}", framework.id, control.id));
    AsffCompliance {
        status,
        related_requirements: asked
            .map(|text| cut(&text, REQUIREMENT))
            .take(REQUIREMENTS)
            .collect(),
        status_reasons: reason.into_iter().collect(),
    }
}

fn record_state(status: &EventStatus) -> &'static str {
    match status {
        EventStatus::Resolved | EventStatus::Gone => "ARCHIVED",
        EventStatus::Failed | EventStatus::Unseen | EventStatus::NotEvaluated { .. } => "ACTIVE",
    }
}

/// Counts when the finding is new to Security Hub, which keeps what it has otherwise.
fn workflow(event: &Event<'_>) -> &'static str {
    match event.status {
        EventStatus::Resolved | EventStatus::Gone => "RESOLVED",
        _ if event.exception.is_some() => "SUPPRESSED",
        EventStatus::Failed | EventStatus::Unseen | EventStatus::NotEvaluated { .. } => "NEW",
    }
}

/// The beginning of a text, so long at most.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut kept: String = text.chars().take(most - 1).collect();
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_truncated_by_characters_and_marked() {
        assert_eq!(cut("äöü", 3), "äöü");
        assert_eq!(cut("äöüß", 3), "äö…");
    }
}
