//! The services without an SDK crate, with their protocols and hosts.

#[cfg(test)]
mod tests;

use aws_config::SdkConfig;
use aws_types::service_config::ServiceConfigKey;
use orgscan_core::model::Region;
use orgscan_core::partition::Partition;

/// How a service names its operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    /// JSON 1.0: in a header, after this prefix.
    Json10(&'static str),
    /// JSON 1.1: in a header, after this prefix.
    Json11(&'static str),
    /// By method and path.
    Rest,
    /// By a parameter of a form, beside this version of the API. Answers are XML.
    Query(&'static str),
    /// By method and path. Answers are XML.
    RestXml,
}

/// A service without an SDK crate.
#[derive(Debug)]
pub(crate) struct JsonService {
    /// Its name in signatures and hosts.
    pub(crate) name: &'static str,
    /// Its name in the settings of endpoints.
    ///
    /// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>
    pub(crate) id: &'static str,
    pub(super) protocol: Protocol,
    /// Whether the ordinary hosts of the partition `aws-us-gov` are its FIPS endpoints.
    is_fips_in_gov: bool,
    /// What ordinary hosts begin with, where that is another name. Dual-stack hosts begin with the service's own.
    host_name: Option<&'static str>,
    /// What dual-stack hosts begin with, where that is another name: without FIPS, and with it.
    dual_stack_names: Option<[&'static str; 2]>,
    /// Whether ordinary hosts are its dual-stack hosts. Isolated partitions have other ones.
    is_dual_stack: bool,
    /// A header that every request has.
    pub(super) header: Option<(&'static str, &'static str)>,
    /// Whether it is global, so that its hosts have no Region except in China.
    is_global: bool,
}

// The names of hosts follow the endpoint rules that AWS publishes with its SDKs:
// https://github.com/boto/botocore/tree/develop/botocore/data

/// IAM Access Analyzer.
pub(crate) static ACCESS_ANALYZER: JsonService = JsonService {
    is_fips_in_gov: true,
    ..service("access-analyzer", "AccessAnalyzer", Protocol::Rest)
};

/// AWS Account Management.
pub(crate) static ACCOUNT: JsonService = service("account", "Account", Protocol::Rest);

/// Amazon API Gateway: REST APIs.
pub(crate) static API_GATEWAY: JsonService = service("apigateway", "API Gateway", Protocol::Rest);

/// Amazon API Gateway: HTTP and WebSocket APIs.
pub(crate) static API_GATEWAY_V2: JsonService =
    service("apigateway", "ApiGatewayV2", Protocol::Rest);

/// AWS Backup.
pub(crate) static BACKUP: JsonService = service("backup", "Backup", Protocol::Rest);

/// Amazon CloudFront.
pub(crate) static CLOUDFRONT: JsonService = JsonService {
    is_global: true,
    ..service("cloudfront", "CloudFront", Protocol::RestXml)
};

/// AWS CloudTrail.
pub(crate) static CLOUDTRAIL: JsonService = JsonService {
    is_fips_in_gov: true,
    ..service(
        "cloudtrail",
        "CloudTrail",
        Protocol::Json11("com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"),
    )
};

/// Amazon CloudWatch.
pub(crate) static CLOUDWATCH: JsonService = JsonService {
    is_fips_in_gov: true,
    ..service(
        "monitoring",
        "CloudWatch",
        Protocol::Json10("GraniteServiceVersion20100801"),
    )
};

/// AWS Config.
pub(crate) static CONFIG: JsonService = JsonService {
    is_fips_in_gov: true,
    ..service(
        "config",
        "Config Service",
        Protocol::Json11("StarlingDoveService"),
    )
};

/// Amazon ECR.
pub(crate) static ECR: JsonService = JsonService {
    host_name: Some("api.ecr"),
    ..service(
        "ecr",
        "ECR",
        Protocol::Json11("AmazonEC2ContainerRegistry_V20150921"),
    )
};

/// Amazon EFS.
pub(crate) static EFS: JsonService = JsonService {
    dual_stack_names: Some(["efs", "efs"]),
    ..service("elasticfilesystem", "EFS", Protocol::Rest)
};

/// Elastic Load Balancing: Classic Load Balancers.
pub(crate) static ELB: JsonService = JsonService {
    is_fips_in_gov: true,
    ..service(
        "elasticloadbalancing",
        "Elastic Load Balancing",
        Protocol::Query("2012-06-01"),
    )
};

/// Elastic Load Balancing: Application, Network and Gateway Load Balancers.
pub(crate) static ELB_V2: JsonService = JsonService {
    is_fips_in_gov: true,
    ..service(
        "elasticloadbalancing",
        "Elastic Load Balancing v2",
        Protocol::Query("2015-12-01"),
    )
};

/// Amazon EventBridge.
pub(crate) static EVENTS: JsonService = JsonService {
    is_fips_in_gov: true,
    ..service("events", "EventBridge", Protocol::Json11("AWSEvents"))
};

/// Amazon S3 Glacier, with its own API of vaults.
///
/// Source: <https://docs.aws.amazon.com/amazonglacier/latest/dev/api-common-request-headers.html>
pub(crate) static GLACIER: JsonService = JsonService {
    is_fips_in_gov: true,
    header: Some(("x-amz-glacier-version", "2012-06-01")),
    ..service("glacier", "Glacier", Protocol::Rest)
};

/// Amazon GuardDuty.
pub(crate) static GUARDDUTY: JsonService = JsonService {
    is_fips_in_gov: true,
    ..service("guardduty", "GuardDuty", Protocol::Rest)
};

/// Amazon Inspector.
pub(crate) static INSPECTOR2: JsonService = service("inspector2", "Inspector2", Protocol::Rest);

/// AWS KMS.
pub(crate) static KMS: JsonService = service("kms", "KMS", Protocol::Json11("TrentService"));

/// AWS Lambda.
pub(crate) static LAMBDA: JsonService = service("lambda", "Lambda", Protocol::Rest);

/// Amazon CloudWatch Logs.
pub(crate) static LOGS: JsonService = JsonService {
    is_fips_in_gov: true,
    ..service("logs", "CloudWatch Logs", Protocol::Json11("Logs_20140328"))
};

/// Amazon Macie.
pub(crate) static MACIE2: JsonService = service("macie2", "Macie2", Protocol::Rest);

/// Amazon OpenSearch Service.
pub(crate) static OPENSEARCH: JsonService = JsonService {
    dual_stack_names: Some(["aos", "es"]),
    ..service("es", "OpenSearch", Protocol::Rest)
};

/// Amazon RDS.
pub(crate) static RDS: JsonService = JsonService {
    is_fips_in_gov: true,
    ..service("rds", "RDS", Protocol::Query("2014-10-31"))
};

/// AWS Secrets Manager.
pub(crate) static SECRETS_MANAGER: JsonService = JsonService {
    is_dual_stack: true,
    ..service(
        "secretsmanager",
        "Secrets Manager",
        Protocol::Json11("secretsmanager"),
    )
};

/// AWS Security Hub.
pub(crate) static SECURITY_HUB: JsonService = service("securityhub", "SecurityHub", Protocol::Rest);

/// Amazon SNS.
pub(crate) static SNS: JsonService = JsonService {
    is_fips_in_gov: true,
    ..service("sns", "SNS", Protocol::Query("2010-03-31"))
};

/// Amazon SQS.
pub(crate) static SQS: JsonService = JsonService {
    is_fips_in_gov: true,
    ..service("sqs", "SQS", Protocol::Json10("AmazonSQS"))
};

/// The administration of IAM Identity Center.
pub(crate) static SSO: JsonService = JsonService {
    is_fips_in_gov: true,
    ..service("sso", "SSO Admin", Protocol::Json11("SWBExternalService"))
};

const fn service(name: &'static str, id: &'static str, protocol: Protocol) -> JsonService {
    JsonService {
        name,
        id,
        protocol,
        is_fips_in_gov: false,
        host_name: None,
        dual_stack_names: None,
        is_dual_stack: false,
        header: None,
        is_global: false,
    }
}

impl Protocol {
    /// Whether answers are XML. Others are JSON.
    pub(super) fn has_xml(self) -> bool {
        matches!(self, Self::Query(_) | Self::RestXml)
    }
}

impl JsonService {
    /// Where requests go: to the endpoint that is configured for the service or for all services, or else to AWS's own.
    pub(super) fn endpoint(&self, config: &SdkConfig, region: &Region) -> String {
        let configured = self.configured(config);
        configured.unwrap_or_else(|| {
            let is_set = |setting: Option<bool>| setting == Some(true);
            let host = self.host(
                region,
                is_set(config.use_fips()),
                is_set(config.use_dual_stack()),
            );
            format!("https://{host}")
        })
    }

    fn configured(&self, config: &SdkConfig) -> Option<String> {
        let key = ServiceConfigKey::builder()
            .service_id(self.id)
            .env("AWS_ENDPOINT_URL")
            .profile("endpoint_url")
            .build()
            .ok()?;
        let services = config.service_config();
        let of_service = services.and_then(|services| services.load_config(key));
        of_service.or_else(|| config.endpoint_url().map(str::to_owned))
    }

    fn host(&self, region: &Region, is_fips: bool, is_dual_stack: bool) -> String {
        let partition = Partition::of_region(region.as_str());
        let is_gov = partition.is_some_and(|one| one.name == "aws-us-gov");
        let is_isolated =
            partition.is_some_and(|one| !["aws", "aws-cn", "aws-us-gov"].contains(&one.name));
        let has_own_hosts = is_dual_stack && (is_isolated || !self.is_dual_stack);
        let suffix = partition.map_or("amazonaws.com", |one| match has_own_hosts {
            true => one.dual_stack_suffix,
            false => one.dns_suffix,
        });
        let name = match (is_dual_stack, self.dual_stack_names) {
            (true, Some(names)) if !is_isolated => names[usize::from(is_fips)],
            (true, _) => self.name,
            (false, _) => self.host_name.unwrap_or(self.name),
        };
        let is_ordinary =
            self.is_fips_in_gov && is_gov && (!is_dual_stack || self.name == "events");
        let mark = if is_fips && !is_ordinary { "-fips" } else { "" };
        if self.is_global {
            let scope = match (partition.map(|one| one.name), is_dual_stack) {
                (Some("aws"), true) => "global.".to_owned(),
                (Some("aws-cn"), false) => format!("{region}."),
                _ => String::new(),
            };
            return format!("{name}{mark}.{scope}{suffix}");
        }
        format!("{name}{mark}.{region}.{suffix}")
    }
}
