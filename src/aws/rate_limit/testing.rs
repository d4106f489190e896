//! Time that passes only when nothing else is left to do.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures::executor::LocalPool;
use futures::future::FutureExt;
use tokio::time::Instant;

use super::clock::Clock;
use super::{Deadline, Limiter, RateToken};

/// A clock that jumps from one sleeper's end to the next.
#[derive(Clone, Debug)]
pub(super) struct VirtualClock(Arc<Mutex<Sleepers>>);

#[derive(Debug)]
struct Sleepers {
    start: Instant,
    now: Instant,
    /// Whom to wake when; the number tells those apart that wake at the same time.
    wakers: BTreeMap<(Instant, u64), Waker>,
    next: u64,
}

impl VirtualClock {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        Self(Arc::new(Mutex::new(Sleepers {
            start: now,
            now,
            wakers: BTreeMap::new(),
            next: 0,
        })))
    }

    /// The time since the beginning.
    pub(super) fn elapsed(&self) -> Duration {
        let sleepers = self.lock();
        sleepers.now - sleepers.start
    }

    pub(super) async fn sleep(&self, time: Duration) {
        self.sleep_until(self.now() + time).await;
    }

    pub(super) fn advance(&self, time: Duration) {
        self.lock().now += time;
    }

    /// Runs all tasks to their end, as far as they have one.
    pub(super) fn run(&self, pool: &mut LocalPool) {
        loop {
            pool.run_until_stalled();
            let mut sleepers = self.lock();
            let Some(((then, _), waker)) = sleepers.wakers.pop_first() else {
                return;
            };
            sleepers.now = sleepers.now.max(then);
            drop(sleepers);
            waker.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Sleepers> {
        self.0.lock().unwrap()
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Instant {
        self.lock().now
    }

    fn sleep_until(&self, then: Instant) -> impl Future<Output = ()> + Send {
        let mut sleepers = self.lock();
        sleepers.next += 1;
        Sleep {
            clock: self.clone(),
            key: (then, sleepers.next),
        }
    }
}

struct Sleep {
    clock: VirtualClock,
    key: (Instant, u64),
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut sleepers = self.clock.lock();
        if sleepers.now >= self.key.0 {
            return Poll::Ready(());
        }
        sleepers.wakers.insert(self.key, context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.clock.lock().wakers.remove(&self.key);
    }
}

/// How many tokens there are at this moment. Takes them.
pub(super) fn tokens(limiter: &Limiter, clock: &VirtualClock) -> usize {
    std::iter::from_fn(|| take(limiter, clock)).count()
}

/// Takes a token, if there is one at this moment.
pub(super) fn take(limiter: &Limiter, clock: &VirtualClock) -> Option<RateToken> {
    let first = limiter.line(clock, Deadline::never()).now_or_never();
    first.and_then(Result::ok)?.take(clock.now())
}
