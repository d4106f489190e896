//! The facts of one account or Region as they were collected.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use super::{Fact, FactSpec};
use crate::model::{Cause, Gap, Reading};

/// The value of any fact.
pub trait AnyValue: Any + fmt::Debug + Send + Sync {}

impl<T: Any + fmt::Debug + Send + Sync> AnyValue for T {}

type StoredFact = Result<Arc<dyn AnyValue>, Gap>;

/// Facts, and gaps where facts could not be had. What is not in it was not collected, which is a gap too.
#[derive(Clone, Debug, Default)]
pub struct FactStore {
    /// By key.
    facts: BTreeMap<&'static str, StoredFact>,
    /// Facts of resources: by key, then by the resource's name or id.
    each: BTreeMap<&'static str, BTreeMap<Arc<str>, StoredFact>>,
    /// Why nothing else could be had.
    others: Option<Gap>,
}

impl FactStore {
    /// The facts of an account or Region of which nothing could be read: the same gap everywhere, so that every rule
    /// says unknown instead of running over nothing.
    pub fn all_missing(gap: Gap) -> Self {
        Self {
            others: Some(gap),
            ..Self::default()
        }
    }

    /// The fact, or a copy of its gap.
    ///
    /// # Errors
    /// The gap where the fact could not be had, or was not collected.
    pub fn get<F: Fact>(&self) -> Result<&F::Value, Gap> {
        self.read::<F>(self.facts.get(F::SPEC.key), None)
    }

    /// The same of one resource, by its name or id.
    ///
    /// # Errors
    /// The gap where the fact could not be had, or was not collected.
    pub fn of<F: Fact>(&self, resource: &str) -> Result<&F::Value, Gap> {
        let each = self.each.get(F::SPEC.key);
        self.read::<F>(each.and_then(|each| each.get(resource)), Some(resource))
    }

    fn read<'a, F: Fact>(
        &self,
        entry: Option<&'a StoredFact>,
        resource: Option<&str>,
    ) -> Result<&'a F::Value, Gap> {
        let value: &dyn Any = match entry {
            Some(Ok(value)) => &**value,
            Some(Err(gap)) => return Err(gap.clone()),
            None => return Err(self.not_collected(F::SPEC, resource)),
        };
        let value = value.downcast_ref::<F::Value>();
        value.ok_or_else(|| self.not_collected(F::SPEC, resource))
    }

    fn not_collected(&self, spec: &FactSpec, resource: Option<&str>) -> Gap {
        if let Some(gap) = &self.others {
            return gap.clone();
        }
        let action = spec.calls.first().map_or("", |api| api.action);
        let gap = Gap::new(action, Cause::NotCollected).of(resource.unwrap_or_default());
        Gap {
            detail: format!("{} was not collected", spec.key),
            ..gap
        }
    }

    /// Adds a fact, or its gap.
    pub fn put<F: Fact>(&mut self, read: impl Into<Reading<F::Value>>) {
        let entry = read.into().into_result();
        let entry = entry.map(|value| Arc::new(value) as Arc<dyn AnyValue>);
        self.insert(F::SPEC.key, None, entry);
    }

    /// Adds a fact of one resource, or its gap.
    pub fn put_of<F: Fact>(&mut self, resource: &str, read: impl Into<Reading<F::Value>>) {
        let entry = read.into().into_result();
        let entry = entry.map(|value| Arc::new(value) as Arc<dyn AnyValue>);
        self.insert(F::SPEC.key, Some(resource.into()), entry);
    }

    /// The same facts and this one.
    #[must_use]
    pub fn with<F: Fact>(mut self, read: impl Into<Reading<F::Value>>) -> Self {
        self.put::<F>(read);
        self
    }

    /// Drops all facts but those with these keys.
    #[must_use]
    pub fn keep(mut self, keys: &BTreeSet<&'static str>) -> Self {
        self.facts.retain(|key, _| keys.contains(key));
        self.each.retain(|key, _| keys.contains(key));
        self
    }

    /// Adds a fact by its key. Its value is of the type that goes with the key.
    pub fn insert(&mut self, key: &'static str, resource: Option<Arc<str>>, entry: StoredFact) {
        match resource {
            Some(resource) => {
                self.each.entry(key).or_default().insert(resource, entry);
            }
            None => {
                self.facts.insert(key, entry);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Items;
    use crate::services::ec2::{PrefixList, Volumes};

    #[test]
    fn what_was_not_collected_is_a_gap_and_not_an_empty_answer() {
        let store = FactStore::default();
        let gap = store.get::<Volumes>().unwrap_err();
        assert_eq!(gap.cause, Cause::NotCollected);
        assert_eq!(gap.action, "ec2:DescribeVolumes");
        let gap = store.of::<PrefixList>("pl-1").unwrap_err();
        assert_eq!((gap.cause, &*gap.resource), (Cause::NotCollected, "pl-1"));
    }

    #[test]
    fn a_store_of_nothing_has_its_gap_everywhere() {
        let gap = Gap::new("sts:AssumeRole", Cause::RoleNotAssumable);
        let store = FactStore::all_missing(gap.clone());
        assert_eq!(store.get::<Volumes>().unwrap_err(), gap);
        assert_eq!(store.of::<PrefixList>("pl-1").unwrap_err(), gap);
        let store = store.with::<Volumes>(Reading::known(Items::default()));
        assert!(store.get::<Volumes>().unwrap().is_empty());
    }
}
