//! Reads what the runs of a period have left.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures::stream::{self, StreamExt, TryStreamExt};
use jiff::civil::Date;

use super::accounts::{AccountTrends, Points};
use super::days::{MissingRun, Runs};
use super::news::{Changed, PeriodNews};
use super::oldest::{Oldest, OpenFinding};
use super::period::{Period, Week, day_of};
use super::reading::{Damaged, Head, HeadOnly, Keep, ReportReader};
use super::resolved::{Resolved, TimesToResolve};
use super::run::PastRun;
use super::scope::{Part, Scope};
use super::week::Material;
use crate::publish::reports::{CHANGES, REPORT};
use crate::store::{Archive, RunFolder, StoreError};

/// How many files are looked for or read at a time.
const AT_A_TIME: usize = 8;

/// A run that is missing, or one that could be read.
type Read<T> = Result<T, MissingRun>;

/// The folders of a period's runs, with those of its runs that have none.
struct Found {
    folders: Vec<RunFolder>,
    missing: Vec<MissingRun>,
}

/// The runs of a period, as far as they tell of the organization, of an OU or of an account.
///
/// # Errors
/// Where they cannot be looked for. A report that cannot be read is no error but a missing run.
pub async fn runs(archive: &Archive, period: Period, scope: &Scope) -> Result<Runs, StoreError> {
    let Found {
        folders,
        mut missing,
    } = find(archive, period).await?;
    let read = stream::iter(&folders).map(|folder| past_run(archive, folder, scope));
    let read: Vec<Read<PastRun>> = read.buffered(AT_A_TIME).try_collect().await?;
    let mut all = Vec::new();
    for one in read {
        match one {
            Ok(run) => all.push(run),
            Err(one) => missing.push(one),
        }
    }
    Ok(Runs::new(period, all, missing))
}

/// The organization's numbers come before the accounts, so of most reports little is read.
async fn past_run(
    archive: &Archive,
    folder: &RunFolder,
    scope: &Scope,
) -> Result<Read<PastRun>, StoreError> {
    if *scope == Scope::Organization {
        let read = report(archive, folder, || HeadOnly).await?;
        return Ok(read.map(|(head, HeadOnly)| PastRun::from(head)));
    }
    let read = report(archive, folder, || Part::of(scope)).await?;
    Ok(read.map(|(head, part)| part.narrow(PastRun::from(head))))
}

/// Everything that a week's report is made of.
///
/// # Errors
/// As [`runs`].
pub async fn week(archive: &Archive, week: Week) -> Result<Material, StoreError> {
    let period = week.period();
    let Found {
        folders,
        mut missing,
    } = find(archive, period).await?;
    let (mut all, mut news) = (Vec::new(), PeriodNews::default());
    let mut folder_of = std::collections::BTreeMap::new();
    for folder in folders {
        match report(archive, &folder, Changed::default).await? {
            Ok((head, changed)) => {
                let run = PastRun::from(head);
                news.add(&run, changed);
                folder_of.insert((run.started, run.id.clone()), folder);
                all.push(run);
            }
            Err(one) => missing.push(one),
        }
    }
    let runs = Runs::new(period, all, missing);
    let folder = |run: &PastRun| folder_of.get(&(run.started, run.id.clone()));
    let indicators = indicators(&runs);
    let accounts = accounts(archive, &runs, &indicators, &folder).await?;
    let times = times(archive, &runs, &folder).await?;
    let oldest = oldest(archive, &runs, &folder).await?;
    Ok(Material {
        week,
        indicators,
        news,
        accounts,
        times,
        oldest,
        runs,
    })
}

/// The names of all indicators that runs of the period made.
fn indicators(runs: &Runs) -> Arc<[Arc<str>]> {
    let names = runs.all.iter().flat_map(|run| run.numbers.keys());
    let names: BTreeSet<&String> = names.collect();
    names
        .into_iter()
        .map(|name| Arc::from(name.as_str()))
        .collect()
}

async fn accounts<'f>(
    archive: &Archive,
    runs: &Runs,
    indicators: &Arc<[Arc<str>]>,
    folder: &impl Fn(&PastRun) -> Option<&'f RunFolder>,
) -> Result<AccountTrends, StoreError> {
    let counting = runs.counting();
    let counts = |run: &PastRun| counting.iter().any(|one| one.id == run.id);
    let mut accounts = AccountTrends::default();
    let mut has_begun = false;
    for run in &runs.all {
        if has_begun {
            accounts.note(&run.look);
        }
        if counts(run)
            && let Some(folder) = folder(run)
        {
            let points = || Points::of(indicators);
            match report(archive, folder, points).await? {
                Ok((_, points)) => accounts.run(points.accounts),
                // It could be read a moment ago.
                Err(gone) => tracing::warn!(run = %run.id, why = %gone.why, "the report went away"),
            }
            has_begun = true;
        }
    }
    Ok(accounts)
}

