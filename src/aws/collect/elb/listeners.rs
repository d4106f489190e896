//! Listeners of load balancers, their rules, and the security policies that they can have.

use std::sync::Arc;

use futures::stream::{self, StreamExt};
use orgscan_core::api::Api;
use orgscan_core::model::{Items, Reading};
use orgscan_core::services::elb::{
    ApplicationListeners, DESCRIBE_LISTENERS, DESCRIBE_RULES, DESCRIBE_SSL_POLICIES, HttpListener,
    HttpListeners, Listener, ListenerAction, ListenerRule, LoadBalancer, LoadBalancerHttp,
    LoadBalancerListeners, LoadBalancerType, LoadBalancers, NetworkListeners, TlsPolicies,
    TlsPolicy,
};
use serde::Deserialize;
use serde_json::json;

use super::super::{Collect, CollectScope, FactError, RegionScope, SIDE_BY_SIDE};
use crate::json::ELB_V2;
use crate::{Failure, pages, require, require_of};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListenerPage {
    listeners: Option<Vec<ListenerEntry>>,
    next_marker: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListenerEntry {
    listener_arn: Option<String>,
    port: Option<u16>,
    protocol: Option<String>,
    ssl_policy: Option<String>,
    default_actions: Option<Vec<Action>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Action {
    r#type: Option<String>,
    redirect_config: Option<Redirect>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Redirect {
    protocol: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RulePage {
    rules: Option<Vec<RuleEntry>>,
    next_marker: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RuleEntry {
    conditions: Option<Vec<Condition>>,
    actions: Option<Vec<Action>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Condition {
    field: Option<String>,
    values: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PolicyPage {
    ssl_policies: Option<Vec<PolicyEntry>>,
    next_marker: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PolicyEntry {
    name: Option<String>,
    ssl_protocols: Option<Vec<String>>,
}

impl Collect<RegionScope<'_>> for ApplicationListeners {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<LoadBalancerListeners>, FactError> {
        of_type(scope, LoadBalancerType::Application).await
    }
}

impl Collect<RegionScope<'_>> for NetworkListeners {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<LoadBalancerListeners>, FactError> {
        of_type(scope, LoadBalancerType::Network).await
    }
}

async fn of_type(
    scope: &RegionScope<'_>,
    kind: LoadBalancerType,
) -> Result<Items<LoadBalancerListeners>, FactError> {
    let listed = scope.fact::<LoadBalancers>().await?;
    let balancers = listed.iter().filter(|one| one.kind == kind).cloned();
    let balancers: Vec<LoadBalancer> = balancers.collect();
    let read = stream::iter(balancers).map(|one| listeners(scope, one));
    let read: Vec<Result<LoadBalancerListeners, Failure>> =
        read.buffered(SIDE_BY_SIDE).collect().await;
    let mut all: Items<LoadBalancerListeners> = read.into_iter().collect();
    all.gaps.extend(listed.gaps.iter().cloned());
    Ok(all)
}

async fn listeners(
    scope: &RegionScope<'_>,
    balancer: LoadBalancer,
) -> Result<LoadBalancerListeners, Failure> {
    let api = &DESCRIBE_LISTENERS;
    let arn = balancer.arn.as_str();
    let listed = pages(api.action, |marker| async move {
        let input = json!({ "LoadBalancerArn": arn, "PageSize": api.page, "Marker": marker });
        let client = scope.json(&ELB_V2);
        let page: ListenerPage = client.call(&scope.api_caller, api, &input).await?;
        let items = require(api.action, "Listeners", page.listeners)?;
        Ok((items, page.next_marker))
    });
    let listed = listed.await.map_err(|one| one.of_item(Some(arn)))?;
    let listeners = listed.into_iter().map(|one| listener(arn, one));
    Ok(LoadBalancerListeners {
        listeners: listeners.collect::<Result<_, Failure>>()?,
        balancer,
    })
}

fn listener(balancer: &str, one: ListenerEntry) -> Result<Listener, Failure> {
    let action = DESCRIBE_LISTENERS.action;
    let protocol = require_of(action, balancer, "Protocol", one.protocol)?;
    let tls_policy = match protocol.as_str() {
        "HTTPS" | "TLS" => Some(require_of(action, balancer, "SslPolicy", one.ssl_policy)?),
        _ => None,
    };
    let actions = require_of(action, balancer, "DefaultActions", one.default_actions)?;
    Ok(Listener {
        arn: require_of(action, balancer, "ListenerArn", one.listener_arn)?,
        port: require_of(action, balancer, "Port", one.port)?,
        default_action: listener_action(&DESCRIBE_LISTENERS, balancer, actions)?,
        protocol,
        tls_policy,
    })
}

/// What the actions come to. Only the last of several answers the client; those before it authenticate.
///
/// Source: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html>
fn listener_action(
    api: &Api,
    balancer: &str,
    actions: Vec<Action>,
) -> Result<ListenerAction, Failure> {
    let is_https = |redirect: Redirect| redirect.protocol.as_deref() == Some("HTTPS");
    let mut found = ListenerAction::Other;
    for one in actions {
        let kind = require_of(api.action, balancer, "Actions.Type", one.r#type)?;
        found = match kind.as_str() {
            "redirect" if one.redirect_config.is_some_and(is_https) => {
                ListenerAction::RedirectToHttps
            }
            "fixed-response" => ListenerAction::FixedResponse,
            _ => ListenerAction::Other,
        };
    }
    Ok(found)
}

impl Collect<RegionScope<'_>> for HttpListeners {
    /// The rules matter only if the default action does not redirect to HTTPS.
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<LoadBalancerHttp>, FactError> {
        let listed = scope.fact::<ApplicationListeners>().await?;
        let read = stream::iter(listed.known.clone()).map(|one| http_listeners(scope, one));
        let known: Vec<LoadBalancerHttp> = read.buffered(SIDE_BY_SIDE).collect().await;
        Ok(Items {
            known,
            gaps: listed.gaps.clone(),
        })
    }
}

async fn http_listeners(scope: &RegionScope<'_>, one: LoadBalancerListeners) -> LoadBalancerHttp {
    let mut listeners = Vec::new();
    for listener in one.listeners.iter().filter(|one| one.protocol == "HTTP") {
        let rules = match listener.default_action {
            ListenerAction::RedirectToHttps => Reading::known(vec![ListenerRule {
                is_for_all: true,
                action: ListenerAction::RedirectToHttps,
            }]),
            _ => {
                let rules = rules(scope, one.balancer.arn.as_str(), &listener.arn).await;
                Reading::from(rules.map_err(|failure| scope.gap(failure)))
            }
        };
        let port = listener.port;
        listeners.push(HttpListener { port, rules });
    }
    LoadBalancerHttp {
        balancer: one.balancer,
        listeners,
    }
}

async fn rules(
    scope: &RegionScope<'_>,
    balancer: &str,
    listener: &str,
) -> Result<Vec<ListenerRule>, Failure> {
    let api = &DESCRIBE_RULES;
    let listed = pages(api.action, |marker| async move {
        let input = json!({ "ListenerArn": listener, "PageSize": api.page, "Marker": marker });
        let client = scope.json(&ELB_V2);
        let page: RulePage = client.call(&scope.api_caller, api, &input).await?;
        let items = require(api.action, "Rules", page.rules)?;
        Ok((items, page.next_marker))
    });
    let listed = listed.await.map_err(|one| one.of_item(Some(balancer)))?;
    let rules = listed.into_iter().map(|rule| {
        let conditions = require_of(api.action, balancer, "Conditions", rule.conditions)?;
        let actions = require_of(api.action, balancer, "Actions", rule.actions)?;
        Ok(ListenerRule {
            is_for_all: conditions.iter().all(is_for_all),
            action: listener_action(api, balancer, actions)?,
        })
    });
    rules.collect()
}

/// Every path and every host matches a `*` alone.
///
/// Source: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html>
fn is_for_all(condition: &Condition) -> bool {
    let field = condition.field.as_deref().unwrap_or_default();
    let mut values = condition.values.iter().flatten();
    values.any(|value| match field {
        "path-pattern" => value == "*" || value == "/*",
        "host-header" => value == "*",
        _ => false,
    })
}

impl Collect<RegionScope<'_>> for TlsPolicies {
    /// The policies matter only if a listener has one.
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<TlsPolicy>, FactError> {
        let application = scope.fact::<ApplicationListeners>().await?;
        let network = scope.fact::<NetworkListeners>().await?;
        let has_policy = |balancers: &Arc<Items<LoadBalancerListeners>>| {
            let mut listeners = balancers.iter().flat_map(|one| &one.listeners);
            listeners.any(|one| one.tls_policy.is_some())
        };
        if !has_policy(&application) && !has_policy(&network) {
            return Ok(Items::default());
        }
        let api = &DESCRIBE_SSL_POLICIES;
        let listed = pages(api.action, |marker| async move {
            let input = json!({ "PageSize": api.page, "Marker": marker });
            let client = scope.json(&ELB_V2);
            let page: PolicyPage = client.call(&scope.api_caller, api, &input).await?;
            let items = require(api.action, "SslPolicies", page.ssl_policies)?;
            Ok((items, page.next_marker))
        });
        Ok(listed.await?.into_iter().map(tls_policy).collect())
    }
}

fn tls_policy(listed: PolicyEntry) -> Result<TlsPolicy, Failure> {
    let action = DESCRIBE_SSL_POLICIES.action;
    let name = require(action, "Name", listed.name)?;
    let versions = require_of(action, &name, "SslProtocols", listed.ssl_protocols)?;
    Ok(TlsPolicy { name, versions })
}
