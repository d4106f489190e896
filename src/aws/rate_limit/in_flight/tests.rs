use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use futures::executor::LocalPool;
use futures::task::LocalSpawnExt;
use orgscan_core::api::Rate;

use super::*;
use crate::rate_limit::testing::{VirtualClock, take};

const RATE: Rate = Rate {
    burst: 20,
    refill_per_second: 10,
    source: "https://example.com",
};

/// How long AWS takes to answer.
const ANSWER: Duration = Duration::from_millis(50);

/// Requests, their permits, and the time that passes.
struct World {
    pool: LocalPool,
    clock: VirtualClock,
    in_flight: Rc<InFlight<VirtualClock>>,
    /// How often tasks were polled.
    polls: Rc<Cell<usize>>,
}

/// When the requests of one limiter were sent, and the last one answered.
#[derive(Clone, Default)]
struct Log(Rc<RefCell<Vec<Duration>>>, Rc<Cell<Duration>>);

impl World {
    fn new(permits: usize) -> Self {
        let clock = VirtualClock::new();
        Self {
            pool: LocalPool::new(),
            in_flight: Rc::new(InFlight::new(permits, clock.clone())),
            clock,
            polls: Rc::default(),
        }
    }

    fn limiter(&self) -> Rc<Limiter> {
        Rc::new(Limiter::new(&RATE, 1.0, self.clock.now()))
    }

    fn slowed_to_a_64th(&self) -> Rc<Limiter> {
        let limiter = self.limiter();
        for _ in 0..6 {
            self.clock.advance(Duration::from_secs(10));
            let token = take(&limiter, &self.clock).unwrap();
            limiter.throttled(token, self.clock.now());
        }
        assert_eq!(limiter.slowed(), 6);
        limiter
    }

    /// Sends so many requests as soon as they may be sent.
    fn send(&self, limiter: &Rc<Limiter>, requests: usize, answer: Duration) -> Log {
        let log = Log::default();
        for _ in 0..requests {
            let (clock, in_flight) = (self.clock.clone(), self.in_flight.clone());
            let (limiter, log) = (limiter.clone(), log.clone());
            self.spawn(async move {
                let mut spent = ApiStats::default();
                let entry =
                    in_flight.enter(&limiter, Urgency::Ordinary, Deadline::never(), &mut spent);
                let _entry = entry.await.unwrap();
                log.0.borrow_mut().push(clock.elapsed());
                clock.sleep(answer).await;
                log.1.set(clock.elapsed());
            });
        }
        log
    }

    fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        let polls = self.polls.clone();
        let counted = async move {
            let mut task = pin!(task);
            poll_fn(|context| {
                polls.set(polls.get() + 1);
                task.as_mut().poll(context)
            })
            .await;
        };
        self.pool.spawner().spawn_local(counted).unwrap();
    }

    fn run(&mut self) {
        self.clock.run(&mut self.pool);
    }
}

impl Log {
    fn sent(&self) -> Vec<Duration> {
        self.0.borrow().clone()
    }

    /// Whether no more was sent in any time than a bucket at the full rate contains and receives.
    fn is_within_rate(&self) -> bool {
        let sent = self.sent();
        let fits = |from: usize, to: usize| {
            let time = (sent[to] - sent[from]).as_secs_f64();
            let allowed = f64::from(RATE.burst) + time * f64::from(RATE.refill_per_second);
            ((to - from + 1) as f64) < allowed + 1.0
        };
        (0..sent.len()).all(|from| (from..sent.len()).all(|to| fits(from, to)))
    }
}

#[test]
fn an_account_slowed_to_a_64th_does_not_slow_fifty_healthy_ones() {
    let all_answered = |with_slowed: bool| {
        let mut world = World::new(8);
        let slowed = world.slowed_to_a_64th();
        let started = world.clock.elapsed();
        let slow = with_slowed.then(|| world.send(&slowed, 40, ANSWER));
        let limiters: Vec<_> = (0..50).map(|_| world.limiter()).collect();
        let healthy = limiters.iter().map(|one| world.send(one, 30, ANSWER));
        let healthy: Vec<Log> = healthy.collect();
        world.run();
        let last = healthy.iter().map(|log| log.1.get()).max().unwrap() - started;
        assert!(healthy.iter().all(|log| log.sent().len() == 30));
        assert!(healthy.iter().all(Log::is_within_rate));
        let slow = slow.map(|log| log.sent()).unwrap_or_default();
        let before = slow.iter().filter(|sent| **sent <= last + started).count();
        (last, slow.len(), before)
    };
    let (alone, _, _) = all_answered(false);
    let (beside, slow, before) = all_answered(true);
    assert_eq!(slow, 40);
    // Its few requests take their part of the permits, and that is all.
    assert!(before <= 3, "{before}");
    let part = ANSWER * before as u32;
    assert!(beside <= alone + part, "{beside:?} instead of {alone:?}");
}

