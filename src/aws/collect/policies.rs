//! Resources that can have a policy: their lists, and the policy of each.

use futures::stream::{self, StreamExt};
use orgscan_core::api::{Api, Meaning};
use orgscan_core::model::Items;
use orgscan_core::services::ResourcePolicy;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{RegionScope, SIDE_BY_SIDE};
use crate::json::JsonService;
use crate::{Failure, pages, require, require_of};

/// A list of resources, and what its requests and answers call things.
pub(super) struct Listing {
    pub(super) service: &'static JsonService,
    pub(super) api: &'static Api,
    /// The path of a service that speaks REST; empty for others.
    pub(super) path: &'static str,
    /// The parameters for the size and the token of a page.
    pub(super) page: [&'static str; 2],
    /// The list in an answer, and the token of the next page.
    pub(super) answer: [&'static str; 2],
    /// Name and ARN of a resource, and its policy where the list has it.
    pub(super) resource: [&'static str; 3],
}

/// The resources of a list. Those without a name or an ARN are gaps.
pub(super) async fn listed(
    scope: &RegionScope<'_>,
    listing: &Listing,
) -> Result<Items<ResourcePolicy>, Failure> {
    let api = listing.api;
    let ([size, token], [items, next]) = (listing.page, listing.answer);
    let entries = pages(api.action, |page| async move {
        let mut input = Map::from_iter([(size.to_owned(), Value::from(api.page))]);
        input.extend(page.map(|page| (token.to_owned(), Value::from(page))));
        let mut answer = page_of(scope, listing, &input).await?;
        let entries = match answer.remove(items) {
            Some(Value::Array(entries)) => Some(entries),
            _ => None,
        };
        let next = answer.get(next).and_then(Value::as_str);
        Ok((
            require(api.action, items, entries)?,
            next.map(str::to_owned),
        ))
    });
    let entries = entries.await?.into_iter();
    Ok(entries.map(|entry| resource(listing, entry)).collect())
}

async fn page_of(
    scope: &RegionScope<'_>,
    listing: &Listing,
    input: &Map<String, Value>,
) -> Result<Map<String, Value>, Failure> {
    let (client, api_caller) = (scope.json(listing.service), &scope.api_caller);
    if listing.path.is_empty() {
        return client.call(api_caller, listing.api, input).await;
    }
    let text = |value: &Value| {
        let text = value.as_str().map(str::to_owned);
        text.unwrap_or_else(|| value.to_string())
    };
    let query = input
        .iter()
        .map(|(name, value)| (name.as_str(), text(value)));
    let query: Vec<_> = query.collect();
    let query: Vec<_> = query
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    client
        .get(api_caller, listing.api, listing.path, &query)
        .await
}

fn resource(listing: &Listing, mut entry: Value) -> Result<ResourcePolicy, Failure> {
    let [name, arn, policy] = listing.resource;
    let mut text = |member: &str| match entry.get_mut(member).map(Value::take) {
        Some(Value::String(text)) if !text.is_empty() => Some(text),
        _ => None,
    };
    let action = listing.api.action;
    let name = require(action, name, text(name))?;
    Ok(ResourcePolicy {
        arn: require_of(action, &name, arn, text(arn))?.into(),
        document: text(policy),
        name,
    })
}

/// The answer about the policy of a resource.
#[derive(Deserialize)]
pub(super) struct PolicyAnswer {
    #[serde(rename = "Policy", alias = "ResourcePolicy", alias = "policyText")]
    pub(super) policy: Option<String>,
}

/// The policy that an answer has.
pub(super) fn policy(
    api: &'static Api,
    answer: Result<PolicyAnswer, Failure>,
) -> Result<Option<String>, Failure> {
    require(api.action, "the policy", answer?.policy).map(Some)
}

/// The resources with their policies, as `read` gets them. One without a policy has none, and one that was deleted after it
/// was listed is left out.
pub(super) async fn policies<F>(
    listed: Items<ResourcePolicy>,
    read: impl Fn(ResourcePolicy) -> F,
) -> Items<ResourcePolicy>
where
    F: Future<Output = Result<Option<String>, Failure>>,
{
    let read = |one: ResourcePolicy| {
        let document = read(one.clone());
        async move {
            match document.await {
                Ok(document) => Ok(ResourcePolicy { document, ..one }),
                Err(failure) if failure.means(Meaning::Absent) => Ok(one),
                Err(failure) => Err(failure.of_item(Some(&one.name))),
            }
        }
    };
    let mut policies = each(listed.known, read).await;
    policies.gaps.extend(listed.gaps);
    policies
}

/// What is read of each item, some side by side. What was deleted after it was listed is left out.
pub(super) async fn each<T, F>(items: Vec<T>, read: impl Fn(T) -> F) -> Items<ResourcePolicy>
where
    F: Future<Output = Result<ResourcePolicy, Failure>>,
{
    let read: Vec<Result<ResourcePolicy, Failure>> = stream::iter(items)
        .map(read)
        .buffered(SIDE_BY_SIDE)
        .collect()
        .await;
    let is_gone = |one: &Result<ResourcePolicy, Failure>| {
        one.as_ref()
            .is_err_and(|failure| failure.means(Meaning::Gone))
    };
    read.into_iter().filter(|one| !is_gone(one)).collect()
}
