//! Elastic Load Balancing, by Region: load balancers, their listeners, and whether they keep access logs.

mod listeners;

use futures::stream::{self, StreamExt};
use orgscan_core::model::{Arn, Cause, Gap, Items, Reading};
use orgscan_core::services::elb::{
    AccessLogs, ApplicationListeners, ClassicAccessLogs, ClassicLoadBalancer, ClassicLoadBalancers,
    ClassicLogs, DESCRIBE_CLASSIC_LOAD_BALANCER_ATTRIBUTES, DESCRIBE_CLASSIC_LOAD_BALANCERS,
    DESCRIBE_LISTENERS, DESCRIBE_LOAD_BALANCER_ATTRIBUTES, DESCRIBE_LOAD_BALANCERS, HttpListeners,
    LoadBalancer, LoadBalancerListeners, LoadBalancerLogs, LoadBalancerType, LoadBalancers,
    NetworkListeners, TlsPolicies,
};
use serde::Deserialize;
use serde_json::json;

use super::{
    Collect, CollectScope, Collector, FactError, RegionScope, SIDE_BY_SIDE, collectors, logs,
};
use crate::json::{ELB, ELB_V2, LOGS};
use crate::{Failure, pages, require, require_of};

/// The facts of a Region.
pub(super) fn collectors<'a>() -> Vec<Collector<RegionScope<'a>>> {
    collectors![
        LoadBalancers,
        ApplicationListeners,
        HttpListeners,
        NetworkListeners,
        TlsPolicies,
        AccessLogs,
        ClassicLoadBalancers,
        ClassicAccessLogs
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    load_balancers: Option<Vec<Description>>,
    next_marker: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Description {
    load_balancer_arn: Option<String>,
    load_balancer_name: Option<String>,
    r#type: Option<String>,
    scheme: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attributes {
    attributes: Option<Vec<Attribute>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attribute {
    key: Option<String>,
    value: Option<String>,
}

impl Collect<RegionScope<'_>> for LoadBalancers {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<LoadBalancer>, FactError> {
        let api = &DESCRIBE_LOAD_BALANCERS;
        let listed = pages(api.action, |marker| async move {
            let input = json!({ "PageSize": api.page, "Marker": marker });
            let client = scope.json(&ELB_V2);
            let page: Page = client.call(&scope.api_caller, api, &input).await?;
            let items = require(api.action, "LoadBalancers", page.load_balancers)?;
            Ok((items, page.next_marker))
        });
        Ok(listed.await?.into_iter().map(load_balancer).collect())
    }
}

fn load_balancer(listed: Description) -> Result<LoadBalancer, Failure> {
    let action = DESCRIBE_LOAD_BALANCERS.action;
    let arn = require(action, "LoadBalancerArn", listed.load_balancer_arn)?;
    let kind = require_of(action, &arn, "Type", listed.r#type)?;
    Ok(LoadBalancer {
        kind: match kind.as_str() {
            "application" => LoadBalancerType::Application,
            "network" => LoadBalancerType::Network,
            "gateway" => LoadBalancerType::Gateway,
            other => {
                let detail = format!("`{other}` is no known Type");
                let failure = Failure::new(action, Cause::Malformed, detail);
                return Err(failure.of_item(Some(&arn)));
            }
        },
        name: require_of(action, &arn, "LoadBalancerName", listed.load_balancer_name)?,
        // A Gateway Load Balancer has no scheme.
        is_internal: listed.scheme.as_deref() == Some("internal"),
        arn: arn.into(),
    })
}

impl Collect<RegionScope<'_>> for AccessLogs {
    /// Deliveries and listeners matter only if a load balancer does not write to a bucket.
    async fn collect(scope: &RegionScope<'_>) -> Result<Self, FactError> {
        let listed = scope.fact::<LoadBalancers>().await?;
        let balancers = listed.iter().cloned();
        let balancers = balancers.filter(|one| one.kind != LoadBalancerType::Gateway);
        let balancers: Vec<LoadBalancer> = balancers.collect();
        let read = stream::iter(balancers).map(|one| writes_to_bucket(scope, one));
        let read: Vec<Result<LoadBalancerLogs, Failure>> =
            read.buffered(SIDE_BY_SIDE).collect().await;
        let mut balancers: Items<LoadBalancerLogs> = read.into_iter().collect();
        balancers.gaps.extend(listed.gaps.iter().cloned());
        let is_silent = |one: &LoadBalancerLogs| {
            one.balancer.kind == LoadBalancerType::Network && !one.writes_to_bucket
        };
        if balancers.iter().any(is_silent) {
            let listeners = scope.fact::<NetworkListeners>().await?;
            balancers = with_tls_listeners(balancers, &listeners);
        }
        let mut all = balancers.iter();
        let may_be_delivered =
            |one: &LoadBalancerLogs| !one.writes_to_bucket && one.has_tls_listener != Some(false);
        let deliveries = match all.any(may_be_delivered) {
            true => {
                let deliveries = logs::deliveries(&scope.json(&LOGS), &scope.api_caller).await;
                Reading::from(deliveries.map_err(|failure| scope.gap(failure)))
            }
            false => Reading::known(Items::default()),
        };
        Ok(Self {
            balancers,
            deliveries,
        })
    }
}

/// AWS sends every attribute that a load balancer of the type has.
async fn writes_to_bucket(
    scope: &RegionScope<'_>,
    balancer: LoadBalancer,
) -> Result<LoadBalancerLogs, Failure> {
    let api = &DESCRIBE_LOAD_BALANCER_ATTRIBUTES;
    let arn = balancer.arn.as_str();
    let input = json!({ "LoadBalancerArn": arn });
    let call = scope
        .json(&ELB_V2)
        .call(&scope.api_caller, api, &input)
        .await;
    let answer: Attributes = call.map_err(|failure| failure.of_item(Some(arn)))?;
    let attributes = require_of(api.action, arn, "Attributes", answer.attributes)?;
    let key = "access_logs.s3.enabled";
    let mut attributes = attributes.into_iter();
    let value = attributes.find(|one| one.key.as_deref() == Some(key));
    let value = require_of(api.action, arn, key, value.and_then(|one| one.value))?;
    Ok(LoadBalancerLogs {
        writes_to_bucket: value == "true",
        balancer,
        has_tls_listener: None,
    })
}

/// Whether each Network Load Balancer that does not write to a bucket has a TLS listener. One whose listeners could not be
/// read is a gap.
fn with_tls_listeners(
    balancers: Items<LoadBalancerLogs>,
    listeners: &Items<LoadBalancerListeners>,
) -> Items<LoadBalancerLogs> {
    let decided = balancers.known.into_iter().map(|one| -> Result<_, Gap> {
        if one.balancer.kind != LoadBalancerType::Network || one.writes_to_bucket {
            return Ok(one);
        }
        let has_tls_listener = has_tls_listener(&one.balancer.arn, listeners)?;
        Ok(LoadBalancerLogs {
            has_tls_listener: Some(has_tls_listener),
            ..one
        })
    });
    let mut decided: Items<LoadBalancerLogs> = decided.collect();
    decided.gaps.extend(balancers.gaps);
    decided
}

fn has_tls_listener(arn: &Arn, listeners: &Items<LoadBalancerListeners>) -> Result<bool, Gap> {
    match listeners.iter().find(|one| one.balancer.arn == *arn) {
        Some(one) => Ok(one.listeners.iter().any(|one| one.protocol == "TLS")),
        None => Err(listeners.unread(arn.as_str()).cloned().unwrap_or_else(|| {
            Gap::new(DESCRIBE_LISTENERS.action, Cause::NotCollected).of(arn.as_str())
        })),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ClassicPage {
    load_balancer_descriptions: Option<Vec<ClassicDescription>>,
    next_marker: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ClassicDescription {
    load_balancer_name: Option<String>,
    listener_descriptions: Option<Vec<ListenerDescription>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListenerDescription {
    listener: Option<ClassicListener>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ClassicListener {
    protocol: Option<String>,
    load_balancer_port: Option<u16>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ClassicAttributes {
    load_balancer_attributes: Option<ClassicAttributeSet>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ClassicAttributeSet {
    access_log: Option<AccessLog>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AccessLog {
    enabled: Option<bool>,
}

impl Collect<RegionScope<'_>> for ClassicLoadBalancers {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<ClassicLoadBalancer>, FactError> {
        let api = &DESCRIBE_CLASSIC_LOAD_BALANCERS;
        let listed = pages(api.action, |marker| async move {
            let input = json!({ "PageSize": api.page, "Marker": marker });
            let client = scope.json(&ELB);
            let page: ClassicPage = client.call(&scope.api_caller, api, &input).await?;
            let items = page.load_balancer_descriptions;
            let items = require(api.action, "LoadBalancerDescriptions", items)?;
            Ok((items, page.next_marker))
        });
        Ok(listed.await?.into_iter().map(classic).collect())
    }
}

fn classic(listed: ClassicDescription) -> Result<ClassicLoadBalancer, Failure> {
    let action = DESCRIBE_CLASSIC_LOAD_BALANCERS.action;
    let name = require(action, "LoadBalancerName", listed.load_balancer_name)?;
    let listeners = listed.listener_descriptions;
    let listeners = require_of(action, &name, "ListenerDescriptions", listeners)?;
    let listeners = listeners.into_iter().map(|one| {
        let listener = require_of(action, &name, "Listener", one.listener)?;
        let protocol = require_of(action, &name, "Protocol", listener.protocol)?;
        let port = listener.load_balancer_port;
        Ok((
            protocol,
            require_of(action, &name, "LoadBalancerPort", port)?,
        ))
    });
    Ok(ClassicLoadBalancer {
        listeners: listeners.collect::<Result<_, Failure>>()?,
        name,
    })
}

impl Collect<RegionScope<'_>> for ClassicAccessLogs {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<ClassicLogs>, FactError> {
        let listed = scope.fact::<ClassicLoadBalancers>().await?;
        let names: Vec<String> = listed.iter().map(|one| one.name.clone()).collect();
        let read = stream::iter(names).map(|name| classic_logs(scope, name));
        let read: Vec<Result<ClassicLogs, Failure>> = read.buffered(SIDE_BY_SIDE).collect().await;
        let mut logs: Items<ClassicLogs> = read.into_iter().collect();
        let gaps: Vec<Gap> = listed.gaps.clone();
        logs.gaps.extend(gaps);
        Ok(logs)
    }
}

async fn classic_logs(scope: &RegionScope<'_>, name: String) -> Result<ClassicLogs, Failure> {
    let api = &DESCRIBE_CLASSIC_LOAD_BALANCER_ATTRIBUTES;
    let input = json!({ "LoadBalancerName": name });
    let call = scope.json(&ELB).call(&scope.api_caller, api, &input).await;
    let answer: ClassicAttributes = call.map_err(|one: Failure| one.of_item(Some(&name)))?;
    let attributes = answer.load_balancer_attributes;
    let attributes = require_of(api.action, &name, "LoadBalancerAttributes", attributes)?;
    let log = require_of(api.action, &name, "AccessLog", attributes.access_log)?;
    Ok(ClassicLogs {
        writes_to_bucket: require_of(api.action, &name, "Enabled", log.enabled)?,
        name,
    })
}
