use super::*;
use crate::rate_limit::testing::{VirtualClock, take, tokens};

const RATE: Rate = Rate {
    burst: 20,
    refill_per_second: 10,
    source: "https://example.com",
};

fn limiter(share: f64) -> (Limiter, VirtualClock) {
    let clock = VirtualClock::new();
    (Limiter::new(&RATE, share, clock.now()), clock)
}

fn token(limiter: &Limiter, clock: &VirtualClock) -> RateToken {
    take(limiter, clock).unwrap()
}

/// How long it takes until a token is due.
fn wait(limiter: &Limiter, clock: &VirtualClock) -> Duration {
    limiter.lock().due.saturating_duration_since(clock.now())
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
fn half_the_share_is_half_the_burst_and_half_the_rate() {
    let (limiter, clock) = limiter(0.5);
    let taken = tokens_in(&limiter, &clock, 10);
    assert!((10 + 49..=10 + 51).contains(&taken), "{taken}");
}

#[test]
fn throttling_empties_the_bucket_and_halves_the_rate() {
    let (limiter, clock) = limiter(1.0);
    let token = token(&limiter, &clock);
    limiter.throttled(token, clock.now());
    assert_eq!(take(&limiter, &clock), None);
    let taken = tokens_in(&limiter, &clock, 10);
    assert!((48..=51).contains(&taken), "{taken}");
}

#[test]
fn requests_that_were_in_flight_together_slow_down_once() {
    let (limiter, clock) = limiter(1.0);
    let turns: Vec<_> = (0..16).map(|_| token(&limiter, &clock)).collect();
    for token in turns {
        limiter.throttled(token, clock.now());
    }
    assert_eq!(limiter.slowed(), 1);
}

#[test]
fn it_slows_down_to_a_sixty_fourth_and_recovers_by_successes() {
    let (limiter, clock) = limiter(1.0);
    for _ in 0..100 {
        clock.advance(Duration::from_secs(10));
        let token = token(&limiter, &clock);
        limiter.throttled(token, clock.now());
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
    token(&limiter, &clock);
    assert_eq!(wait(&limiter, &clock), Duration::from_secs(10));
}

#[test]
fn the_next_token_is_due_at_the_rate_of_the_bucket() {
    let (limiter, clock) = limiter(1.0);
    for _ in 0..20 {
        assert_eq!(wait(&limiter, &clock), Duration::ZERO);
        token(&limiter, &clock);
    }
    assert_eq!(wait(&limiter, &clock), Duration::from_millis(100));
    clock.advance(Duration::from_millis(30));
    assert_eq!(take(&limiter, &clock), None);
    assert_eq!(wait(&limiter, &clock), Duration::from_millis(70));
    clock.advance(Duration::from_millis(70));
    let sent = token(&limiter, &clock);
    limiter.throttled(sent, clock.now());
    assert_eq!(wait(&limiter, &clock), Duration::from_millis(200));
    // It never contains more than its burst.
    clock.advance(Duration::from_secs(60));
    assert_eq!(tokens(&limiter, &clock), 1);
}

#[test]
fn the_slowest_rates_keep_the_arithmetic_in_range() {
    let now = Instant::now();
    for share in [0.0, 1e-300, f64::INFINITY, f64::NAN] {
        let limiter = Limiter::new(&RATE, share, now);
        limiter.throttled(RateToken::first(), now);
        assert!(limiter.lock().due <= now + SLOWEST_PERIOD, "{share}");
    }
}
