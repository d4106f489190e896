//! The tables of requests in docs/performance.md follow from the checks, their facts and the APIs of these.

use std::fmt::Write;

use super::first_of;
use crate::api::Api;
use crate::checks::Check;
use crate::facts::{FactScope, FactSpec};
use crate::partition::Partition;
use crate::services::{APIS, CHECKS, REGION_APIS, needs_of, sts};
use crate::testing::assert_fresh;
use crate::testing::docs::{page, with_section};
use crate::text::number;

const PAGE: &str = "docs/performance.md";

/// A request that a check may send.
struct Use {
    check: &'static Check,
    api: &'static Api,
    /// The account or the Region that it is sent for.
    scope: FactScope,
    /// The kind of resource that it is sent for each of, or nothing.
    each: &'static str,
    /// When it is sent; empty if always.
    condition: &'static str,
}

/// What reading a fact sends under a condition. A fact of each resource belongs to the scope that it is read for.
fn follow(
    check: &'static Check,
    spec: &FactSpec,
    above: FactScope,
    condition: &'static str,
) -> Vec<Use> {
    let (scope, each) = match spec.scope {
        FactScope::Each(kind) => (above, kind),
        own => (own, ""),
    };
    let calls = spec.calls.iter().map(|api| Use {
        check,
        api,
        scope,
        each,
        condition: match api.condition {
            "" => condition,
            own => own,
        },
    });
    let always = spec.reads.iter().map(|fact| (*fact, condition));
    let conditional = spec.may_read.iter();
    let conditional =
        conditional.flat_map(|one| one.facts.iter().map(|fact| (*fact, one.condition)));
    let others = always.chain(conditional);
    let others = others.flat_map(|(fact, condition)| follow(check, fact, scope, condition));
    calls.chain(others).collect()
}

/// What all checks send, those that are enabled by default and the others.
fn uses(by_default: bool) -> Vec<Use> {
    let checks = CHECKS.iter().filter(|check| check.by_default == by_default);
    let needs = checks.flat_map(|check| check.needs.iter().map(|spec| (*check, *spec)));
    needs
        .flat_map(|(check, spec)| follow(check, spec, FactScope::Account, ""))
        .collect()
}

/// How often a request is sent: once or for a list, and what that is repeated for.
fn how_many(api: &Api, each: &str) -> String {
    let once = match api.page {
        Some(page) => format!(
            "pages({}, {})",
            api.items,
            number(page.unsigned_abs().into())
        ),
        None => "1".to_owned(),
    };
    let each = match each.rsplit_once('.') {
        Some((_, noun)) => format!(" for each {}", noun.replace('_', " ")),
        None => String::new(),
    };
    match api.repeats {
        "" => once + &each,
        repeats => format!("{once}{each} {repeats}"),
    }
}

fn row(table: &mut String, api: &Api, each: &str, conditions: &[&str], wanted_by: &str) {
    writeln!(
        table,
        "| `{}` | {} | {} | {wanted_by} |",
        api.name,
        how_many(api, each),
        conditions.join(", or "),
    )
    .unwrap();
}

const HEAD: &str = "| request | how many | only if | for |\n| --- | --- | --- | --- |\n";

/// The requests of these uses in an account or a Region, in the order of the APIs. One that is sent always has no
/// condition, whatever other checks have.
fn rows(uses: &[&Use], scope: FactScope) -> String {
    let mut table = String::new();
    for api in APIS {
        let of_api = uses.iter();
        let of_api = of_api.filter(|one| one.api == *api && one.scope == scope);
        let of_api: Vec<&&Use> = of_api.collect();
        let Some(first) = of_api.first() else {
            continue;
        };
        let (mut conditions, mut checks) = (Vec::new(), Vec::new());
        for one in &of_api {
            if !conditions.contains(&one.condition) {
                conditions.push(one.condition);
            }
            if !checks.contains(&one.check.id) {
                checks.push(one.check.id);
            }
        }
        if conditions.contains(&"") {
            conditions.clear();
        }
        let checks = first_of(checks.into_iter());
        row(&mut table, api, first.each, &conditions, &checks);
    }
    table
}

