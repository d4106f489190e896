//! IAM Access Analyzer, by Region: the analyzers of external access, and the findings of those of the organization.

mod findings;

use jiff::Timestamp;
use orgscan_core::model::{Cause, Items};
use orgscan_core::services::accessanalyzer::LIST_ANALYZERS as API;
use orgscan_core::services::accessanalyzer::{
    AnalyzerStatus, ExternalAnalyzer, ExternalAnalyzers, OrganizationFindings, TrustZone,
};
use serde::Deserialize;

use super::{Collect, Collector, FactError, RegionScope, collectors};
use crate::json::ACCESS_ANALYZER;
use crate::{Failure, pages, require, require_of};

const PATH: &str = "/analyzer";

/// The facts of a Region.
pub(super) fn collectors<'a>() -> Vec<Collector<RegionScope<'a>>> {
    collectors![ExternalAnalyzers, OrganizationFindings]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    analyzers: Option<Vec<Summary>>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    arn: Option<String>,
    name: Option<String>,
    created_at: Option<Timestamp>,
    #[serde(rename = "type")]
    kind: Option<String>,
    status: Option<String>,
}

impl Collect<RegionScope<'_>> for ExternalAnalyzers {
    /// All types are listed. AWS's filter takes one type, which would take two lists.
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<ExternalAnalyzer>, FactError> {
        let size = API.page.unwrap_or_default().to_string();
        let size = size.as_str();
        let listed = pages(API.action, |token| async move {
            let mut query = vec![("maxResults", size)];
            query.extend(token.as_deref().map(|token| ("nextToken", token)));
            let client = scope.json(&ACCESS_ANALYZER);
            let page: Page = client.get(&scope.api_caller, &API, PATH, &query).await?;
            let analyzers = require(API.action, "analyzers", page.analyzers)?;
            Ok((analyzers, page.next_token))
        });
        let listed = listed.await?.into_iter();
        Ok(listed.filter_map(|one| analyzer(one).transpose()).collect())
    }
}

/// An analyzer of external access; none of unused or internal access, or of a type that AWS adds later.
fn analyzer(listed: Summary) -> Result<Option<ExternalAnalyzer>, Failure> {
    let action = API.action;
    let name = require(action, "name", listed.name)?;
    let kind = require_of(action, &name, "type", listed.kind)?;
    let zone = match kind.as_str() {
        "ACCOUNT" => TrustZone::Account,
        "ORGANIZATION" => TrustZone::Organization,
        _ => return Ok(None),
    };
    let status = require_of(action, &name, "status", listed.status)?;
    let status = match status.as_str() {
        "ACTIVE" => AnalyzerStatus::Active,
        "CREATING" => AnalyzerStatus::Creating,
        "DISABLED" => AnalyzerStatus::Disabled,
        "FAILED" => AnalyzerStatus::Failed,
        other => {
            let detail = format!("`{other}` is no known status");
            let failure = Failure::new(action, Cause::Malformed, detail);
            return Err(failure.of_item(Some(&name)));
        }
    };
    Ok(Some(ExternalAnalyzer {
        arn: require_of(action, &name, "arn", listed.arn)?.into(),
        created: require_of(action, &name, "createdAt", listed.created_at)?,
        name,
        zone,
        status,
    }))
}
