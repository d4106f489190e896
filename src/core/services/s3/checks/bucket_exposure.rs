//! Whether a bucket is public: what its policy and ACL say, after Block Public Access.
//!
//! Only two of the four settings of Block Public Access take effect on what is there already:
//! `RestrictPublicBuckets` on a public policy, `IgnorePublicAcls` on a public ACL. The other two only
//! refuse new ones. S3 applies the most restrictive combination of account and bucket.
//!
//! Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>

use crate::facts::Facts;
use crate::model::{Gap, Items};
use crate::services::s3::{
    AccountBlock, AclGrant, BucketBlock, BucketGrants, BucketPolicyStatus, PublicAccessBlock,
};

/// What is known about who may reach a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum BucketExposure {
    /// It is certain that the bucket is not public.
    Shut,
    /// It is certain that the bucket is public; at least one of the ways is open.
    Public {
        /// Whether its policy lets the public in.
        policy: bool,
        /// ACL grants in force that let the public in.
        grants: Items<AclGrant>,
    },
    /// Neither is certain.
    Unknown(Vec<Gap>),
}

/// One way into a bucket: its policy, or its ACL.
enum AccessPath<T> {
    Shut,
    Open(T),
    Unknown(Vec<Gap>),
}

pub(super) fn exposure(facts: &Facts<'_>, bucket: &str) -> BucketExposure {
    let account = facts.get::<AccountBlock>().copied();
    if account.as_ref().is_ok_and(|block| block.settles()) {
        return BucketExposure::Shut;
    }
    match facts.of::<BucketBlock>(bucket).copied() {
        Ok(own) => join(
            policy(account.clone(), own, facts.of::<BucketPolicyStatus>(bucket)),
            acl(account, own, facts.of::<BucketGrants>(bucket)),
        ),
        // The account's own gap is listed as well: with its block known the bucket might be settled.
        Err(gap) => {
            BucketExposure::Unknown([Some(gap), account.err()].into_iter().flatten().collect())
        }
    }
}

fn policy(
    account: Result<PublicAccessBlock, Gap>,
    own: PublicAccessBlock,
    is_public: Result<&bool, Gap>,
) -> AccessPath<bool> {
    way(
        account.map(|block| block.and(own).restrict_public_buckets),
        own.restrict_public_buckets,
        is_public.copied(),
        |public| !public,
    )
}

fn acl(
    account: Result<PublicAccessBlock, Gap>,
    own: PublicAccessBlock,
    grants: Result<&Items<AclGrant>, Gap>,
) -> AccessPath<Items<AclGrant>> {
    // One grant to the public is enough, whatever the others are.
    let grants = grants.and_then(|grants| {
        if grants.known.is_empty() {
            grants.complete()?;
        }
        Ok(grants.clone())
    });
    way(
        account.map(|block| block.and(own).ignore_public_acls),
        own.ignore_public_acls,
        grants,
        Items::is_empty,
    )
}

/// Evaluates one access path.
///
/// `blocked` is the verdict of account and bucket together, `blocked_here` that of the bucket alone,
/// which is enough where the account's is not known. What no block makes irrelevant must be known.
fn way<T>(
    blocked: Result<bool, Gap>,
    blocked_here: bool,
    fact: Result<T, Gap>,
    harmless: fn(&T) -> bool,
) -> AccessPath<T> {
    if blocked_here || blocked == Ok(true) {
        return AccessPath::Shut;
    }
    match (fact, blocked) {
        (Ok(value), _) if harmless(&value) => AccessPath::Shut,
        (Ok(value), Ok(_)) => AccessPath::Open(value),
        (fact, blocked) => {
            AccessPath::Unknown([fact.err(), blocked.err()].into_iter().flatten().collect())
        }
    }
}

/// Puts the two ways together. An open way makes the bucket public whatever the other one is, so a gap
/// in the other one does not make the verdict unknown.
fn join(policy: AccessPath<bool>, acl: AccessPath<Items<AclGrant>>) -> BucketExposure {
    match (policy, acl) {
        (AccessPath::Open(policy), AccessPath::Open(grants)) => {
            BucketExposure::Public { policy, grants }
        }
        (AccessPath::Open(policy), _) => BucketExposure::Public {
            policy,
            grants: Items::default(),
        },
        (_, AccessPath::Open(grants)) => BucketExposure::Public {
            policy: false,
            grants,
        },
        (AccessPath::Shut, AccessPath::Shut) => BucketExposure::Shut,
        (policy, acl) => BucketExposure::Unknown([gaps(policy), gaps(acl)].concat()),
    }
}

fn gaps<T>(way: AccessPath<T>) -> Vec<Gap> {
    match way {
        AccessPath::Unknown(gaps) => gaps,
        AccessPath::Shut | AccessPath::Open(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
