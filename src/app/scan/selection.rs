//! Filters, thresholds and alert routes that match nothing. An include without a match must not pass for a clean
//! scan, so the run is refused. An exclude, a threshold or a route without a match becomes a note.
//!
//! Every command that lists accounts uses these functions, so `orgscan plan` refuses what a scan refuses.

use std::collections::BTreeMap;

use orgscan_aws::discover::DiscoveryResult;
use orgscan_core::document::{Origins, child};
use orgscan_core::model::{Plan, Region};
use orgscan_core::settings::{Config, glob};
use orgscan_core::suggest::nearest;

use super::{Request, RunError};

mod known_names;
mod unmatched;

use known_names::KnownNames;
use unmatched::Unmatched;

/// Refuses account includes without a match, and filters that select no account. Notes other filters without a
/// match.
///
/// # Errors
/// [`RunError::NoMatch`]
pub(crate) fn validate_accounts(
    request: &Request,
    discovered: &mut DiscoveryResult,
) -> Result<(), RunError> {
    let Request {
        config, origins, ..
    } = request;
    let DiscoveryResult { plan, ous, notes } = discovered;
    let known = KnownNames::of(plan, ous);
    let unmatched = known.unmatched("accounts.include", &config.accounts.include);
    let mut errors: Vec<_> = unmatched.iter().map(|one| one.error(origins)).collect();
    if errors.is_empty() && plan.to_scan().next().is_none() {
        errors.push(
            "the account filters select no active account; change --account, --ou, --exclude-account or \
             --exclude-ou, or accounts.include or accounts.exclude"
                .to_owned(),
        );
    }
    refuse(errors)?;
    let unmatched = accounts_without_match(config, plan, &known);
    notes.extend(noted(&unmatched, origins));
    Ok(())
}

/// Refuses Region includes without a match, and filters that select no check. Returns a note for each exclude
/// without a match.
///
/// # Errors
/// [`RunError::NoMatch`]
pub(super) fn validate_regions(
    request: &Request,
    regions: &BTreeMap<Region, bool>,
) -> Result<Vec<String>, RunError> {
    let Request {
        config, origins, ..
    } = request;
    let included = unmatched_regions("regions.include", &config.regions.include, regions);
    let mut errors: Vec<_> = included.iter().map(|one| one.error(origins)).collect();
    if config.checks.select().is_empty() {
        errors.push(
            "the check filters select no check; change --check, --framework, --category, --min-severity or \
             --exclude-check, or the same keys of `checks`; opt-in checks run only with --check or --framework"
                .to_owned(),
        );
    }
    refuse(errors)?;
    let excluded = unmatched_regions("regions.exclude", &config.regions.exclude, regions);
    Ok(noted(&excluded, origins))
}

fn refuse(errors: Vec<String>) -> Result<(), RunError> {
    if errors.is_empty() {
        Ok(())
    } else {
        Err(RunError::NoMatch(errors))
    }
}

/// Excludes, thresholds and routes that match no account and no OU. Only the list of the whole organization
/// shows that.
fn accounts_without_match(config: &Config, plan: &Plan, known: &KnownNames<'_>) -> Vec<Unmatched> {
    if plan.organization.is_none() {
        return Vec::new();
    }
    let mut unmatched = known.unmatched("accounts.exclude", &config.accounts.exclude);
    for ou in config.thresholds.ous.keys() {
        let field = child("thresholds.ous", ou);
        unmatched.extend(known.ou(("thresholds.ous", field), ou));
    }
    for (index, limits) in config.thresholds.overrides.iter().enumerate() {
        let (ou, account) = (
            format!("thresholds.overrides[{index}].ou"),
            format!("thresholds.overrides[{index}].account"),
        );
        let named = limits.ou.iter();
        unmatched.extend(named.filter_map(|name| known.ou((&ou, ou.clone()), name)));
        let id = limits.account.iter();
        unmatched.extend(id.filter_map(|id| known.id((&account, account.clone()), id)));
    }
    let routes = config.destinations.alert.iter();
    let routes = routes.flat_map(|alert| alert.routes.iter().enumerate());
    for (index, route) in routes {
        let field = format!("destinations.alert.routes[{index}].match");
        unmatched.extend(known.unmatched(&field, &route.accounts));
    }
    unmatched
}

fn noted(unmatched: &[Unmatched], origins: &Origins) -> Vec<String> {
    let notes = unmatched.iter().map(|one| one.note(origins));
    notes.inspect(|note| tracing::warn!("{note}")).collect()
}

fn unmatched_regions(
    field: &str,
    patterns: &[String],
    regions: &BTreeMap<Region, bool>,
) -> Vec<Unmatched> {
    let names = || regions.keys().map(Region::as_str);
    let indexed = patterns.iter().enumerate();
    let unmatched = indexed.filter(|(_, pattern)| !names().any(|region| glob(pattern, region)));
    unmatched
        .map(|(index, pattern)| {
            let at = (field, format!("{field}[{index}]"));
            Unmatched::new("Region", at, pattern, nearest(pattern, names()))
        })
        .collect()
}

#[cfg(test)]
mod tests;
