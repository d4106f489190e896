//! The time, as an input of everything that waits.

use tokio::time::Instant;

/// Tells the time and waits. Tests have one that no real time passes on.
pub(super) trait Clock: Send + Sync {
    fn now(&self) -> Instant;

    fn sleep_until(&self, then: Instant) -> impl Future<Output = ()> + Send;
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn sleep_until(&self, then: Instant) -> impl Future<Output = ()> + Send {
        tokio::time::sleep_until(then)
    }
}