/// Reads the changes from the last run to the first. A run without a file of changes had nothing to
/// compare with, and its report says so.
async fn times<'f>(
    archive: &Archive,
    runs: &Runs,
    folder: &impl Fn(&PastRun) -> Option<&'f RunFolder>,
) -> Result<TimesToResolve, StoreError> {
    let mut resolved = Resolved::default();
    for run in runs.all.iter().rev() {
        let Some(folder) = folder(run) else { continue };
        let name = folder.file(CHANGES);
        if let Some(read) = archive.lines(&name, || resolved.reader()).await? {
            resolved.add(&run.id, read);
        }
    }
    Ok(resolved.in_short())
}

async fn oldest<'f>(
    archive: &Archive,
    runs: &Runs,
    folder: &impl Fn(&PastRun) -> Option<&'f RunFolder>,
) -> Result<Vec<OpenFinding>, StoreError> {
    let counting = runs.counting();
    let Some(folder) = counting.last().and_then(|run| folder(run)) else {
        return Ok(Vec::new());
    };
    let read = report(archive, folder, Oldest::default).await?;
    Ok(read.map_or_else(|_| Vec::new(), |(_, oldest)| oldest.in_order()))
}

/// Reads a run's report, as far as is asked for.
async fn report<K: Keep>(
    archive: &Archive,
    folder: &RunFolder,
    keep: impl Fn() -> K,
) -> Result<Read<(Head, K)>, StoreError> {
    let name = folder.file(REPORT);
    let read = archive.lines(&name, || ReportReader::new(keep())).await?;
    let why = match read.map(ReportReader::finish) {
        Some(Ok(read)) => return Ok(Ok(read)),
        Some(Err(damaged)) => damaged_at(&archive.place(&name), &damaged),
        None => format!("{} is not there", archive.place(&name)),
    };
    Ok(Err(MissingRun {
        run_id: folder.id.clone(),
        day: folder.day,
        why,
    }))
}

fn damaged_at(place: &str, damaged: &Damaged) -> String {
    format!("{place} cannot be read: {damaged}")
}

async fn find(archive: &Archive, period: Period) -> Result<Found, StoreError> {
    let days = stream::iter(period.days()).map(|day| archive.runs_of(day));
    let folders: Vec<Vec<RunFolder>> = days.buffered(AT_A_TIME).try_collect().await?;
    let folders = folders.concat();
    let missing = unfinished(archive, period, &folders).await?;
    Ok(Found { folders, missing })
}

/// Runs of the period that were begun and left no report.
async fn unfinished(
    archive: &Archive,
    period: Period,
    folders: &[RunFolder],
) -> Result<Vec<MissingRun>, StoreError> {
    let reported: BTreeSet<&str> = folders.iter().map(|folder| folder.id.as_str()).collect();
    let mut begun = archive.begun().await?;
    begun.retain(|id| !reported.contains(id.as_str()) && may_be_of(id, period));
    let records = stream::iter(begun).map(|id| async move {
        let record = archive.record(&id).await?;
        Ok::<_, StoreError>(record.map(|record| (id, day_of(record.started))))
    });
    let records: Vec<_> = records.buffered(AT_A_TIME).try_collect().await?;
    let records = records.into_iter().flatten();
    let of_period = records.filter(|(_, day)| period.has(*day));
    Ok(of_period
        .map(|(run_id, day)| MissingRun {
            run_id,
            day,
            why: "it was begun and has left no report so far".to_owned(),
        })
        .collect())
}

/// Whether a run may have begun in a period, as far as its id tells: `20261122T060000Z` is of a day.
fn may_be_of(id: &str, period: Period) -> bool {
    let day = |id: &str| -> Option<Date> {
        let (day, time) = id.split_once('T')?;
        let is_one = day.len() == 8 && time.len() == 7 && time.ends_with('Z');
        is_one.then(|| Date::strptime("%Y%m%d", day).ok())?
    };
    day(id).is_none_or(|day| period.has(day))
}
