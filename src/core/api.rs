//! The APIs that orgscan calls, with the IAM action that each needs and the rate that AWS publishes
//! for it. The member role's policy, `orgscan plan` and the limiters all read this table.

/// A token bucket as AWS publishes it.
#[derive(Debug, PartialEq, Eq)]
pub struct Rate {
    /// Requests that the full bucket holds.
    pub burst: u32,
    /// Tokens added in a second.
    pub refill_per_second: u32,
    /// Where AWS says so.
    pub source: &'static str,
}

/// One AWS API operation.
#[derive(Debug, PartialEq, Eq)]
pub struct Api {
    /// The service's name in IAM actions and reports: `ec2`.
    pub service: &'static str,
    /// The operation: `DescribeVolumes`.
    pub operation: &'static str,
    /// Service and operation: `ec2:DescribeVolumes`.
    pub name: &'static str,
    /// The IAM action that it needs: not always named after the operation.
    pub action: &'static str,
    /// The published rate.
    pub rate: &'static Rate,
    /// The name of the bucket that it draws from. Several operations may share one.
    pub bucket: &'static str,
}

impl Api {
    /// Whether it is asked of the central account alone, by every process of a distributed run, so that
    /// they divide its rate.
    pub fn is_central(&self) -> bool {
        matches!(self.service, "sts" | "organizations")
    }
}

/// Account Management's ListRegions.
static ACCOUNT_LIST_REGIONS: Rate = Rate {
    burst: 5,
    refill_per_second: 5,
    source: "https://docs.aws.amazon.com/accounts/latest/reference/quotas.html",
};

/// Each EC2 read operation has a bucket of its own in each account and Region; the same rate holds
/// for paged operations only when they are called with `MaxResults` or a filter, as orgscan does.
static EC2_READ: Rate = Rate {
    burst: 100,
    refill_per_second: 20,
    source: "https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html",
};

/// IAM publishes no numbers. Scanners are seen to be throttled above about 20 a second, so this
/// stays well below.
static IAM: Rate = Rate {
    burst: 20,
    refill_per_second: 10,
    source: "unpublished; https://github.com/cloud-custodian/cloud-custodian/issues/6351",
};

/// S3 publishes rates for objects only. Reads of bucket configuration are kept at a rate that is
/// small beside the object rate of a single prefix (5,500 a second).
static S3_CONFIGURATION: Rate = Rate {
    burst: 100,
    refill_per_second: 50,
    source: "unpublished; https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html",
};

static S3_OBJECT_READ: Rate = Rate {
    burst: 5_500,
    refill_per_second: 5_500,
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html",
};

static S3_OBJECT_WRITE: Rate = Rate {
    burst: 3_500,
    refill_per_second: 3_500,
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html",
};

/// Shared by AssumeRole, GetCallerIdentity and others; counts on the calling account alone.
static STS: Rate = Rate {
    burst: 600,
    refill_per_second: 600,
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
};

/// Organizations' rates for one calling account; the organization as a whole has slightly more.
macro_rules! organizations_rate {
    ($name:ident, $burst:literal, $refill:literal) => {
        static $name: Rate = Rate {
            burst: $burst,
            refill_per_second: $refill,
            source: "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html#throttling-limits",
        };
    };
}

organizations_rate!(ORG_DESCRIBE, 2, 1);
organizations_rate!(ORG_LIST_ACCOUNTS, 12, 8);
organizations_rate!(ORG_LIST_ROOTS, 2, 1);
organizations_rate!(ORG_LIST_FOR_PARENT, 8, 5);
organizations_rate!(ORG_LIST_TAGS, 15, 10);

static CLOUDWATCH_PUT: Rate = Rate {
    burst: 500,
    refill_per_second: 500,
    source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html",
};

/// The lowest of the published rates, which differ by Region.
static SNS_PUBLISH: Rate = Rate {
    burst: 300,
    refill_per_second: 300,
    source: "https://docs.aws.amazon.com/general/latest/gr/sns.html",
};

/// CloudFormation publishes no numbers. A run reads one stack set, 100 accounts a request.
static CLOUDFORMATION: Rate = Rate {
    burst: 10,
    refill_per_second: 5,
    source: "unpublished; https://docs.aws.amazon.com/general/latest/gr/cfn.html",
};

/// Asynchronous invocations have no rate of their own, and a run sends one at most.
static LAMBDA_INVOKE: Rate = Rate {
    burst: 10,
    refill_per_second: 10,
    source: "unpublished; https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
};

