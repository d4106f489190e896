//! Amazon CloudFront.

mod checks;
mod facts;

use super::Service;
use super::resource::kind;
use crate::api::{PolicyResources, Rate, apis, resources};

pub use facts::{
    Behavior, Distribution, DistributionLogs, Distributions, LogState, Origin, OriginBucket,
    OriginBuckets, OriginKind, ViewerTls,
};

/// CloudFront publishes no numbers. A scan lists the distributions of an account once.
static RATE: Rate = Rate {
    burst: 10,
    refill_per_second: 5,
    source: "unpublished; https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html",
};

static DISTRIBUTIONS: PolicyResources = resources(
    "Distributions",
    "the account's distributions",
    &["cloudfront::${AWS::AccountId}:distribution/*"],
);

apis! {
    "cloudfront" at RATE;
    LIST_DISTRIBUTIONS = "ListDistributions" pages 100 of "distributions";
    GET_DISTRIBUTION_CONFIG = "GetDistributionConfig" repeated "for each enabled distribution" if "the account has an enabled distribution" on DISTRIBUTIONS;
}

/// The service.
pub const SERVICE: Service = Service {
    resources: &[kind(
        "distribution",
        "AWS::CloudFront::Distribution",
        "AwsCloudFrontDistribution",
    )],
    checks: checks::CHECKS,
    ..Service::new("cloudfront", APIS)
};

/// The Region that CloudFront's API is in, by partition; none if the partition does not have CloudFront.
///
/// Source: <https://docs.aws.amazon.com/general/latest/gr/cf_region.html> and
/// <https://docs.amazonaws.cn/en_us/aws/latest/userguide/cloudfront.html>
pub fn api_region(partition: &str) -> Option<&'static str> {
    match partition {
        "aws" => Some("us-east-1"),
        "aws-cn" => Some("cn-northwest-1"),
        _ => None,
    }
}
