//! S3 and S3 Control, once per account: the account's Block Public Access, then the buckets, each
//! asked in its own Region.

mod access;
mod listing;

use futures::future;
use futures::stream::{self, StreamExt};

use crate::assume::Session;
use crate::aws::{Failure, require};
use crate::config::RegionFilter;
use crate::model::{Bucket, BucketList, Cause, Fact, Place, PublicAccessBlock, Region};
use crate::pace::api::GET_ACCOUNT_BLOCK;
use crate::pace::{Api, api};

/// APIs called for buckets; per bucket only where the account's block does not settle the answer.
pub const APIS: &[&Api] = &[
    &api::GET_ACCOUNT_BLOCK,
    &api::LIST_BUCKETS,
    &api::GET_BUCKET_LOCATION,
    &api::GET_BUCKET_BLOCK,
    &api::GET_BUCKET_POLICY_STATUS,
    &api::GET_BUCKET_ACL,
];

/// Buckets asked about at the same time in one account; the limiters pace the requests anyway.
const SIDE_BY_SIDE: usize = 16;

/// S3's and S3 Control's code for a block that was never set: all four settings are off then.
const NO_BLOCK: &[&str] = &["NoSuchPublicAccessBlockConfiguration"];

/// S3's code for a bucket that is not there.
const GONE: &[&str] = &["NoSuchBucket"];

/// The account's Block Public Access and its buckets.
pub async fn buckets(
    session: &Session,
    filter: &RegionFilter,
) -> (Fact<PublicAccessBlock>, Fact<BucketList>) {
    let (block, listed) = future::join(account_block(session), listing::list(session)).await;
    let buckets = match listed {
        Ok(listed) => Ok(look_at(session, filter, listed, block.as_ref().ok().copied()).await),
        Err(failure) => Err(failure.into()),
    };
    (block.map_err(Into::into).into(), buckets.into())
}

/// The effective block: the union of the account's own and the organization's policy.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>
async fn account_block(session: &Session) -> Result<PublicAccessBlock, Failure> {
    let client = session.clients.s3_control();
    let answer = session
        .lane(&Place::Global)
        .call(&GET_ACCOUNT_BLOCK, || {
            let request = client
                .get_public_access_block()
                .account_id(session.account.as_str());
            // The host carries the account id, so no other account can reuse this connection.
            request.customize().mutate_request(close_connection).send()
        })
        .await;
    let block = match answer {
        Err(failure) if failure.has_code(NO_BLOCK) => return Ok(PublicAccessBlock::default()),
        answer => answer?.public_access_block_configuration,
    };
    let block = require(
        GET_ACCOUNT_BLOCK.action,
        "PublicAccessBlockConfiguration",
        block,
    )?;
    Ok(PublicAccessBlock {
        block_public_acls: block.block_public_acls == Some(true),
        ignore_public_acls: block.ignore_public_acls == Some(true),
        block_public_policy: block.block_public_policy == Some(true),
        restrict_public_buckets: block.restrict_public_buckets == Some(true),
    })
}

fn close_connection(request: &mut aws_smithy_runtime_api::client::orchestrator::HttpRequest) {
    request.headers_mut().insert("connection", "close");
}

/// Places each bucket, leaves out those in Regions that are not scanned, and asks about the others
/// where the account's block leaves something to ask.
async fn look_at(
    session: &Session,
    filter: &RegionFilter,
    listed: Vec<listing::Listed>,
    block: Option<PublicAccessBlock>,
) -> BucketList {
    let looked: Vec<Looked> = stream::iter(listed)
        .map(|bucket| look_at_one(session, filter, bucket, block))
        .buffered(SIDE_BY_SIDE)
        .collect()
        .await;
    let mut list = BucketList::default();
    for one in looked {
        match one {
            Looked::At(bucket) => list.buckets.push(bucket),
            Looked::Outside => list.outside_regions += 1,
            Looked::Gone => {}
        }
    }
    list
}

/// What became of a bucket of the list.
enum Looked {
    At(Bucket),
    /// Its Region is filtered out.
    Outside,
    /// It was deleted after it was listed.
    Gone,
}

async fn look_at_one(
    session: &Session,
    filter: &RegionFilter,
    listed: listing::Listed,
    block: Option<PublicAccessBlock>,
) -> Looked {
    let region = match listed.region {
        Some(region) => Ok(region),
        None => listing::location(session, &listed.name).await,
    };
    if region.as_ref().is_ok_and(|region| !filter.admits(region)) {
        return Looked::Outside;
    }
    let access = match &region {
        Err(failure) if failure.has_code(GONE) => return Looked::Gone,
        _ if block.is_some_and(PublicAccessBlock::settles) => None,
        Ok(region) => match access::of(session, &listed.name, region, block).await {
            Err(failure) if failure.has_code(GONE) => return Looked::Gone,
            access => Some(access.map_err(Into::into).into()),
        },
        Err(failure) => Some(Fact::missing(failure.clone().into())),
    };
    Looked::At(Bucket {
        name: listed.name,
        region: region.map_err(Into::into).into(),
        access,
    })
}

/// A bucket in a Region whose S3 does not accept credentials that work at home.
fn in_bucket_region<T>(
    answer: Result<T, Failure>,
    region: &Region,
    home: &Region,
) -> Result<T, Failure> {
    answer.map_err(|failure| match failure.cause {
        Cause::CredentialsRejected if region != home => Failure {
            cause: Cause::RegionOff,
            ..failure
        },
        _ => failure,
    })
}
