//! The list of an account's buckets, with their Regions.

use orgscan_core::api::{GET_BUCKET_LOCATION, LIST_BUCKETS};
use orgscan_core::model::{Place, Region};
use orgscan_core::partition::Partition;

use crate::assume::Session;
use crate::{Failure, pages, require};

/// Buckets in a page. S3 leaves out the buckets' Regions unless the request has a parameter, so this
/// is always sent; and it refuses an unpaged list to accounts with a raised quota.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html>
const PAGE: i32 = 1_000;

/// A bucket as it is listed.
pub(super) struct Listed {
    pub(super) name: String,
    /// Not every S3 says it.
    pub(super) region: Option<Region>,
}

/// All general purpose buckets of the account, wherever they are; a failure for each that cannot be told.
pub(super) async fn list(session: &Session) -> Result<Vec<Result<Listed, Failure>>, Failure> {
    let s3 = &session.clients.s3(&session.home);
    let lane = &session.lane(&Place::Global);
    pages(LIST_BUCKETS.action, |token| async move {
        let page = lane
            .call(&LIST_BUCKETS, || {
                s3.list_buckets()
                    .max_buckets(PAGE)
                    .set_continuation_token(token.clone())
                    .send()
            })
            .await?;
        let buckets = page.buckets.unwrap_or_default().into_iter();
        let buckets = buckets.map(|bucket| {
            let name = bucket.name.filter(|name| !name.is_empty());
            Ok(Listed {
                name: require(LIST_BUCKETS.action, "Name", name)?,
                region: bucket.bucket_region.map(Region::new),
            })
        });
        Ok((buckets.collect(), page.continuation_token))
    })
    .await
}

/// Where a bucket is, where the list did not say.
pub(super) async fn location(session: &Session, bucket: &str) -> Result<Region, Failure> {
    let s3 = session.clients.s3(&session.home);
    let answer = session
        .lane(&Place::Global)
        .call(&GET_BUCKET_LOCATION, || {
            s3.get_bucket_location().bucket(bucket).send()
        })
        .await?;
    let constraint = answer.location_constraint;
    let constraint = constraint.as_ref().map_or("", |c| c.as_str());
    let region = region(constraint, session.home.as_str());
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
        let region = |constraint, home| region(constraint, home).map(String::from);
        let some = |name: &str| Some(name.to_owned());
        assert_eq!(region("", "eu-west-1"), some("us-east-1"));
        assert_eq!(region("EU", "us-east-1"), some("eu-west-1"));
        assert_eq!(region("eu-central-1", "us-east-1"), some("eu-central-1"));
        assert_eq!(region("", "cn-north-1"), None);
        assert_eq!(region("cn-north-1", "cn-north-1"), some("cn-north-1"));
    }
}
