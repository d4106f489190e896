//! Who may reach one bucket.

use aws_sdk_s3::types::{Grant, Permission};
use orgscan_core::api::{GET_BUCKET_ACL, GET_BUCKET_BLOCK, GET_BUCKET_POLICY_STATUS};
use orgscan_core::model::{AclGrant, AclGroup, AclPermission, PublicAccessBlock};

use super::asked::Asked;
use super::block::block;
use crate::{Failure, require};

/// S3's names for everybody.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html>
const ALL_USERS: &str = "http://acs.amazonaws.com/groups/global/AllUsers";
const AUTHENTICATED_USERS: &str = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";

impl Asked<'_> {
    pub(super) async fn block(&self) -> Result<PublicAccessBlock, Failure> {
        let request = || {
            let request = self.client.get_public_access_block();
            request.bucket(self.bucket).send()
        };
        let answer = self.ask(&GET_BUCKET_BLOCK, request).await;
        block!(GET_BUCKET_BLOCK, answer)
    }

    pub(super) async fn policy_is_public(&self) -> Result<bool, Failure> {
        let request = || {
            let request = self.client.get_bucket_policy_status();
            request.bucket(self.bucket).send()
        };
        let answer = self.ask(&GET_BUCKET_POLICY_STATUS, request).await;
        let status = match answer {
            Err(failure) if failure.has_code(&["NoSuchBucketPolicy"]) => return Ok(false),
            answer => answer?.policy_status.and_then(|status| status.is_public),
        };
        require(GET_BUCKET_POLICY_STATUS.action, "IsPublic", status)
    }

    pub(super) async fn public_grants(&self) -> Result<Vec<Result<AclGrant, Failure>>, Failure> {
        let request = || self.client.get_bucket_acl().bucket(self.bucket).send();
        let answer = self.ask(&GET_BUCKET_ACL, request).await?;
        let grants = require(GET_BUCKET_ACL.action, "AccessControlList", answer.grants)?;
        let public = grants
            .iter()
            .map(public_grant)
            .filter_map(Result::transpose);
        let mut public: Vec<_> = public.collect();
        public.sort_by_key(|grant| grant.as_ref().ok().copied());
        Ok(public)
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
