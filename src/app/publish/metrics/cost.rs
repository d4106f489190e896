//! What the metrics cost.

use super::request::BATCH;

/// Custom metrics that are free, and the tiers above them: how many metrics, at how many dollars a
/// month each.
///
/// Source: <https://aws.amazon.com/cloudwatch/pricing/>, list prices of us-east-1, November 2026.
const FREE: f64 = 10.0;
const TIERS: [(f64, f64); 4] = [
    (10_000.0, 0.30),
    (240_000.0, 0.10),
    (750_000.0, 0.05),
    (f64::INFINITY, 0.02),
];

/// Dollars for one PutMetricData request. Same source.
const REQUEST: f64 = 0.01 / 1_000.0;

const DAYS_PER_MONTH: f64 = 30.4;

/// An estimate, in US dollars a month, of what sending so many metrics `runs_per_day` times costs at
/// list price, with none of the free metrics used up otherwise.
///
/// A custom metric is charged only for the hours in which it is sent, so a daily run costs a
/// twenty-fourth of an hourly one.
pub fn cost_per_month(series: usize, runs_per_day: f64) -> f64 {
    let hours = runs_per_day.clamp(0.0, 24.0) / 24.0;
    let batches = series.div_ceil(BATCH) as f64;
    let requests = batches * runs_per_day.max(0.0) * DAYS_PER_MONTH;
    tiered(series as f64 * hours) + requests * REQUEST
}

fn tiered(metrics: f64) -> f64 {
    let mut left = (metrics - FREE).max(0.0);
    let mut dollars = 0.0;
    for (size, price) in TIERS {
        let metrics = left.min(size);
        dollars += metrics * price;
        left -= metrics;
    }
    dollars
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As many metrics as eight numbers for each account and for the organization make.
    fn metrics(accounts: usize) -> usize {
        8 * (accounts + 1)
    }

    #[test]
    fn prices_follow_the_tiers() {
        let cents = |accounts, runs| (cost_per_month(metrics(accounts), runs) * 100.0).round();
        assert_eq!(cents(10, 1.0), 0.0);
        assert_eq!(cents(10, 24.0), 2_341.0);
        assert_eq!(cents(100, 1.0), 710.0);
        assert_eq!(cents(5_000, 24.0), 600_010.0);
    }
}
