//! Indicators summed over accounts.

use std::collections::BTreeMap;

use crate::checks::Indicator;
use crate::model::{AccountOutcome, AccountSummary, IndicatorTotal, SeverityCounts, unit_paths};

/// Sums for the organization and for each OU.
pub(super) struct Totals {
    zero: Vec<IndicatorTotal>,
    pub(super) organization: Vec<IndicatorTotal>,
    pub(super) organizational_units: BTreeMap<String, Vec<IndicatorTotal>>,
    pub(super) findings: SeverityCounts,
    pub(super) suppressed: SeverityCounts,
}

impl Totals {
    pub(super) fn new(indicators: &[&Indicator]) -> Self {
        let zero: Vec<_> = indicators
            .iter()
            .map(|indicator| IndicatorTotal {
                indicator: indicator.name.to_owned(),
                ..IndicatorTotal::default()
            })
            .collect();
        Self {
            organization: zero.clone(),
            zero,
            organizational_units: BTreeMap::new(),
            findings: SeverityCounts::default(),
            suppressed: SeverityCounts::default(),
        }
    }

    /// Adds an account to the organization and to every OU that it lies in. Skipped accounts count
    /// nowhere: an OU with no others has no numbers, not numbers of zero.
    pub(super) fn add(&mut self, account: &AccountSummary) {
        if matches!(account.outcome, AccountOutcome::Skipped { .. }) {
            return;
        }
        self.findings += account.findings;
        self.suppressed += account.suppressed;
        add_to(&mut self.organization, account);
        for path in unit_paths(&account.account.ou_path) {
            let totals = self
                .organizational_units
                .entry(path.to_owned())
                .or_insert_with(|| self.zero.clone());
            add_to(totals, account);
        }
    }
}

fn add_to(totals: &mut [IndicatorTotal], account: &AccountSummary) {
    for total in totals {
        if let Some(counted) = account.indicators.get(&total.indicator) {
            total.total.add(&counted);
            total.accounts_affected += u64::from(counted.value() > 0);
            total.accounts_incomplete += u64::from(counted.targets_unknown > 0);
        }
    }
}
