//! SNS: topics and their policies, by Region; and once per account whether the topics that alarms notify have a confirmed
//! subscription.

use std::collections::{BTreeMap, BTreeSet};

use futures::stream::{self, StreamExt};
use orgscan_core::api::Meaning;
use orgscan_core::model::{Arn, Gap, Items, Reading, Region, TargetScope};
use orgscan_core::services::ResourcePolicy;
use orgscan_core::services::cloudwatch::Alarms;
use orgscan_core::services::sns::{
    ConfirmedTopics, GET_TOPIC_ATTRIBUTES, LIST_SUBSCRIPTIONS_BY_TOPIC, LIST_TOPICS, TopicPolicies,
};
use serde::Deserialize;
use serde_json::json;

use super::policies::each;
use super::{
    AccountScope, Collect, CollectScope, Collector, FactError, RegionScope, SIDE_BY_SIDE,
    collectors,
};
use crate::json::SNS;
use crate::{Failure, pages, require, require_of};

/// The facts of an account.
pub(super) fn collectors<'a>() -> Vec<Collector<AccountScope<'a>>> {
    collectors![ConfirmedTopics]
}

/// The facts of a Region.
pub(super) fn of_a_region<'a>() -> Vec<Collector<RegionScope<'a>>> {
    collectors![TopicPolicies]
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    topics: Option<Vec<TopicEntry>>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TopicEntry {
    topic_arn: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attributes {
    attributes: Option<Vec<Attribute>>,
}

#[derive(Deserialize)]
struct Attribute {
    key: String,
    value: String,
}

impl Collect<RegionScope<'_>> for TopicPolicies {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<ResourcePolicy>, FactError> {
        let api = &LIST_TOPICS;
        let arns = pages(api.action, |token| async move {
            let input = json!({ "NextToken": token });
            let client = scope.json(&SNS);
            let page: Page = client.call(&scope.api_caller, api, &input).await?;
            let topics = require(api.action, "Topics", page.topics)?.into_iter();
            let arns = topics.map(|one| require(api.action, "TopicArn", one.topic_arn));
            Ok((
                arns.collect::<Result<Vec<String>, Failure>>()?,
                page.next_token,
            ))
        });
        let read = |arn: String| async move { topic(scope, arn.into()).await };
        Ok(each(arns.await?, read).await)
    }
}

/// Every topic has a policy.
///
/// Source: <https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html>
async fn topic(scope: &RegionScope<'_>, arn: Arn) -> Result<ResourcePolicy, Failure> {
    let api = &GET_TOPIC_ATTRIBUTES;
    let name = arn.resource().to_owned();
    let input = json!({ "TopicArn": arn });
    let client = scope.json(&SNS);
    let call = client.call::<Attributes>(&scope.api_caller, api, &input);
    let answer = call.await.map_err(|failure| failure.of_item(Some(&name)))?;
    let attributes = require_of(api.action, &name, "Attributes", answer.attributes)?;
    let policy = attributes.into_iter().find(|one| one.key == "Policy");
    let policy = require_of(api.action, &name, "Policy", policy)?;
    Ok(ResourcePolicy {
        arn,
        name,
        document: Some(policy.value),
    })
}

impl Collect<AccountScope<'_>> for ConfirmedTopics {
    /// Topics of other accounts are left out. Few topic policies allow other accounts to list subscriptions.
    async fn collect(scope: &AccountScope<'_>) -> Result<BTreeMap<Arn, Reading<bool>>, FactError> {
        let alarms = scope.fact::<Alarms>().await?;
        let known = alarms.values().filter_map(|alarms| alarms.get().ok());
        let topics: BTreeSet<Arn> = known
            .flat_map(|alarms| alarms.topics().into_iter().cloned())
            .filter(|topic| topic.account() == scope.session.account.as_str())
            .collect();
        let topics = stream::iter(topics).map(|topic| async move {
            let confirmed = has_confirmed(scope, &topic).await;
            (topic, Reading::from(confirmed))
        });
        Ok(topics.buffered(SIDE_BY_SIDE).collect().await)
    }
}

/// Whether a topic has a confirmed subscription: one with an ARN. Others have `PendingConfirmation` or `Deleted` in its
/// place. Of a subscription, nothing else is read.
///
/// Source: <https://docs.aws.amazon.com/sns/latest/api/API_Subscription.html>
async fn has_confirmed(scope: &AccountScope<'_>, topic: &Arn) -> Result<bool, Gap> {
    let region = Region::new(topic.region());
    let client = &scope.session.clients.sns(&region);
    let api_caller = &scope
        .session
        .api_caller(&TargetScope::Region(region.clone()));
    let action = LIST_SUBSCRIPTIONS_BY_TOPIC.action;
    let listed = pages(action, |token| async move {
        let send = || {
            let request = client.list_subscriptions_by_topic();
            let request = request.topic_arn(topic.as_str());
            request.set_next_token(token.clone()).send()
        };
        let page = api_caller.call(&LIST_SUBSCRIPTIONS_BY_TOPIC, send).await?;
        let confirmed = page.subscriptions.unwrap_or_default().into_iter();
        let confirmed = confirmed.map(|one| {
            let arn = require(action, "SubscriptionArn", one.subscription_arn)?;
            Ok(arn.starts_with("arn:"))
        });
        let confirmed = confirmed.collect::<Result<Vec<bool>, Failure>>()?;
        Ok((confirmed, page.next_token))
    });
    match listed.await {
        Ok(confirmed) => Ok(confirmed.contains(&true)),
        Err(failure) if failure.means(Meaning::Absent) => Ok(false),
        Err(failure) => Err(super::gap_in(failure, &region)),
    }
}
