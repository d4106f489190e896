//! What the configuration names and does not exist. An include that names nothing must not pass for a clean
//! scan, so the run is refused; an exclude, a threshold or a route that names nothing is a note.
//!
//! Every command that lists accounts uses these functions, so that `orgscan plan` refuses what a scan refuses.

use std::collections::BTreeMap;

use orgscan_aws::discover::DiscoveryResult;
use orgscan_core::model::{Plan, Region};
use orgscan_core::settings::{Config, glob};
use orgscan_core::suggest::nearest;

use super::RunError;

mod named;

use named::KnownNames;

/// Refuses includes of accounts that name nothing there is, and filters that leave no account. What else
/// names nothing is noted.
///
/// # Errors
/// [`RunError::NamesNothing`]
pub(crate) fn validate_accounts(
    config: &Config,
    discovered: &mut DiscoveryResult,
) -> Result<(), RunError> {
    let DiscoveryResult { plan, ous, notes } = discovered;
    let known = KnownNames::of(plan, ous);
    let mut nothing = known.unmatched("accounts.include", &config.accounts.include);
    if nothing.is_empty() && plan.to_scan().next().is_none() {
        nothing.push("the account filters together".to_owned());
    }
    refuse(nothing)?;
    notes.extend(accounts_that_match_nothing(config, plan, &known));
    Ok(())
}

/// Refuses includes of Regions that name nothing there is, and filters that leave no check. Gives a note on
/// each exclude that names nothing.
///
/// # Errors
/// [`RunError::NamesNothing`]
pub(super) fn validate_regions(
    config: &Config,
    regions: &BTreeMap<Region, bool>,
) -> Result<Vec<String>, RunError> {
    let mut nothing = unmatched_regions("regions.include", &config.regions.include, regions);
    if config.checks.select().is_empty() {
        nothing.push(
            "the check filters together (what is not made by default is made only when it is named, by \
             checks.include or checks.frameworks)"
                .to_owned(),
        );
    }
    refuse(nothing)?;
    let unmatched = unmatched_regions("regions.exclude", &config.regions.exclude, regions);
    Ok(unmatched.into_iter().map(noted).collect())
}

fn refuse(nothing: Vec<String>) -> Result<(), RunError> {
    if nothing.is_empty() {
        Ok(())
    } else {
        Err(RunError::NamesNothing(nothing))
    }
}

/// What names no account and no OU beside the includes. Only the list of the whole organization tells.
fn accounts_that_match_nothing(
    config: &Config,
    plan: &Plan,
    known: &KnownNames<'_>,
) -> Vec<String> {
    if plan.organization.is_none() {
        return Vec::new();
    }
    let mut unmatched = known.unmatched("accounts.exclude", &config.accounts.exclude);
    for ou in config.thresholds.organizational_units.keys() {
        unmatched.extend(known.ou("thresholds.organizational_units", ou));
    }
    for (index, limits) in config.thresholds.overrides.iter().enumerate() {
        let field = format!("thresholds.overrides[{index}]");
        let ou = limits.ou.iter();
        unmatched.extend(ou.filter_map(|ou| known.ou(&format!("{field}.ou"), ou)));
        let id = limits.account.iter();
        unmatched.extend(id.filter_map(|id| known.id(&format!("{field}.account"), id)));
    }
    let routes = config.destinations.alert.iter();
    let routes = routes.flat_map(|alert| alert.routes.iter().enumerate());
    for (index, route) in routes {
        let field = format!("destinations.alert.routes[{index}].match");
        unmatched.extend(known.unmatched(&field, &route.accounts));
    }
    unmatched.into_iter().map(noted).collect()
}

fn noted(unmatched: String) -> String {
    let note = format!("{unmatched} matches nothing, so it has no effect; correct it or remove it");
    tracing::warn!("{note}");
    note
}

fn unmatched_regions(
    field: &str,
    patterns: &[String],
    regions: &BTreeMap<Region, bool>,
) -> Vec<String> {
    let names = || regions.keys().map(Region::as_str);
    let unmatched = patterns
        .iter()
        .filter(|pattern| !names().any(|region| glob(pattern, region)));
    unmatched
        .map(|pattern| describe(field, pattern, nearest(pattern, names())))
        .collect()
}

/// ``accounts.exclude.ous `sandbox` (did you mean `Sandbox`?)``
fn describe(field: &str, value: &str, meant: Option<&str>) -> String {
    let named = format!("{field} `{}`", value.escape_debug());
    match meant {
        Some(meant) => format!("{named} (did you mean `{}`?)", meant.escape_debug()),
        None => named,
    }
}

#[cfg(test)]
mod tests;
