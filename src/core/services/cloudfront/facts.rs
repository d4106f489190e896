//! Facts of CloudFront.

use super::{GET_DISTRIBUTION_CONFIG, LIST_DISTRIBUTIONS};
use crate::facts::{Fact, FactSpec};
use crate::model::{Arn, Items, Reading};
use crate::services::logs::{DESCRIBE_DELIVERIES, DESCRIBE_DELIVERY_SOURCES, LogDelivery};
use crate::services::s3::{BucketList, GET_BUCKET_LOCATION};

/// A distribution.
///
/// Source: <https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionSummary.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distribution {
    /// Its id.
    pub id: String,
    /// Its ARN.
    pub arn: Arn,
    /// Whether it serves requests.
    pub is_enabled: bool,
    /// Its cache behaviors, the default one first.
    pub behaviors: Vec<Behavior>,
    /// Its origins.
    pub origins: Vec<Origin>,
    /// What it takes from viewers.
    pub viewer_tls: ViewerTls,
    /// The ARN or id of its web ACL; none without one.
    pub web_acl: Option<String>,
}

/// How requests for some paths are handled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behavior {
    /// The paths; `*` for the default behavior.
    pub paths: String,
    /// Whether viewers may use HTTP without being redirected to HTTPS.
    pub allows_http: bool,
    /// The ids of the origins that the requests go to.
    pub origins: Vec<String>,
}

/// Where a distribution gets its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Its id in the distribution.
    pub id: String,
    /// Its name: `amzn-s3-demo-bucket.s3.eu-west-1.amazonaws.com`.
    pub domain: String,
    /// What it is.
    pub kind: OriginKind,
}

/// What an origin is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OriginKind {
    /// A bucket, by the API of S3.
    Bucket {
        /// Whether requests are signed with an origin access control.
        has_access_control: bool,
        /// Whether requests are signed with an origin access identity.
        has_identity: bool,
    },
    /// Any other server, or the website endpoint of a bucket.
    Custom {
        /// `http-only`, `match-viewer` or `https-only`.
        protocol: String,
        /// The versions of TLS that CloudFront may use: `TLSv1.2`.
        tls: Vec<String>,
    },
    /// A server in a VPC. Its protocols are settings of the VPC origin.
    Vpc,
}

impl Origin {
    /// The bucket that it is, by the name of the domain; none if it is no bucket. Access points have names like those of
    /// buckets, and are none.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistS3AndCustomOrigins.html> and
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
    pub fn bucket(&self) -> Option<&str> {
        let OriginKind::Bucket { .. } = self.kind else {
            return None;
        };
        let ends = [".s3.", ".s3-"].map(|end| self.domain.rfind(end));
        let end = ends.into_iter().flatten().max()?;
        let (name, rest) = self.domain.split_at(end);
        let is_aws = rest.ends_with(".amazonaws.com") || rest.ends_with(".amazonaws.com.cn");
        let reserved = ["-s3alias", "--ol-s3", "--x-s3", "--table-s3", ".mrap"];
        let is_reserved = reserved.iter().any(|suffix| name.ends_with(suffix));
        (is_aws && !name.is_empty() && !is_reserved).then_some(name)
    }
}

/// What a distribution takes from viewers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ViewerTls {
    /// It has CloudFront's own certificate, and with it no choice.
    DefaultCertificate,
    /// Its security policy: `TLSv1.2_2021`.
    Policy(String),
}

/// The distributions of the account.
#[derive(Debug)]
pub struct Distributions;

impl Fact for Distributions {
    type Value = Items<Distribution>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "cloudfront.distributions",
        calls: &[&LIST_DISTRIBUTIONS],
        ..FactSpec::ACCOUNT
    };
}

/// Whether an enabled distribution writes access logs to a bucket by its own configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogState {
    /// Its ARN.
    pub arn: Arn,
    /// Its id.
    pub id: String,
    /// Whether it does.
    pub writes_to_bucket: bool,
}

/// Access logs of enabled distributions.
#[derive(Clone, Debug)]
pub struct DistributionLogs {
    /// Each distribution. The gap of one names its id.
    pub distributions: Items<LogState>,
    /// The deliveries of CloudWatch Logs, which are read if a distribution does not write to a bucket itself.
    pub deliveries: Reading<Items<LogDelivery>>,
}

impl Fact for DistributionLogs {
    type Value = Self;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "cloudfront.distribution_logs",
        calls: &[
            &GET_DISTRIBUTION_CONFIG,
            &DESCRIBE_DELIVERY_SOURCES,
            &DESCRIBE_DELIVERIES,
        ],
        least: 0,
        reads: &[Distributions::SPEC],
        ..FactSpec::ACCOUNT
    };
}

/// A bucket that is an origin of an enabled distribution.
#[derive(Clone, Debug)]
pub struct OriginBucket {
    /// Its name.
    pub name: String,
    /// Whether it exists, as far as the account can tell. Buckets of other accounts are usually a gap.
    pub exists: Reading<bool>,
}

/// The buckets that are origins of enabled distributions, each once.
#[derive(Debug)]
pub struct OriginBuckets;

impl Fact for OriginBuckets {
    type Value = Vec<OriginBucket>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "cloudfront.origin_buckets",
        calls: &[&GET_BUCKET_LOCATION],
        least: 0,
        reads: &[Distributions::SPEC, BucketList::SPEC],
        ..FactSpec::ACCOUNT
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_domain_has_the_name_of_the_bucket() {
        for (domain, bucket) in [
            ("media.s3.amazonaws.com", Some("media")),
            ("media.s3.eu-west-1.amazonaws.com", Some("media")),
            ("media.s3-eu-west-1.amazonaws.com", Some("media")),
            (
                "media.example.com.s3.amazonaws.com",
                Some("media.example.com"),
            ),
            ("a.s3.b.s3.eu-west-1.amazonaws.com", Some("a.s3.b")),
            ("media.s3.cn-north-1.amazonaws.com.cn", Some("media")),
            ("media-abc-s3alias.s3.eu-west-1.amazonaws.com", None),
            ("media.s3.example.com", None),
            ("s3.amazonaws.com", None),
            ("www.example.com", None),
        ] {
            let origin = |kind| Origin {
                id: "origin".to_owned(),
                domain: domain.to_owned(),
                kind,
            };
            let kind = OriginKind::Bucket {
                has_access_control: true,
                has_identity: false,
            };
            assert_eq!(origin(kind).bucket(), bucket, "{domain}");
            assert_eq!(origin(OriginKind::Vpc).bucket(), None);
        }
    }
}
