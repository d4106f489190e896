//! The list of an account's buckets, with their Regions.

use futures::stream::{self, StreamExt};
use orgscan_core::api::Meaning;
use orgscan_core::model::{Gap, Reading, Region};
use orgscan_core::partition::Partition;
use orgscan_core::services::s3::{Bucket, BucketList, GET_BUCKET_LOCATION, LIST_BUCKETS};

use super::bucket::BucketScope;
use super::of_a_bucket;
use crate::collect::{AccountScope, Collect, CollectScope, FactError, needed};
use crate::{Failure, pages, require};

/// Buckets asked about at the same time in one account; the limiters limit the rate anyway.
const SIDE_BY_SIDE: usize = 16;

/// A bucket as it is listed: its name and its Region, which not every S3 says.
type ListedBucket = (String, Option<Region>);

/// What becomes of a bucket of the list.
enum BucketLocation {
    Here(Bucket),
    /// Its Region is filtered out.
    Outside(String),
    /// It was deleted after it was listed.
    Gone,
}

impl Collect<AccountScope<'_>> for BucketList {
    /// Places each bucket, leaves out those in Regions that are not scanned, and reads what is needed of the others.
    async fn collect(scope: &AccountScope<'_>) -> Result<Self, FactError> {
        let locate: Vec<Result<BucketLocation, Failure>> = stream::iter(list(scope).await?)
            .map(|bucket| async { Ok(locate(scope, bucket?).await) })
            .buffered(SIDE_BY_SIDE)
            .collect()
            .await;
        let mut list = Self::default();
        for one in locate {
            match one {
                Ok(BucketLocation::Here(bucket)) => list.buckets.known.push(bucket),
                Ok(BucketLocation::Outside(name)) => list.elsewhere.push(name),
                Ok(BucketLocation::Gone) => {}
                Err(failure) => list.buckets.gaps.push(failure.into()),
            }
        }
        Ok(list)
    }
}

async fn locate(scope: &AccountScope<'_>, (name, region): ListedBucket) -> BucketLocation {
    let region = match region {
        Some(region) => Ok(region),
        None => location(scope, &name).await,
    };
    match region {
        Ok(region) if !scope.filter.admits(&region) => BucketLocation::Outside(name),
        Ok(region) => match BucketScope::new(scope, &name, &region).read().await {
            true => BucketLocation::Here(Bucket {
                name,
                region: Reading::known(region),
            }),
            false => BucketLocation::Gone,
        },
        Err(failure) if failure.means(Meaning::Gone) => BucketLocation::Gone,
        Err(failure) => {
            let gap = Gap::from(failure).of(&name);
            for fact in needed(of_a_bucket(), scope.needs) {
                scope.memo().miss(fact.spec, &name, &gap);
            }
            BucketLocation::Here(Bucket {
                name,
                region: Reading::missing(gap),
            })
        }
    }
}

/// All general purpose buckets of the account, wherever they are; a failure for each that cannot be told.
async fn list(scope: &AccountScope<'_>) -> Result<Vec<Result<ListedBucket, Failure>>, Failure> {
    let s3 = &scope.session.clients.s3(&scope.session.home);
    pages(LIST_BUCKETS.action, |token| async move {
        let request = || {
            let request = s3.list_buckets().set_max_buckets(LIST_BUCKETS.page);
            request.set_continuation_token(token.clone()).send()
        };
        let page = scope.api_caller.call(&LIST_BUCKETS, request).await?;
        let buckets = page.buckets.unwrap_or_default().into_iter();
        let buckets = buckets.map(|bucket| {
            let name = bucket.name.filter(|name| !name.is_empty());
            let name = require(LIST_BUCKETS.action, "Name", name)?;
            Ok((name, bucket.bucket_region.map(Region::new)))
        });
        Ok((buckets.collect(), page.continuation_token))
    })
    .await
}

/// Where a bucket is, where the list did not say.
async fn location(scope: &AccountScope<'_>, bucket: &str) -> Result<Region, Failure> {
    let home = &scope.session.home;
    let s3 = scope.session.clients.s3(home);
    let request = || s3.get_bucket_location().bucket(bucket).send();
    let answer = scope.api_caller.call(&GET_BUCKET_LOCATION, request).await?;
    let constraint = answer.location_constraint;
    let constraint = constraint.as_ref().map_or("", |c| c.as_str());
    let region = region(constraint, home.as_str());
    require(GET_BUCKET_LOCATION.action, "LocationConstraint", region)
}

/// In the partition `aws` the two oldest Regions have names of their own: none, and `EU`. `home` is a Region of
/// the bucket's partition.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html>
fn region(constraint: &str, home: &str) -> Option<Region> {
    let is_aws = Partition::of_region(home).is_some_and(|one| one.name == "aws");
    match constraint {
        "" => is_aws.then(|| Region::new("us-east-1")),
        "EU" => Some(Region::new("eu-west-1")),
        region => Some(Region::new(region)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_location_constraints_have_their_regions() {
        let region = |constraint, home| region(constraint, home).map(|region| region.to_string());
        let some = |name: &str| Some(name.to_owned());
        assert_eq!(region("", "eu-west-1"), some("us-east-1"));
        assert_eq!(region("EU", "us-east-1"), some("eu-west-1"));
        assert_eq!(region("eu-central-1", "us-east-1"), some("eu-central-1"));
        assert_eq!(region("", "cn-north-1"), None);
        assert_eq!(region("cn-north-1", "cn-north-1"), some("cn-north-1"));
    }
}
