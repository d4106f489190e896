//! Amazon GuardDuty, by Region: the detector, and whether it is enabled.

use orgscan_core::model::{Cause, Items};
use orgscan_core::services::guardduty::{Detector, Detectors, GET_DETECTOR, LIST_DETECTORS};
use serde::Deserialize;

use super::{Collect, Collector, FactError, RegionScope, collectors};
use crate::json::GUARDDUTY;
use crate::{Failure, pages, require, require_of};

const PATH: &str = "/detector";

/// The facts of a Region.
pub(super) fn collectors<'a>() -> Vec<Collector<RegionScope<'a>>> {
    collectors![Detectors]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    detector_ids: Option<Vec<String>>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Description {
    status: Option<String>,
}

impl Collect<RegionScope<'_>> for Detectors {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<Detector>, FactError> {
        let api = &LIST_DETECTORS;
        let size = api.page.unwrap_or_default().to_string();
        let size = size.as_str();
        let listed = pages(api.action, |token| async move {
            let mut query = vec![("maxResults", size)];
            query.extend(token.as_deref().map(|token| ("nextToken", token)));
            let client = scope.json(&GUARDDUTY);
            let page: Page = client.get(&scope.api_caller, api, PATH, &query).await?;
            let ids = require(api.action, "detectorIds", page.detector_ids)?;
            // The last page has an empty token.
            Ok((ids, page.next_token.filter(|token| !token.is_empty())))
        });
        let mut detectors = Items::default();
        for id in listed.await? {
            match detector(scope, id).await {
                Ok(detector) => detectors.known.push(detector),
                Err(failure) => detectors.gaps.push(failure.into()),
            }
        }
        Ok(detectors)
    }
}

async fn detector(scope: &RegionScope<'_>, id: String) -> Result<Detector, Failure> {
    let api = &GET_DETECTOR;
    let (client, path) = (scope.json(&GUARDDUTY), format!("{PATH}/{id}"));
    let answer = client.get(&scope.api_caller, api, &path, &[]).await;
    let answer: Description = answer.map_err(|failure: Failure| failure.of_item(Some(&id)))?;
    let status = require_of(api.action, &id, "status", answer.status)?;
    let is_enabled = match status.as_str() {
        "ENABLED" => true,
        "DISABLED" => false,
        other => {
            let detail = format!("`{other}` is no known status");
            let failure = Failure::new(api.action, Cause::Malformed, detail);
            return Err(failure.of_item(Some(&id)));
        }
    };
    Ok(Detector { id, is_enabled })
}
