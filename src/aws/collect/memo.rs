//! Facts while they are collected: each is read at most once, however many ask for it.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use orgscan_core::facts::{AnyValue, Fact, FactScope, FactSpec, FactStore};
use orgscan_core::model::{Cause, Gap};
use tokio::sync::OnceCell;

use crate::Failure;

type MemoValue = Result<Arc<dyn AnyValue>, Gap>;

/// A fact's key, and the resource that it is about.
type FactKey = (&'static str, Option<Arc<str>>);

/// The facts of an account or a Region as far as they are read.
#[derive(Debug, Default)]
pub struct Memo(Mutex<BTreeMap<FactKey, Arc<OnceCell<MemoValue>>>>);

impl Memo {
    fn cell(&self, spec: &FactSpec, resource: Option<&str>) -> Arc<OnceCell<MemoValue>> {
        let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (spec.key, resource.map(Into::into));
        cells.entry(key).or_default().clone()
    }

    /// Notes that a fact of a resource cannot be had, nor what is read for it.
    pub fn miss(&self, spec: &FactSpec, resource: &str, gap: &Gap) {
        if matches!(spec.scope, FactScope::Each(_)) {
            // One that is there already stays.
            let _ = self.cell(spec, Some(resource)).set(Err(gap.clone()));
        }
        for other in spec.follows() {
            self.miss(other, resource, gap);
        }
    }

    /// What is in it, for rules.
    pub fn into_facts(self) -> FactStore {
        let cells = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut facts = FactStore::default();
        for ((key, resource), cell) in cells {
            if let Some(entry) = cell.get() {
                facts.insert(key, resource, entry.clone());
            }
        }
        facts
    }
}

/// Why there is no fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactError {
    /// A request failed.
    Failed(Failure),
    /// Another fact that decides about this one is a gap.
    Gap(Gap),
    /// Nothing that was read makes it matter.
    Irrelevant,
}

impl From<Failure> for FactError {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<Gap> for FactError {
    fn from(gap: Gap) -> Self {
        Self::Gap(gap)
    }
}

/// Where facts are read: an account as a whole, one of its Regions, or one resource.
pub trait CollectScope: Sized + Sync {
    /// The facts that are read here.
    fn memo(&self) -> &Memo;

    /// The resource that facts are about; none in an account or Region as a whole.
    fn resource(&self) -> Option<&str> {
        None
    }

    /// What a failed request is a gap of.
    fn gap(&self, failure: Failure) -> Gap {
        failure.into()
    }

    /// Why a fact is not to be had here, whatever is asked.
    fn absence(&self, _: &'static FactSpec) -> impl Future<Output = Option<Gap>> + Send {
        std::future::ready(None)
    }

    /// A fact, which is read now unless it was read already.
    ///
    /// # Errors
    /// The gap, where it could not be had.
    fn fact<F: Collect<Self>>(&self) -> impl Future<Output = Result<Arc<F::Value>, Gap>> + Send {
        async {
            let cell = self.memo().cell(F::SPEC, self.resource());
            let read = || async {
                if let Some(gap) = self.absence(F::SPEC).await {
                    return Err(gap);
                }
                let read = F::collect(self).await;
                read.map(|value| Arc::new(value) as Arc<dyn AnyValue>)
                    .map_err(|unread| self.unread(F::SPEC, unread))
            };
            let value: Arc<dyn Any + Send + Sync> = cell.get_or_init(read).await.clone()?;
            let value = value.downcast::<F::Value>();
            value.map_err(|_| self.unread(F::SPEC, FactError::Irrelevant))
        }
    }

    /// The gap of a fact.
    fn unread(&self, spec: &FactSpec, unread: FactError) -> Gap {
        match unread {
            FactError::Failed(failure) => self.gap(failure),
            FactError::Gap(gap) => gap,
            FactError::Irrelevant => {
                let action = spec.calls.first().map_or("", |api| api.action);
                Gap {
                    detail: format!("nothing makes {} matter", spec.key),
                    ..Gap::new(action, Cause::NotCollected)
                }
            }
        }
    }
}

/// How a fact is read. It asks its scope for the facts that decide about it, and for those that it makes matter.
pub trait Collect<S: CollectScope>: Fact {
    /// Reads it.
    fn collect(scope: &S) -> impl Future<Output = Result<Self::Value, FactError>> + Send;
}

type CollectFn<S> = for<'a> fn(&'a S) -> futures::future::BoxFuture<'a, Option<Gap>>;

/// The collector of a fact.
#[derive(Debug)]
pub struct Collector<S> {
    /// What it reads.
    pub spec: &'static FactSpec,
    /// Has it read, and returns its gap if it is one.
    pub read: CollectFn<S>,
}

impl<S: CollectScope> Collector<S> {
    /// The collector of this fact.
    pub fn of<F: Collect<S>>() -> Self {
        Self {
            spec: F::SPEC,
            read: |scope| Box::pin(async { scope.fact::<F>().await.err() }),
        }
    }
}

/// The collectors of these facts.
macro_rules! collectors {
    ($($fact:ty),* $(,)?) => {
        vec![$($crate::collect::Collector::of::<$fact>()),*]
    };
}

pub(super) use collectors;
