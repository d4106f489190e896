//! One token bucket that slows down when AWS throttles, and the line of the requests that wait for it.
//!
//! A request waits in three steps: in line for a token, then for a permit among the requests in flight,
//! then it takes the token and is sent. While it waits for a permit its token stays in the bucket,
//! reserved. So the bucket, which is what AWS sees, never has more tokens taken at once than it contains,
//! however long the permits take; and no request holds a permit while it waits for a token.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::bucket::Bucket;
use super::clock::Clock;
use super::deadline::DeadlineFirst;
use super::{Deadline, Rate};

/// How often a throttled limiter halves its rate at most: to a 64th.
const SLOWEST: u32 = 6;

/// How many requests in a row have to succeed before a slowed limiter doubles its rate again.
const STREAK: u32 = 10;

/// A token bucket for one API in one account and Region.
///
/// On a throttling answer its rate halves and its stored tokens are gone, since AWS's own bucket is
/// empty then, whoever emptied it. After a streak of successes the rate doubles again, up to its own.
#[derive(Debug)]
pub struct Limiter {
    /// Tokens in a second at full rate.
    refill: f64,
    /// Tokens in a full bucket at full rate.
    burst: u32,
    state: Mutex<State>,
    /// First come, first served: only the first in line watches the bucket, so that a token wakes one
    /// request and not all.
    line: tokio::sync::Mutex<()>,
    /// Wakes the first in line before its time.
    changed: Notify,
}

/// A token, as of one change of the limiter's rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn(u64);

#[derive(Debug)]
struct State {
    bucket: Bucket,
    /// How many times the rate has changed.
    changes: u64,
    /// The rate is halved so many times.
    slowed: u32,
    /// Successes in a row since the last change.
    streak: u32,
    /// Tokens in the bucket that are reserved for requests which wait for a permit.
    reserved: u32,
}

/// A reserved token. Dropped, it is free for the next request.
#[derive(Debug)]
pub(super) struct Reservation<'a> {
    limiter: &'a Limiter,
    turn: Turn,
    is_taken: bool,
}

impl Limiter {
    /// A limiter at a share of a published rate, with a full bucket.
    pub(super) fn new(rate: &Rate, share: f64, now: Instant) -> Self {
        let refill = f64::from(rate.refill_per_second) * share;
        // Rounded down, but a bucket has to contain one token to let anything through.
        let burst = ((f64::from(rate.burst) * share) as u32).max(1);
        Self {
            refill,
            burst,
            state: Mutex::new(State {
                bucket: Bucket::full(refill, burst, now),
                changes: 0,
                slowed: 0,
                streak: 0,
                reserved: 0,
            }),
            line: tokio::sync::Mutex::default(),
            changed: Notify::new(),
        }
    }

    /// Waits in line for a token, and reserves it.
    ///
    /// # Errors
    /// At the deadline, or as soon as it is clear that it comes first.
    pub(super) async fn reserve(
        &self,
        clock: &impl Clock,
        deadline: Deadline,
    ) -> Result<Reservation<'_>, DeadlineFirst> {
        let _first = match self.line.try_lock() {
            Ok(first) => first,
            Err(_) => deadline.cut(clock, self.line.lock()).await?,
        };
        loop {
            let now = clock.now();
            match self.try_reserve(now) {
                Ok(reservation) => return Ok(reservation),
                Err(Some(wait)) if deadline.is_before(now + wait) => return Err(DeadlineFirst),
                Err(Some(wait)) => tokio::select! {
                    biased;
                    () = clock.sleep_until(now + wait) => {}
                    () = self.changed.notified() => {}
                },
                Err(None) => deadline.cut(clock, self.changed.notified()).await?,
            }
        }
    }

    /// Reserves a token; else the time until there is one. None where the bucket is full and all its
    /// tokens are reserved: then a request has to be sent first.
    fn try_reserve(&self, now: Instant) -> Result<Reservation<'_>, Option<Duration>> {
        let mut state = self.lock();
        if state.reserved >= state.bucket.burst() {
            return Err(None);
        }
        let wait = state.bucket.time_until(state.reserved + 1, now);
        if !wait.is_zero() {
            return Err(Some(wait));
        }
        state.reserved += 1;
        Ok(Reservation {
            limiter: self,
            turn: Turn(state.changes),
            is_taken: false,
        })
    }

    /// AWS throttled the request that was sent in this turn. Of many that were in flight together,
    /// only the first counts: they all met the same empty bucket.
    pub(super) fn throttled(&self, turn: Turn, now: Instant) {
        let mut state = self.lock();
        if turn.0 != state.changes {
            return;
        }
        state.streak = 0;
        state.slowed = (state.slowed + 1).min(SLOWEST);
        self.rebuild(&mut state, now);
    }

    /// AWS answered a request, and did not throttle it.
    pub(super) fn succeeded(&self, now: Instant) {
        let mut state = self.lock();
        if state.slowed == 0 {
            return;
        }
        state.streak += 1;
        if state.streak >= STREAK {
            state.streak = 0;
            state.slowed -= 1;
            self.rebuild(&mut state, now);
        }
    }

    /// How many times the rate is halved at the moment.
    pub fn slowed(&self) -> u32 {
        self.lock().slowed
    }

    /// A new bucket begins empty, since AWS's is empty, or filling up again. What was reserved is gone
    /// with the old one.
    fn rebuild(&self, state: &mut State, now: Instant) {
        let refill = self.refill / f64::from(1_u32 << state.slowed);
        let burst = if state.slowed == 0 { self.burst } else { 1 };
        state.changes += 1;
        state.reserved = 0;
        state.bucket = Bucket::empty(refill, burst, now);
        self.changed.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reservation<'_> {
    /// Takes the token, to send the request now. None where the rate has changed meanwhile: the token is
    /// gone, and the request has to wait in line again.
    pub(super) fn take(mut self, now: Instant) -> Option<Turn> {
        let mut state = self.limiter.lock();
        if self.turn.0 != state.changes {
            return None;
        }
        state.bucket.take(now);
        self.is_taken = true;
        Some(self.turn)
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        let mut state = self.limiter.lock();
        if self.turn.0 == state.changes {
            // The first in line waits for this only if it could not reserve anything, or if the token
            // was not taken.
            if !self.is_taken || state.reserved == state.bucket.burst() {
                self.limiter.changed.notify_one();
            }
            state.reserved -= 1;
        }
    }
}

#[cfg(test)]
impl Turn {
    /// Before the first change of the rate.
    pub(super) fn first() -> Self {
        Self(0)
    }
}

#[cfg(test)]
mod tests;
