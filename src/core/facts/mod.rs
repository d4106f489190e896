//! What a fact is: one type with its specification. Everything about it is derived from that: what a run needs, the
//! requests that this takes, the permissions, the tables of the documentation.
//!
//! Collectors put facts into a [`FactStore`]. A rule gets [`Facts`], a view of those that its check declares.

mod needs;
mod store;
mod view;

use std::any::Any;
use std::fmt;

use crate::api::Api;
pub use needs::Needs;
pub use store::{AnyValue, FactStore};
pub use view::Facts;

/// A kind of fact. The type is its name in code; often it is also the type of its value.
pub trait Fact: 'static {
    /// What was read.
    type Value: Any + fmt::Debug + Send + Sync;
    /// What it takes to read it.
    const SPEC: &'static FactSpec;
}

/// Where a fact lives, and with whose credentials it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactScope {
    /// The account as a whole.
    Account,
    /// One Region of an account.
    Region,
    /// The organization: read once, in the account that orgscan runs in, with the caller's own credentials.
    Organization,
    /// Each resource of a kind, `s3.bucket`, by its name or id.
    Each(&'static str),
}

/// Facts that are read only under a condition.
#[derive(Debug)]
pub struct Conditional {
    /// The condition in a few words, for docs/performance.md: `an instance has a public address`.
    pub condition: &'static str,
    /// The facts.
    pub facts: &'static [&'static FactSpec],
}

/// Facts that are read only if this holds.
pub(crate) const fn when(
    condition: &'static str,
    facts: &'static [&'static FactSpec],
) -> Conditional {
    Conditional { condition, facts }
}

/// What it takes to read a fact.
#[derive(Debug)]
pub struct FactSpec {
    /// Its name in tables: `ec2.volumes`. Unique.
    pub key: &'static str,
    /// Where it lives.
    pub scope: FactScope,
    /// The APIs that may be called for it, those of other facts aside.
    pub calls: &'static [&'static Api],
    /// The fewest requests that these take.
    pub least: u64,
    /// Facts that are always read for it.
    pub reads: &'static [&'static Self],
    /// Facts that are read for it where something makes them matter.
    pub may_read: &'static [Conditional],
    /// Facts that it never has read, and that rules which declare it may use where others had them read.
    pub may_use: &'static [&'static Self],
    /// A fact that answers for it: where that one is read anyway, it may take no request at all.
    pub spared_by: Option<&'static Self>,
    /// Whether it is read after everything else of the account, since AWS takes a while to prepare it. What it
    /// always reads is read with everything else.
    pub is_late: bool,
}

impl FactSpec {
    /// A fact of the account as a whole that takes one request at least.
    pub const ACCOUNT: Self = Self::in_scope(FactScope::Account, 1);
    /// A fact of one Region that takes one request at least.
    pub const REGION: Self = Self::in_scope(FactScope::Region, 1);
    /// A fact of the organization.
    pub const ORGANIZATION: Self = Self::in_scope(FactScope::Organization, 0);

    /// A fact of each resource of a kind. There may be none, so that it takes no request at least.
    pub const fn each(kind: &'static str) -> Self {
        Self::in_scope(FactScope::Each(kind), 0)
    }

    const fn in_scope(scope: FactScope, least: u64) -> Self {
        Self {
            key: "",
            scope,
            calls: &[],
            least,
            reads: &[],
            may_read: &[],
            may_use: &[],
            spared_by: None,
            is_late: false,
        }
    }

    /// The facts that reading this one may have read.
    pub fn follows(&self) -> impl Iterator<Item = &'static Self> {
        let conditional = self.may_read.iter().flat_map(|one| one.facts);
        self.reads.iter().chain(conditional).copied()
    }

    /// Whether a rule that declares this fact may read the one with this key.
    pub fn admits(&self, key: &str) -> bool {
        let uses = self.follows().chain(self.may_use.iter().copied());
        self.key == key || uses.into_iter().any(|other| other.admits(key))
    }

    /// Its key, and those of all that a rule which declares it may read.
    pub fn admitted(&self) -> Vec<&'static str> {
        let mut keys = vec![self.key];
        let uses = self.follows().chain(self.may_use.iter().copied());
        keys.extend(uses.flat_map(Self::admitted));
        keys
    }

    /// The APIs that may be called for it and for what it has read.
    pub fn apis(&self) -> Vec<&'static Api> {
        let mut apis = self.calls.to_vec();
        apis.extend(self.follows().flat_map(Self::apis));
        apis
    }
}
