//! A selection that names nothing is a slip of the pen, and must not pass for a clean scan.

use std::collections::BTreeMap;

use super::RunError;
use crate::config::{AccountMatch, Config, glob, is_in_ou};
use crate::model::{Account, Plan, Region};

/// Refuses includes of accounts that name nothing there is, and filters that leave no account.
pub(crate) fn refuse_unknown_accounts(config: &Config, plan: &Plan) -> Result<(), RunError> {
    let accounts: Vec<&Account> = plan.accounts.iter().map(|one| &*one.account).collect();
    let mut nothing = unknown_accounts(&config.accounts.include, &accounts);
    if nothing.is_empty() && plan.to_scan().next().is_none() {
        nothing.push("the account filters together".to_owned());
    }
    refuse(nothing)
}

/// Refuses includes of Regions that name nothing there is, and filters that leave no check.
pub(super) fn refuse_unknown_regions(
    config: &Config,
    regions: &BTreeMap<Region, bool>,
) -> Result<(), RunError> {
    let mut nothing = Vec::new();
    for pattern in &config.regions.include {
        if !regions.keys().any(|region| glob(pattern, region.as_str())) {
            nothing.push(format!("regions.include `{pattern}`"));
        }
    }
    if config.checks.select().is_empty() {
        nothing.push(
            "the check filters together (what is not made by default is made only when it is named, by \
             checks.include or checks.frameworks)"
                .to_owned(),
        );
    }
    refuse(nothing)
}

fn refuse(nothing: Vec<String>) -> Result<(), RunError> {
    if nothing.is_empty() {
        Ok(())
    } else {
        Err(RunError::NamesNothing(nothing))
    }
}

fn unknown_accounts(include: &AccountMatch, accounts: &[&Account]) -> Vec<String> {
    let any = |named: &dyn Fn(&Account) -> bool| accounts.iter().any(|account| named(account));
    let ids = include.ids.iter().filter(|id| !any(&|a| a.id == **id));
    let ous = include.ous.iter().filter(|ou| !any(&|a| is_in_ou(a, ou)));
    let names = include.names.iter();
    let names = names.filter(|name| !any(&|a| glob(name, &a.name)));
    let of =
        |field: &str, value: &dyn std::fmt::Display| format!("accounts.include.{field} `{value}`");
    ids.map(|id| of("ids", id))
        .chain(ous.map(|ou| of("ous", ou)))
        .chain(names.map(|name| of("names", name)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Decision, PlannedAccount};

    fn refused(change: impl FnOnce(&mut Config)) -> Option<String> {
        let mut config = Config::default();
        change(&mut config);
        let plan = Plan {
            organization: None,
            central_account: crate::testing::id(1),
            accounts: vec![PlannedAccount {
                account: crate::testing::account(1, "prod", "Workloads/Production").into(),
                decision: Decision::Scan,
            }],
        };
        let regions = BTreeMap::from([(Region::new("eu-west-1"), true)]);
        let refused = refuse_unknown_accounts(&config, &plan);
        let refused = refused.and_then(|()| refuse_unknown_regions(&config, &regions));
        refused.err().map(|error| error.to_string())
    }

    #[test]
    fn a_slip_of_the_pen_is_named() {
        assert_eq!(refused(|_| ()), None);
        let slips = [
            (
                "eu-wst-1",
                refused(|c| c.regions.include.push("eu-wst-1".into())),
            ),
            (
                "Workload",
                refused(|c| c.accounts.include.ous.push("Workload".into())),
            ),
            (
                "stage-*",
                refused(|c| c.accounts.include.names.push("stage-*".into())),
            ),
            (
                "999999999999",
                refused(|c| c.accounts.include.ids.push("999999999999".parse().unwrap())),
            ),
        ];
        for (slip, error) in slips {
            let error = error.unwrap();
            assert!(
                error.contains(slip) && error.contains("correct it"),
                "{error}"
            );
        }
        assert_eq!(refused(|c| c.regions.include.push("eu-*".into())), None);
        assert_eq!(
            refused(|c| c.accounts.include.ous.push("Workloads".into())),
            None
        );
    }
}
