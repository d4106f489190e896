//! What the requests of a run cost in numbers and time.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;

use orgscan_core::api::Api;

/// What the requests of one API came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ApiStats {
    /// Requests sent, retries included.
    pub requests: u64,
    /// How many of them AWS throttled.
    pub throttled: u64,
    /// How many of them failed in another way.
    pub failed: u64,
    /// Time spent waiting for AWS, summed over requests.
    #[serde(serialize_with = "as_seconds")]
    pub waited_for_aws: Duration,
    /// Time spent waiting for limiters.
    #[serde(serialize_with = "as_seconds")]
    pub waited_for_limiter: Duration,
    /// Time spent waiting for a slot among the requests in flight.
    #[serde(rename = "waited_for_place", serialize_with = "as_seconds")]
    pub waited_for_slot: Duration,
}

/// A duration as a number of seconds.
///
/// # Errors
/// The serializer's own.
pub fn as_seconds<S: serde::Serializer>(time: &Duration, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64(time.as_secs_f64())
}

impl ApiStats {
    /// Adds other requests to these.
    pub fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.throttled += other.throttled;
        self.failed += other.failed;
        self.waited_for_aws += other.waited_for_aws;
        self.waited_for_limiter += other.waited_for_limiter;
        self.waited_for_slot += other.waited_for_slot;
    }
}

/// What the requests of a run came to, by API.
#[derive(Debug, Default)]
pub struct Stats(Mutex<BTreeMap<&'static str, ApiStats>>);

impl Stats {
    /// Adds one attempt, with what came before it.
    pub fn record(&self, api: &Api, one: &ApiStats) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.entry(api.name).or_default().add(one);
    }

    /// All APIs, by `service:Operation`.
    pub fn by_api(&self) -> BTreeMap<&'static str, ApiStats> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// All APIs together.
    pub fn total(&self) -> ApiStats {
        let mut total = ApiStats::default();
        for one in self.by_api().values() {
            total.add(one);
        }
        total
    }
}
