//! SQS, by Region: queues and their policies.

use orgscan_core::model::Items;
use orgscan_core::services::ResourcePolicy;
use orgscan_core::services::sqs::{GET_QUEUE_ATTRIBUTES, LIST_QUEUES, QueuePolicies};
use serde::Deserialize;
use serde_json::{Value, json};

use super::policies::each;
use super::{Collect, Collector, FactError, RegionScope, collectors};
use crate::json::SQS;
use crate::{Failure, pages, require_of};

/// The facts of a Region.
pub(super) fn collectors<'a>() -> Vec<Collector<RegionScope<'a>>> {
    collectors![QueuePolicies]
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    queue_urls: Option<Vec<String>>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    attributes: Option<Attributes>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attributes {
    queue_arn: Option<String>,
    policy: Option<String>,
}

impl Collect<RegionScope<'_>> for QueuePolicies {
    /// An answer without queues may lack the list.
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<ResourcePolicy>, FactError> {
        let api = &LIST_QUEUES;
        let urls = pages(api.action, |token| async move {
            let mut input = json!({ "MaxResults": api.page });
            if let Some(token) = token {
                input["NextToken"] = Value::from(token);
            }
            let client = scope.json(&SQS);
            let page: Page = client.call(&scope.api_caller, api, &input).await?;
            Ok((page.queue_urls.unwrap_or_default(), page.next_token))
        });
        let read = |url: String| async move { queue(scope, &url).await };
        Ok(each(urls.await?, read).await)
    }
}

/// A queue without a policy lacks the attribute. Its URL ends with its name.
///
/// Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html>
async fn queue(scope: &RegionScope<'_>, url: &str) -> Result<ResourcePolicy, Failure> {
    let api = &GET_QUEUE_ATTRIBUTES;
    let name = url.rsplit('/').next().unwrap_or(url).to_owned();
    let input = json!({ "QueueUrl": url, "AttributeNames": ["Policy", "QueueArn"] });
    let client = scope.json(&SQS);
    let call = client.call::<Answer>(&scope.api_caller, api, &input);
    let answer = call.await.map_err(|failure| failure.of_item(Some(&name)))?;
    let attributes = require_of(api.action, &name, "Attributes", answer.attributes)?;
    Ok(ResourcePolicy {
        arn: require_of(api.action, &name, "QueueArn", attributes.queue_arn)?.into(),
        document: attributes.policy.filter(|text| !text.is_empty()),
        name,
    })
}
