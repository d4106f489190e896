//! Scan or skip: pure decisions about accounts.

use orgscan_core::model::{Account, AccountState, Cause, Decision, Gap, SkipReason};
use orgscan_core::services::organizations::LIST_ACCOUNTS_FOR_PARENT;
use orgscan_core::settings::{AccountFilter, AccountMatch, Config};

/// The OUs that filters, thresholds and routes name.
pub(super) fn named_ous(config: &Config) -> impl Iterator<Item = &str> {
    let thresholds = &config.thresholds;
    let by_match = matches(config).chain(routes(config)).flat_map(|m| &m.ous);
    let overrides = thresholds
        .overrides
        .iter()
        .filter_map(|one| one.ou.as_ref());
    let all = by_match.chain(overrides).chain(thresholds.ous.keys());
    all.map(String::as_str)
}

/// Whether a filter names tags. Reading tags costs one request per account.
pub(super) fn wants_tags(config: &Config) -> bool {
    matches(config)
        .chain(routes(config))
        .any(|m| !m.tags.is_empty())
}

/// What the alert's routes name: it decides on no account, so no scan waits for it.
fn routes(config: &Config) -> impl Iterator<Item = &AccountMatch> {
    let alert = config.destinations.alert.iter();
    alert.flat_map(|alert| alert.routes.iter().map(|route| &route.accounts))
}

/// Whether an account can be decided on by what the list of accounts says of it alone, so that its
/// scan may begin while the list is still read. Includes are checked against the whole list first:
/// one that names nothing must not pass for a scan.
pub(super) fn decided_by_listing(config: &Config) -> bool {
    let exclude = &config.accounts.exclude;
    config.accounts.include.is_empty() && exclude.ous.is_empty() && exclude.tags.is_empty()
}

fn matches(config: &Config) -> impl Iterator<Item = &AccountMatch> {
    [&config.accounts.include, &config.accounts.exclude].into_iter()
}

/// Scan, or skip with the reason.
pub(super) fn decide(account: &Account, filter: &AccountFilter) -> Decision {
    let skip = |reason, detail: String| Decision::Skip { reason, detail };
    if !works(account.state) {
        let detail = format!("its state in Organizations is {}", account.state);
        return skip(SkipReason::AccountNotActive, detail);
    }
    if filter.exclude.matches(account) {
        let detail = "excluded by accounts.exclude".to_owned();
        return skip(SkipReason::Excluded, detail);
    }
    if !filter.include.is_empty() && !filter.include.matches(account) {
        let detail = "not selected by accounts.include".to_owned();
        return skip(SkipReason::NotIncluded, detail);
    }
    Decision::Scan
}

/// The same for an account that has been looked for in the OUs. Where it is in none and a filter that names
/// OUs would decide, nobody knows whether it is meant.
pub(super) fn decide_with_ous(account: &Account, filter: &AccountFilter) -> Decision {
    let decision = decide(account, filter);
    let reason = match &decision {
        Decision::Skip { reason, .. } => Some(*reason),
        _ => None,
    };
    let is_open = match reason {
        None => !filter.exclude.ous.is_empty(),
        Some(SkipReason::NotIncluded) => !filter.include.ous.is_empty(),
        Some(_) => false,
    };
    if !is_open || !account.ou_ids.is_empty() {
        return decision;
    }
    Decision::Fail {
        gap: Gap {
            detail: "no OU lists the account, and a filter names OUs".to_owned(),
            ..Gap::new(LIST_ACCOUNTS_FOR_PARENT.action, Cause::Malformed)
        },
    }
}

/// Whether an account in this state may answer. One that is about to be closed still works, and a
/// state that this version does not know is tried rather than left out in silence.
pub(super) fn works(state: AccountState) -> bool {
    match state {
        AccountState::Active | AccountState::PendingClosure | AccountState::Unknown => true,
        AccountState::PendingActivation | AccountState::Suspended | AccountState::Closed => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(state: AccountState) -> Account {
        Account {
            id: "111122223333".parse().unwrap(),
            name: "prod-web".into(),
            state,
            ou_ids: Vec::new(),
            ou_path: "Workloads".into(),
            tags: Default::default(),
        }
    }

    fn reason(account: &Account, filter: &AccountFilter) -> Option<SkipReason> {
        match decide(account, filter) {
            Decision::Scan | Decision::Fail { .. } => None,
            Decision::Skip { reason, .. } => Some(reason),
        }
    }

    fn ou(path: &str) -> AccountMatch {
        AccountMatch {
            ous: vec![path.into()],
            ..AccountMatch::default()
        }
    }

    #[test]
    fn inactive_accounts_are_skipped_for_any_filter() {
        use AccountState::*;
        let filter = AccountFilter::default();
        for state in [Active, PendingClosure, Unknown] {
            assert_eq!(reason(&account(state), &filter), None, "{state}");
        }
        for state in [PendingActivation, Suspended, Closed] {
            let expected = Some(SkipReason::AccountNotActive);
            assert_eq!(reason(&account(state), &filter), expected, "{state}");
        }
    }

    #[test]
    fn exclusion_wins_over_inclusion() {
        let account = account(AccountState::Active);
        let mut filter = AccountFilter {
            include: ou("Workloads"),
            exclude: AccountMatch::default(),
        };
        assert_eq!(reason(&account, &filter), None);
        filter.exclude = ou("Workloads");
        assert_eq!(reason(&account, &filter), Some(SkipReason::Excluded));
        filter = AccountFilter {
            include: ou("Sandbox"),
            exclude: AccountMatch::default(),
        };
        assert_eq!(reason(&account, &filter), Some(SkipReason::NotIncluded));
    }

    #[test]
    fn an_account_in_no_ou_has_failed_where_a_filter_by_ou_decides() {
        let mut unplaced = account(AccountState::Active);
        unplaced.ou_path.clear();
        let fails = |account: &Account, include, exclude| {
            let filter = AccountFilter { include, exclude };
            matches!(decide_with_ous(account, &filter), Decision::Fail { .. })
        };
        let none = AccountMatch::default;
        let by_name = || AccountMatch {
            names: vec!["prod-*".into()],
            ..none()
        };
        assert!(fails(&unplaced, ou("Workloads"), none()));
        assert!(fails(&unplaced, none(), ou("Workloads")));
        assert!(!fails(&unplaced, none(), none()));
        assert!(!fails(&unplaced, by_name(), none()));
        assert!(!fails(&unplaced, ou("Workloads"), by_name()));
        let placed = Account {
            ou_ids: vec!["r-a1b2".into()],
            ..unplaced
        };
        assert!(!fails(&placed, ou("Workloads"), none()));
    }

    #[test]
    fn data_for_routes_and_thresholds_is_read_and_blocks_no_scan() {
        let mut config = Config::default();
        assert!(named_ous(&config).next().is_none() && !wants_tags(&config));
        let mut alert = orgscan_core::settings::AlertConfig::to("topic");
        alert.routes.push(orgscan_core::settings::AlertRoute {
            name: None,
            accounts: AccountMatch {
                tags: [("team".to_owned(), "web".to_owned())].into(),
                ..ou("Workloads")
            },
            topic_arn: "topic".into(),
            send: None,
            chat: None,
        });
        config.destinations.alert = Some(alert);
        assert!(named_ous(&config).next().is_some() && wants_tags(&config));
        assert!(decided_by_listing(&config));
        config.destinations.alert = None;
        let units = &mut config.thresholds.ous;
        units.insert("Workloads".into(), Default::default());
        assert!(named_ous(&config).next().is_some() && !wants_tags(&config));
    }
}
