//! The list of all checks. A new check is one new file and one line here.

use crate::config::SensitivePort;
use crate::model::{AccountFacts, AccountId, Gap, Judgement, Region, RegionFacts, Severity};

/// All checks, in the order in which they are shown.
pub const CHECKS: &[&Check] = &[
    &super::iam_user_without_mfa::CHECK,
    &super::ebs_volume_unencrypted::CHECK,
    &super::s3_bucket_public::CHECK,
];

/// The check with this id.
pub fn by_id(id: &str) -> Option<&'static Check> {
    CHECKS.iter().copied().find(|check| check.id == id)
}

/// A pure rule over facts, and what people need to know about it.
#[derive(Debug)]
pub struct Check {
    /// Its id, in kebab case: `ebs-volume-unencrypted`. Part of every finding's identity: never changed.
    pub id: &'static str,
    /// What a violation is, in a line.
    pub title: &'static str,
    /// The category that it belongs to.
    pub category: Category,
    /// How bad a violation usually is; a single one may be milder or worse.
    pub severity: Severity,
    /// Why it matters, for a person who owns the account.
    pub why: &'static str,
    /// How to mend it, with the AWS CLI command.
    pub fix: &'static str,
    /// The facts that the rule reads. What no selected check needs is not collected.
    pub needs: &'static [Need],
    /// The rule.
    pub rule: Rule,
}

/// The categories of the indicators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub enum Category {
    /// Who can sign in, and how.
    #[serde(rename = "IAM security")]
    IamSecurity,
    /// Data at rest.
    #[serde(rename = "data encryption")]
    DataEncryption,
    /// What the internet can reach.
    #[serde(rename = "exposure risks")]
    ExposureRisks,
    /// What the network lets in.
    #[serde(rename = "network security")]
    NetworkSecurity,
}

impl Category {
    /// The category's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::IamSecurity => "IAM security",
            Self::DataEncryption => "data encryption",
            Self::ExposureRisks => "exposure risks",
            Self::NetworkSecurity => "network security",
        }
    }
}

/// A kind of fact that collectors fetch as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// [`AccountFacts::users`]
    Users,
    /// [`AccountFacts::buckets`] and [`AccountFacts::public_access_block`]
    Buckets,
    /// [`RegionFacts::volumes`]
    Volumes,
    /// [`RegionFacts::instances`] and what tells whether they are reachable
    Instances,
    /// [`RegionFacts::security_groups`] and [`RegionFacts::prefix_lists`]
    SecurityGroups,
}

/// What a rule may know beside the facts.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The account.
    pub account: &'a AccountId,
    /// Its partition, for ARNs.
    pub partition: &'a str,
    /// Ports that should not be open to the world.
    pub sensitive_ports: &'a [SensitivePort],
}

/// A rule over the facts of an account as a whole, or of one Region.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    /// Runs once per account.
    Account(fn(&AccountFacts, &Context<'_>) -> Result<Judgement, Gap>),
    /// Runs once per scanned Region.
    Region(fn(&RegionFacts, &Region, &Context<'_>) -> Result<Judgement, Gap>),
}
