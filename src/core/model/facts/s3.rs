//! Facts of S3.

use crate::model::{Fact, Gap, Items, Region};

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

    /// Whether all four settings are on.
    pub fn is_full(self) -> bool {
        self.off().is_empty()
    }

    /// The settings that are off, by S3's names for them.
    pub fn off(self) -> Vec<&'static str> {
        let settings = [
            (self.block_public_acls, "BlockPublicAcls"),
            (self.ignore_public_acls, "IgnorePublicAcls"),
            (self.block_public_policy, "BlockPublicPolicy"),
            (self.restrict_public_buckets, "RestrictPublicBuckets"),
        ];
        let off = settings.into_iter().filter(|(is_on, _)| !is_on);
        off.map(|(_, name)| name).collect()
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
    pub buckets: Items<Bucket>,
    /// How many were left out because their Region is filtered out.
    pub outside_regions: u64,
}

/// An S3 general purpose bucket. What no selected check needs was not collected, nor what the account's
/// Block Public Access makes irrelevant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// Where it is, or why that could not be had.
    pub region: Fact<Region>,
    /// Its own Block Public Access; all off where it has none.
    pub block: Fact<PublicAccessBlock>,
    /// S3's own judgement of the bucket policy; `false` without a policy.
    pub policy_is_public: Fact<bool>,
    /// ACL grants to everybody.
    pub public_grants: Fact<Items<AclGrant>>,
    /// Its policy, a JSON text; none where it has none.
    pub policy: Fact<Option<String>>,
    /// Whether it keeps old versions of objects.
    pub versioning: Fact<Versioning>,
    /// The bucket that its access logs go to; none where it keeps none.
    pub logs_to: Fact<Option<String>>,
    /// What new objects are encrypted with, unless whoever writes them says otherwise.
    pub encryption: Fact<Encryption>,
}

impl Bucket {
    /// A bucket of which nothing could be read, its Region included.
    pub fn unreachable(name: String, gap: &Gap) -> Self {
        Self {
            name,
            region: Fact::missing(gap.clone()),
            block: Fact::missing(gap.clone()),
            policy_is_public: Fact::missing(gap.clone()),
            public_grants: Fact::missing(gap.clone()),
            policy: Fact::missing(gap.clone()),
            versioning: Fact::missing(gap.clone()),
            logs_to: Fact::missing(gap.clone()),
            encryption: Fact::missing(gap.clone()),
        }
    }
}

/// Whether a bucket keeps old versions of objects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Versioning {
    /// Whether it does.
    pub state: VersioningState,
    /// Whether it takes a second factor to delete a version, or to change this setting.
    pub mfa_delete: bool,
}

/// The states of a bucket's versioning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VersioningState {
    /// It was never switched on.
    #[default]
    Never,
    /// It is on.
    Enabled,
    /// It was on: versions from then are kept, and new ones are not made.
    Suspended,
}

/// What a bucket encrypts new objects with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// S3's own keys (SSE-S3), which all buckets have since 2023 unless they are told otherwise.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html>
    S3,
    /// Keys of KMS: SSE-KMS, or two layers of it (DSSE-KMS).
    Kms,
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
