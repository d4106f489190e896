//! One bucket, asked in its own Region: what is needed, and what no block makes irrelevant.

use std::error::Error;
use std::sync::Arc;

use aws_sdk_s3::Client;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use orgscan_core::api::Api;
use orgscan_core::checks::Need;
use orgscan_core::model::{Bucket, Fact, Gap, Items, Place, PublicAccessBlock, Region};

use super::{GONE, Gone, Look};
use crate::collect::in_region;
use crate::pace::Lane;
use crate::{AwsError, Failure};

/// Asks what is needed of a bucket.
///
/// # Errors
/// Where the bucket is gone.
pub(super) async fn about(look: &Look<'_>, name: String, region: Region) -> Result<Bucket, Gone> {
    let asked = Asked {
        client: look.session.clients.s3(&region),
        lane: look.session.lane(&Place::Region(region.clone())),
        bucket: &name,
        region: &region,
    };
    let account = look.account_block.unwrap_or_default();
    let wants = |need: Need| look.needs.has(need);
    let mut bucket = Bucket::default();
    if wants(Need::BucketAccess) && !account.settles()
        || wants(Need::BucketBlocks) && !account.is_full()
    {
        bucket.block = asked.fact(asked.block().await)?;
    }
    if wants(Need::BucketAccess) && !account.settles() {
        asked.access(account, &mut bucket).await?;
    }
    if wants(Need::BucketPolicies) {
        bucket.policy = asked.fact(asked.policy().await)?;
    }
    if wants(Need::BucketVersioning) {
        bucket.versioning = asked.fact(asked.versioning().await)?;
    }
    if wants(Need::BucketLogging) {
        bucket.logs_to = asked.fact(asked.logs_to().await)?;
    }
    if wants(Need::BucketEncryption) {
        bucket.encryption = asked.fact(asked.encryption().await)?;
    }
    bucket.region = Fact::known(region.clone());
    bucket.name = name;
    Ok(bucket)
}

/// A bucket that is asked about in its own Region.
pub(super) struct Asked<'a> {
    pub(super) client: Client,
    lane: Arc<Lane>,
    pub(super) bucket: &'a str,
    region: &'a Region,
}

impl Asked<'_> {
    /// The fact or its gap; but a bucket that has gone meanwhile is no gap of its own.
    fn fact<T>(&self, answer: Result<T, Failure>) -> Result<Fact<T>, Gone> {
        match answer {
            Err(failure) if failure.has_code(GONE) => Err(Gone),
            answer => Ok(answer.map_err(|failure| self.gap(failure)).into()),
        }
    }

    /// What could be read, and a gap for each item that could not.
    fn items<T>(&self, items: Vec<Result<T, Failure>>) -> Items<T> {
        let items = items.into_iter();
        items
            .map(|item| item.map_err(|failure| self.gap(failure)))
            .collect()
    }

    fn gap(&self, failure: Failure) -> Gap {
        Gap::from(failure).of(self.bucket).in_region(self.region)
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
        let answer = self.lane.call(api, request).await;
        answer.map_err(|failure| in_region(failure, self.region))
    }

    /// The policy's status and the ACL, where the blocks of account and bucket leave something to ask.
    async fn access(&self, account: PublicAccessBlock, bucket: &mut Bucket) -> Result<(), Gone> {
        let Ok(own) = bucket.block.get().copied() else {
            // What the block's gap makes unknown, no other answer would settle.
            return Ok(());
        };
        let effective = own.and(account);
        if !effective.restrict_public_buckets {
            bucket.policy_is_public = self.fact(self.policy_is_public().await)?;
        }
        if !effective.ignore_public_acls {
            let grants = self.public_grants().await;
            bucket.public_grants = self.fact(grants.map(|grants| self.items(grants)))?;
        }
        Ok(())
    }
}
