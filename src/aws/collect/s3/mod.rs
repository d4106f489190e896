//! S3 and S3 Control, once per account: the account's Block Public Access, then the buckets, each
//! asked in its own Region.

mod access;
mod asked;
mod block;
mod listing;
mod settings;

use futures::future;
use futures::stream::{self, StreamExt};
use orgscan_core::api;
use orgscan_core::api::{Api, GET_ACCOUNT_BLOCK};
use orgscan_core::checks::Need;
use orgscan_core::model::{Bucket, BucketList, Fact, Gap, Place, PublicAccessBlock};
use orgscan_core::settings::RegionFilter;

use block::block;

use crate::Failure;
use crate::assume::Session;
use crate::collect::Needs;

/// The API called for the account's Block Public Access.
pub const ACCOUNT_BLOCK_APIS: &[&Api] = &[&api::GET_ACCOUNT_BLOCK];

/// APIs called for the list of buckets.
pub const LIST_APIS: &[&Api] = &[&api::LIST_BUCKETS, &api::GET_BUCKET_LOCATION];

/// APIs called for who may reach a bucket, each only where no block makes it irrelevant.
pub const ACCESS_APIS: &[&Api] = &[
    &api::GET_BUCKET_BLOCK,
    &api::GET_BUCKET_POLICY_STATUS,
    &api::GET_BUCKET_ACL,
];

/// The API called for a bucket's Block Public Access.
pub const BLOCK_APIS: &[&Api] = &[&api::GET_BUCKET_BLOCK];

/// The API called for a bucket's policy.
pub const POLICY_APIS: &[&Api] = &[&api::GET_BUCKET_POLICY];

/// The API called for a bucket's versioning.
pub const VERSIONING_APIS: &[&Api] = &[&api::GET_BUCKET_VERSIONING];

/// The API called for a bucket's access logs.
pub const LOGGING_APIS: &[&Api] = &[&api::GET_BUCKET_LOGGING];

/// The API called for a bucket's encryption.
pub const ENCRYPTION_APIS: &[&Api] = &[&api::GET_BUCKET_ENCRYPTION];

/// Buckets asked about at the same time in one account; the limiters pace the requests anyway.
const SIDE_BY_SIDE: usize = 16;

/// S3's code for a bucket that is not there.
const GONE: &[&str] = &["NoSuchBucket"];

/// The account's Block Public Access and its buckets, as far as they are needed.
pub async fn collect(
    session: &Session,
    filter: &RegionFilter,
    needs: &Needs,
) -> (Fact<PublicAccessBlock>, Fact<BucketList>) {
    let block = async {
        match needs.has(Need::AccountBlock) {
            true => account_block(session).await.map_err(Gap::from).into(),
            false => Fact::default(),
        }
    };
    let listed = async {
        match needs.has(Need::Buckets) {
            true => Some(listing::list(session).await),
            false => None,
        }
    };
    let (block, listed) = future::join(block, listed).await;
    let look = Look {
        session,
        filter,
        needs,
        account_block: block.get().ok().copied(),
    };
    let buckets = match listed {
        Some(Ok(listed)) => Fact::known(look.at(listed).await),
        Some(Err(failure)) => Fact::missing(failure.into()),
        None => Fact::default(),
    };
    (block, buckets)
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
    block!(GET_ACCOUNT_BLOCK, answer)
}

fn close_connection(request: &mut aws_smithy_runtime_api::client::orchestrator::HttpRequest) {
    request.headers_mut().insert("connection", "close");
}

/// What becomes of a bucket of the list.
enum Looked {
    At(Box<Bucket>),
    /// Its Region is filtered out.
    Outside,
    /// It was deleted after it was listed.
    Gone,
}

/// A look at an account's buckets.
struct Look<'a> {
    session: &'a Session,
    filter: &'a RegionFilter,
    needs: &'a Needs,
    /// The account's block, where it is known.
    account_block: Option<PublicAccessBlock>,
}

impl Look<'_> {
    /// Places each bucket, leaves out those in Regions that are not scanned, and asks about the others.
    async fn at(&self, listed: Vec<Result<listing::Listed, Failure>>) -> BucketList {
        let looked: Vec<Result<Looked, Failure>> = stream::iter(listed)
            .map(|bucket| async { Ok(self.at_one(bucket?).await) })
            .buffered(SIDE_BY_SIDE)
            .collect()
            .await;
        let mut list = BucketList::default();
        for one in looked {
            match one {
                Ok(Looked::At(bucket)) => list.buckets.known.push(*bucket),
                Ok(Looked::Outside) => list.outside_regions += 1,
                Ok(Looked::Gone) => {}
                Err(failure) => list.buckets.gaps.push(failure.into()),
            }
        }
        list
    }

    async fn at_one(&self, listed: listing::Listed) -> Looked {
        let region = match listed.region {
            Some(region) => Ok(region),
            None => listing::location(self.session, &listed.name).await,
        };
        let asked = match region {
            Ok(region) if !self.filter.admits(&region) => return Looked::Outside,
            Ok(region) => asked::about(self, listed.name, region).await,
            Err(failure) if failure.has_code(GONE) => return Looked::Gone,
            Err(failure) => {
                let gap = Gap::from(failure).of(&listed.name);
                Ok(Bucket::unreachable(listed.name, &gap))
            }
        };
        match asked {
            Ok(bucket) => Looked::At(Box::new(bucket)),
            Err(Gone) => Looked::Gone,
        }
    }
}

/// A bucket that was there and is there no more.
struct Gone;
