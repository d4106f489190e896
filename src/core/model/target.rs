//! Scopes: where a fact lives.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::fmt;
use std::sync::{Arc, LazyLock};

use schemars::JsonSchema;

use super::text::serde_as_text;
use crate::partition::{PARTITIONS, Partition};

/// The name of an AWS Region, `eu-west-1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema)]
#[schemars(with = "String")]
pub struct Region(Arc<str>);

/// The names of all known Regions, each once in memory: there are a few dozen, and every account of an
/// organization has them all.
static KNOWN: LazyLock<BTreeSet<Arc<str>>> = LazyLock::new(|| {
    let names = PARTITIONS.iter().flat_map(Partition::regions);
    names.map(Arc::from).collect()
});

impl Region {
    /// A Region by its name.
    pub fn new(name: impl AsRef<str>) -> Self {
        let name = name.as_ref();
        Self(KNOWN.get(name).cloned().unwrap_or_else(|| name.into()))
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of the Region that a partition's IAM is in, with what is about an account as a whole; none
    /// of a partition that is not known.
    pub fn of_iam(partition: &str) -> Option<&'static str> {
        Partition::named(partition).map(|one| one.iam_region)
    }
}

impl From<&str> for Region {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

serde_as_text!(Region, |name| Ok::<_, Infallible>(Region::new(name)));

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Where a fact lives: the account as a whole (IAM, S3's list of buckets), or one Region of it.
///
/// Written as `global` or as the Region's name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema)]
#[schemars(with = "String")]
pub enum TargetScope {
    /// The account as a whole.
    Global,
    /// One Region of the account.
    Region(Region),
}

impl TargetScope {
    /// How the account as a whole is written.
    pub const GLOBAL: &'static str = "global";

    /// `global`, or the Region's name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Global => Self::GLOBAL,
            Self::Region(region) => region.as_str(),
        }
    }
}

impl From<&str> for TargetScope {
    fn from(name: &str) -> Self {
        match name {
            Self::GLOBAL => Self::Global,
            region => Self::Region(Region::new(region)),
        }
    }
}

serde_as_text!(TargetScope, |name| Ok::<_, Infallible>(TargetScope::from(
    name
)));

impl fmt::Display for TargetScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
