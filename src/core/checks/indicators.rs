//! The indicators: numbers per account that go to CloudWatch, thresholds and dashboards.

use super::Category;
use crate::model::Severity;

/// A number per account: how many violations of a check there are.
#[derive(Debug)]
pub struct Indicator {
    /// The metric's name.
    pub name: &'static str,
    /// What it counts, in a few words.
    pub counts: &'static str,
    /// The category that it belongs to.
    pub category: Category,
    /// The check whose violations it counts.
    pub check: &'static str,
    /// Only violations at least this bad count. A percentage is still of all resources that the
    /// check evaluated.
    pub at_least: Severity,
}

/// All indicators, in the order in which they are shown.
pub const INDICATORS: &[Indicator] = &[
    Indicator {
        name: "UsersWithoutMfa",
        counts: "IAM users without MFA",
        category: Category::IamSecurity,
        check: "iam-user-without-mfa",
        at_least: Severity::Informational,
    },
    Indicator {
        name: "ConsoleUsersWithoutMfa",
        counts: "IAM users with a console password and without MFA",
        category: Category::IamSecurity,
        check: "iam-user-without-mfa",
        at_least: Severity::High,
    },
    Indicator {
        name: "UnencryptedVolumes",
        counts: "unencrypted EBS volumes",
        category: Category::DataEncryption,
        check: "ebs-volume-unencrypted",
        at_least: Severity::Informational,
    },
    Indicator {
        name: "PublicBuckets",
        counts: "public S3 buckets",
        category: Category::ExposureRisks,
        check: "s3-bucket-public",
        at_least: Severity::Informational,
    },
    Indicator {
        name: "PublicInstances",
        counts: "EC2 instances with a public address",
        category: Category::ExposureRisks,
        check: "ec2-instance-public-address",
        at_least: Severity::Informational,
    },
    Indicator {
        name: "OpenSecurityGroupRules",
        counts: "security group rules open to the world",
        category: Category::NetworkSecurity,
        check: "security-group-open-to-world",
        at_least: Severity::Informational,
    },
    Indicator {
        name: "ExposedSensitivePorts",
        counts: "security group rules that open a sensitive port to the world",
        category: Category::NetworkSecurity,
        check: "security-group-sensitive-port-open",
        at_least: Severity::Informational,
    },
];
