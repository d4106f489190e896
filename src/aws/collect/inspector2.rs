//! Amazon Inspector, by Region: what it scans of the account.

use orgscan_core::model::Cause;
use orgscan_core::services::inspector2::BATCH_GET_ACCOUNT_STATUS as API;
use orgscan_core::services::inspector2::InspectorState;
use serde::Deserialize;
use serde_json::json;

use super::{Collect, Collector, FactError, RegionScope, collectors};
use crate::json::INSPECTOR2;
use crate::{Failure, require};

const PATH: &str = "/status/batch/get";

/// The facts of a Region.
pub(super) fn collectors<'a>() -> Vec<Collector<RegionScope<'a>>> {
    collectors![InspectorState]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    accounts: Option<Vec<AccountState>>,
    failed_accounts: Option<Vec<FailedAccount>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AccountState {
    account_id: Option<String>,
    state: Option<State>,
    resource_state: Option<ResourceState>,
}

#[derive(Deserialize)]
struct ResourceState {
    ec2: Option<State>,
    ecr: Option<State>,
    lambda: Option<State>,
}

#[derive(Deserialize)]
struct State {
    status: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FailedAccount {
    error_code: Option<String>,
    error_message: Option<String>,
}

impl Collect<RegionScope<'_>> for InspectorState {
    async fn collect(scope: &RegionScope<'_>) -> Result<Self, FactError> {
        let account = scope.session.account.as_str();
        let input = json!({ "accountIds": [account] });
        let client = scope.json(&INSPECTOR2);
        let answer = client.post(&scope.api_caller, &API, PATH, &input).await;
        let answer: Answer = answer?;
        if let Some(failed) = answer.failed_accounts.into_iter().flatten().next() {
            return Err(failure(failed).into());
        }
        let accounts = require(API.action, "accounts", answer.accounts)?;
        let mut accounts = accounts.into_iter();
        let own = accounts.find(|one| one.account_id.as_deref() == Some(account));
        Ok(state(require(API.action, "the account", own)?)?)
    }
}

fn state(answer: AccountState) -> Result<InspectorState, Failure> {
    let resources = require(API.action, "resourceState", answer.resource_state)?;
    Ok(InspectorState {
        status: status("state", answer.state)?,
        ec2: status("ec2", resources.ec2)?,
        ecr: status("ecr", resources.ecr)?,
        // AWS leaves it out in Regions without it.
        lambda: resources
            .lambda
            .map(|lambda| status("lambda", Some(lambda)))
            .transpose()?,
    })
}

fn status(field: &str, state: Option<State>) -> Result<String, Failure> {
    require(API.action, field, state.and_then(|state| state.status))
}

/// AWS answers the request, and not about the account.
fn failure(failed: FailedAccount) -> Failure {
    let code = failed.error_code.unwrap_or_default();
    let message = failed.error_message.unwrap_or_default();
    let cause = match code.as_str() {
        "ACCESS_DENIED" => Cause::DeniedUnexplained,
        "INTERNAL_ERROR" => Cause::ServiceError,
        _ => Cause::Other,
    };
    Failure::new(API.action, cause, format!("{code}: {message}"))
}
