//! Facts of EC2: volumes, instances, what is shared with everybody, and the settings of a Region.

use crate::model::Items;

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
