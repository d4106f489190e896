//! Facts of S3.

use crate::model::{Fact, Region};

/// The four settings of S3 Block Public Access.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PublicAccessBlock {
    /// New public ACLs are refused; existing ones stay in force.
    pub block_public_acls: bool,
    /// Public ACLs have no effect.
    pub ignore_public_acls: bool,
    /// New public policies are refused; existing ones stay in force.
    pub block_public_policy: bool,
    /// Public policies give access only inside the account and to AWS services.
    pub restrict_public_buckets: bool,
}

impl PublicAccessBlock {
    /// Whether no bucket under this block can be public, whatever its policy and ACL say.
    pub fn settles(self) -> bool {
        self.ignore_public_acls && self.restrict_public_buckets
    }

    /// The union of two blocks: S3 applies the most restrictive of account and bucket.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            block_public_acls: self.block_public_acls || other.block_public_acls,
            ignore_public_acls: self.ignore_public_acls || other.ignore_public_acls,
            block_public_policy: self.block_public_policy || other.block_public_policy,
            restrict_public_buckets: self.restrict_public_buckets || other.restrict_public_buckets,
        }
    }
}

/// The account's buckets, within the Regions that are scanned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BucketList {
    /// Buckets in Regions that the configuration lets in.
    pub buckets: Vec<Bucket>,
    /// How many were left out because their Region is filtered out.
    pub outside_regions: u64,
}

/// An S3 general purpose bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// Where it is, or why that could not be had.
    pub region: Fact<Region>,
    /// Who may reach it. `None` where the account's Block Public Access settles the answer, so that
    /// nothing was asked.
    pub access: Option<Fact<BucketAccess>>,
}

/// What decides whether a bucket is public. Facts that a block makes irrelevant are `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BucketAccess {
    /// The bucket's own Block Public Access; all off where it has none.
    pub block: PublicAccessBlock,
    /// S3's own judgement of the bucket policy; `false` without a policy.
    pub policy_is_public: Option<Fact<bool>>,
    /// ACL grants to everybody.
    pub public_grants: Option<Fact<Vec<AclGrant>>>,
}

/// An ACL grant to one of S3's two groups that stand for everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AclGrant {
    /// To whom.
    pub group: AclGroup,
    /// What.
    pub permission: AclPermission,
}

/// S3's groups that stand for everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AclGroup {
    /// Anyone on the internet.
    AllUsers,
    /// Anyone with any AWS account.
    AuthenticatedUsers,
}

/// What an ACL grant allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AclPermission {
    /// List the bucket's objects.
    Read,
    /// Create, overwrite and delete objects.
    Write,
    /// Read the ACL.
    ReadAcp,
    /// Change the ACL.
    WriteAcp,
    /// All of them.
    FullControl,
}
