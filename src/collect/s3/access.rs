//! Who may reach one bucket.

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{Grant, Permission};

use super::{GONE, NO_BLOCK, in_bucket_region};
use crate::assume::Session;
use crate::aws::{Failure, require};
use crate::model::{
    AclGrant, AclGroup, AclPermission, BucketAccess, Fact, Gap, Place, PublicAccessBlock, Region,
};
use crate::pace::api::{GET_BUCKET_ACL, GET_BUCKET_BLOCK, GET_BUCKET_POLICY_STATUS};

/// S3's names for everybody.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html>
const ALL_USERS: &str = "http://acs.amazonaws.com/groups/global/AllUsers";
const AUTHENTICATED_USERS: &str = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";

/// What decides whether the bucket is public: its own block first, which usually settles it, and
/// then only what no block makes irrelevant.
///
/// # Errors
/// Where nothing could be read, or the bucket is gone.
pub(super) async fn of(
    session: &Session,
    bucket: &str,
    region: &Region,
    account_block: Option<PublicAccessBlock>,
) -> Result<BucketAccess, Failure> {
    let asked = Asked {
        session,
        client: session.clients.s3(region),
        bucket,
        region,
    };
    let block = asked.block().await?;
    let effective = block.and(account_block.unwrap_or_default());
    let policy_is_public = match effective.restrict_public_buckets {
        true => None,
        false => Some(unless_gone(asked.policy_is_public().await)?),
    };
    let public_grants = match effective.ignore_public_acls {
        true => None,
        false => Some(unless_gone(asked.public_grants().await)?),
    };
    Ok(BucketAccess {
        block,
        policy_is_public,
        public_grants,
    })
}

/// The fact or its gap; but a bucket that has gone meanwhile is no gap of its own.
fn unless_gone<T>(answer: Result<T, Failure>) -> Result<Fact<T>, Failure> {
    match answer {
        Err(failure) if failure.has_code(GONE) => Err(failure),
        answer => Ok(answer.map_err(Gap::from).into()),
    }
}

/// A bucket that is asked about in its own Region.
struct Asked<'a> {
    session: &'a Session,
    client: Client,
    bucket: &'a str,
    region: &'a Region,
}

impl Asked<'_> {
    fn lane(&self) -> std::sync::Arc<crate::pace::Lane> {
        self.session.lane(&Place::Region(self.region.clone()))
    }

    fn here<T>(&self, answer: Result<T, Failure>) -> Result<T, Failure> {
        in_bucket_region(answer, self.region, &self.session.home)
    }

    async fn block(&self) -> Result<PublicAccessBlock, Failure> {
        let request = || {
            let request = self.client.get_public_access_block();
            request.bucket(self.bucket).send()
        };
        let answer = self.lane().call(&GET_BUCKET_BLOCK, request).await;
        let block = match self.here(answer) {
            Err(failure) if failure.has_code(NO_BLOCK) => return Ok(PublicAccessBlock::default()),
            answer => answer?.public_access_block_configuration,
        };
        let block = require(
            GET_BUCKET_BLOCK.action,
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

    async fn policy_is_public(&self) -> Result<bool, Failure> {
        let request = || {
            let request = self.client.get_bucket_policy_status();
            request.bucket(self.bucket).send()
        };
        let answer = self.lane().call(&GET_BUCKET_POLICY_STATUS, request).await;
        let status = match self.here(answer) {
            Err(failure) if failure.has_code(&["NoSuchBucketPolicy"]) => return Ok(false),
            answer => answer?.policy_status.and_then(|status| status.is_public),
        };
        require(GET_BUCKET_POLICY_STATUS.action, "IsPublic", status)
    }

    async fn public_grants(&self) -> Result<Vec<AclGrant>, Failure> {
        let request = || self.client.get_bucket_acl().bucket(self.bucket).send();
        let answer = self.lane().call(&GET_BUCKET_ACL, request).await;
        let grants = self.here(answer)?.grants.unwrap_or_default();
        let mut public: Vec<AclGrant> = grants.iter().filter_map(public_grant).collect();
        public.sort();
        Ok(public)
    }
}

fn public_grant(grant: &Grant) -> Option<AclGrant> {
    let group = match grant.grantee.as_ref()?.uri.as_deref()? {
        ALL_USERS => AclGroup::AllUsers,
        AUTHENTICATED_USERS => AclGroup::AuthenticatedUsers,
        _ => return None,
    };
    let permission = match grant.permission.as_ref()? {
        Permission::Read => AclPermission::Read,
        Permission::Write => AclPermission::Write,
        Permission::ReadAcp => AclPermission::ReadAcp,
        Permission::WriteAcp => AclPermission::WriteAcp,
        // A permission that S3 may add later is taken for the worst.
        _ => AclPermission::FullControl,
    };
    Some(AclGrant { group, permission })
}
