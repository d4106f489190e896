//! Amazon API Gateway: stages of REST, HTTP and WebSocket APIs, and custom domain names.

mod checks;

use super::Service;
use super::ServiceRegions;
use super::resource::{OTHER, kind};
use crate::api::{PolicyResources, Rate, apis, resources};
use crate::facts::{Fact, FactSpec};
use crate::model::{Arn, Items};

/// All operations of API Gateway's control plane share this quota.
static RATE: Rate = Rate {
    burst: 40,
    refill_per_second: 10,
    source: "https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html",
};

/// API Gateway has an action for each HTTP method, and resources named after paths.
static PATHS: PolicyResources = PolicyResources {
    remark: "The action for each HTTP method:\n\
             https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html",
    ..resources(
        "Apis",
        "the Region's APIs, their stages and custom domain names",
        &[
            "apigateway:*::/restapis",
            "apigateway:*::/restapis/*/stages",
            "apigateway:*::/apis",
            "apigateway:*::/apis/*/stages",
            "apigateway:*::/domainnames",
        ],
    )
};

apis! {
    "apigateway" at RATE;
    GET_REST_APIS = "GetRestApis" needs "apigateway:GET" pages 500 of "REST APIs" on PATHS shared as "apigateway";
    GET_REST_STAGES = "GetStages" needs "apigateway:GET" repeated "for each REST API" if "the Region has a REST API" on PATHS shared as "apigateway";
    GET_APIS = "GetApis" of "apigatewayv2" needs "apigateway:GET" pages 500 of "HTTP and WebSocket APIs" on PATHS shared as "apigateway";
    GET_STAGES = "GetStages" of "apigatewayv2" needs "apigateway:GET" pages 500 of "stages" repeated "for each HTTP or WebSocket API" if "the Region has an HTTP or WebSocket API" on PATHS shared as "apigateway";
    GET_REST_DOMAIN_NAMES = "GetDomainNames" needs "apigateway:GET" pages 500 of "custom domain names" on PATHS shared as "apigateway";
    GET_DOMAIN_NAMES = "GetDomainNames" of "apigatewayv2" needs "apigateway:GET" pages 500 of "custom domain names" on PATHS shared as "apigateway";
}

/// The service.
pub const SERVICE: Service = Service {
    offered: ServiceRegions::Except(&["us-isob-west-1", "us-isof-east-1", "us-isof-south-1"]),
    resources: &[
        kind("/restapis", "AWS::ApiGateway::Stage", "AwsApiGatewayStage"),
        kind("/apis", "AWS::ApiGatewayV2::Stage", "AwsApiGatewayV2Stage"),
        kind("/domainnames", "AWS::ApiGateway::DomainName", OTHER),
    ],
    checks: checks::CHECKS,
    ..Service::new("apigateway", APIS)
};

/// A stage, which serves an API to its clients.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/api/API_Stage.html> and
/// <https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The id of its API.
    pub api: String,
    /// The name of its API.
    pub api_name: String,
    /// Its own name.
    pub name: String,
    /// The ARN of the log group or stream that gets its access logs; none if it keeps none.
    pub access_logs: Option<String>,
    /// The ARN of its web ACL; none without one. HTTP and WebSocket APIs cannot have one.
    pub web_acl: Option<String>,
    /// Whether clients reach its API through VPC endpoints alone.
    pub is_private: bool,
}

/// Stages of REST APIs. The gap of an API whose stages could not be read names its id.
#[derive(Debug)]
pub struct RestStages;

impl Fact for RestStages {
    type Value = Items<Stage>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "apigateway.rest_stages",
        calls: &[&GET_REST_APIS, &GET_REST_STAGES],
        ..FactSpec::REGION
    };
}

/// Stages of HTTP and WebSocket APIs. The gap of an API whose stages could not be read names its id.
#[derive(Debug)]
pub struct Stages;

impl Fact for Stages {
    type Value = Items<Stage>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "apigateway.stages",
        calls: &[&GET_APIS, &GET_STAGES],
        ..FactSpec::REGION
    };
}

/// A custom domain name, through which clients use APIs.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/api/API_DomainName.html> and
/// <https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/domainnames.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainName {
    /// The name: `api.example.com`.
    pub name: String,
    /// Its ARN if it is private. Several private ones may have the same name.
    pub private_arn: Option<Arn>,
    /// The security policy of each of its endpoints: `TLS_1_2`.
    pub policies: Vec<String>,
}

/// Custom domain names, as the API for REST APIs lists them.
#[derive(Debug)]
pub struct RestDomainNames;

impl Fact for RestDomainNames {
    type Value = Items<DomainName>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "apigateway.rest_domain_names",
        calls: &[&GET_REST_DOMAIN_NAMES],
        ..FactSpec::REGION
    };
}

/// Custom domain names, as the API for HTTP and WebSocket APIs lists them. Some are in both lists.
#[derive(Debug)]
pub struct DomainNames;

impl Fact for DomainNames {
    type Value = Items<DomainName>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "apigateway.domain_names",
        calls: &[&GET_DOMAIN_NAMES],
        ..FactSpec::REGION
    };
}
