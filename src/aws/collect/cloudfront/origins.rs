//! Whether the buckets exist that distributions get their content from.

use std::collections::BTreeSet;

use futures::stream::{self, StreamExt};
use orgscan_core::api::Meaning;
use orgscan_core::model::Reading;
use orgscan_core::services::cloudfront::{Distributions, OriginBucket, OriginBuckets};
use orgscan_core::services::s3::{BucketList, GET_BUCKET_LOCATION};

use super::super::{AccountScope, Collect, CollectScope, FactError, SIDE_BY_SIDE};

impl Collect<AccountScope<'_>> for OriginBuckets {
    /// S3 is asked only about buckets that are not the account's own. If these could not be listed, it is asked about all.
    async fn collect(scope: &AccountScope<'_>) -> Result<Vec<OriginBucket>, FactError> {
        let listed = scope.fact::<Distributions>().await?;
        let own = scope.fact::<BucketList>().await;
        let own: BTreeSet<&str> = own.iter().flat_map(|list| list.names()).collect();
        let enabled = listed.iter().filter(|one| one.is_enabled);
        let origins = enabled.flat_map(|one| &one.origins);
        let names = origins.filter_map(|origin| origin.bucket());
        let names: BTreeSet<String> = names.map(str::to_owned).collect();
        let buckets = stream::iter(names).map(|name| {
            let is_own = own.contains(name.as_str());
            async move {
                let exists = match is_own {
                    true => Reading::known(true),
                    false => exists(scope, &name).await,
                };
                OriginBucket { name, exists }
            }
        });
        Ok(buckets.buffered(SIDE_BY_SIDE).collect().await)
    }
}

/// Names of buckets are unique in a partition. Only S3's answer that there is no such bucket shows that there is none: a
/// denial shows nothing, since a policy of the caller may be its reason.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList>
async fn exists(scope: &AccountScope<'_>, bucket: &str) -> Reading<bool> {
    let s3 = scope.session.clients.s3(&scope.session.home);
    let request = || s3.get_bucket_location().bucket(bucket).send();
    let answer = scope.api_caller.call(&GET_BUCKET_LOCATION, request).await;
    Reading::from(match answer {
        Ok(_) => Ok(true),
        Err(failure) if failure.means(Meaning::Gone) => Ok(false),
        Err(failure) => Err(scope.gap(failure.of_item(Some(bucket)))),
    })
}
