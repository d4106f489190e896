//! Folders of a bucket in memory.

use std::sync::Arc;

use orgscan_aws::s3_client;
use orgscan_aws::testing::s3::FakeBucket;

use crate::{LeaseObject, Remote, RunStorage, Storage};

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
        api_caller: bucket.api_caller(),
    }
}

/// Where the files of that run lie.
pub(crate) fn storage_in(bucket: &FakeBucket) -> RunStorage {
    let below = |prefix| Storage::S3(Arc::new(folder_in(bucket, prefix)));
    RunStorage {
        run: below("audit/runs/nightly/"),
        runs: below("audit/runs/"),
        root: below("audit/"),
        lease: Some(LeaseObject {
            folder: Arc::new(run_in(bucket)),
            holder: "test".to_owned(),
        }),
    }
}
