//! One bucket, asked in its own Region.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_sdk_s3::Client;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use orgscan_core::api::{Api, Meaning};
use orgscan_core::model::{Gap, Region, TargetScope};

use super::of_a_bucket;
use crate::collect::{AccountScope, CollectScope, Memo, in_region, needed};
use crate::rate_limit::ApiCaller;
use crate::{AwsError, Failure};

/// One bucket, as its collectors see it.
pub(in crate::collect) struct BucketScope<'a> {
    pub(super) account: &'a AccountScope<'a>,
    pub(super) client: Client,
    pub(super) bucket: &'a str,
    region: &'a Region,
    api_caller: Arc<ApiCaller>,
    is_gone: AtomicBool,
}

impl<'a> BucketScope<'a> {
    pub(super) fn new(account: &'a AccountScope<'a>, bucket: &'a str, region: &'a Region) -> Self {
        let session = account.session;
        Self {
            account,
            client: session.clients.s3(region),
            bucket,
            region,
            api_caller: session.api_caller(&TargetScope::Region(region.clone())),
            is_gone: AtomicBool::new(false),
        }
    }

    /// Reads what is needed of the bucket, and returns whether it is still there.
    pub(super) async fn read(&self) -> bool {
        for fact in needed(of_a_bucket(), self.account.needs) {
            (fact.read)(self).await;
            if self.is_gone.load(Ordering::Relaxed) {
                return false;
            }
        }
        true
    }

    /// The answer to a request.
    pub(super) async fn ask<T, E, F>(
        &self,
        api: &'static Api,
        request: impl Fn() -> F,
    ) -> Result<T, Failure>
    where
        E: ProvideErrorMetadata + Error + 'static,
        F: Future<Output = Result<T, AwsError<E>>>,
    {
        let answer = self.api_caller.call(api, request).await;
        answer.map_err(|failure| in_region(failure, self.region))
    }
}

impl CollectScope for BucketScope<'_> {
    fn memo(&self) -> &Memo {
        self.account.memo()
    }

    fn resource(&self) -> Option<&str> {
        Some(self.bucket)
    }

    /// A bucket that has gone since it was listed is no gap: it is left out.
    fn gap(&self, failure: Failure) -> Gap {
        if failure.means(Meaning::Gone) {
            self.is_gone.store(true, Ordering::Relaxed);
        }
        Gap::from(failure).of(self.bucket).in_region(self.region)
    }
}
