use super::*;
use crate::pace::testing::{VirtualClock, tokens};

const RATE: Rate = Rate {
    burst: 20,
    refill_per_second: 10,
    source: "https://example.com",
};

fn limiter(share: f64) -> (Limiter, VirtualClock) {
    let clock = VirtualClock::new();
    (Limiter::new(&RATE, share, clock.now()), clock)
}

fn turn(limiter: &Limiter, clock: &VirtualClock) -> Turn {
    let reserved = limiter.try_reserve(clock.now());
    reserved.unwrap().take(clock.now()).unwrap()
}

/// How many tokens there are in so many seconds from now.
fn tokens_in(limiter: &Limiter, clock: &VirtualClock, seconds: u64) -> usize {
    let steps = seconds * 100;
    let step = |_| {
        clock.advance(Duration::from_millis(10));
        tokens(limiter, clock)
    };
    tokens(limiter, clock) + (0..steps).map(step).sum::<usize>()
}

#[test]
fn half_the_share_gives_half_the_burst_and_half_the_rate() {
    let (limiter, clock) = limiter(0.5);
    let taken = tokens_in(&limiter, &clock, 10);
    assert!((10 + 49..=10 + 51).contains(&taken), "{taken}");
}

#[test]
fn throttling_empties_the_bucket_and_halves_the_rate() {
    let (limiter, clock) = limiter(1.0);
    let turn = turn(&limiter, &clock);
    limiter.throttled(turn, clock.now());
    assert!(limiter.try_reserve(clock.now()).is_err());
    let taken = tokens_in(&limiter, &clock, 10);
    assert!((48..=51).contains(&taken), "{taken}");
}

#[test]
fn requests_that_were_in_flight_together_slow_down_once() {
    let (limiter, clock) = limiter(1.0);
    let turns: Vec<_> = (0..16).map(|_| turn(&limiter, &clock)).collect();
    for turn in turns {
        limiter.throttled(turn, clock.now());
    }
    assert_eq!(limiter.slowed(), 1);
}

#[test]
fn it_slows_down_to_a_sixty_fourth_and_recovers_by_successes() {
    let (limiter, clock) = limiter(1.0);
    for _ in 0..100 {
        clock.advance(Duration::from_secs(10));
        let turn = turn(&limiter, &clock);
        limiter.throttled(turn, clock.now());
    }
    assert_eq!(limiter.slowed(), SLOWEST);
    for _ in 0..STREAK * SLOWEST {
        limiter.succeeded(clock.now());
    }
    assert_eq!(limiter.slowed(), 0);
    let taken = tokens_in(&limiter, &clock, 10);
    assert!(
        (99..=101).contains(&taken),
        "an empty bucket at full rate: {taken}"
    );
}

#[test]
fn the_smallest_share_still_lets_something_through() {
    let (limiter, clock) = limiter(0.01);
    turn(&limiter, &clock);
    let wait = limiter.try_reserve(clock.now()).unwrap_err();
    assert_eq!(wait, Some(Duration::from_secs(10)));
}

#[test]
fn reserved_tokens_stay_in_the_bucket_until_they_are_taken() {
    let (limiter, clock) = limiter(1.0);
    let reserve = || limiter.try_reserve(clock.now());
    let reserved: Vec<_> = (0..20).map(|_| reserve().unwrap()).collect();
    // However long they wait, the bucket does not contain more than its burst.
    clock.advance(Duration::from_secs(60));
    assert_eq!(reserve().unwrap_err(), None);
    for one in reserved {
        assert!(one.take(clock.now()).is_some());
    }
    assert_eq!(reserve().unwrap_err(), Some(Duration::from_millis(100)));
    clock.advance(Duration::from_millis(100));
    // A request that is given up leaves its token to the next one.
    drop(reserve().unwrap());
    assert!(reserve().is_ok());
}

#[test]
fn what_was_reserved_before_the_rate_changed_is_gone() {
    let (limiter, clock) = limiter(1.0);
    let sent = turn(&limiter, &clock);
    let reserved: Vec<_> = (0..5)
        .map(|_| limiter.try_reserve(clock.now()).unwrap())
        .collect();
    limiter.throttled(sent, clock.now());
    for one in reserved {
        assert_eq!(one.take(clock.now()), None);
    }
    let wait = limiter.try_reserve(clock.now()).unwrap_err();
    assert_eq!(wait, Some(Duration::from_millis(200)));
}
