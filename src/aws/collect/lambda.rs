//! Lambda, by Region: functions, their policies and their URLs.

use futures::stream::{self, StreamExt};
use orgscan_core::api::Meaning;
use orgscan_core::model::{Arn, Cause, Gap, Items, Reading};
use orgscan_core::services::lambda::{
    Function, FunctionPolicies, FunctionUrl, FunctionUrls, Functions, GET_POLICY,
    LIST_FUNCTION_URL_CONFIGS, LIST_FUNCTIONS, SecretVariable,
};
use orgscan_core::services::{ResourcePolicy, SecretKind};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::policies::{policies, policy};
use super::{Collect, CollectScope, Collector, FactError, RegionScope, SIDE_BY_SIDE, collectors};
use crate::json::LAMBDA;
use crate::{Failure, pages, require, require_of};

/// The facts of a Region.
pub(super) fn collectors<'a>() -> Vec<Collector<RegionScope<'a>>> {
    collectors![Functions, FunctionPolicies, FunctionUrls]
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct FunctionPage {
    functions: Option<Vec<FunctionEntry>>,
    next_marker: Option<String>,
}

/// The environment has no type of its own, whose errors would quote what is in it. There is no `Debug` either.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct FunctionEntry {
    function_name: Option<String>,
    function_arn: Option<String>,
    environment: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UrlPage {
    function_url_configs: Option<Vec<UrlEntry>>,
    next_marker: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UrlEntry {
    function_arn: Option<String>,
    auth_type: Option<String>,
}

impl Collect<RegionScope<'_>> for Functions {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<Function>, FactError> {
        let api = &LIST_FUNCTIONS;
        let size = api.page.unwrap_or_default().to_string();
        let size = size.as_str();
        let listed = pages(api.action, |marker| async move {
            let mut query = vec![("MaxItems", size)];
            query.extend(marker.as_deref().map(|marker| ("Marker", marker)));
            let client = scope.json(&LAMBDA);
            let get = client.get(&scope.api_caller, api, "/2015-03-31/functions", &query);
            let page: FunctionPage = get.await?;
            let items = require(api.action, "Functions", page.functions)?;
            // What is in the environments is reduced page by page, so that no value is kept.
            let items = items.into_iter().map(function);
            Ok((items.collect::<Vec<_>>(), page.next_marker))
        });
        Ok(listed.await?.into_iter().collect())
    }
}

fn function(listed: FunctionEntry) -> Result<Function, Failure> {
    let action = LIST_FUNCTIONS.action;
    let name = listed.function_name.filter(|name| !name.is_empty());
    let name = require(action, "FunctionName", name)?;
    Ok(Function {
        arn: require_of(action, &name, "FunctionArn", listed.function_arn)?.into(),
        secrets: Reading::from(secrets(&name, listed.environment)),
        name,
    })
}

/// The variables of an environment that have a secret. An environment that Lambda could not decrypt for the caller has an
/// error, whose message is not for others.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/api/API_EnvironmentResponse.html>
fn secrets(function: &str, environment: Option<Value>) -> Result<Vec<SecretVariable>, Gap> {
    let gap = |cause, detail: String| Gap {
        detail,
        ..Gap::new(LIST_FUNCTIONS.action, cause).of(function)
    };
    let malformed = || {
        let detail = "Environment has another form than documented";
        gap(Cause::Malformed, detail.to_owned())
    };
    let mut environment = match environment {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(environment) => members(environment).ok_or_else(malformed)?,
    };
    if let Some(error) = environment.get("Error").filter(|error| !error.is_null()) {
        let code = error.get("ErrorCode").and_then(Value::as_str);
        let code = code.unwrap_or_default();
        let cause = match code {
            "AccessDeniedException" => Cause::DeniedUnexplained,
            _ => Cause::Other,
        };
        let detail = format!("Lambda could not decrypt the environment variables: {code}");
        return Err(gap(cause, detail));
    }
    let variables = match environment.remove("Variables") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(variables) => members(variables).ok_or_else(malformed)?,
    };
    let found = variables.into_iter().map(|(name, value)| {
        let kind = SecretKind::in_text(value.as_str().ok_or_else(malformed)?);
        Ok(kind.map(|kind| SecretVariable { name, kind }))
    });
    found.filter_map(Result::transpose).collect()
}

