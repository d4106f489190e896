//! The APIs of Amazon S3 that orgscan calls.

use crate::api::{ErrorCodes, Meaning, PolicyResources, Rate, apis, resources};

/// S3 publishes rates for objects only. Reads of bucket configuration are kept at a rate that is
/// small beside the object rate of a single prefix (5,500 a second).
static CONFIGURATION: Rate = Rate {
    burst: 100,
    refill_per_second: 50,
    source: "unpublished; https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html",
};

static OBJECT_WRITE: Rate = Rate {
    burst: 3_500,
    refill_per_second: 3_500,
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html",
};

static OBJECT_READ: Rate = Rate {
    burst: 5_500,
    refill_per_second: 5_500,
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html",
};

static BUCKETS: PolicyResources = PolicyResources {
    remark: "How buckets are set up, and nothing that is in them.",
    own_account_only: true,
    ..resources("Buckets", "the account's own buckets", &["s3:::*"])
};

static NO_BUCKET: ErrorCodes = ErrorCodes::new(Meaning::Gone, &["NoSuchBucket"], ERRORS);

/// The block was never set: all four settings are off.
static NO_BLOCK: ErrorCodes = ErrorCodes::new(
    Meaning::Absent,
    &["NoSuchPublicAccessBlockConfiguration"],
    ERRORS,
);

static NO_POLICY: ErrorCodes = ErrorCodes::new(Meaning::Absent, &["NoSuchBucketPolicy"], ERRORS);

/// Default encryption was never set. All buckets have one since 2023, so that the answer comes from before.
static NO_ENCRYPTION: ErrorCodes = ErrorCodes::new(
    Meaning::Absent,
    &["ServerSideEncryptionConfigurationNotFoundError"],
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html",
);

const ERRORS: &str =
    "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList";

apis! {
    "s3" at CONFIGURATION;
    // AWS gives up to 10,000 in a page.
    LIST_BUCKETS = "ListBuckets" needs "s3:ListAllMyBuckets" pages 1_000 of "buckets";
    GET_BUCKET_LOCATION = "GetBucketLocation" repeated "for each such bucket" if "the list of buckets does not have a bucket's Region, or an origin is a bucket that is not in the list" on BUCKETS errors [NO_BUCKET];
    GET_BUCKET_BLOCK = "GetPublicAccessBlock" needs "s3:GetBucketPublicAccessBlock" on BUCKETS errors [NO_BLOCK, NO_BUCKET];
    GET_BUCKET_POLICY_STATUS = "GetBucketPolicyStatus" on BUCKETS errors [NO_POLICY, NO_BUCKET];
    GET_BUCKET_ACL = "GetBucketAcl" on BUCKETS errors [NO_BUCKET];
    GET_BUCKET_POLICY = "GetBucketPolicy" on BUCKETS errors [NO_POLICY, NO_BUCKET];
    GET_BUCKET_VERSIONING = "GetBucketVersioning" on BUCKETS errors [NO_BUCKET];
    GET_BUCKET_LOGGING = "GetBucketLogging" on BUCKETS errors [NO_BUCKET];
    GET_BUCKET_ENCRYPTION = "GetBucketEncryption" needs "s3:GetEncryptionConfiguration" on BUCKETS errors [NO_ENCRYPTION, NO_BUCKET];
    GET_ACCOUNT_BLOCK = "GetPublicAccessBlock" of "s3control" needs "s3:GetAccountPublicAccessBlock" errors [NO_BLOCK];
    PUT_OBJECT = "PutObject" at OBJECT_WRITE;
    GET_OBJECT = "GetObject" at OBJECT_READ shared as "s3 reads";
    LIST_OBJECTS = "ListObjectsV2" needs "s3:ListBucket" at OBJECT_READ shared as "s3 reads";
    HEAD_BUCKET = "HeadBucket" needs "s3:ListBucket";
}
