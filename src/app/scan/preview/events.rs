//! What the requests of a run cost where they are recorded.

use serde::Serialize;

/// Dollars for an event in a second trail. The first copy of management events is free.
///
/// Source: <https://aws.amazon.com/cloudtrail/pricing/>, November 2026.
const SECOND_COPY: f64 = 2.0 / 100_000.0;

/// Dollars for a management event that GuardDuty analyzes, in its first tier.
///
/// Source: <https://aws.amazon.com/guardduty/pricing/>, us-east-1, November 2026.
const ANALYZED: f64 = 4.0 / 1_000_000.0;

const DAYS_PER_MONTH: f64 = 30.4;

/// The management events of one run a day. CloudTrail records each request as one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Events {
    /// Events in a month of 30.4 days, at least.
    pub per_month_at_least: u64,
    /// What a second trail with these events costs in a month, in US dollars at list price.
    pub second_trail_usd: f64,
    /// What GuardDuty costs for these events in a month, in US dollars at list price.
    pub guardduty_usd: f64,
}

impl Events {
    /// Those of a run with so many requests.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number of requests is far below what f64 represents exactly"
    )]
    pub(super) fn of(requests: u64) -> Self {
        let events = requests as f64 * DAYS_PER_MONTH;
        let in_cents = |dollars: f64| (dollars * 100.0).round() / 100.0;
        Self {
            per_month_at_least: events.round() as u64,
            second_trail_usd: in_cents(events * SECOND_COPY),
            guardduty_usd: in_cents(events * ANALYZED),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of docs/how-to/cost.md: 1,000 accounts with 168 requests each.
    #[test]
    fn events_cost_what_the_documentation_calculates() {
        let expected = Events {
            per_month_at_least: 5_107_200,
            second_trail_usd: 102.14,
            guardduty_usd: 20.43,
        };
        assert_eq!(Events::of(168_000), expected);
    }
}
