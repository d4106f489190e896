//! How many requests and connections there were.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

use super::call::Call;

/// How many requests and connections there were so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All requests.
    pub requests: u64,
    /// Those that were refused because a quota was used up.
    pub throttled: u64,
    /// By service and operation: `ec2:DescribeVolumes`.
    pub apis: BTreeMap<String, ApiCounts>,
    /// Connections open now.
    pub open: usize,
    /// The most connections that were open at one time.
    pub peak: usize,
    /// The most requests that were being answered at one time.
    pub in_flight_peak: usize,
    /// How long IAM took for the slowest credential report, in milliseconds.
    pub slowest_report_ms: u64,
}

/// How often an API was called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ApiCounts {
    /// All requests.
    pub requests: u64,
    /// Those that were refused because a quota was used up.
    pub throttled: u64,
    /// Those that met a fault.
    pub faults: u64,
}

/// A request that was written down.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct LoggedRequest {
    /// The account whose credentials signed it.
    pub account: String,
    /// The Region of the credential scope.
    pub region: String,
    /// Service and operation: `ec2:DescribeVolumes`.
    pub api: String,
}

/// What became of a request before it was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RequestFate {
    Answered,
    Throttled,
    Fault,
}

/// The count, and the log where one is kept.
#[derive(Debug)]
pub(super) struct Counter {
    apis: Mutex<HashMap<String, ApiCounts>>,
    log: Option<Mutex<Vec<LoggedRequest>>>,
    connections: Gauge,
    in_flight: Gauge,
}

/// How many of something there are, and the most that there were at one time.
#[derive(Debug, Default)]
struct Gauge {
    now: AtomicUsize,
    peak: AtomicUsize,
}

impl Gauge {
    fn enter(&self) {
        let now = self.now.fetch_add(1, Ordering::Relaxed) + 1;
        self.peak.fetch_max(now, Ordering::Relaxed);
    }

    fn leave(&self) {
        self.now.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Counter {
    pub(super) fn new(log: bool) -> Self {
        Self {
            apis: Mutex::default(),
            log: log.then(Mutex::default),
            connections: Gauge::default(),
            in_flight: Gauge::default(),
        }
    }

    /// Counts a request.
    pub(super) fn count(&self, call: &Call, account: &str, fate: RequestFate) {
        let name = call.name();
        if let Some(log) = &self.log {
            log.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(LoggedRequest {
                    account: account.to_owned(),
                    region: call.region.clone(),
                    api: name.clone(),
                });
        }
        let mut apis = self.apis.lock().unwrap_or_else(PoisonError::into_inner);
        let api = apis.entry(name).or_default();
        api.requests += 1;
        api.throttled += u64::from(fate == RequestFate::Throttled);
        api.faults += u64::from(fate == RequestFate::Fault);
    }

    /// The count so far.
    pub(super) fn show(&self) -> Counts {
        let apis = self.apis.lock().unwrap_or_else(PoisonError::into_inner);
        Counts {
            requests: apis.values().map(|api| api.requests).sum(),
            throttled: apis.values().map(|api| api.throttled).sum(),
            apis: apis
                .iter()
                .map(|(name, api)| (name.clone(), *api))
                .collect(),
            open: self.connections.now.load(Ordering::Relaxed),
            peak: self.connections.peak.load(Ordering::Relaxed),
            in_flight_peak: self.in_flight.peak.load(Ordering::Relaxed),
            slowest_report_ms: 0,
        }
    }

    /// The log so far, where one is kept.
    pub(super) fn log(&self) -> Vec<LoggedRequest> {
        let log = self.log.as_ref();
        let log = log.map(|log| log.lock().unwrap_or_else(PoisonError::into_inner).clone());
        log.unwrap_or_default()
    }

    /// Counts a connection as open for as long as the answer lives.
    pub(super) fn opened(self: &Arc<Self>) -> OpenConnection {
        self.connections.enter();
        OpenConnection(self.clone())
    }

    /// Counts a request as being answered for as long as the answer lives.
    pub(super) fn count_request(self: &Arc<Self>) -> RequestInFlight {
        self.in_flight.enter();
        RequestInFlight(self.clone())
    }
}

/// A connection that counts as open.
#[derive(Debug)]
pub(super) struct OpenConnection(Arc<Counter>);

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.connections.leave();
    }
}

/// A request that is being answered.
#[derive(Debug)]
pub(super) struct RequestInFlight(Arc<Counter>);

impl Drop for RequestInFlight {
    fn drop(&mut self) {
        self.0.in_flight.leave();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_api_and_connections_as_long_as_they_are_open() {
        let counter = Arc::new(Counter::new(true));
        let call = Call {
            service: "ec2".into(),
            operation: "DescribeVolumes".into(),
            region: "eu-west-1".into(),
            ..Call::default()
        };
        for fate in [
            RequestFate::Answered,
            RequestFate::Throttled,
            RequestFate::Fault,
        ] {
            counter.count(&call, "111122223333", fate);
        }
        let first = counter.opened();
        drop(counter.opened());
        let counts = counter.show();
        assert_eq!((counts.requests, counts.throttled), (3, 1));
        let api = counts.apis["ec2:DescribeVolumes"];
        assert_eq!((api.requests, api.throttled, api.faults), (3, 1, 1));
        assert_eq!((counts.open, counts.peak), (1, 2));
        assert_eq!(counts.in_flight_peak, 0);
        drop((counter.count_request(), counter.count_request()));
        drop(counter.count_request());
        assert_eq!(counter.show().in_flight_peak, 2);
        drop(first);
        assert_eq!(counter.show().open, 0);
        assert_eq!(counter.log().len(), 3);
        assert_eq!(Counter::new(false).log(), []);
    }
}
