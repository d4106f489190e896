//! Which numbers are above what the configuration allows. Pure.

use crate::config::{Threshold, ThresholdOverride, Thresholds, is_in_ou};
use crate::model::{Account, AccountSummary, Counted, Crossing, IndicatorTotal, Scope, Severity};

/// The thresholds that are crossed: the organization's first, then the accounts' in the order given;
/// indicators in registry order.
///
/// A number with gaps in it crosses a threshold as soon as its known part does.
pub fn crossings(
    totals: &[IndicatorTotal],
    accounts: &[AccountSummary],
    thresholds: &Thresholds,
) -> Vec<Crossing> {
    let organization = totals.iter().filter_map(|total| {
        let threshold = thresholds.organization.get(&total.indicator)?;
        crossing(
            &Scope::Organization,
            &total.indicator,
            &total.total,
            threshold,
        )
    });
    let accounts = accounts.iter().flat_map(|summary| {
        // By the totals, because their order is the registry's.
        totals.iter().filter_map(|total| {
            let counted = summary.indicators.get(&total.indicator)?;
            let threshold = nearest(thresholds, &summary.account, &total.indicator)?;
            let scope = Scope::Account(summary.account.id.clone());
            crossing(&scope, &total.indicator, counted, threshold)
        })
    });
    organization.chain(accounts).collect()
}

/// The threshold for an account's indicator: its own override, else that of the innermost OU, else
/// the one for all accounts. Of several that are equally near, the first in the configuration.
fn nearest<'t>(
    thresholds: &'t Thresholds,
    account: &Account,
    indicator: &str,
) -> Option<&'t Threshold> {
    let mut nearest = None;
    let mut at = 0;
    for rule in &thresholds.overrides {
        let nearness = nearness(rule, account);
        if let Some(threshold) = rule.indicators.get(indicator)
            && nearness > at
        {
            (nearest, at) = (Some(threshold), nearness);
        }
    }
    nearest.or_else(|| thresholds.accounts.get(indicator))
}

/// How near an override is to an account: 0 if it is about others, more the further down it is.
fn nearness(rule: &ThresholdOverride, account: &Account) -> usize {
    if let Some(id) = &rule.account {
        return if *id == account.id { usize::MAX } else { 0 };
    }
    match rule.ou.as_deref() {
        Some(ou) if is_in_ou(account, ou) => {
            let by_id = account.ou_ids.iter().position(|id| id == ou);
            // The root is the first id and has no name: `A/B` is as deep as the third id.
            1 + by_id.unwrap_or_else(|| ou.trim_matches('/').split('/').count())
        }
        _ => 0,
    }
}

fn crossing(
    scope: &Scope,
    indicator: &str,
    counted: &Counted,
    threshold: &Threshold,
) -> Option<Crossing> {
    let floor = threshold.severity.unwrap_or(Severity::Informational);
    let value = counted.known.at_least(floor);
    let percent = (counted.examined > 0).then(|| value as f64 * 100.0 / counted.examined as f64);
    let over_count = threshold.count.is_some_and(|limit| value > limit);
    let over_percent = threshold
        .percent
        .is_some_and(|limit| percent.is_some_and(|percent| percent > limit));
    (over_count || over_percent).then(|| Crossing {
        scope: scope.clone(),
        indicator: indicator.to_owned(),
        value,
        at_least: !counted.is_complete(),
        severity: counted.known.worst(),
        limit: in_words(threshold),
    })
}

