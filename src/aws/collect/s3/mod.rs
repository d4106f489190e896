//! S3 and S3 Control, once per account: the account's Block Public Access, then the buckets, each
//! asked in its own Region.

mod access;
mod block;
mod bucket;
mod listing;
mod settings;

use orgscan_core::services::s3::{
    AccountBlock, BucketAccess, BucketBlocks, BucketList, BucketLogging, BucketPolicy, Encryption,
    GET_ACCOUNT_BLOCK, PublicAccessBlock, Versioning,
};

use block::block;
use bucket::BucketScope;

use super::{AccountScope, Collect, Collector, FactError, collectors};

/// The facts of an account.
pub(super) fn collectors<'a>() -> Vec<Collector<AccountScope<'a>>> {
    collectors![AccountBlock, BucketList]
}

/// The facts of each bucket, in the order in which they are read.
pub(super) fn of_a_bucket<'a>() -> Vec<Collector<BucketScope<'a>>> {
    collectors![
        BucketAccess,
        BucketBlocks,
        BucketPolicy,
        Versioning,
        BucketLogging,
        Encryption,
    ]
}

impl Collect<AccountScope<'_>> for AccountBlock {
    /// The effective block: the union of the account's own and the organization's policy.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>
    async fn collect(scope: &AccountScope<'_>) -> Result<PublicAccessBlock, FactError> {
        let client = scope.session.clients.s3_control();
        let answer = scope
            .api_caller
            .call(&GET_ACCOUNT_BLOCK, || {
                let request = client
                    .get_public_access_block()
                    .account_id(scope.session.account.as_str());
                // The host carries the account id, so no other account can reuse this connection.
                request.customize().mutate_request(close_connection).send()
            })
            .await;
        block!(GET_ACCOUNT_BLOCK, answer)
    }
}

fn close_connection(request: &mut aws_smithy_runtime_api::client::orchestrator::HttpRequest) {
    request.headers_mut().insert("connection", "close");
}