/// The lowest of the published rates for elliptic curve keys, over time and Regions. A run signs once.
static KMS_ECC: Rate = Rate {
    burst: 300,
    refill_per_second: 300,
    source: "https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html",
};

static KMS_PUBLIC_KEY: Rate = Rate {
    burst: 2_000,
    refill_per_second: 2_000,
    source: "https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html",
};

/// Requests of Lambda's control plane, all together.
static LAMBDA_CONTROL: Rate = Rate {
    burst: 15,
    refill_per_second: 15,
    source: "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
};

/// SNS publishes no number for reading a topic. Doctor reads each topic once.
static SNS_READ: Rate = Rate {
    burst: 10,
    refill_per_second: 10,
    source: "unpublished; https://docs.aws.amazon.com/general/latest/gr/sns.html",
};

macro_rules! bucket {
    ($service:literal, $operation:literal) => {
        concat!($service, ":", $operation)
    };
    ($service:literal, $operation:literal, $shared:literal) => {
        $shared
    };
}

macro_rules! apis {
    ($($name:ident = $service:literal $operation:literal needs $action:literal at $rate:ident $(shared as $bucket:literal)?;)*) => {
        $(
            #[doc = concat!("`", $service, "` `", $operation, "`")]
            pub static $name: Api = Api {
                service: $service,
                operation: $operation,
                name: concat!($service, ":", $operation),
                action: $action,
                rate: &$rate,
                bucket: bucket!($service, $operation $(, $bucket)?),
            };
        )*
        /// Every API that orgscan calls.
        pub static ALL: &[&Api] = &[$(&$name),*];
    };
}

