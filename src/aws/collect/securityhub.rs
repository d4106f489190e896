//! AWS Security Hub, by Region: whether Security Hub CSPM is enabled, and if not, whether the new Security Hub is.

use orgscan_core::api::{Api, Meaning};
use orgscan_core::model::Reading;
use orgscan_core::services::securityhub::{DESCRIBE_HUB, DESCRIBE_HUB_V2, HubState};
use serde::Deserialize;

use super::{Collect, CollectScope, Collector, FactError, RegionScope, collectors};
use crate::json::SECURITY_HUB;
use crate::{Failure, require};

/// The facts of a Region.
pub(super) fn collectors<'a>() -> Vec<Collector<RegionScope<'a>>> {
    collectors![HubState]
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Hub {
    #[serde(alias = "HubV2Arn")]
    hub_arn: Option<String>,
}

impl Collect<RegionScope<'_>> for HubState {
    async fn collect(scope: &RegionScope<'_>) -> Result<Self, FactError> {
        let has_cspm = has_hub(scope, &DESCRIBE_HUB, "/accounts", "HubArn").await?;
        let has_v2 = match has_cspm {
            true => Reading::default(),
            false => {
                let answer = has_hub(scope, &DESCRIBE_HUB_V2, "/hubv2", "HubV2Arn").await;
                answer.map_err(|failure| scope.gap(failure)).into()
            }
        };
        Ok(Self { has_cspm, has_v2 })
    }
}

/// Whether a product has a hub in the Region.
async fn has_hub(
    scope: &RegionScope<'_>,
    api: &'static Api,
    path: &str,
    field: &str,
) -> Result<bool, Failure> {
    let client = scope.json(&SECURITY_HUB);
    match client.get::<Hub>(&scope.api_caller, api, path, &[]).await {
        Ok(answer) => require(api.action, field, answer.hub_arn).map(|_| true),
        Err(failure) if failure.means(Meaning::NotEnabled) => Ok(false),
        Err(failure) => Err(failure),
    }
}
