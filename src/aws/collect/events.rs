//! EventBridge: event buses, by Region; and once per account the rules on events of CloudTrail in all Regions, where a trail
//! logs these.

use std::collections::BTreeMap;

use futures::stream::{self, StreamExt};
use orgscan_core::model::{Cause, Gap, Items, Reading, Region, RegionDecision};
use orgscan_core::services::cloudtrail::Trails;
use orgscan_core::services::events::{
    EventBuses, EventRule, EventRules, LIST_EVENT_BUSES, LIST_RULES, LIST_TARGETS_BY_RULE,
    may_match_cloudtrail,
};
use orgscan_core::services::{OFFERED_AS_OF, ResourcePolicy};
use serde::Deserialize;
use serde_json::{Value, json};

use super::policies::{Listing, listed};
use super::{
    AccountScope, Collect, CollectScope, Collector, FactError, REGIONS_AT_ONCE, RegionScope,
    account_regions, collectors, gap_in, region_decisions,
};
use crate::json::EVENTS;
use crate::{Failure, pages, require, require_of};

/// The facts of an account.
pub(super) fn collectors<'a>() -> Vec<Collector<AccountScope<'a>>> {
    collectors![EventRules]
}

/// The facts of a Region.
pub(super) fn of_a_region<'a>() -> Vec<Collector<RegionScope<'a>>> {
    collectors![EventBuses]
}

const BUSES: Listing = Listing {
    service: &EVENTS,
    api: &LIST_EVENT_BUSES,
    path: "",
    page: ["Limit", "NextToken"],
    answer: ["EventBuses", "NextToken"],
    resource: ["Name", "Arn", "Policy"],
};

impl Collect<RegionScope<'_>> for EventBuses {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<ResourcePolicy>, FactError> {
        Ok(listed(scope, &BUSES).await?)
    }
}

impl Collect<AccountScope<'_>> for EventRules {
    async fn collect(
        scope: &AccountScope<'_>,
    ) -> Result<BTreeMap<Region, Reading<Items<EventRule>>>, FactError> {
        let trails = scope.fact::<Trails>().await?;
        let mut own = trails.own.iter().map(|trail| trail.status.get());
        let is_logged = own.any(|status| status.map_or(true, |status| status.is_logging));
        if !is_logged && trails.of_others.is_empty() && trails.own.gaps.is_empty() {
            return Ok(BTreeMap::new());
        }
        let regions = account_regions(scope.session).await?;
        let regions = region_decisions(&regions.enabled, scope.filter).into_iter();
        let regions = regions.filter(|(_, decision)| *decision == RegionDecision::Scan);
        let rules = stream::iter(regions).map(|(region, _)| async move {
            let rules = rules(scope, &region).await;
            (region, Reading::from(rules))
        });
        Ok(rules.buffered(REGIONS_AT_ONCE).collect().await)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    rules: Option<Vec<RuleAnswer>>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RuleAnswer {
    name: Option<String>,
    event_pattern: Option<String>,
    state: Option<String>,
}

/// Of a target, only that it exists is read.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Targets {
    targets: Option<Vec<Value>>,
}

/// The rules on the default event bus of a Region, which gets the events of CloudTrail.
async fn rules(scope: &AccountScope<'_>, region: &Region) -> Result<Items<EventRule>, Gap> {
    let availability = &scope.session.availability;
    if availability.is_absent(LIST_RULES.service, region).await {
        let detail = format!(
            "AWS does not offer events in {region}, as of {OFFERED_AS_OF}, and its endpoint has no name"
        );
        let gap = Gap::new(LIST_RULES.action, Cause::NotOffered);
        return Err(Gap { detail, ..gap });
    }
    let (client, api_caller) = &scope.json_in(&EVENTS, region);
    let listed = pages(LIST_RULES.action, |token| async move {
        let mut input = json!({ "Limit": LIST_RULES.page });
        if let Some(token) = token {
            input["NextToken"] = Value::from(token);
        }
        let page: Page = client.call(api_caller, &LIST_RULES, &input).await?;
        let rules = require(LIST_RULES.action, "Rules", page.rules)?;
        Ok((rules, page.next_token))
    });
    let listed = listed.await.map_err(|failure| gap_in(failure, region))?;
    let mut rules = Items::default();
    for answer in listed {
        match rule(answer) {
            Ok(Some(mut rule)) => {
                let has_target = has_target(scope, region, &rule.name).await;
                rule.has_target = has_target.into();
                rules.known.push(rule);
            }
            Ok(None) => {}
            Err(failure) => rules.gaps.push(failure.into()),
        }
    }
    Ok(rules)
}

/// The rule, if it is enabled and may match events of CloudTrail. One without a pattern has a schedule.
fn rule(answer: RuleAnswer) -> Result<Option<EventRule>, Failure> {
    let action = LIST_RULES.action;
    let name = require(action, "Name", answer.name)?;
    let Some(pattern) = answer.event_pattern.filter(|one| may_match_cloudtrail(one)) else {
        return Ok(None);
    };
    let state = require_of(action, &name, "State", answer.state)?;
    let has_reads = match state.as_str() {
        "DISABLED" => return Ok(None),
        "ENABLED" => false,
        "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" => true,
        other => {
            let detail = format!("State is {other:?}, which is not documented");
            return Err(Failure::new(action, Cause::Malformed, detail).of_item(Some(&name)));
        }
    };
    Ok(Some(EventRule {
        name,
        pattern,
        has_reads,
        has_target: Reading::default(),
    }))
}

async fn has_target(scope: &AccountScope<'_>, region: &Region, rule: &str) -> Result<bool, Gap> {
    let (client, api_caller) = scope.json_in(&EVENTS, region);
    let input = json!({ "Rule": rule, "Limit": LIST_TARGETS_BY_RULE.page });
    let call = client.call(&api_caller, &LIST_TARGETS_BY_RULE, &input);
    let answer: Targets = call.await.map_err(|failure| gap_in(failure, region))?;
    let targets = require_of(LIST_TARGETS_BY_RULE.action, rule, "Targets", answer.targets)?;
    Ok(!targets.is_empty())
}
