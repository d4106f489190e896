//! The requests in flight: one limit for all of a process, with a small reserve inside it.

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use super::clock::{Clock, SystemClock};
use super::deadline::DeadlineFirst;
use super::limiter::{Limiter, RateToken};
use super::{ApiStats, Deadline};

/// One request in so many may be in flight for the reserve alone.
const RESERVE: usize = 32;

/// Which requests may use the reserve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Urgency {
    /// No others wait for this request.
    Ordinary,
    /// Others wait for it, or it has to be on time while they hang: session renewal, the lease, the alert.
    Urgent,
}

/// Permits for the requests in flight.
#[derive(Debug)]
pub(super) struct InFlight<C = SystemClock> {
    clock: C,
    /// For every request, first come, first served.
    general: Semaphore,
    /// For urgent ones alone.
    reserve: Semaphore,
}

/// What a request needs to be sent: it may be sent now.
#[derive(Debug)]
pub(super) struct Permit<'a> {
    /// The token that it took.
    pub(super) token: RateToken,
    /// Held until the answer is there.
    _permit: SemaphorePermit<'a>,
}

/// Why a request was not sent: the deadline comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TooLate {
    /// Before there is a token for it.
    Token,
    /// Before there is a permit for it.
    Permit,
}

impl<C: Clock> InFlight<C> {
    /// So many permits in all. With one alone there is no reserve, and urgent requests wait for a permit:
    /// no request ever waits for another one while it holds a permit.
    pub(super) fn new(requests: usize, clock: C) -> Self {
        let reserve = match requests {
            0 | 1 => 0,
            _ => (requests / RESERVE).max(1),
        };
        Self {
            clock,
            general: Semaphore::new(requests.max(1) - reserve),
            reserve: Semaphore::new(reserve),
        }
    }

    pub(super) fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Waits for a token and for a permit, and takes both at once.
    ///
    /// # Errors
    /// Where the deadline comes first.
    pub(super) async fn enter(
        &self,
        limiter: &Limiter,
        urgency: Urgency,
        deadline: Deadline,
        spent: &mut ApiStats,
    ) -> Result<Permit<'_>, TooLate> {
        let clock = &self.clock;
        let started = clock.now();
        let first = limiter.line(clock, deadline).await;
        let first = first.map_err(|DeadlineFirst| TooLate::Token)?;
        let mut waited_since = started;
        loop {
            let due = first.wait(clock, deadline).await;
            due.map_err(|DeadlineFirst| TooLate::Token)?;
            let due = clock.now();
            spent.waited_for_limiter += due.saturating_duration_since(waited_since);
            let permit = deadline.cut(clock, self.permit(urgency)).await;
            let permit = permit.map_err(|DeadlineFirst| TooLate::Permit)?;
            let now = clock.now();
            spent.waited_for_slot += now.saturating_duration_since(due);
            if let Some(token) = first.take(now) {
                let _permit = permit;
                return Ok(Permit { token, _permit });
            }
            waited_since = now;
        }
    }

    /// Waits for a permit. Each one that waits is woken for a permit of its own, and in order.
    async fn permit(&self, urgency: Urgency) -> SemaphorePermit<'_> {
        let permit = match urgency {
            Urgency::Ordinary => self.general.acquire().await,
            Urgency::Urgent => tokio::select! {
                biased;
                permit = self.general.acquire() => permit,
                permit = self.reserve.acquire() => permit,
            },
        };
        match permit {
            Ok(permit) => permit,
            Err(_) => unreachable!("the semaphores are never closed"),
        }
    }
}

#[cfg(test)]
mod tests;
