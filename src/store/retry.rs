//! Writes that fail are tried again. One result that cannot be stored is one account's failure; only where
//! nothing can be stored any more the run ends.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use orgscan_aws::rate_limit::Deadline;

use super::{Store, StoreError};

/// How often a write is tried before others are asked whether anything can be written.
const TRIES: u32 = 7;

/// The pause after the first try; each one after it is twice as long, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// So long no write may succeed before the store counts as lost.
const NO_WRITE: Duration = Duration::from_secs(60);

/// The name of what is written to find out whether anything can be.
const PROBE: &str = "probe.json";

/// Since when no write has succeeded.
#[derive(Debug)]
pub(super) struct Health {
    since: Mutex<Option<Duration>>,
    time: Time,
}

/// The time that passes between writes.
#[derive(Debug)]
pub(super) enum Time {
    /// Since a moment.
    Real(Instant),
    /// As much as was slept.
    #[cfg(test)]
    Virtual(Mutex<Duration>),
}

impl Time {
    fn now(&self) -> Duration {
        match self {
            Self::Real(start) => start.elapsed(),
            #[cfg(test)]
            Self::Virtual(slept) => *slept.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    async fn sleep(&self, time: Duration) {
        match self {
            Self::Real(_) => tokio::time::sleep(time).await,
            #[cfg(test)]
            Self::Virtual(slept) => {
                *slept.lock().unwrap_or_else(PoisonError::into_inner) += time;
            }
        }
    }
}

impl Default for Health {
    fn default() -> Self {
        Self {
            since: Mutex::default(),
            time: Time::Real(Instant::now()),
        }
    }
}

impl Health {
    #[cfg(test)]
    pub(super) fn in_virtual_time() -> Self {
        Self {
            since: Mutex::default(),
            time: Time::Virtual(Mutex::default()),
        }
    }

    #[cfg(test)]
    pub(super) fn slept(&self) -> Duration {
        self.time.now()
    }

    fn succeeded(&self) {
        *self.since() = None;
    }

    fn failing_for(&self) -> Duration {
        let now = self.time.now();
        now.saturating_sub(*self.since().get_or_insert(now))
    }

    fn since(&self) -> MutexGuard<'_, Option<Duration>> {
        self.since.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// Writes until it succeeds. Gives the last error where other writes succeed and this one does not, or
    /// the deadline has come.
    ///
    /// # Errors
    /// [`StoreError::NothingStored`] where no write succeeds, [`StoreError::Lost`] where this process has lost
    /// the run.
    pub(super) async fn with_retries<F: Future<Output = Result<(), StoreError>>>(
        &self,
        deadline: Deadline,
        write: impl Fn() -> F,
    ) -> Result<Result<(), StoreError>, StoreError> {
        let mut pause = FIRST_PAUSE;
        let mut tries = 0;
        loop {
            let error = match write().await {
                Ok(()) => {
                    self.health.succeeded();
                    return Ok(Ok(()));
                }
                Err(error) if error.is_refused_write() => error,
                Err(error) => return Err(error),
            };
            tries += 1;
            let failing_for = self.health.failing_for();
            tracing::warn!(%error, attempts = tries, "not stored");
            if deadline.is_over() || tries >= TRIES && self.is_writable().await {
                return Ok(Err(error));
            }
            if failing_for >= NO_WRITE {
                let seconds = failing_for.as_secs();
                let source = Box::new(error);
                return Err(StoreError::NothingStored { seconds, source });
            }
            self.health.time.sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Whether something else can be written.
    async fn is_writable(&self) -> bool {
        let written = self.put_bytes(PROBE, b"{}".as_slice().into()).await;
        if written.is_ok() {
            self.health.succeeded();
        }
        written.is_ok()
    }
}