#[test]
fn what_waits_for_permits_never_leaves_as_a_burst() {
    for hang in [1, 20, 300] {
        let mut world = World::new(200);
        // All permits are taken by requests that hang.
        let others: Vec<_> = (0..20).map(|_| world.limiter()).collect();
        for other in &others {
            world.send(other, 10, Duration::from_secs(hang));
        }
        world.pool.run_until_stalled();
        let limiter = world.limiter();
        let log = world.send(&limiter, 500, ANSWER);
        world.run();
        assert_eq!(log.sent().len(), 500);
        assert_eq!(log.sent()[0], Duration::from_secs(hang));
        assert!(log.is_within_rate(), "after {hang} s");
        // Nothing is lost either: the bucket is used as far as it goes.
        let last = *log.sent().last().unwrap() - log.sent()[0];
        assert!(last <= Duration::from_secs(48), "{last:?}");
    }
}

#[test]
fn throttling_reaches_those_that_wait_for_a_permit() {
    let mut world = World::new(1);
    let limiter = world.limiter();
    let other = world.limiter();
    world.send(&other, 1, Duration::from_secs(2));
    world.pool.run_until_stalled();
    let log = world.send(&limiter, 20, ANSWER);
    world.pool.run_until_stalled();
    // The first in line waits for a permit, when AWS throttles one that was sent before.
    limiter.throttled(RateToken::first(), world.clock.now());
    world.run();
    let sent = log.sent();
    assert_eq!(sent.len(), 20);
    // The new bucket has one token at most, and gets five in a second.
    for pair in sent.windows(2) {
        assert!(pair[1] - pair[0] >= Duration::from_millis(199), "{sent:?}");
    }
}

#[test]
fn every_wait_ends_at_the_deadline() {
    let mut world = World::new(1);
    let hung = world.limiter();
    world.send(&hung, 1, Duration::from_secs(1_000));
    world.pool.run_until_stalled();
    let results = Rc::new(RefCell::new(Vec::new()));
    let slowed = world.slowed_to_a_64th();
    let started = world.clock.elapsed();
    let deadline = Deadline::at(world.clock.now() + Duration::from_secs(5));
    // 30 requests wait for a permit or in line. The slowed one cannot have a token in time.
    let limiter = world.limiter();
    let all = std::iter::repeat_n(limiter, 30).chain([slowed]);
    for limiter in all {
        let (in_flight, clock) = (world.in_flight.clone(), world.clock.clone());
        let results = results.clone();
        world.spawn(async move {
            let mut spent = ApiStats::default();
            let entry = in_flight.enter(&limiter, Urgency::Ordinary, deadline, &mut spent);
            let late = entry.await.map(drop).unwrap_err();
            results.borrow_mut().push((late, clock.elapsed() - started));
        });
    }
    world.run();
    let results = results.borrow();
    let at = |late, seconds| {
        let time = Duration::from_secs(seconds);
        results.iter().filter(|one| **one == (late, time)).count()
    };
    assert_eq!(at(TooLate::Token, 0), 1, "at once: {results:?}");
    let at_the_end = at(TooLate::Permit, 5) + at(TooLate::Token, 5);
    assert_eq!((results.len(), at_the_end), (31, 30), "{results:?}");
}

#[test]
fn a_token_wakes_one_request_and_not_all_that_wait() {
    let mut world = World::new(4);
    let limiter = world.limiter();
    let log = world.send(&limiter, 2_000, ANSWER);
    world.run();
    assert_eq!(log.sent().len(), 2_000);
    assert!(log.is_within_rate());
    let polls = world.polls.get() as f64 / 2_000.0;
    assert!(polls < 10.0, "{polls} polls for each request");
    // In the order in which they came, at the rate of the bucket.
    let last = *log.sent().last().unwrap();
    assert_eq!(last.as_secs(), (2_000 - 20) / 10);
}

#[test]
fn urgent_requests_have_a_reserve_inside_the_limit() {
    for (limit, reserve) in [(1, 0), (2, 1), (63, 1), (64, 2), (480, 15), (800, 25)] {
        let in_flight = InFlight::new(limit, VirtualClock::new());
        let permits = |one: &Semaphore| one.available_permits();
        assert_eq!(permits(&in_flight.reserve), reserve, "{limit}");
        let all = permits(&in_flight.general) + permits(&in_flight.reserve);
        assert_eq!(all, limit);
    }
    let in_flight = InFlight::new(2, VirtualClock::new());
    let now = |urgency| futures::FutureExt::now_or_never(in_flight.permit(urgency));
    let first = now(Urgency::Ordinary).unwrap();
    assert!(now(Urgency::Ordinary).is_none());
    let renewal = now(Urgency::Urgent).unwrap();
    assert!(now(Urgency::Urgent).is_none());
    drop(first);
    // Without other requests, the whole limit is there for urgent ones.
    let second = now(Urgency::Urgent).unwrap();
    assert!(now(Urgency::Ordinary).is_none());
    drop((renewal, second));
    assert!(now(Urgency::Ordinary).is_some());
}