fn members(value: Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

impl Collect<RegionScope<'_>> for FunctionPolicies {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<ResourcePolicy>, FactError> {
        let functions = scope.fact::<Functions>().await?;
        let known = functions.iter().map(|one| ResourcePolicy {
            arn: one.arn.clone(),
            name: one.name.clone(),
            document: None,
        });
        let listed = Items {
            known: known.collect(),
            gaps: functions.gaps.clone(),
        };
        let read = |one: ResourcePolicy| async move { read_policy(scope, &one.name, "").await };
        Ok(policies(listed, read).await)
    }
}

async fn read_policy(
    scope: &RegionScope<'_>,
    function: &str,
    alias: &str,
) -> Result<Option<String>, Failure> {
    let path = format!("/2015-03-31/functions/{function}/policy");
    let query = [("Qualifier", alias)];
    let query = if alias.is_empty() { &[][..] } else { &query };
    let client = scope.json(&LAMBDA);
    let get = client.get(&scope.api_caller, &GET_POLICY, &path, query);
    policy(&GET_POLICY, get.await)
}

impl Collect<RegionScope<'_>> for FunctionUrls {
    /// The policy matters only for a URL without authentication.
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<FunctionUrl>, FactError> {
        let functions = scope.fact::<Functions>().await?;
        let read = stream::iter(functions.known.clone()).map(|one| urls(scope, one));
        let read: Vec<Result<Vec<FunctionUrl>, Failure>> =
            read.buffered(SIDE_BY_SIDE).collect().await;
        let mut all = Items {
            known: Vec::new(),
            gaps: functions.gaps.clone(),
        };
        for urls in read {
            match urls {
                Ok(urls) => all.known.extend(urls),
                Err(failure) if failure.means(Meaning::Gone) => {}
                Err(failure) => all.gaps.push(scope.gap(failure)),
            }
        }
        Ok(all)
    }
}

/// The URLs of a function and its aliases.
async fn urls(scope: &RegionScope<'_>, function: Function) -> Result<Vec<FunctionUrl>, Failure> {
    let api = &LIST_FUNCTION_URL_CONFIGS;
    let name = function.name.as_str();
    let size = api.page.unwrap_or_default().to_string();
    let size = size.as_str();
    let path = format!("/2021-10-31/functions/{name}/urls");
    let path = path.as_str();
    let listed = pages(api.action, |marker| async move {
        let mut query = vec![("MaxItems", size)];
        query.extend(marker.as_deref().map(|marker| ("Marker", marker)));
        let client = scope.json(&LAMBDA);
        let get = client.get(&scope.api_caller, api, path, &query);
        let page: UrlPage = get.await?;
        let items = require(api.action, "FunctionUrlConfigs", page.function_url_configs)?;
        Ok((items, page.next_marker))
    });
    let listed = listed.await.map_err(|one| one.of_item(Some(name)))?;
    let mut urls = Vec::new();
    for entry in listed {
        urls.push(url(scope, &function, entry).await?);
    }
    Ok(urls)
}

async fn url(
    scope: &RegionScope<'_>,
    function: &Function,
    entry: UrlEntry,
) -> Result<FunctionUrl, Failure> {
    let (action, name) = (LIST_FUNCTION_URL_CONFIGS.action, &function.name);
    let arn = require_of(action, name, "FunctionArn", entry.function_arn)?;
    let auth_type = require_of(action, name, "AuthType", entry.auth_type)?;
    let alias = arn.strip_prefix(function.arn.as_str());
    let alias = alias.and_then(|rest| rest.strip_prefix(':'));
    let alias = alias.unwrap_or_default().to_owned();
    let open_policy = match auth_type.as_str() {
        "AWS_IAM" => None,
        "NONE" => Some(open_policy(scope, name, &alias, arn.into()).await),
        other => {
            let detail = format!("`{other}` is no known AuthType");
            let failure = Failure::new(action, Cause::Malformed, detail);
            return Err(failure.of_item(Some(name)));
        }
    };
    Ok(FunctionUrl {
        function: name.clone(),
        arn: function.arn.clone(),
        alias,
        open_policy,
    })
}

/// The policy that a URL without authentication is used by.
async fn open_policy(
    scope: &RegionScope<'_>,
    function: &str,
    alias: &str,
    arn: Arn,
) -> Reading<ResourcePolicy> {
    let document = match read_policy(scope, function, alias).await {
        Err(failure) if failure.means(Meaning::Absent) => Ok(None),
        other => other.map_err(|failure| scope.gap(failure.of_item(Some(function)))),
    };
    Reading::from(document.map(|document| ResourcePolicy {
        arn,
        name: function.to_owned(),
        document,
    }))
}
