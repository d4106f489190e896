//! The sections of the weekly report.

use std::io::{self, Write};

use orgscan_core::model::{Severity, SeverityCounts, TrendNumber};
use orgscan_core::text::{capped, clean, count, number};

use super::{NAME, name_of};
use crate::trend::weekly::{IndicatorTrend, RankedAccount};
use crate::trend::{Change, DayState, Direction, TimeToResolve, Weekly};

/// How many lines a list has at most.
const MOST: usize = 25;

fn heading(out: &mut impl Write, text: &str) -> io::Result<()> {
    writeln!(out, "\n{text}")
}

pub(super) fn days(out: &mut impl Write, weekly: &Weekly) -> io::Result<()> {
    heading(out, "Days")?;
    for day in &weekly.days {
        let percent = day
            .coverage_percent
            .map_or(String::new(), |p| format!(", {p}%"));
        let text = match day.state {
            DayState::Complete => "coverage complete".to_owned(),
            DayState::Incomplete => format!("coverage incomplete{percent}"),
            DayState::Partial => "only runs of a part of the organization".to_owned(),
            DayState::Failed => "a run without a readable report".to_owned(),
            DayState::NoScan => "NO SCAN".to_owned(),
        };
        let more = match day.run_ids.len() {
            0 | 1 => String::new(),
            runs => format!(" ({runs} runs)"),
        };
        let weekday = day.day.strftime("%a");
        writeln!(out, "  {weekday} {}  {text}{more}", day.day)?;
    }
    for run in &weekly.missing_runs {
        let (id, why) = (clean(&run.run_id, NAME), clean(&run.reason, 300));
        writeln!(out, "  missing: run {id} of {}: {why}", run.day)?;
    }
    Ok(())
}

pub(super) fn indicators(out: &mut impl Write, weekly: &Weekly) -> io::Result<()> {
    if weekly.indicators.is_empty() {
        return Ok(());
    }
    heading(out, "Indicators, first run -> last run")?;
    if weekly.first_run_id == weekly.last_run_id {
        writeln!(
            out,
            "  The week has only one run, so there is no comparison."
        )?;
    }
    for line in &weekly.indicators {
        indicator(out, line)?;
    }
    if weekly
        .indicators
        .iter()
        .any(|line| is_bound(line.first) || is_bound(line.last))
    {
        writeln!(
            out,
            "  ≥ marks a lower bound: coverage was incomplete. Not comparable: the two runs evaluated different targets."
        )?;
    }
    Ok(())
}

fn is_bound(number: Option<TrendNumber>) -> bool {
    number.is_some_and(|number| number.lower_bound && number.value.is_some())
}

fn indicator(out: &mut impl Write, line: &IndicatorTrend) -> io::Result<()> {
    let (first, last) = (shown(line.first), shown(line.last));
    let name = clean(&line.indicator, NAME);
    let change = of_total(line);
    writeln!(out, "  {name:<26} {first:>9} -> {last:<9} {change}")
}

/// `12`, `≥ 12`, `unknown`, or `-` if the run does not have it.
fn shown(value: Option<TrendNumber>) -> String {
    match value {
        None => "-".to_owned(),
        Some(TrendNumber { value: None, .. }) => "unknown".to_owned(),
        Some(TrendNumber {
            value: Some(value),
            lower_bound: at_least,
        }) => format!("{}{}", if at_least { "≥ " } else { "" }, number(value)),
    }
}

/// `3 more`, `at least 2 fewer`
fn describe(change: &Change) -> String {
    let by = number(change.delta.unwrap_or_default().unsigned_abs());
    let at_least = if change.lower_bound { "at least " } else { "" };
    match change.direction {
        Direction::Better => format!("{at_least}{by} fewer"),
        Direction::Worse => format!("{at_least}{by} more"),
        Direction::Same => "unchanged".to_owned(),
        Direction::NotComparable => "not comparable".to_owned(),
    }
}

/// The same for a total. If it is not comparable, the change in the accounts that are.
fn of_total(line: &IndicatorTrend) -> String {
    let Some(part) = &line.comparable else {
        return describe(&line.change);
    };
    let at_least = if part.lower_bound { "at least " } else { "" };
    let by = number(part.delta.unsigned_abs());
    let change = match part.delta {
        0 => "unchanged".to_owned(),
        ..0 => format!("{at_least}{by} fewer"),
        1.. => format!("{at_least}{by} more"),
    };
    let all = count(part.accounts + part.accounts_not_comparable, "account");
    format!(
        "{change} in {} of {all}, the others not comparable",
        number(part.accounts)
    )
}

/// `3 (1 critical, 2 high)`, the highest severity first; `0`.
fn by_severity(counts: &SeverityCounts) -> String {
    let severities = Severity::ALL.into_iter().rev();
    let parts = severities.filter(|severity| counts.of(*severity) > 0);
    let parts: Vec<String> = parts
        .map(|severity| format!("{} {severity}", number(counts.of(severity))))
        .collect();
    match parts.is_empty() {
        true => "0".to_owned(),
        false => format!("{} ({})", number(counts.total()), parts.join(", ")),
    }
}

