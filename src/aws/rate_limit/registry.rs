//! The limiters of a process: one set for each account and Region, no matter who sends the requests.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use orgscan_core::api::Api;
use orgscan_core::model::{AccountId, Region};
use tokio::time::Instant;

use super::Limiter;

/// What AWS counts requests by, beside the API.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RateScope {
    /// The account whose credentials sign the request; none for the caller's own before AWS has said
    /// which account that is.
    account: Option<AccountId>,
    /// The Region that it is sent to. That of services which are not regional is the home Region.
    region: Region,
}

impl RateScope {
    /// An account's requests to a Region.
    pub fn new(account: &AccountId, region: &Region) -> Self {
        Self {
            account: Some(account.clone()),
            region: region.clone(),
        }
    }

    /// The caller's own requests before AWS has said who the caller is.
    pub fn unknown_caller(region: &Region) -> Self {
        Self {
            account: None,
            region: region.clone(),
        }
    }
}

/// All limiters in use. An account's go when nothing is left that sends requests for it, so that they
/// do not add up with the organization.
#[derive(Debug, Default)]
pub(super) struct Registry(Mutex<HashMap<RateScope, Weak<Limiters>>>);

/// The limiters of one account and Region.
#[derive(Debug)]
pub(super) struct Limiters {
    scope: RateScope,
    registry: Arc<Registry>,
    by_bucket: Mutex<HashMap<&'static str, Arc<Limiter>>>,
}

impl Registry {
    /// The limiters of this account and Region: the same for all who ask while one of them has them.
    pub(super) fn limiters(self: &Arc<Self>, scope: &RateScope) -> Arc<Limiters> {
        let mut scopes = self.lock();
        if let Some(limiters) = scopes.get(scope).and_then(Weak::upgrade) {
            return limiters;
        }
        let limiters = Arc::new(Limiters {
            scope: scope.clone(),
            registry: self.clone(),
            by_bucket: Mutex::default(),
        });
        scopes.insert(scope.clone(), Arc::downgrade(&limiters));
        limiters
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<RateScope, Weak<Limiters>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Limiters {
    /// The limiter of an API's bucket, which is made at this share of AWS's rate if there is none.
    pub(super) fn of(&self, api: &'static Api, share: f64) -> Arc<Limiter> {
        let by_bucket = &self.by_bucket;
        let mut by_bucket = by_bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Arc::new(Limiter::new(api.rate, share, Instant::now()));
        by_bucket.entry(api.bucket).or_insert_with(new).clone()
    }
}

impl Drop for Limiters {
    fn drop(&mut self) {
        let mut scopes = self.registry.lock();
        // Somebody may have asked again meanwhile, and has others now.
        if scopes
            .get(&self.scope)
            .is_some_and(|limiters| limiters.strong_count() == 0)
        {
            scopes.remove(&self.scope);
        }
    }
}

#[cfg(test)]
mod tests {
    use orgscan_core::services::ec2::{DESCRIBE_INSTANCES, DESCRIBE_VOLUMES};
    use orgscan_core::services::s3::{GET_OBJECT, LIST_OBJECTS};

    use super::*;

    fn scope(account: &str, region: &str) -> RateScope {
        RateScope::new(&account.parse().unwrap(), &Region::new(region))
    }

    #[test]
    fn all_callers_of_an_account_and_region_share_its_limiters() {
        let registry = Arc::new(Registry::default());
        let one = registry.limiters(&scope("111122223333", "eu-west-1"));
        let same = registry.limiters(&scope("111122223333", "eu-west-1"));
        let limiter = one.of(&DESCRIBE_VOLUMES, 0.5);
        assert!(Arc::ptr_eq(&limiter, &same.of(&DESCRIBE_VOLUMES, 0.5)));
        for (account, region) in [("111122223333", "eu-west-2"), ("444455556666", "eu-west-1")] {
            let other = registry.limiters(&scope(account, region));
            assert!(!Arc::ptr_eq(&limiter, &other.of(&DESCRIBE_VOLUMES, 0.5)));
        }
        // By AWS's buckets: most operations have their own.
        assert!(!Arc::ptr_eq(&limiter, &one.of(&DESCRIBE_INSTANCES, 0.5)));
        assert!(Arc::ptr_eq(
            &one.of(&GET_OBJECT, 0.5),
            &one.of(&LIST_OBJECTS, 0.5)
        ));
    }

    #[test]
    fn the_limiters_of_an_account_are_dropped_with_the_last_user() {
        let registry = Arc::new(Registry::default());
        for account in 0..1_000_u64 {
            let account = format!("{account:012}");
            let limiters = registry.limiters(&scope(&account, "eu-west-1"));
            let same = registry.limiters(&scope(&account, "eu-west-1"));
            drop(limiters);
            assert_eq!(registry.lock().len(), 1);
            drop(same);
        }
        assert!(registry.lock().is_empty());
    }
}