/// What scanning an account takes whatever the checks.
fn of_every_account() -> String {
    let mut table = String::new();
    row(&mut table, &sts::ASSUME_ROLE, "", &[], "the session");
    for api in REGION_APIS {
        let wanted_by = "which Regions are enabled";
        row(&mut table, api, "", &[api.condition], wanted_by);
    }
    table
}

/// What checks that are off by default send besides: what no default check sends, or only under other conditions.
fn besides<'a>(opt_in: &'a [Use], default: &[Use]) -> Vec<&'a Use> {
    let is_covered = |one: &&Use| {
        let mut same = default
            .iter()
            .filter(|other| (other.api, other.scope) == (one.api, one.scope));
        same.any(|other| other.condition.is_empty() || other.condition == one.condition)
    };
    opt_in.iter().filter(|one| !is_covered(one)).collect()
}

/// The fewest requests, of a Region and of an account with nothing in it.
fn fewest() -> String {
    let default: Vec<&Check> = CHECKS
        .iter()
        .copied()
        .filter(|one| one.by_default)
        .collect();
    let regions = Partition::named("aws").unwrap().default_regions.len() as u64;
    let [(region, account), (all_region, all_account)] = [&default, CHECKS].map(|checks| {
        let (account, region) = needs_of(checks).least_requests();
        (region, account + regions * region)
    });
    format!(
        "An empty Region costs {region} requests, and {all_region} with all checks. In the {regions} Regions that no account \
         can disable, an\naccount with nothing in it costs {account} requests and its session, and {all_account} with all \
         checks.\n"
    )
}

fn enabled() -> String {
    let enabled = CHECKS.iter().filter(|check| check.by_default).count();
    let all = CHECKS.len();
    format!("{enabled} of the {all} checks are enabled by default.\n")
}

#[test]
fn the_tables_of_requests_are_fresh() {
    let (default, opt_in) = (uses(true), uses(false));
    let enabled_by_default: Vec<&Use> = default.iter().collect();
    let besides = besides(&opt_in, &default);
    let of_account = rows(&enabled_by_default, FactScope::Account);
    let sections = [
        (
            "requests of a Region",
            HEAD.to_owned() + &rows(&enabled_by_default, FactScope::Region),
        ),
        (
            "opt-in requests of a Region",
            HEAD.to_owned() + &rows(&besides, FactScope::Region),
        ),
        (
            "requests of an account",
            HEAD.to_owned() + &of_every_account() + &of_account,
        ),
        (
            "opt-in requests of an account",
            HEAD.to_owned() + &rows(&besides, FactScope::Account),
        ),
        ("fewest requests", fewest()),
        ("enabled by default", enabled()),
    ];
    let fresh = sections.iter().fold(page(PAGE), |page, (marker, text)| {
        with_section(&page, marker, text)
    });
    assert_fresh(PAGE, &fresh);
}

/// All facts that a check may have read.
fn all_facts(spec: &'static FactSpec) -> Vec<&'static FactSpec> {
    let others = spec.follows().flat_map(all_facts);
    [spec].into_iter().chain(others).collect()
}

#[test]
fn what_is_not_always_sent_has_a_condition() {
    let facts = CHECKS.iter().flat_map(|check| check.needs);
    for fact in facts.flat_map(|spec| all_facts(spec)) {
        let mut conditions = fact.may_read.iter().map(|one| one.condition);
        assert!(conditions.all(|one| !one.is_empty()), "{}", fact.key);
        let may_send_none =
            fact.least == 0 && !matches!(fact.scope, FactScope::Each(_) | FactScope::Organization);
        let is_conditional = fact.calls.iter().all(|api| !api.condition.is_empty());
        assert!(!may_send_none || is_conditional, "{}", fact.key);
    }
}
