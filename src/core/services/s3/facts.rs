//! Facts of S3.

use crate::facts::{Fact, FactSpec, when};
use crate::model::{Items, Reading, Region};
use crate::services::s3::apis;

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
    /// Names of the buckets in other Regions.
    pub elsewhere: Vec<String>,
}

impl BucketList {
    /// The names of all.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let listed = self.buckets.iter().map(|one| one.name.as_str());
        listed.chain(self.elsewhere.iter().map(String::as_str))
    }

    /// How many are in Regions that the configuration does not let in.
    #[must_use]
    pub fn count_elsewhere(&self) -> u64 {
        self.elsewhere.len() as u64
    }
}

/// An S3 general purpose bucket. More about it are facts of their own, by its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// Where it is, or why that could not be had.
    pub region: Reading<Region>,
}

/// The kind of resource that facts of buckets are about.
const BUCKET: &str = "s3.bucket";

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
    /// S3's own keys (SSE-S3), which all buckets have since 2023 unless set otherwise.
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

/// The account's Block Public Access for S3: the effective value, the organization's policy included.
#[derive(Debug)]
pub struct AccountBlock;

impl Fact for AccountBlock {
    type Value = PublicAccessBlock;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "s3.account_block",
        calls: &[&apis::GET_ACCOUNT_BLOCK],
        ..FactSpec::ACCOUNT
    };
}

impl Fact for BucketList {
    type Value = Self;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "s3.buckets",
        calls: &[&apis::LIST_BUCKETS, &apis::GET_BUCKET_LOCATION],
        ..FactSpec::ACCOUNT
    };
}

/// The bucket's own Block Public Access; all off where it has none.
#[derive(Debug)]
pub struct BucketBlock;

impl Fact for BucketBlock {
    type Value = PublicAccessBlock;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "s3.bucket_block",
        calls: &[&apis::GET_BUCKET_BLOCK],
        ..FactSpec::each(BUCKET)
    };
}

/// S3's own evaluation of the bucket policy; `false` without a policy.
#[derive(Debug)]
pub struct BucketPolicyStatus;

impl Fact for BucketPolicyStatus {
    type Value = bool;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "s3.bucket_policy_status",
        calls: &[&apis::GET_BUCKET_POLICY_STATUS],
        ..FactSpec::each(BUCKET)
    };
}

/// ACL grants to everybody.
#[derive(Debug)]
pub struct BucketGrants;

impl Fact for BucketGrants {
    type Value = Items<AclGrant>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "s3.bucket_acl",
        calls: &[&apis::GET_BUCKET_ACL],
        ..FactSpec::each(BUCKET)
    };
}

/// Nothing of its own: what tells whether a bucket is public is read as far as no block makes it irrelevant.
#[derive(Debug)]
pub struct BucketAccess;

impl Fact for BucketAccess {
    type Value = ();
    const SPEC: &'static FactSpec = &FactSpec {
        key: "s3.bucket_access",
        reads: &[AccountBlock::SPEC],
        may_read: &[
            when(
                "the account's block allows public policies or ACLs",
                &[BucketBlock::SPEC],
            ),
            when(
                "no block in force makes public policies irrelevant",
                &[BucketPolicyStatus::SPEC],
            ),
            when(
                "no block in force makes public ACLs irrelevant",
                &[BucketGrants::SPEC],
            ),
        ],
        ..FactSpec::each(BUCKET)
    };
}

/// Nothing of its own: a bucket's block is read where the account's leaves a setting off.
#[derive(Debug)]
pub struct BucketBlocks;

impl Fact for BucketBlocks {
    type Value = ();
    const SPEC: &'static FactSpec = &FactSpec {
        key: "s3.bucket_blocks",
        reads: &[AccountBlock::SPEC],
        may_read: &[when(
            "the account's block leaves a setting off",
            &[BucketBlock::SPEC],
        )],
        ..FactSpec::each(BUCKET)
    };
}

/// The bucket's policy, a JSON text; none where it has none.
#[derive(Debug)]
pub struct BucketPolicy;

impl Fact for BucketPolicy {
    type Value = Option<String>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "s3.bucket_policy",
        calls: &[&apis::GET_BUCKET_POLICY],
        ..FactSpec::each(BUCKET)
    };
}

impl Fact for Versioning {
    type Value = Self;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "s3.bucket_versioning",
        calls: &[&apis::GET_BUCKET_VERSIONING],
        ..FactSpec::each(BUCKET)
    };
}

/// The bucket that the bucket's access logs go to; none where it keeps none.
#[derive(Debug)]
pub struct BucketLogging;

impl Fact for BucketLogging {
    type Value = Option<String>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "s3.bucket_logging",
        calls: &[&apis::GET_BUCKET_LOGGING],
        ..FactSpec::each(BUCKET)
    };
}

impl Fact for Encryption {
    type Value = Self;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "s3.bucket_encryption",
        calls: &[&apis::GET_BUCKET_ENCRYPTION],
        ..FactSpec::each(BUCKET)
    };
}