/// `more than 5 or 2.5%, of severity high or worse`
pub(crate) fn in_words(threshold: &Threshold) -> String {
    let count = threshold.count.map(|count| count.to_string());
    let percent = threshold.percent.map(|percent| format!("{percent}%"));
    let limits: Vec<_> = count.into_iter().chain(percent).collect();
    let limits = limits.join(" or ");
    match threshold.severity {
        None | Some(Severity::Informational) => format!("more than {limits}"),
        Some(Severity::Critical) => format!("more than {limits} of severity critical"),
        Some(severity) => format!("more than {limits} of severity {severity} or worse"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::Severity::{Critical, High, Low};
    use crate::model::{AccountResult, Cause, Gap, Report};
    use crate::testing::{VOLUMES, account, id, judged, region, report_of, result};

    const NAME: &str = "UnencryptedVolumes";

    fn volumes(n: u64, ou: &str, examined: u64, found: &[Severity], gaps: &[Gap]) -> AccountResult {
        let verdict = judged(VOLUMES, region("eu-west-1"), examined, found, gaps);
        result(account(n, "a", ou), vec![verdict])
    }

    fn crossed(report: &Report, thresholds: &Thresholds) -> Vec<Crossing> {
        crossings(&report.indicators, &report.accounts, thresholds)
    }

    fn limit(threshold: Threshold) -> BTreeMap<String, Threshold> {
        BTreeMap::from([(NAME.to_owned(), threshold)])
    }

    fn count(count: u64) -> Threshold {
        Threshold {
            count: Some(count),
            ..Threshold::default()
        }
    }

    fn own(threshold: Threshold) -> Thresholds {
        Thresholds {
            accounts: limit(threshold),
            ..crate::testing::no_thresholds()
        }
    }

    fn of_ou(ou: &str, allowed: u64) -> ThresholdOverride {
        ThresholdOverride {
            account: None,
            ou: Some(ou.to_owned()),
            indicators: limit(count(allowed)),
        }
    }

    #[test]
    fn a_number_at_the_limit_is_fine_and_one_above_it_is_not() {
        let report = report_of(&[volumes(1, "", 10, &[High, Low], &[])]);
        assert_eq!(crossed(&report, &own(count(2))), []);
        let crossed = crossed(&report, &own(count(1)));
        assert_eq!(crossed.len(), 1);
        assert_eq!(crossed[0].scope, Scope::Account(id(1)));
        assert_eq!((crossed[0].value, crossed[0].at_least), (2, false));
        assert_eq!(crossed[0].limit, "more than 1");
    }

    #[test]
    fn percent_is_of_what_was_looked_at_and_severity_filters_what_counts() {
        let report = report_of(&[volumes(1, "", 8, &[High, Low], &[])]);
        let percent = |percent, severity| Threshold {
            count: None,
            percent: Some(percent),
            severity,
        };
        assert_eq!(crossed(&report, &own(percent(25.0, None))).len(), 0);
        assert_eq!(crossed(&report, &own(percent(24.9, None))).len(), 1);
        assert_eq!(crossed(&report, &own(percent(12.5, Some(High)))).len(), 0);
        let crossed = crossed(&report, &own(percent(12.0, Some(High))));
        assert_eq!((crossed[0].value, crossed[0].severity), (1, Some(High)));
        assert_eq!(crossed[0].limit, "more than 12% of severity high or worse");
    }

    #[test]
    fn the_known_part_of_an_incomplete_number_can_cross() {
        let gap = Gap::new("ec2:DescribeVolumes", Cause::TimedOut);
        let report = report_of(&[volumes(1, "", 3, &[Critical], &[gap])]);
        let thresholds = Thresholds {
            organization: limit(count(0)),
            ..own(count(0))
        };
        let crossed = crossed(&report, &thresholds);
        assert_eq!(crossed.len(), 2);
        assert_eq!(crossed[0].scope, Scope::Organization);
        assert!(crossed.iter().all(|crossing| crossing.at_least));
    }

    #[test]
    fn the_nearest_rule_wins() {
        let report = report_of(&[volumes(1, "Work/Prod", 10, &[High, High], &[])]);
        let with = |overrides: Vec<ThresholdOverride>| {
            let thresholds = Thresholds {
                overrides,
                ..own(count(0))
            };
            crossed(&report, &thresholds).len()
        };
        let own_rule = |allowed| ThresholdOverride {
            account: Some(id(1)),
            ou: None,
            indicators: limit(count(allowed)),
        };
        assert_eq!(with(vec![]), 1);
        assert_eq!(with(vec![of_ou("Work", 9)]), 0);
        assert_eq!(with(vec![of_ou("Other", 9)]), 1);
        assert_eq!(with(vec![of_ou("Work", 0), of_ou("Work/Prod", 9)]), 0);
        assert_eq!(with(vec![of_ou("Work/Prod", 9), of_ou("Work", 0)]), 0);
        assert_eq!(with(vec![of_ou("ou-a1b2-prod", 9), of_ou("/Work/", 0)]), 0);
        assert_eq!(with(vec![of_ou("Work", 9), of_ou("r-a1b2", 0)]), 0);
        assert_eq!(with(vec![own_rule(9), of_ou("Work/Prod", 0)]), 0);
        let silent = ThresholdOverride {
            indicators: BTreeMap::new(),
            ..own_rule(0)
        };
        assert_eq!(with(vec![silent, of_ou("Work", 9)]), 0);
    }

    #[test]
    fn a_rule_without_limits_switches_the_threshold_off() {
        let report = report_of(&[volumes(1, "", 10, &[Critical], &[])]);
        let off = ThresholdOverride {
            account: Some(id(1)),
            ou: None,
            indicators: limit(Threshold::default()),
        };
        let thresholds = Thresholds {
            overrides: vec![off],
            ..own(count(0))
        };
        assert_eq!(crossed(&report, &thresholds), []);
    }
}
