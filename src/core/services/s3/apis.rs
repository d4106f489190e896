//! The APIs of Amazon S3 that orgscan calls.

use crate::api::{Rate, apis};

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

apis! {
    "s3" at CONFIGURATION;
    // AWS gives up to 10,000 in a page.
    LIST_BUCKETS = "ListBuckets" needs "s3:ListAllMyBuckets" pages 1_000;
    GET_BUCKET_LOCATION = "GetBucketLocation";
    GET_BUCKET_BLOCK = "GetPublicAccessBlock" needs "s3:GetBucketPublicAccessBlock";
    GET_BUCKET_POLICY_STATUS = "GetBucketPolicyStatus";
    GET_BUCKET_ACL = "GetBucketAcl";
    GET_BUCKET_POLICY = "GetBucketPolicy";
    GET_BUCKET_VERSIONING = "GetBucketVersioning";
    GET_BUCKET_LOGGING = "GetBucketLogging";
    GET_BUCKET_ENCRYPTION = "GetBucketEncryption" needs "s3:GetEncryptionConfiguration";
    GET_ACCOUNT_BLOCK = "GetPublicAccessBlock" of "s3control" needs "s3:GetAccountPublicAccessBlock";
    PUT_OBJECT = "PutObject" at OBJECT_WRITE;
    GET_OBJECT = "GetObject" at OBJECT_READ shared as "s3 reads";
    LIST_OBJECTS = "ListObjectsV2" needs "s3:ListBucket" at OBJECT_READ shared as "s3 reads";
    HEAD_BUCKET = "HeadBucket" needs "s3:ListBucket";
}
