//! Folders of a bucket in memory.

use orgscan_aws::s3_client;
use orgscan_aws::testing::s3::FakeBucket;

use crate::Remote;

/// The folder of a run, as a process sees it.
pub(crate) fn run_in(bucket: &FakeBucket) -> Remote {
    folder_in(bucket, "audit/runs/nightly/")
}

/// A folder.
pub(crate) fn folder_in(bucket: &FakeBucket, prefix: &str) -> Remote {
    Remote {
        s3: s3_client(&bucket.sdk()),
        bucket: "bucket".to_owned(),
        prefix: prefix.to_owned(),
        kms_key_id: None,
        lane: bucket.lane(),
    }
}
