//! What a rule sees of the facts.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::{Fact, FactSpec, FactStore};
use crate::model::{Cause, Gap, Region};

/// The facts that a check declares. One that it does not declare is a gap, and makes its verdict unknown even if the
/// rule goes on without it: whether it was collected depends on which other checks were selected.
#[derive(Debug)]
pub struct Facts<'a> {
    store: &'a FactStore,
    regions: Option<&'a BTreeMap<Region, FactStore>>,
    declared: &'a [&'a FactSpec],
    undeclared: Cell<Option<&'static str>>,
}

impl<'a> Facts<'a> {
    /// The facts of an account or Region that a check declares.
    pub fn new(store: &'a FactStore, declared: &'a [&'a FactSpec]) -> Self {
        let undeclared = Cell::new(None);
        Self {
            store,
            regions: None,
            declared,
            undeclared,
        }
    }

    /// The same with the facts of the account's Regions.
    #[must_use]
    pub fn with_regions(self, regions: &'a BTreeMap<Region, FactStore>) -> Self {
        Self {
            regions: Some(regions),
            ..self
        }
    }

    /// The fact of each Region that was scanned, for a rule over an account as a whole. Regions in which AWS does not
    /// offer the service are left out.
    pub fn in_regions<F: Fact>(
        &self,
    ) -> impl Iterator<Item = (&'a Region, Result<&'a F::Value, Gap>)> {
        let regions = self.regions.into_iter().flatten();
        let facts = regions.map(|(region, store)| {
            let fact = self.is_declared(F::SPEC).and_then(|()| store.get::<F>());
            (region, fact)
        });
        let is_offered =
            |fact: &Result<_, Gap>| !matches!(fact, Err(gap) if gap.cause == Cause::NotOffered);
        facts.filter(move |(_, fact)| is_offered(fact))
    }

    /// The fact, or a copy of its gap for the verdict.
    ///
    /// # Errors
    /// The gap, where the fact could not be had, was not collected or is not declared.
    pub fn get<F: Fact>(&self) -> Result<&'a F::Value, Gap> {
        self.is_declared(F::SPEC)?;
        self.store.get::<F>()
    }

    /// The same of one resource, by its name or id.
    ///
    /// # Errors
    /// The gap, where the fact could not be had, was not collected or is not declared.
    pub fn of<F: Fact>(&self, resource: &str) -> Result<&'a F::Value, Gap> {
        self.is_declared(F::SPEC)?;
        self.store.of::<F>(resource)
    }

    fn is_declared(&self, spec: &'static FactSpec) -> Result<(), Gap> {
        if self.declared.iter().any(|one| one.admits(spec.key)) {
            return Ok(());
        }
        self.undeclared.set(Some(spec.key));
        Err(undeclared(spec.key))
    }

    /// Why the verdict is unknown whatever the rule says: it read a fact that its check does not declare.
    pub fn undeclared(&self) -> Option<Gap> {
        self.undeclared.get().map(undeclared)
    }
}

fn undeclared(key: &str) -> Gap {
    Gap {
        detail: format!("internal error: the check reads {key}, which it does not declare"),
        ..Gap::new("", Cause::NotCollected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Items, Reading};
    use crate::services::ec2::{Instances, RouteTables, Volumes};

    #[test]
    fn what_is_not_declared_is_a_gap_even_if_it_is_there() {
        let known = || Reading::known(Items::default());
        let store = FactStore::default().with::<Volumes>(known());
        let store = store.with::<RouteTables>(Reading::known(Items::default()));
        let facts = Facts::new(&store, &[Volumes::SPEC]);
        assert!(facts.get::<Volumes>().is_ok());
        assert_eq!(facts.undeclared(), None);
        let gap = facts.get::<RouteTables>().unwrap_err();
        assert!(gap.detail.contains("ec2.route_tables"), "{gap:?}");
        assert_eq!(facts.undeclared(), Some(gap));
        let facts = Facts::new(&store, &[Instances::SPEC]);
        assert!(facts.get::<Volumes>().is_err());
    }
    #[test]
    fn regions_without_the_service_are_skipped_for_a_rule_over_the_account() {
        let in_region = |reading: Reading<Items<_>>| FactStore::default().with::<Volumes>(reading);
        let regions = BTreeMap::from([
            (
                Region::new("eu-west-1"),
                in_region(Reading::known(Items::default())),
            ),
            (
                Region::new("eu-west-2"),
                in_region(Reading::missing(Gap::new("", Cause::NotOffered))),
            ),
            (
                Region::new("eu-west-3"),
                in_region(Reading::missing(Gap::new("", Cause::Network))),
            ),
        ]);
        let store = FactStore::default();
        let facts = Facts::new(&store, &[Volumes::SPEC]).with_regions(&regions);
        let found = facts
            .in_regions::<Volumes>()
            .map(|(region, fact)| (region.as_str(), fact.is_ok()));
        assert_eq!(
            found.collect::<Vec<_>>(),
            [("eu-west-1", true), ("eu-west-3", false)]
        );
        assert_eq!(facts.undeclared(), None);
        assert!(
            facts
                .in_regions::<Instances>()
                .all(|(_, fact)| fact.is_err())
        );
        assert!(facts.undeclared().is_some());
    }
}
