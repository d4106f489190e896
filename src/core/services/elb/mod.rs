//! Elastic Load Balancing: Application, Network, Gateway and Classic Load Balancers.

mod checks;
mod listeners;
#[cfg(test)]
mod samples;

use super::Service;
use super::logs::{DESCRIBE_DELIVERIES, DESCRIBE_DELIVERY_SOURCES, LogDelivery};
use super::resource::kind;
use crate::api::{Rate, apis};
use crate::facts::{Fact, FactSpec, when};
use crate::model::{Arn, Items, Reading};

pub use listeners::{
    ApplicationListeners, HttpListener, HttpListeners, Listener, ListenerAction, ListenerRule,
    LoadBalancerHttp, LoadBalancerListeners, NetworkListeners, TlsPolicies, TlsPolicy,
};

/// Elastic Load Balancing publishes no numbers. A scan lists the load balancers of a Region once.
static RATE: Rate = Rate {
    burst: 10,
    refill_per_second: 5,
    source: "unpublished; https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/CommonErrors.html",
};

apis! {
    "elasticloadbalancing" at RATE;
    DESCRIBE_LOAD_BALANCERS = "DescribeLoadBalancers" pages 400 of "load balancers";
    DESCRIBE_LOAD_BALANCER_ATTRIBUTES = "DescribeLoadBalancerAttributes" repeated "for each Application or Network Load Balancer" if "the Region has an Application or Network Load Balancer";
    DESCRIBE_LISTENERS = "DescribeListeners" pages 400 of "listeners" repeated "for each Application or Network Load Balancer; access logs need only Network ones" if "the Region has one; access logs need it only if a Network Load Balancer writes none to a bucket";
    DESCRIBE_RULES = "DescribeRules" pages 400 of "rules" repeated "for each such listener" if "the default action of an HTTP listener is no redirect to HTTPS";
    DESCRIBE_SSL_POLICIES = "DescribeSSLPolicies" pages 400 of "security policies" if "a listener has a security policy";
    DESCRIBE_CLASSIC_LOAD_BALANCERS = "DescribeLoadBalancers" of "elb" needs "elasticloadbalancing:DescribeLoadBalancers" pages 400 of "Classic Load Balancers";
    DESCRIBE_CLASSIC_LOAD_BALANCER_ATTRIBUTES = "DescribeLoadBalancerAttributes" of "elb" needs "elasticloadbalancing:DescribeLoadBalancerAttributes" repeated "for each Classic Load Balancer" if "the Region has a Classic Load Balancer";
}

/// The service, by its name in IAM actions, ARNs and endpoints.
pub const SERVICE: Service = Service {
    resources: &[
        kind(
            "loadbalancer/app",
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            "AwsElbv2LoadBalancer",
        ),
        kind(
            "loadbalancer/net",
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            "AwsElbv2LoadBalancer",
        ),
        kind(
            "loadbalancer",
            "AWS::ElasticLoadBalancing::LoadBalancer",
            "AwsElbLoadBalancer",
        ),
    ],
    checks: checks::CHECKS,
    ..Service::new("elasticloadbalancing", APIS)
};

/// The types of load balancers, Classic Load Balancers aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadBalancerType {
    /// For HTTP and HTTPS.
    Application,
    /// For TCP, UDP and TLS.
    Network,
    /// For appliances. It has no listeners that clients connect to, and writes no access logs.
    Gateway,
}

/// A load balancer.
///
/// Source: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancer.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadBalancer {
    /// Its ARN.
    pub arn: Arn,
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: LoadBalancerType,
    /// Whether clients can reach it only within its networks.
    pub is_internal: bool,
}

/// The load balancers of a Region, Classic Load Balancers aside.
#[derive(Debug)]
pub struct LoadBalancers;

impl Fact for LoadBalancers {
    type Value = Items<LoadBalancer>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "elb.load_balancers",
        calls: &[&DESCRIBE_LOAD_BALANCERS],
        ..FactSpec::REGION
    };
}

/// What is known of the access logs of an Application or Network Load Balancer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadBalancerLogs {
    /// The load balancer.
    pub balancer: LoadBalancer,
    /// Whether it writes access logs to a bucket.
    pub writes_to_bucket: bool,
    /// Whether it has a TLS listener. None if that does not matter.
    pub has_tls_listener: Option<bool>,
}

/// Access logs of Application and Network Load Balancers.
#[derive(Clone, Debug)]
pub struct AccessLogs {
    /// Each load balancer. The gap of one names its ARN.
    pub balancers: Items<LoadBalancerLogs>,
    /// The deliveries of CloudWatch Logs, which are read if a load balancer writes no access logs to a bucket.
    pub deliveries: Reading<Items<LogDelivery>>,
}

impl Fact for AccessLogs {
    type Value = Self;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "elb.access_logs",
        calls: &[
            &DESCRIBE_LOAD_BALANCER_ATTRIBUTES,
            &DESCRIBE_DELIVERY_SOURCES,
            &DESCRIBE_DELIVERIES,
        ],
        least: 0,
        reads: &[LoadBalancers::SPEC],
        may_read: &[when(
            "a Network Load Balancer writes no access logs to a bucket",
            &[NetworkListeners::SPEC],
        )],
        ..FactSpec::REGION
    };
}

/// A Classic Load Balancer.
///
/// Source: <https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_LoadBalancerDescription.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassicLoadBalancer {
    /// Its name, which is unique in the Region.
    pub name: String,
    /// Protocol and port of each listener: `HTTP`, 80.
    pub listeners: Vec<(String, u16)>,
}

/// The Classic Load Balancers of a Region.
#[derive(Debug)]
pub struct ClassicLoadBalancers;

impl Fact for ClassicLoadBalancers {
    type Value = Items<ClassicLoadBalancer>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "elb.classic_load_balancers",
        calls: &[&DESCRIBE_CLASSIC_LOAD_BALANCERS],
        ..FactSpec::REGION
    };
}

/// Whether a Classic Load Balancer writes access logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassicLogs {
    /// Its name.
    pub name: String,
    /// Whether it writes access logs to a bucket.
    pub writes_to_bucket: bool,
}

/// Access logs of Classic Load Balancers. The gap of one names it.
#[derive(Debug)]
pub struct ClassicAccessLogs;

impl Fact for ClassicAccessLogs {
    type Value = Items<ClassicLogs>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "elb.classic_access_logs",
        calls: &[&DESCRIBE_CLASSIC_LOAD_BALANCER_ATTRIBUTES],
        least: 0,
        reads: &[ClassicLoadBalancers::SPEC],
        ..FactSpec::REGION
    };
}
