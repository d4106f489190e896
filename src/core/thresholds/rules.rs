//! Which rule holds for a number, and which others it stands before. Pure.

use std::cmp::Reverse;

use crate::model::Account;
use crate::settings::{Threshold, ThresholdOverride, Thresholds, is_in_ou};

/// Whose number a rule is asked for.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// The organization's total.
    Organization,
    /// An OU's total.
    Unit {
        /// Names of the OUs on the way to it, joined with `/`.
        path: &'a str,
        /// Its id, where that is known.
        id: Option<&'a str>,
    },
    /// An account's own number.
    Account(&'a Account),
}

/// A rule that is about a number.
#[derive(Clone, Debug, PartialEq)]
pub struct ThresholdRule<'t> {
    /// Its field in the configuration: `thresholds.accounts.PublicBuckets`.
    pub field: String,
    /// Whom it is for: `all accounts`, `OU Workloads/Production`.
    pub applies_to: String,
    /// What it allows.
    pub threshold: &'t Threshold,
}

/// The rules for an indicator's number, the one that holds first and those that it stands before after
/// it, from the inside out: the account's own, those of its OUs from the innermost outwards, then the
/// one for all accounts. Of several that are equally near, the first in the configuration holds.
pub fn rules<'t>(
    thresholds: &'t Thresholds,
    subject: &Subject<'_>,
    indicator: &str,
) -> Vec<ThresholdRule<'t>> {
    let limit = |(field, applies_to, limits): (String, String, &'t Limits)| {
        let threshold = limits.get(indicator)?;
        Some(ThresholdRule {
            field: format!("{field}.{indicator}"),
            applies_to,
            threshold,
        })
    };
    let sources: Vec<_> = match subject {
        Subject::Organization => vec![(
            "thresholds.organization".to_owned(),
            "the organization".to_owned(),
            &thresholds.organization,
        )],
        Subject::Unit { path, id } => {
            let units = thresholds.ous.iter();
            let of = units.filter(|(ou, _)| ou.trim_matches('/') == *path || Some(&***ou) == *id);
            let source = |(ou, limits): (&String, &'t Limits)| {
                let field = format!("thresholds.ous.{ou}");
                (field, format!("OU {ou}"), limits)
            };
            of.map(source).collect()
        }
        Subject::Account(account) => of_account(thresholds, account),
    };
    sources.into_iter().filter_map(limit).collect()
}

type Limits = std::collections::BTreeMap<String, Threshold>;

fn of_account<'t>(
    thresholds: &'t Thresholds,
    account: &Account,
) -> Vec<(String, String, &'t Limits)> {
    let overrides = thresholds.overrides.iter().enumerate();
    let mut near: Vec<_> = overrides
        .map(|(index, rule)| (nearness(rule, account), index, rule))
        .filter(|(nearness, ..)| *nearness > 0)
        .collect();
    near.sort_by_key(|(nearness, ..)| Reverse(*nearness));
    let sources = near.into_iter().map(|(_, index, rule)| {
        let applies_to = match (&rule.account, &rule.ou) {
            (Some(id), _) => format!("account {id}"),
            (None, ou) => format!("OU {}", ou.as_deref().unwrap_or_default()),
        };
        let field = format!("thresholds.overrides[{index}].indicators");
        (field, applies_to, &rule.indicators)
    });
    let all = (
        "thresholds.accounts".to_owned(),
        "all accounts".to_owned(),
        &thresholds.accounts,
    );
    sources.chain([all]).collect()
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
