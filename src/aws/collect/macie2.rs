//! Amazon Macie, by Region: whether it is enabled.

use orgscan_core::api::Meaning;
use orgscan_core::model::Cause;
use orgscan_core::services::macie2::GET_MACIE_SESSION as API;
use orgscan_core::services::macie2::MacieState;
use serde::Deserialize;

use super::{Collect, Collector, FactError, RegionScope, collectors};
use crate::json::MACIE2;
use crate::{Failure, require};

/// The facts of a Region.
pub(super) fn collectors<'a>() -> Vec<Collector<RegionScope<'a>>> {
    collectors![MacieState]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Session {
    status: Option<String>,
}

impl Collect<RegionScope<'_>> for MacieState {
    async fn collect(scope: &RegionScope<'_>) -> Result<Self, FactError> {
        let client = scope.json(&MACIE2);
        let session = client.get::<Session>(&scope.api_caller, &API, "/macie", &[]);
        let session = match session.await {
            Ok(session) => session,
            Err(failure) if failure.means(Meaning::NotEnabled) => return Ok(Self::Off),
            Err(failure) => return Err(failure.into()),
        };
        let status = require(API.action, "status", session.status)?;
        match status.as_str() {
            "ENABLED" => Ok(Self::Enabled),
            "PAUSED" => Ok(Self::Paused),
            other => {
                let detail = format!("`{other}` is no known status");
                Err(Failure::new(API.action, Cause::Malformed, detail).into())
            }
        }
    }
}
