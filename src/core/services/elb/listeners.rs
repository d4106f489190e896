//! Listeners of Application and Network Load Balancers, and what TLS and plain HTTP depend on.

use super::{
    DESCRIBE_LISTENERS, DESCRIBE_RULES, DESCRIBE_SSL_POLICIES, LoadBalancer, LoadBalancers,
};
use crate::facts::{Fact, FactSpec};
use crate::model::{Items, Reading};

/// A listener, which accepts connections on a port.
///
/// Source: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Listener.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// Its ARN.
    pub arn: String,
    /// Its port.
    pub port: u16,
    /// What it speaks with clients: `HTTPS`, `TCP`.
    pub protocol: String,
    /// Its security policy, which HTTPS and TLS listeners have.
    pub tls_policy: Option<String>,
    /// What it does with requests that no rule of its own is for.
    pub default_action: ListenerAction,
}

/// What is done with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListenerAction {
    /// The client is redirected to HTTPS.
    RedirectToHttps,
    /// The load balancer itself answers, always the same.
    FixedResponse,
    /// Anything else, such as forwarding to a target group.
    Other,
}

/// A load balancer with its listeners.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadBalancerListeners {
    /// The load balancer.
    pub balancer: LoadBalancer,
    /// Its listeners.
    pub listeners: Vec<Listener>,
}

/// The listeners of Application Load Balancers. The gap of one names its ARN.
#[derive(Debug)]
pub struct ApplicationListeners;

impl Fact for ApplicationListeners {
    type Value = Items<LoadBalancerListeners>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "elb.application_listeners",
        calls: &[&DESCRIBE_LISTENERS],
        least: 0,
        reads: &[LoadBalancers::SPEC],
        ..FactSpec::REGION
    };
}

/// The listeners of Network Load Balancers. The gap of one names its ARN.
#[derive(Debug)]
pub struct NetworkListeners;

impl Fact for NetworkListeners {
    type Value = Items<LoadBalancerListeners>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "elb.network_listeners",
        calls: &[&DESCRIBE_LISTENERS],
        least: 0,
        reads: &[LoadBalancers::SPEC],
        ..FactSpec::REGION
    };
}

/// A rule of a listener.
///
/// Source: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Rule.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListenerRule {
    /// Whether every request meets its conditions. Those of the default rule are none.
    pub is_for_all: bool,
    /// What it does with requests that meet them.
    pub action: ListenerAction,
}

/// A listener for HTTP without TLS.
#[derive(Clone, Debug)]
pub struct HttpListener {
    /// Its port.
    pub port: u16,
    /// Its rules, in no order. Only the default one if that redirects to HTTPS, since the others do not matter then.
    pub rules: Reading<Vec<ListenerRule>>,
}

/// An Application Load Balancer with its listeners for HTTP, which may be none.
#[derive(Clone, Debug)]
pub struct LoadBalancerHttp {
    /// The load balancer.
    pub balancer: LoadBalancer,
    /// These listeners.
    pub listeners: Vec<HttpListener>,
}

/// Listeners for HTTP of Application Load Balancers. Network Load Balancers have none.
#[derive(Debug)]
pub struct HttpListeners;

impl Fact for HttpListeners {
    type Value = Items<LoadBalancerHttp>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "elb.http_listeners",
        calls: &[&DESCRIBE_RULES],
        least: 0,
        reads: &[ApplicationListeners::SPEC],
        ..FactSpec::REGION
    };
}

/// A security policy, which AWS maintains.
///
/// Source: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SslPolicy.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsPolicy {
    /// Its name: `ELBSecurityPolicy-TLS13-1-2-2021-06`.
    pub name: String,
    /// The versions of TLS that it accepts: `TLSv1.2`.
    pub versions: Vec<String>,
}

/// The security policies of a Region; none if no listener has one.
#[derive(Debug)]
pub struct TlsPolicies;

impl Fact for TlsPolicies {
    type Value = Items<TlsPolicy>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "elb.tls_policies",
        calls: &[&DESCRIBE_SSL_POLICIES],
        least: 0,
        reads: &[ApplicationListeners::SPEC, NetworkListeners::SPEC],
        ..FactSpec::REGION
    };
}