pub(super) fn changes(out: &mut impl Write, weekly: &Weekly) -> io::Result<()> {
    heading(out, "New and resolved findings, all runs")?;
    let changes = &weekly.changes;
    for (word, counts) in [
        ("new", &changes.all.new),
        ("reopened", &changes.all.reopened),
        ("worsened", &changes.all.worsened),
        ("resolved", &changes.all.resolved),
        ("closed with account", &changes.all.gone),
    ] {
        writeln!(out, "  {word:<24} {}", by_severity(counts))?;
    }
    if let Some(run) = &changes.first_run_id {
        let run = clean(run, NAME);
        writeln!(
            out,
            "  Run {run} was the first scan run: its findings do not count as new."
        )?;
    }
    for run in &changes.runs_not_compared {
        let run = clean(run, NAME);
        writeln!(
            out,
            "  Run {run} was not compared with a previous run, so its changes are not in these numbers."
        )?;
    }
    Ok(())
}

pub(super) fn times(out: &mut impl Write, weekly: &Weekly) -> io::Result<()> {
    let times = &weekly.time_to_resolve;
    if times.all.is_some() {
        heading(out, "Time to resolve, in days from first seen")?;
    }
    let severities = Severity::ALL.into_iter().rev().map(Severity::as_str);
    let severities = severities.filter_map(|severity| {
        let time = times.by_severity.get(severity)?;
        Some((severity, time))
    });
    let all = times.all.iter().map(|time| ("all", time));
    let checks = times
        .by_check
        .iter()
        .map(|(check, time)| (check.as_str(), time));
    for (what, time) in all.chain(severities).chain(checks) {
        let TimeToResolve {
            resolved,
            mean_days,
            median_days,
        } = time;
        let what = clean(what, NAME);
        writeln!(
            out,
            "  {what:<34} {resolved:>6} resolved, mean {mean_days}, median {median_days}"
        )?;
    }
    if times.reopened > 0 {
        let back = count(times.reopened, "finding");
        writeln!(
            out,
            "  Reopened after being resolved, not counted here: {back}."
        )?;
    }
    for run in &times.missing_runs {
        let run = clean(run, NAME);
        writeln!(out, "  The changes of run {run} could not be read.")?;
    }
    Ok(())
}

pub(super) fn accounts(out: &mut impl Write, weekly: &Weekly) -> io::Result<()> {
    ranked(out, "Accounts that worsened", &weekly.worse)?;
    ranked(out, "Accounts that improved", &weekly.better)?;
    if weekly.accounts_not_comparable > 0 {
        let accounts = count(weekly.accounts_not_comparable, "account");
        writeln!(
            out,
            "\n{accounts} not comparable: the two runs evaluated different targets."
        )?;
    }
    moves(out, weekly)
}

fn ranked(out: &mut impl Write, title: &str, accounts: &[RankedAccount]) -> io::Result<()> {
    if accounts.is_empty() {
        return Ok(());
    }
    heading(out, title)?;
    for account in accounts {
        let name = name_of(&account.account_name, account.account_id.as_str());
        let (first, last) = (by_severity(&account.first), by_severity(&account.last));
        writeln!(out, "  {name}\n      {first} -> {last}")?;
    }
    Ok(())
}

/// Accounts that joined, left or were moved.
fn moves(out: &mut impl Write, weekly: &Weekly) -> io::Result<()> {
    use crate::trend::Presence::{Joined, LeftOrganization, Skipped, Stayed};
    let lines = weekly.accounts.iter().filter_map(|account| {
        let moved = account.from_ou_path.as_ref().map(|from| {
            let or_root = |path: &str| match clean(path, NAME).as_str() {
                "" => "the root".to_owned(),
                path => path.to_owned(),
            };
            format!(
                "moved from {} to {}",
                or_root(from),
                or_root(&account.ou_path)
            )
        });
        let presence = match account.presence {
            Stayed => None,
            Joined => Some("joined".to_owned()),
            LeftOrganization => Some("closed, suspended or removed".to_owned()),
            Skipped => Some("now excluded by a filter".to_owned()),
        };
        let parts: Vec<String> = presence.into_iter().chain(moved).collect();
        let name = name_of(&account.account_name, account.account_id.as_str());
        (!parts.is_empty()).then(|| format!("{name}: {}", parts.join(", ")))
    });
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return Ok(());
    }
    heading(out, "Accounts that joined, left or moved")?;
    list(out, &lines)
}

fn list(out: &mut impl Write, lines: &[String]) -> io::Result<()> {
    let mut text = String::new();
    capped(&mut text, lines.iter(), MOST);
    out.write_all(text.as_bytes())
}

pub(super) fn units(out: &mut impl Write, weekly: &Weekly) -> io::Result<()> {
    let mut lines = Vec::new();
    for (path, unit) in &weekly.ous {
        for line in &unit.indicators {
            if matches!(line.change.direction, Direction::Better | Direction::Worse) {
                let (first, last) = (shown(line.first), shown(line.last));
                let (path, name) = (clean(path, NAME), clean(&line.indicator, NAME));
                let change = describe(&line.change);
                lines.push(format!("{path}: {name} {first} -> {last}, {change}"));
            }
        }
    }
    if lines.is_empty() {
        return Ok(());
    }
    heading(out, "Organizational units")?;
    list(out, &lines)
}

pub(super) fn oldest(out: &mut impl Write, weekly: &Weekly) -> io::Result<()> {
    if weekly.oldest_open.is_empty() {
        return Ok(());
    }
    heading(out, "Oldest open findings")?;
    for one in weekly.oldest_open.iter().take(10) {
        let since = one.first_seen.strftime("%Y-%m-%d");
        let name = name_of(&one.account_name, one.account_id.as_str());
        let (check, resource) = (clean(&one.check_id, NAME), clean(&one.resource, 120));
        writeln!(
            out,
            "  since {since}  {}  {check}, {name}\n      {resource}",
            one.severity
        )?;
    }
    Ok(())
}
