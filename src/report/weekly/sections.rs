//! The parts of the weekly report for people.

use std::io::{self, Write};

use orgscan_core::model::{Severity, SeverityCounts, TrendNumber};
use orgscan_core::text::{capped, clean, count, number};

use super::{NAME, name_of};
use crate::trend::weekly::{RankedAccount, WeeklyIndicator};
use crate::trend::{Change, DayState, TimeToResolve, Verdict, Weekly};

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
            .map_or(String::new(), |p| format!(", {p} %"));
        let text = match day.state {
            DayState::Complete => "complete".to_owned(),
            DayState::Incomplete => format!("incomplete{percent}"),
            DayState::Partial => "only runs over a part of the organization".to_owned(),
            DayState::Failed => "a run, and no report that can be read".to_owned(),
            DayState::WithoutScan => "NO SCAN".to_owned(),
        };
        let more = match day.runs.len() {
            0 | 1 => String::new(),
            runs => format!(" ({runs} runs)"),
        };
        let weekday = day.day.strftime("%a");
        writeln!(out, "  {weekday} {}  {text}{more}", day.day)?;
    }
    for run in &weekly.missing_runs {
        let (id, why) = (clean(&run.run_id, NAME), clean(&run.why, 300));
        writeln!(out, "  missing: run {id} of {}: {why}", run.day)?;
    }
    Ok(())
}

pub(super) fn indicators(out: &mut impl Write, weekly: &Weekly) -> io::Result<()> {
    if weekly.indicators.is_empty() {
        return Ok(());
    }
    heading(out, "Indicators, first run to last")?;
    if weekly.first_run == weekly.last_run {
        writeln!(
            out,
            "  One run alone counts, so there is nothing to compare it with."
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
            "  A number with ≥ is a lower bound. Not comparable: other things could be looked at than before."
        )?;
    }
    Ok(())
}

fn is_bound(number: Option<TrendNumber>) -> bool {
    number.is_some_and(|number| number.at_least && number.value.is_some())
}

fn indicator(out: &mut impl Write, line: &WeeklyIndicator) -> io::Result<()> {
    let (first, last) = (shown(line.first), shown(line.last));
    let name = clean(&line.indicator, NAME);
    let change = of_total(line);
    writeln!(out, "  {name:<26} {first:>9} -> {last:<9} {change}")
}

/// `12`, `≥ 12`, `unknown`, or `-` where the run did not make it.
fn shown(value: Option<TrendNumber>) -> String {
    match value {
        None => "-".to_owned(),
        Some(TrendNumber { value: None, .. }) => "unknown".to_owned(),
        Some(TrendNumber {
            value: Some(value),
            at_least,
        }) => format!("{}{}", if at_least { "≥ " } else { "" }, number(value)),
    }
}

/// `worse by 3`, `better by at least 2`
fn describe(change: &Change) -> String {
    let by = number(change.by.unwrap_or_default().unsigned_abs());
    let at_least = if change.at_least { "at least " } else { "" };
    match change.verdict {
        Verdict::Better => format!("better by {at_least}{by}"),
        Verdict::Worse => format!("worse by {at_least}{by}"),
        Verdict::Same => "the same".to_owned(),
        Verdict::NotComparable => "not comparable".to_owned(),
    }
}

/// The same for a total. Where it does not compare, what of it does.
fn of_total(line: &WeeklyIndicator) -> String {
    let Some(part) = &line.comparable else {
        return describe(&line.change);
    };
    let at_least = if part.at_least { "at least " } else { "" };
    let by = number(part.by.unsigned_abs());
    let change = match part.by {
        0 => "the same".to_owned(),
        ..0 => format!("better by {at_least}{by}"),
        1.. => format!("worse by {at_least}{by}"),
    };
    let all = count(part.accounts + part.others, "account");
    format!(
        "{change} in {} of {all}, others not comparable",
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
    heading(out, "New against resolved, all runs")?;
    let changes = &weekly.changes;
    for (word, counts) in [
        ("new", &changes.all.new),
        ("reopened", &changes.all.reopened),
        ("worsened", &changes.all.worsened),
        ("resolved", &changes.all.resolved),
        ("gone with their account", &changes.all.gone),
    ] {
        writeln!(out, "  {word:<24} {}", by_severity(counts))?;
    }
    if let Some(run) = &changes.first_run {
        let run = clean(run, NAME);
        writeln!(
            out,
            "  The first run of all was {run}: what it found counts as known, not as new."
        )?;
    }
    for run in &changes.runs_not_compared {
        let run = clean(run, NAME);
        writeln!(
            out,
            "  Run {run} was compared with none before, so its changes are not in these numbers."
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
    if times.came_back > 0 {
        let back = count(times.came_back, "finding");
        writeln!(
            out,
            "  {back} came back after being resolved, and not counted here."
        )?;
    }
    for run in &times.runs_missing {
        let run = clean(run, NAME);
        writeln!(out, "  The changes of run {run} could not be read.")?;
    }
    Ok(())
}

pub(super) fn accounts(out: &mut impl Write, weekly: &Weekly) -> io::Result<()> {
    ranked(out, "Accounts that got worse", &weekly.worse)?;
    ranked(out, "Accounts that got better", &weekly.better)?;
    if weekly.accounts_not_comparable > 0 {
        let accounts = count(weekly.accounts_not_comparable, "account");
        writeln!(
            out,
            "\n{accounts} not comparable: other things could be looked at than before."
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
    use crate::trend::Presence::{Excluded, Joined, Left, Stayed};
    let lines = weekly.accounts.iter().filter_map(|account| {
        let moved = account.moved_from.as_ref().map(|from| {
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
            Left => Some("closed, suspended or left".to_owned()),
            Excluded => Some("left out by a filter since".to_owned()),
        };
        let parts: Vec<String> = presence.into_iter().chain(moved).collect();
        let name = name_of(&account.account_name, account.account_id.as_str());
        (!parts.is_empty()).then(|| format!("{name}: {}", parts.join(", ")))
    });
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return Ok(());
    }
    heading(out, "Accounts that came, went or were moved")?;
    list(out, &lines)
}

fn list(out: &mut impl Write, lines: &[String]) -> io::Result<()> {
    let mut text = String::new();
    capped(&mut text, lines.iter(), MOST);
    out.write_all(text.as_bytes())
}

pub(super) fn units(out: &mut impl Write, weekly: &Weekly) -> io::Result<()> {
    let mut lines = Vec::new();
    for (path, unit) in &weekly.organizational_units {
        for line in &unit.indicators {
            if matches!(line.change.verdict, Verdict::Better | Verdict::Worse) {
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
        let (check, resource) = (clean(&one.check, NAME), clean(&one.resource, 120));
        writeln!(
            out,
            "  since {since}  {}  {check}, {name}\n      {resource}",
            one.severity
        )?;
    }
    Ok(())
}
