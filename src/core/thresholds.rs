//! Which numbers are above what the configuration allows. Pure.

mod format;
mod rules;

use std::collections::HashMap;

use crate::checks::INDICATORS;
use crate::model::{
    Account, AccountSummary, Baseline, Crossing, ExceededLimit, IndicatorCount, IndicatorTotal,
    Limit, Report, Severity, ThresholdScope, unit_paths,
};
use crate::settings::{Threshold, Thresholds};
pub use format::describe;
pub use format::percentage;
pub use rules::{Subject, ThresholdRule, rules};

/// The thresholds that are crossed: the organization's first, then the OUs' by path, then the
/// accounts' in the order given; indicators in registry order.
///
/// A number with gaps in it crosses a threshold as soon as its known part does. What is new counts
/// only where the run was compared with another one.
pub fn crossings(report: &Report, thresholds: &Thresholds) -> Vec<Crossing> {
    let mut crossed = totals(
        report,
        &Subject::Organization,
        &report.indicators,
        thresholds,
    );
    if !thresholds.ous.is_empty() {
        let ids = unit_ids(report);
        for (path, of) in &report.ous {
            let id = ids.get(&**path).copied();
            crossed.extend(totals(report, &Subject::Unit { path, id }, of, thresholds));
        }
    }
    for summary in &report.accounts {
        // By the totals, because their order is the registry's.
        crossed.extend(report.indicators.iter().filter_map(|total| {
            let counted = summary.indicators.get(&total.indicator)?;
            let rules = rules(
                thresholds,
                &Subject::Account(&summary.account),
                &total.indicator,
            );
            let number = Number {
                report,
                scope: ThresholdScope::Account(summary.account.id.clone()),
                indicator: &total.indicator,
                counted,
            };
            number.crossing(rules.first()?.threshold)
        }));
    }
    crossed
}

fn totals(
    report: &Report,
    subject: &Subject<'_>,
    totals: &[IndicatorTotal],
    thresholds: &Thresholds,
) -> Vec<Crossing> {
    let crossed = totals.iter().filter_map(|total| {
        let rules = rules(thresholds, subject, &total.indicator);
        let number = Number {
            report,
            scope: match subject {
                Subject::Organization => ThresholdScope::Organization,
                Subject::Unit { path, .. } => ThresholdScope::Ou((*path).to_owned()),
                Subject::Account(account) => ThresholdScope::Account(account.id.clone()),
            },
            indicator: &total.indicator,
            counted: total.total,
        };
        number.crossing(rules.first()?.threshold)
    });
    crossed.collect()
}

/// The OUs' ids by their paths, as far as accounts lie in them.
fn unit_ids(report: &Report) -> HashMap<&str, &str> {
    let mut ids = HashMap::new();
    for summary in &report.accounts {
        let account: &Account = &summary.account;
        // The root is the first id and has no name.
        let below = account.ou_ids.iter().skip(1);
        ids.extend(unit_paths(&account.ou_path).zip(below.map(String::as_str)));
    }
    ids
}

/// An indicator's number, and whose it is.
struct Number<'a> {
    report: &'a Report,
    scope: ThresholdScope,
    indicator: &'a str,
    counted: IndicatorCount,
}

impl Number<'_> {
    fn crossing(self, threshold: &Threshold) -> Option<Crossing> {
        let floor = threshold.min_severity.unwrap_or(Severity::Informational);
        let value = self.counted.by_severity.at_least(floor);
        let examined = self.counted.resources_evaluated;
        let percent = (examined > 0).then(|| value as f64 * 100.0 / examined as f64);
        let new = self.newly_found(floor);
        let limits = [
            (
                Limit::Count,
                threshold.count.map(|n| n as f64),
                Some(value as f64),
            ),
            (Limit::Percent, threshold.percent, percent),
            (
                Limit::NewOrReopened,
                threshold.new_or_reopened.map(|n| n as f64),
                Some(new as f64),
            ),
        ];
        let exceeded = limits.into_iter().filter_map(|(limit, allowed, value)| {
            let (allowed, value) = (allowed?, value?);
            (value > allowed).then(|| ExceededLimit {
                limit,
                allowed,
                value: (value * 100.0).round() / 100.0,
            })
        });
        let exceeded: Vec<_> = exceeded.collect();
        (!exceeded.is_empty()).then(|| Crossing {
            scope: self.scope,
            indicator: self.indicator.to_owned(),
            value,
            lower_bound: !self.counted.is_complete(),
            highest_severity: self.counted.by_severity.highest(),
            threshold: describe(threshold),
            exceeded,
            new_or_reopened: new,
        })
    }

    /// How many of the violations are new or reopened. In a first run all are, which says nothing.
    fn newly_found(&self, floor: Severity) -> u64 {
        let known = INDICATORS.iter().find(|one| one.name == self.indicator);
        let (Some(indicator), Baseline::Compared { .. }) = (known, &self.report.changes.baseline)
        else {
            return 0;
        };
        let floor = floor.max(indicator.at_least);
        let accounts = self.report.accounts.iter();
        let changes = accounts
            .filter(|summary| self.is_about(summary))
            .flat_map(|summary| summary.changes.iter())
            .filter(|change| change.check_id == indicator.check);
        changes
            .map(|change| (change.new + change.reopened).at_least(floor))
            .sum()
    }

    fn is_about(&self, summary: &AccountSummary) -> bool {
        match &self.scope {
            ThresholdScope::Organization => true,
            ThresholdScope::Ou(path) => {
                let rest = summary.account.ou_path.strip_prefix(path.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
            ThresholdScope::Account(id) => *id == summary.account.id,
        }
    }
}

#[cfg(test)]
mod tests;
