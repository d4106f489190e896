//! Who may reach one bucket.

use aws_sdk_s3::types::{Grant, Permission};
use orgscan_core::api::Meaning;
use orgscan_core::model::Items;
use orgscan_core::services::s3::{
    AccountBlock, AclGrant, AclGroup, AclPermission, BucketAccess, BucketBlock, BucketBlocks,
    BucketGrants, BucketPolicyStatus, GET_BUCKET_ACL, GET_BUCKET_BLOCK, GET_BUCKET_POLICY_STATUS,
    PublicAccessBlock,
};

use super::block::block;
use super::bucket::BucketScope;
use crate::collect::{Collect, CollectScope, FactError};
use crate::{Failure, require};

/// S3's names for everybody.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html>
const ALL_USERS: &str = "http://acs.amazonaws.com/groups/global/AllUsers";
const AUTHENTICATED_USERS: &str = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";

impl Collect<BucketScope<'_>> for BucketAccess {
    async fn collect(scope: &BucketScope<'_>) -> Result<(), FactError> {
        let account = scope.account.fact::<AccountBlock>().await;
        let account = account.map(|block| *block).unwrap_or_default();
        if account.settles() {
            return Ok(());
        }
        // What the block's gap makes unknown, no other answer would settle.
        let own = scope.fact::<BucketBlock>().await?;
        let effective = own.and(account);
        if !effective.restrict_public_buckets {
            scope.fact::<BucketPolicyStatus>().await?;
        }
        if !effective.ignore_public_acls {
            scope.fact::<BucketGrants>().await?;
        }
        Ok(())
    }
}

impl Collect<BucketScope<'_>> for BucketBlocks {
    async fn collect(scope: &BucketScope<'_>) -> Result<(), FactError> {
        let account = scope.account.fact::<AccountBlock>().await;
        if !account.is_ok_and(|block| block.is_full()) {
            scope.fact::<BucketBlock>().await?;
        }
        Ok(())
    }
}

impl Collect<BucketScope<'_>> for BucketBlock {
    async fn collect(scope: &BucketScope<'_>) -> Result<PublicAccessBlock, FactError> {
        let request = || {
            let request = scope.client.get_public_access_block();
            request.bucket(scope.bucket).send()
        };
        let answer = scope.ask(&GET_BUCKET_BLOCK, request).await;
        block!(GET_BUCKET_BLOCK, answer)
    }
}

impl Collect<BucketScope<'_>> for BucketPolicyStatus {
    async fn collect(scope: &BucketScope<'_>) -> Result<bool, FactError> {
        let request = || {
            let request = scope.client.get_bucket_policy_status();
            request.bucket(scope.bucket).send()
        };
        let answer = scope.ask(&GET_BUCKET_POLICY_STATUS, request).await;
        let status = match answer {
            Err(failure) if failure.means(Meaning::Absent) => return Ok(false),
            answer => answer?.policy_status.and_then(|status| status.is_public),
        };
        Ok(require(
            GET_BUCKET_POLICY_STATUS.action,
            "IsPublic",
            status,
        )?)
    }
}

impl Collect<BucketScope<'_>> for BucketGrants {
    async fn collect(scope: &BucketScope<'_>) -> Result<Items<AclGrant>, FactError> {
        let request = || scope.client.get_bucket_acl().bucket(scope.bucket).send();
        let answer = scope.ask(&GET_BUCKET_ACL, request).await?;
        let grants = require(GET_BUCKET_ACL.action, "AccessControlList", answer.grants)?;
        let public = grants
            .iter()
            .map(public_grant)
            .filter_map(Result::transpose);
        let mut public: Vec<_> = public.collect();
        public.sort_by_key(|grant| grant.as_ref().ok().copied());
        let public = public.into_iter();
        Ok(public
            .map(|grant| grant.map_err(|failure| scope.gap(failure)))
            .collect())
    }
}

/// The grant, if it is to everybody.
fn public_grant(grant: &Grant) -> Result<Option<AclGrant>, Failure> {
    let action = GET_BUCKET_ACL.action;
    let grantee = require(action, "the Grantee of a grant", grant.grantee.as_ref())?;
    let is_one = grantee.id.is_some() || grantee.email_address.is_some();
    let group = match grantee.uri.as_deref() {
        None if is_one => return Ok(None),
        uri => require(action, "the URI of a grant to a group", uri)?,
    };
    let group = match group {
        ALL_USERS => AclGroup::AllUsers,
        AUTHENTICATED_USERS => AclGroup::AuthenticatedUsers,
        _ => return Ok(None),
    };
    let permission = grant.permission.as_ref();
    let permission = match require(action, "the Permission of a grant to everybody", permission)? {
        Permission::Read => AclPermission::Read,
        Permission::Write => AclPermission::Write,
        Permission::ReadAcp => AclPermission::ReadAcp,
        Permission::WriteAcp => AclPermission::WriteAcp,
        // A permission that S3 may add later is taken for the worst.
        _ => AclPermission::FullControl,
    };
    Ok(Some(AclGrant { group, permission }))
}
