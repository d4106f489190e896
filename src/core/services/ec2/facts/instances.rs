//! Facts of EC2: volumes, instances, what is public, and the settings of a Region.

use crate::facts::{Fact, FactSpec, when};
use crate::model::Items;
use crate::services::ec2::apis;

/// An EBS volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// `vol-…`
    pub id: String,
    /// Whether it is encrypted.
    pub encrypted: bool,
    /// GiB; none where AWS does not say.
    pub size: Option<i32>,
    /// Instances that it is attached to.
    pub attached_to: Vec<String>,
    /// How many other attachments it has, of which AWS names no instance.
    pub other_attachments: usize,
}

/// An EC2 instance, as far as its addresses and what its machine may do go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// `i-…`
    pub id: String,
    /// Its VPC; none where AWS does not say.
    pub vpc: Option<String>,
    /// `running`, `stopped` and so on, in EC2's words.
    pub state: String,
    /// Its network interfaces.
    pub interfaces: Vec<Interface>,
    /// Whether it has an IAM instance profile.
    pub has_profile: bool,
    /// Whether its metadata service answers without a token; none where AWS does not say.
    pub answers_imdsv1: Option<bool>,
}

/// A network interface of an instance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interface {
    /// Its subnet; none where AWS does not say.
    pub subnet: Option<String>,
    /// Public IPv4 addresses, assigned or Elastic; a gap for each that AWS does not name.
    pub public_ipv4: Items<String>,
    /// IPv6 addresses and delegated prefixes; a gap for each that AWS does not name.
    pub ipv6: Items<String>,
    /// Ids of its security groups; a gap for each that AWS does not name.
    pub groups: Items<String>,
}

impl Instance {
    /// Public IPv4 addresses of all its interfaces.
    pub fn public_ipv4(&self) -> impl Iterator<Item = &str> {
        let addresses = self.interfaces.iter().flat_map(|one| &one.public_ipv4);
        addresses.map(String::as_str)
    }

    /// Whether it has a public IPv4 address or an IPv6 one, or one that AWS does not name.
    pub fn may_have_address(&self) -> bool {
        let mut interfaces = self.interfaces.iter();
        interfaces.any(|one| !one.public_ipv4.is_empty() || !one.ipv6.is_empty())
    }

    /// Whether it is on, or on its way there.
    pub fn is_on(&self) -> bool {
        matches!(self.state.as_str(), "running" | "pending")
    }
}

/// An EBS snapshot that everybody may make volumes of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicSnapshot {
    /// `snap-…`
    pub id: String,
    /// GiB; none where AWS does not say.
    pub size: Option<i32>,
}

/// A machine image that everybody may start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicImage {
    /// `ami-…`
    pub id: String,
    /// Its name; none where AWS does not say.
    pub name: Option<String>,
}

/// What block public access for EBS snapshots refuses in a Region.
///
/// Source: <https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SnapshotBlock {
    /// Nothing.
    #[default]
    Off,
    /// To share more snapshots with everybody. Those that are shared stay so.
    NewSharing,
    /// To share with everybody at all. Snapshots that say that they are public are not.
    AllSharing,
}

/// EBS volumes, managed ones included.
#[derive(Debug)]
pub struct Volumes;

impl Fact for Volumes {
    type Value = Items<Volume>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.volumes",
        calls: &[&apis::DESCRIBE_VOLUMES],
        ..FactSpec::REGION
    };
}

/// EC2 instances that exist (not terminated), managed ones included.
#[derive(Debug)]
pub struct Instances;

impl Fact for Instances {
    type Value = Items<Instance>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.instances",
        calls: &[&apis::DESCRIBE_INSTANCES],
        ..FactSpec::REGION
    };
}

/// EBS snapshots of the account that everybody may use.
#[derive(Debug)]
pub struct PublicSnapshots;

impl Fact for PublicSnapshots {
    type Value = Items<PublicSnapshot>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.public_snapshots",
        calls: &[&apis::DESCRIBE_SNAPSHOTS],
        ..FactSpec::REGION
    };
}

impl Fact for SnapshotBlock {
    type Value = Self;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.snapshot_block",
        calls: &[&apis::GET_SNAPSHOT_BLOCK],
        ..FactSpec::REGION
    };
}

/// Nothing of its own: block public access for snapshots is read where a snapshot is public.
#[derive(Debug)]
pub struct PublicSnapshotBlock;

impl Fact for PublicSnapshotBlock {
    type Value = ();
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.public_snapshot_block",
        least: 0,
        reads: &[PublicSnapshots::SPEC],
        may_read: &[when("a snapshot is public", &[SnapshotBlock::SPEC])],
        ..FactSpec::REGION
    };
}

/// Machine images of the account that everybody may start.
#[derive(Debug)]
pub struct PublicImages;

impl Fact for PublicImages {
    type Value = Items<PublicImage>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.public_images",
        calls: &[&apis::DESCRIBE_IMAGES],
        ..FactSpec::REGION
    };
}

/// Whether block public access for machine images is on.
#[derive(Debug)]
pub struct ImageBlock;

impl Fact for ImageBlock {
    type Value = bool;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.image_block",
        calls: &[&apis::GET_IMAGE_BLOCK],
        ..FactSpec::REGION
    };
}

/// Whether all new EBS volumes are encrypted by default.
#[derive(Debug)]
pub struct EncryptionByDefault;

impl Fact for EncryptionByDefault {
    type Value = bool;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.encryption_by_default",
        calls: &[&apis::GET_ENCRYPTION_BY_DEFAULT],
        ..FactSpec::REGION
    };
}

/// Whether new instances ask for IMDSv2 unless set otherwise.
#[derive(Debug)]
pub struct MetadataDefaults;

impl Fact for MetadataDefaults {
    type Value = bool;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.metadata_defaults",
        calls: &[&apis::GET_METADATA_DEFAULTS],
        ..FactSpec::REGION
    };
}
