//! CloudWatch, once per account: the alarms on metrics of metric filters, and composite alarms.

use std::collections::{BTreeMap, BTreeSet};

use futures::stream::{self, StreamExt};
use orgscan_core::model::{Gap, Items, Reading, Region};
use orgscan_core::services::cloudwatch::{
    AlarmActions, AlarmList, AlarmMetric, Alarms, CompositeAlarm, DESCRIBE_ALARMS, MetricAlarm,
};
use orgscan_core::services::logs::MetricFilters;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{AccountScope, Collect, CollectScope, Collector, FactError, SIDE_BY_SIDE, collectors};
use crate::json::CLOUDWATCH;
use crate::{Failure, pages, require, require_of};

const ACTION: &str = DESCRIBE_ALARMS.action;

/// The facts of an account.
pub(super) fn collectors<'a>() -> Vec<Collector<AccountScope<'a>>> {
    collectors![Alarms]
}

/// Metrics by namespace and name.
type Metrics = BTreeSet<(String, String)>;

impl Collect<AccountScope<'_>> for Alarms {
    async fn collect(
        scope: &AccountScope<'_>,
    ) -> Result<BTreeMap<Region, Reading<AlarmList>>, FactError> {
        let filters = scope.fact::<MetricFilters>().await?;
        let mut metrics: BTreeMap<Region, Metrics> = BTreeMap::new();
        for (group, filters) in filters.iter() {
            let Ok(filters) = filters.get() else {
                continue;
            };
            let published = filters.iter().flat_map(|filter| &filter.transformations);
            let published = published.map(|one| (one.namespace.clone(), one.name.clone()));
            let published: Metrics = published.collect();
            if !published.is_empty() {
                let region = Region::new(group.region());
                metrics.entry(region).or_default().extend(published);
            }
        }
        let alarms = stream::iter(metrics).map(|(region, metrics)| async move {
            let alarms = alarms(scope, &region, &metrics).await;
            (region, Reading::from(alarms))
        });
        Ok(alarms.buffered(SIDE_BY_SIDE).collect().await)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    metric_alarms: Option<Vec<MetricAnswer>>,
    composite_alarms: Option<Vec<CompositeAnswer>>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ActionsAnswer {
    alarm_name: Option<String>,
    alarm_arn: Option<String>,
    actions_enabled: Option<bool>,
    alarm_actions: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MetricAnswer {
    #[serde(flatten)]
    actions: ActionsAnswer,
    namespace: Option<String>,
    metric_name: Option<String>,
    dimensions: Option<Vec<Value>>,
    unit: Option<String>,
    statistic: Option<String>,
    extended_statistic: Option<String>,
    comparison_operator: Option<String>,
    threshold: Option<f64>,
    metrics: Option<Vec<QueryAnswer>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct QueryAnswer {
    account_id: Option<String>,
    expression: Option<String>,
    metric_stat: Option<StatAnswer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StatAnswer {
    metric: Option<StatMetric>,
    stat: Option<String>,
    unit: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StatMetric {
    namespace: Option<String>,
    metric_name: Option<String>,
    dimensions: Option<Vec<Value>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CompositeAnswer {
    #[serde(flatten)]
    actions: ActionsAnswer,
    alarm_rule: Option<String>,
}

enum Listed {
    Metric(Box<MetricAnswer>),
    Composite(CompositeAnswer),
}

/// The composite alarms of a Region, and the alarms on these metrics.
async fn alarms(
    scope: &AccountScope<'_>,
    region: &Region,
    metrics: &Metrics,
) -> Result<AlarmList, Gap> {
    let (client, api_caller) = &scope.json_in(&CLOUDWATCH, region);
    let listed = pages(ACTION, |token| async move {
        let types = ["MetricAlarm", "CompositeAlarm"];
        let mut input = json!({ "AlarmTypes": types, "MaxRecords": DESCRIBE_ALARMS.page });
        if let Some(token) = token {
            input["NextToken"] = Value::from(token);
        }
        let page: Page = client.call(api_caller, &DESCRIBE_ALARMS, &input).await?;
        let alarms = require(ACTION, "MetricAlarms", page.metric_alarms)?;
        let alarms = alarms.into_iter().map(|one| Listed::Metric(Box::new(one)));
        let composites = require(ACTION, "CompositeAlarms", page.composite_alarms)?;
        let composites = composites.into_iter().map(Listed::Composite);
        Ok((alarms.chain(composites).collect(), page.next_token))
    });
    let listed = listed
        .await
        .map_err(|failure| super::gap_in(failure, region))?;
    let mut list = AlarmList::default();
    let own = scope.session.account.as_str();
    for one in listed {
        match one {
            Listed::Metric(answer) => {
                add(&mut list.metric, metric_alarm(*answer, own, metrics));
            }
            Listed::Composite(answer) => {
                add(&mut list.composite, composite_alarm(answer).map(Some))
            }
        }
    }
    Ok(list)
}

fn add<T>(items: &mut Items<T>, read: Result<Option<T>, Failure>) {
    match read {
        Ok(item) => items.known.extend(item),
        Err(failure) => items.gaps.push(failure.into()),
    }
}

/// The alarm, if it is on one of these metrics.
fn metric_alarm(
    answer: MetricAnswer,
    own: &str,
    metrics: &Metrics,
) -> Result<Option<MetricAlarm>, Failure> {
    let queries = answer.metrics.unwrap_or_default();
    let is_expression = queries.iter().any(|query| query.expression.is_some());
    let first = queries.iter().find_map(|query| query.metric_stat.as_ref());
    let of_query = first.and_then(|stat| stat.stat.clone());
    let of_alarm = AlarmMetric {
        namespace: answer.namespace.unwrap_or_default(),
        name: answer.metric_name.unwrap_or_default(),
        has_dimensions: answer.dimensions.is_some_and(|all| !all.is_empty()),
        unit: answer.unit,
    };
    // Metrics of other accounts have the account's id.
    let queries = queries.into_iter();
    let queries = queries.filter(|query| query.account_id.as_deref().is_none_or(|id| id == own));
    let queried = queries.filter_map(|query| queried(query.metric_stat?));
    let of_alarm = Some(of_alarm).filter(|one| !one.name.is_empty());
    let all: Vec<AlarmMetric> = queried.chain(of_alarm).collect();
    let is_wanted =
        |one: &AlarmMetric| metrics.contains(&(one.namespace.clone(), one.name.clone()));
    if !all.iter().any(is_wanted) {
        return Ok(None);
    }
    let actions = actions(answer.actions)?;
    let name = actions.name.clone();
    let statistic = answer.statistic.or(answer.extended_statistic).or(of_query);
    let comparison = answer.comparison_operator;
    Ok(Some(MetricAlarm {
        actions,
        metrics: all,
        is_expression,
        statistic: require_of(ACTION, &name, "Statistic", statistic)?,
        comparison: require_of(ACTION, &name, "ComparisonOperator", comparison)?,
        threshold: answer.threshold,
    }))
}

fn queried(stat: StatAnswer) -> Option<AlarmMetric> {
    let metric = stat.metric?;
    Some(AlarmMetric {
        namespace: metric.namespace?,
        name: metric.metric_name?,
        has_dimensions: metric.dimensions.is_some_and(|all| !all.is_empty()),
        unit: stat.unit,
    })
}

fn composite_alarm(answer: CompositeAnswer) -> Result<CompositeAlarm, Failure> {
    let actions = actions(answer.actions)?;
    let rule = require_of(ACTION, &actions.name, "AlarmRule", answer.alarm_rule)?;
    Ok(CompositeAlarm { actions, rule })
}

fn actions(answer: ActionsAnswer) -> Result<AlarmActions, Failure> {
    let name = require(ACTION, "AlarmName", answer.alarm_name)?;
    let actions = answer.alarm_actions.unwrap_or_default().into_iter();
    let are_enabled = answer.actions_enabled;
    Ok(AlarmActions {
        arn: require_of(ACTION, &name, "AlarmArn", answer.alarm_arn)?.into(),
        are_enabled: require_of(ACTION, &name, "ActionsEnabled", are_enabled)?,
        alarm: actions.map(Into::into).collect(),
        name,
    })
}
