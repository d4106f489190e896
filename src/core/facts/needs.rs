//! What a run needs: the facts of its checks, and what these take.

use std::collections::BTreeMap;

use super::{Fact, FactScope, FactSpec};
use crate::api::Api;

/// The facts that the selected checks declare, with those that are always read for them.
#[derive(Clone, Debug, Default)]
pub struct Needs(BTreeMap<&'static str, &'static FactSpec>);

impl Needs {
    /// These facts, and those that are always read for them.
    pub fn of(facts: impl IntoIterator<Item = &'static FactSpec>) -> Self {
        let mut needs = Self::default();
        needs.extend(facts);
        needs
    }

    fn extend(&mut self, facts: impl IntoIterator<Item = &'static FactSpec>) {
        for spec in facts {
            if self.0.insert(spec.key, spec).is_none() {
                self.extend(spec.reads.iter().copied());
            }
        }
    }

    /// Whether a fact is needed, whatever other facts say.
    pub fn has<F: Fact>(&self) -> bool {
        self.has_spec(F::SPEC)
    }

    /// The same by its specification.
    pub fn has_spec(&self, spec: &FactSpec) -> bool {
        self.0.contains_key(spec.key)
    }

    /// All that is needed, by key.
    pub fn iter(&self) -> impl Iterator<Item = &'static FactSpec> {
        self.0.values().copied()
    }

    /// The fewest requests that collecting takes: for the account as a whole, and for each Region. More are sent where
    /// lists have more than one page, and where one fact makes others matter.
    pub fn least_requests(&self) -> (u64, u64) {
        let sum = |scope: FactScope| -> u64 {
            let here = self.iter().filter(|spec| spec.scope == scope);
            here.map(|spec| match spec.spared_by {
                Some(other) if self.has_spec(other) => 0,
                _ => spec.least,
            })
            .sum()
        };
        // And DescribeRegions.
        (1 + sum(FactScope::Account), sum(FactScope::Region))
    }

    /// The APIs that may be called in an account for what is needed.
    pub fn apis(&self) -> Vec<&'static Api> {
        let in_account = self
            .iter()
            .filter(|spec| spec.scope != FactScope::Organization);
        in_account.flat_map(FactSpec::apis).collect()
    }

    /// The APIs that are called with the caller's own credentials for what is needed.
    pub fn central_apis(&self) -> Vec<&'static Api> {
        let central = self
            .iter()
            .filter(|spec| spec.scope == FactScope::Organization);
        central.flat_map(FactSpec::apis).collect()
    }
}