apis! {
    DESCRIBE_REGIONS = "ec2" "DescribeRegions" needs "ec2:DescribeRegions" at EC2_READ;
    LIST_REGIONS = "account" "ListRegions" needs "account:ListRegions" at ACCOUNT_LIST_REGIONS;
    DESCRIBE_VOLUMES = "ec2" "DescribeVolumes" needs "ec2:DescribeVolumes" at EC2_READ;
    DESCRIBE_INSTANCES = "ec2" "DescribeInstances" needs "ec2:DescribeInstances" at EC2_READ;
    DESCRIBE_ROUTE_TABLES = "ec2" "DescribeRouteTables" needs "ec2:DescribeRouteTables" at EC2_READ;
    DESCRIBE_VPC_BLOCK = "ec2" "DescribeVpcBlockPublicAccessOptions" needs "ec2:DescribeVpcBlockPublicAccessOptions" at EC2_READ;
    DESCRIBE_VPC_BLOCK_EXCLUSIONS = "ec2" "DescribeVpcBlockPublicAccessExclusions" needs "ec2:DescribeVpcBlockPublicAccessExclusions" at EC2_READ;
    DESCRIBE_SECURITY_GROUPS = "ec2" "DescribeSecurityGroups" needs "ec2:DescribeSecurityGroups" at EC2_READ;
    GET_PREFIX_LIST_ENTRIES = "ec2" "GetManagedPrefixListEntries" needs "ec2:GetManagedPrefixListEntries" at EC2_READ;
    DESCRIBE_INTERFACES = "ec2" "DescribeNetworkInterfaces" needs "ec2:DescribeNetworkInterfaces" at EC2_READ;
    DESCRIBE_NETWORK_ACLS = "ec2" "DescribeNetworkAcls" needs "ec2:DescribeNetworkAcls" at EC2_READ;
    DESCRIBE_VPCS = "ec2" "DescribeVpcs" needs "ec2:DescribeVpcs" at EC2_READ;
    DESCRIBE_FLOW_LOGS = "ec2" "DescribeFlowLogs" needs "ec2:DescribeFlowLogs" at EC2_READ;
    DESCRIBE_PEERINGS = "ec2" "DescribeVpcPeeringConnections" needs "ec2:DescribeVpcPeeringConnections" at EC2_READ;
    DESCRIBE_VPC_ENDPOINTS = "ec2" "DescribeVpcEndpoints" needs "ec2:DescribeVpcEndpoints" at EC2_READ;
    DESCRIBE_SNAPSHOTS = "ec2" "DescribeSnapshots" needs "ec2:DescribeSnapshots" at EC2_READ;
    GET_SNAPSHOT_BLOCK = "ec2" "GetSnapshotBlockPublicAccessState" needs "ec2:GetSnapshotBlockPublicAccessState" at EC2_READ;
    DESCRIBE_IMAGES = "ec2" "DescribeImages" needs "ec2:DescribeImages" at EC2_READ;
    GET_IMAGE_BLOCK = "ec2" "GetImageBlockPublicAccessState" needs "ec2:GetImageBlockPublicAccessState" at EC2_READ;
    GET_ENCRYPTION_BY_DEFAULT = "ec2" "GetEbsEncryptionByDefault" needs "ec2:GetEbsEncryptionByDefault" at EC2_READ;
    GET_METADATA_DEFAULTS = "ec2" "GetInstanceMetadataDefaults" needs "ec2:GetInstanceMetadataDefaults" at EC2_READ;
    GENERATE_CREDENTIAL_REPORT = "iam" "GenerateCredentialReport" needs "iam:GenerateCredentialReport" at IAM;
    GET_CREDENTIAL_REPORT = "iam" "GetCredentialReport" needs "iam:GetCredentialReport" at IAM;
    LIST_USERS = "iam" "ListUsers" needs "iam:ListUsers" at IAM;
    GET_LOGIN_PROFILE = "iam" "GetLoginProfile" needs "iam:GetLoginProfile" at IAM;
    LIST_MFA_DEVICES = "iam" "ListMFADevices" needs "iam:ListMFADevices" at IAM;
    LIST_ACCESS_KEYS = "iam" "ListAccessKeys" needs "iam:ListAccessKeys" at IAM;
    GET_ACCOUNT_SUMMARY = "iam" "GetAccountSummary" needs "iam:GetAccountSummary" at IAM;
    LIST_VIRTUAL_MFA_DEVICES = "iam" "ListVirtualMFADevices" needs "iam:ListVirtualMFADevices" at IAM;
    GET_PASSWORD_POLICY = "iam" "GetAccountPasswordPolicy" needs "iam:GetAccountPasswordPolicy" at IAM;
    GET_AUTHORIZATION_DETAILS = "iam" "GetAccountAuthorizationDetails" needs "iam:GetAccountAuthorizationDetails" at IAM;
    LIST_ENTITIES_FOR_POLICY = "iam" "ListEntitiesForPolicy" needs "iam:ListEntitiesForPolicy" at IAM;
    LIST_SERVER_CERTIFICATES = "iam" "ListServerCertificates" needs "iam:ListServerCertificates" at IAM;
    LIST_BUCKETS = "s3" "ListBuckets" needs "s3:ListAllMyBuckets" at S3_CONFIGURATION;
    GET_BUCKET_LOCATION = "s3" "GetBucketLocation" needs "s3:GetBucketLocation" at S3_CONFIGURATION;
    GET_BUCKET_BLOCK = "s3" "GetPublicAccessBlock" needs "s3:GetBucketPublicAccessBlock" at S3_CONFIGURATION;
    GET_BUCKET_POLICY_STATUS = "s3" "GetBucketPolicyStatus" needs "s3:GetBucketPolicyStatus" at S3_CONFIGURATION;
    GET_BUCKET_ACL = "s3" "GetBucketAcl" needs "s3:GetBucketAcl" at S3_CONFIGURATION;
    GET_BUCKET_POLICY = "s3" "GetBucketPolicy" needs "s3:GetBucketPolicy" at S3_CONFIGURATION;
    GET_BUCKET_VERSIONING = "s3" "GetBucketVersioning" needs "s3:GetBucketVersioning" at S3_CONFIGURATION;
    GET_BUCKET_LOGGING = "s3" "GetBucketLogging" needs "s3:GetBucketLogging" at S3_CONFIGURATION;
    GET_BUCKET_ENCRYPTION = "s3" "GetBucketEncryption" needs "s3:GetEncryptionConfiguration" at S3_CONFIGURATION;
    GET_ACCOUNT_BLOCK = "s3control" "GetPublicAccessBlock" needs "s3:GetAccountPublicAccessBlock" at S3_CONFIGURATION;

    GET_CALLER_IDENTITY = "sts" "GetCallerIdentity" needs "sts:GetCallerIdentity" at STS shared as "sts";
    ASSUME_ROLE = "sts" "AssumeRole" needs "sts:AssumeRole" at STS shared as "sts";
    DESCRIBE_ORGANIZATION = "organizations" "DescribeOrganization" needs "organizations:DescribeOrganization" at ORG_DESCRIBE;
    LIST_ACCOUNTS = "organizations" "ListAccounts" needs "organizations:ListAccounts" at ORG_LIST_ACCOUNTS;
    LIST_ROOTS = "organizations" "ListRoots" needs "organizations:ListRoots" at ORG_LIST_ROOTS;
    LIST_OUS_FOR_PARENT = "organizations" "ListOrganizationalUnitsForParent" needs "organizations:ListOrganizationalUnitsForParent" at ORG_LIST_FOR_PARENT;
    LIST_ACCOUNTS_FOR_PARENT = "organizations" "ListAccountsForParent" needs "organizations:ListAccountsForParent" at ORG_LIST_FOR_PARENT;
    LIST_TAGS_FOR_RESOURCE = "organizations" "ListTagsForResource" needs "organizations:ListTagsForResource" at ORG_LIST_TAGS;
    LIST_ACCOUNT_ALIASES = "iam" "ListAccountAliases" needs "iam:ListAccountAliases" at IAM;
    LIST_ORGANIZATIONS_FEATURES = "iam" "ListOrganizationsFeatures" needs "iam:ListOrganizationsFeatures" at IAM;
    DESCRIBE_STACK_SET = "cloudformation" "DescribeStackSet" needs "cloudformation:DescribeStackSet" at CLOUDFORMATION;
    LIST_STACK_INSTANCES = "cloudformation" "ListStackInstances" needs "cloudformation:ListStackInstances" at CLOUDFORMATION;
    PUT_METRIC_DATA = "cloudwatch" "PutMetricData" needs "cloudwatch:PutMetricData" at CLOUDWATCH_PUT;
    PUBLISH = "sns" "Publish" needs "sns:Publish" at SNS_PUBLISH;
    PUT_OBJECT = "s3" "PutObject" needs "s3:PutObject" at S3_OBJECT_WRITE;
    GET_OBJECT = "s3" "GetObject" needs "s3:GetObject" at S3_OBJECT_READ shared as "s3 reads";
    LIST_OBJECTS = "s3" "ListObjectsV2" needs "s3:ListBucket" at S3_OBJECT_READ shared as "s3 reads";
    GET_PUBLIC_KEY = "kms" "GetPublicKey" needs "kms:GetPublicKey" at KMS_PUBLIC_KEY;
    SIGN = "kms" "Sign" needs "kms:Sign" at KMS_ECC;
    LIST_SERVICE_ACCESS = "organizations" "ListAWSServiceAccessForOrganization" needs "organizations:ListAWSServiceAccessForOrganization" at ORG_LIST_ROOTS;
    LIST_DELEGATED_SERVICES = "organizations" "ListDelegatedServicesForAccount" needs "organizations:ListDelegatedServicesForAccount" at ORG_LIST_ROOTS;
    GET_ACCOUNT_SETTINGS = "lambda" "GetAccountSettings" needs "lambda:GetAccountSettings" at LAMBDA_CONTROL;
    GET_ROLE = "iam" "GetRole" needs "iam:GetRole" at IAM;
    DESCRIBE_STACK_RESOURCES = "cloudformation" "DescribeStackResources" needs "cloudformation:DescribeStackResources" at CLOUDFORMATION;
    GET_TOPIC_ATTRIBUTES = "sns" "GetTopicAttributes" needs "sns:GetTopicAttributes" at SNS_READ;
    HEAD_BUCKET = "s3" "HeadBucket" needs "s3:ListBucket" at S3_CONFIGURATION;
    GENERATE_DATA_KEY = "kms" "GenerateDataKey" needs "kms:GenerateDataKey" at KMS_PUBLIC_KEY;
    INVOKE = "lambda" "Invoke" needs "lambda:InvokeFunction" at LAMBDA_INVOKE;
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn operations_that_share_a_bucket_agree_on_its_rate() {
        let mut rates: BTreeMap<&str, &Rate> = BTreeMap::new();
        for api in ALL {
            let rate = rates.entry(api.bucket).or_insert(api.rate);
            assert_eq!(*rate, api.rate, "{}", api.operation);
            assert!(api.action.contains(':') && !api.action.contains('*'));
        }
    }

    #[test]
    fn every_rate_has_its_source() {
        for api in ALL {
            assert!(api.rate.source.contains("https://"), "{}", api.operation);
            assert!(api.rate.burst > 0 && api.rate.refill_per_second > 0);
        }
    }
}
