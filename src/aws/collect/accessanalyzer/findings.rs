//! What an organization analyzer reports.

use std::collections::BTreeMap;

use orgscan_core::model::{Cause, Items};
use orgscan_core::services::accessanalyzer::LIST_FINDINGS as API;
use orgscan_core::services::accessanalyzer::{
    AnalyzerStatus, ExternalAnalyzer, ExternalAnalyzers, ExternalFinding, OrganizationFindings,
    Restriction, TrustZone, ZoneFindings,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::collect::{Collect, CollectScope, FactError, RegionScope};
use crate::json::ACCESS_ANALYZER;
use crate::{Failure, pages, require, require_of};

const PATH: &str = "/finding";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    findings: Option<Vec<Summary>>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    id: Option<String>,
    resource: Option<String>,
    resource_type: Option<String>,
    resource_owner_account: Option<String>,
    #[serde(default)]
    is_public: bool,
    #[serde(default)]
    principal: BTreeMap<String, String>,
    status: Option<String>,
    resource_control_policy_restriction: Option<String>,
    error: Option<String>,
}

impl Collect<RegionScope<'_>> for OrganizationFindings {
    async fn collect(scope: &RegionScope<'_>) -> Result<Option<ZoneFindings>, FactError> {
        let analyzers = scope.fact::<ExternalAnalyzers>().await?;
        let Some(analyzer) = oldest_of_organization(&analyzers) else {
            // One that could not be read may be an organization's.
            analyzers.complete()?;
            return Ok(None);
        };
        let arn = analyzer.arn.as_str();
        let listed = pages(API.action, |token| async move {
            let client = scope.json(&ACCESS_ANALYZER);
            let input = input(arn, token);
            let page: Page = client.post(&scope.api_caller, &API, PATH, &input).await?;
            let findings = require(API.action, "findings", page.findings)?;
            Ok((findings, page.next_token))
        });
        Ok(Some(ZoneFindings {
            created: analyzer.created,
            findings: listed.await?.into_iter().map(finding).collect(),
        }))
    }
}

/// What is reported now, archived or not. A role trusts identity providers and other accounts on purpose, so that roles
/// would fill most pages.
fn input(analyzer: &str, token: Option<String>) -> Value {
    let mut input = json!({
        "analyzerArn": analyzer,
        "filter": {
            "resourceType": { "neq": ["AWS::IAM::Role"] },
            "status": { "eq": ["ACTIVE", "ARCHIVED"] },
        },
        "maxResults": API.page,
    });
    if let Some(token) = token {
        input["nextToken"] = Value::from(token);
    }
    input
}

/// The one that had the most time to analyze all resources.
fn oldest_of_organization(analyzers: &Items<ExternalAnalyzer>) -> Option<ExternalAnalyzer> {
    let active = analyzers
        .iter()
        .filter(|one| one.zone == TrustZone::Organization && one.status == AnalyzerStatus::Active);
    active.min_by_key(|one| one.created).cloned()
}

fn finding(listed: Summary) -> Result<ExternalFinding, Failure> {
    let action = API.action;
    let id = require(action, "id", listed.id)?;
    let text = |field, value| require_of(action, &id, field, value);
    let account = text("resourceOwnerAccount", listed.resource_owner_account)?;
    let no_account = |_| {
        let detail = format!("`{account}` is no account id");
        Failure::new(action, Cause::Malformed, detail).of_item(Some(&id))
    };
    let restriction = listed.resource_control_policy_restriction.as_deref();
    Ok(ExternalFinding {
        account: account.parse().map_err(no_account)?,
        resource: text("resource", listed.resource)?,
        kind: text("resourceType", listed.resource_type)?,
        is_public: listed.is_public,
        principals: listed.principal.into_values().collect(),
        is_archived: text("status", listed.status)? == "ARCHIVED",
        restriction: match restriction {
            None | Some("NOT_APPLICABLE" | "APPLIED") => Restriction::Considered,
            Some(_) => Restriction::Possible,
        },
        error: listed.error,
    })
}
