//! Reads what the runs of a period have left.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures::stream::{self, StreamExt, TryStreamExt};
use jiff::Timestamp;
use jiff::civil::Date;
use orgscan_core::model::{Report, RunFolder};

use orgscan_core::clock::Clock;
use orgscan_report::trend::{
    AccountTrends, ChangeCollector, DamagedReport, Head, HeadOnly, MissingRun, OldestFindings,
    OpenFinding, Part, PastRun, Period, PeriodChanges, Points, RUNS, RecentTrend, ReportReader,
    ReportVisitor, ResolutionTimes, ResolvedFindings, Runs, SUMMARY, Scope, Series, StoredRun,
    SummaryReader, Week, WeeklyInput, day_of, names,
};
use orgscan_report::{CHANGES, REPORT};
use orgscan_store::{Record, Storage, StoreError};

/// How many files are looked for or read at a time.
const AT_A_TIME: usize = 8;

/// A run that is missing, or one that could be read.
type RunResult<T> = Result<T, MissingRun>;

/// The folders of a period's runs, with those of its runs that have none.
struct PeriodFolders {
    folders: Vec<RunFolder>,
    missing: Vec<MissingRun>,
}

/// How the numbers of the organization, of an OU or of an account went over a period.
///
/// # Errors
/// As [`runs`].
pub async fn series(
    archive: &Storage,
    period: Period,
    scope: &Scope,
    clock: Clock,
) -> Result<Series, StoreError> {
    let runs = runs(archive, period, scope, clock).await?;
    let counting = runs.counting();
    let indicators = names(&counting);
    let mut with = counting.into_iter().filter(|run| !run.numbers.is_empty());
    let (first, last) = (with.next(), with.next_back());
    let ends: Vec<&PastRun> = first.into_iter().chain(last).collect();
    let accounts = accounts(archive, &runs, &ends, &indicators, clock).await?;
    Ok(Series::of(runs, scope, &accounts, clock.now()))
}

/// The runs of a period, as far as they tell of the organization, of an OU or of an account.
///
/// # Errors
/// Where they cannot be looked for. A report that cannot be read, or is dated ahead of the clock, is no
/// error but a missing run.
pub async fn runs(
    archive: &Storage,
    period: Period,
    scope: &Scope,
    clock: Clock,
) -> Result<Runs, StoreError> {
    let PeriodFolders {
        folders,
        mut missing,
    } = find(archive, period).await?;
    let read = stream::iter(&folders).map(|folder| past_run(archive, folder, scope, clock));
    let read: Vec<RunResult<PastRun>> = read.buffered(AT_A_TIME).try_collect().await?;
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
    archive: &Storage,
    folder: &RunFolder,
    scope: &Scope,
    clock: Clock,
) -> Result<RunResult<PastRun>, StoreError> {
    if *scope == Scope::Organization {
        let read = report(archive, folder, clock, || HeadOnly).await?;
        return Ok(read.map(|(head, HeadOnly)| PastRun::new(folder.clone(), head)));
    }
    let read = report(archive, folder, clock, || Part::of(scope)).await?;
    Ok(read.map(|(head, part)| part.narrow(PastRun::new(folder.clone(), head))))
}

/// The runs before a report's, as far back as there are enough of them, but not farther than two months.
///
/// # Errors
/// As [`runs`].
pub async fn recent(
    archive: &Storage,
    report: &Report,
    clock: Clock,
) -> Result<RecentTrend, StoreError> {
    const BACK: usize = 60;
    let last = day_of(report.run.started);
    let days = std::iter::successors(Some(last), |day| day.yesterday().ok()).take(BACK);
    let mut found = stream::iter(days)
        .map(|day| archive.runs_of(day))
        .buffered(AT_A_TIME);
    let mut folders: Vec<RunFolder> = Vec::new();
    while let Some(of_day) = found.next().await {
        folders.extend(of_day?);
        if folders.len() >= RUNS {
            break;
        }
    }
    let scope = &Scope::Organization;
    let read = stream::iter(&folders).map(|folder| past_run(archive, folder, scope, clock));
    let read: Vec<RunResult<PastRun>> = read.buffered(AT_A_TIME).try_collect().await?;
    let (mut before, mut missing) = (Vec::new(), Vec::new());
    for one in read {
        match one {
            Ok(run) => before.push(run),
            // The run's own folder may be there from an earlier try.
            Err(one) if one.run_id == report.run.id => {}
            Err(one) => missing.push(one),
        }
    }
    Ok(RecentTrend::of(report, before, missing))
}

/// Everything that a week's report is made of.
///
/// # Errors
/// As [`runs`].
pub async fn week(archive: &Storage, week: Week, clock: Clock) -> Result<WeeklyInput, StoreError> {
    let period = week.period();
    let PeriodFolders {
        folders,
        mut missing,
    } = find(archive, period).await?;
    let (mut all, mut changes) = (Vec::new(), PeriodChanges::default());
    for folder in folders {
        match report(archive, &folder, clock, ChangeCollector::default).await? {
            Ok((head, changed)) => {
                let run = PastRun::new(folder, head);
                changes.add(&run, changed);
                all.push(run);
            }
            Err(one) => missing.push(one),
        }
    }
    let runs = Runs::new(period, all, missing);
    let counting = runs.counting();
    let indicators = names(&counting);
    let accounts = accounts(archive, &runs, &counting, &indicators, clock).await?;
    let times = times(archive, &runs).await?;
    let oldest = oldest(archive, counting.last().copied(), clock).await?;
    Ok(WeeklyInput {
        week,
        indicators,
        changes,
        accounts,
        times,
        oldest,
        runs,
    })
}

/// The accounts of these runs, which are the earliest first, and what all runs between them say of what
/// could be evaluated.
async fn accounts(
    archive: &Storage,
    runs: &Runs,
    of: &[&PastRun],
    indicators: &Arc<[Arc<str>]>,
    clock: Clock,
) -> Result<AccountTrends, StoreError> {
    let mut accounts = AccountTrends::default();
    let mut left = of.iter().peekable();
    let mut has_started = false;
    for run in &runs.all {
        if has_started {
            accounts.note(&run.coverage_difference);
        }
        if left.next_if(|next| next.folder == run.folder).is_none() {
            continue;
        }
        let points = again(archive, &run.folder, clock, || Points::of(indicators)).await?;
        accounts.run(points.accounts);
        has_started = true;
        if left.peek().is_none() {
            break;
        }
    }
    Ok(accounts)
}

/// Reads the changes from the last run to the first. A run without a file of changes had nothing to
/// compare with, and its report says so.
async fn times(archive: &Storage, runs: &Runs) -> Result<ResolutionTimes, StoreError> {
    let mut resolved = ResolvedFindings::default();
    for run in runs.all.iter().rev() {
        let name = run.folder.file(CHANGES);
        if let Some(read) = archive.lines(&name, || resolved.reader()).await? {
            resolved.add(&run.id, read);
        }
    }
    Ok(resolved.summarize())
}

async fn oldest(
    archive: &Storage,
    last: Option<&PastRun>,
    clock: Clock,
) -> Result<Vec<OpenFinding>, StoreError> {
    let Some(run) = last else {
        return Ok(Vec::new());
    };
    let oldest = again(archive, &run.folder, clock, OldestFindings::default).await?;
    Ok(oldest.in_order())
}

/// Reads a report once more: without it what it has would look like nothing.
async fn again<K: ReportVisitor>(
    archive: &Storage,
    folder: &RunFolder,
    clock: Clock,
    keep: impl Fn() -> K,
) -> Result<K, StoreError> {
    match report(archive, folder, clock, keep).await? {
        Ok((_, kept)) => Ok(kept),
        Err(_) => Err(StoreError::Gone {
            location: archive.location(&folder.file(REPORT)),
        }),
    }
}

/// Reads what a run has left of its numbers, as far as is asked for.
async fn report<K: ReportVisitor>(
    archive: &Storage,
    folder: &RunFolder,
    clock: Clock,
    keep: impl Fn() -> K,
) -> Result<RunResult<(Head, K)>, StoreError> {
    let (location, read) = left(archive, folder, keep).await?;
    let why = match read {
        Some(Ok(read)) => match doubt(folder, &read.0.run, clock) {
            None => return Ok(Ok(read)),
            Some(doubt) => format!("{location} {doubt}"),
        },
        Some(Err(damaged)) => format!("{location} cannot be read: {damaged}"),
        None => format!("{location} is not there"),
    };
    Ok(Err(MissingRun {
        run_id: folder.id.clone(),
        day: folder.day,
        reason: why,
    }))
}

/// Reads a run's summary, or the report of a run that has left none. Returns the location of what was read.
async fn left<K: ReportVisitor>(
    archive: &Storage,
    folder: &RunFolder,
    keep: impl Fn() -> K,
) -> Result<(String, Option<Result<(Head, K), DamagedReport>>), StoreError> {
    let name = folder.file(SUMMARY);
    let summary = archive.lines(&name, || SummaryReader::new(keep())).await?;
    if let Some(summary) = summary {
        return Ok((archive.location(&name), Some(summary.finish())));
    }
    let name = folder.file(REPORT);
    let report = archive.lines(&name, || ReportReader::new(keep())).await?;
    Ok((archive.location(&name), report.map(ReportReader::finish)))
}

/// Why a report does not count: it belongs elsewhere, or is dated ahead of the clock.
fn doubt(folder: &RunFolder, run: &StoredRun, clock: Clock) -> Option<String> {
    let day = day_of(run.started);
    if (&run.id, day) != (&folder.id, folder.day) {
        let id = run.id.escape_debug();
        return Some(format!(
            "is the report of the run {id} of {day}, and not of this folder's"
        ));
    }
    let ahead = clock.refuse_ahead("its start", run.started).err()?;
    Some(format!("is dated ahead: {ahead}"))
}

/// When a run began, by its report; none where that cannot be read.
///
/// # Errors
/// Where it cannot be looked for.
pub async fn start_of(
    archive: &Storage,
    folder: &RunFolder,
) -> Result<Option<Timestamp>, StoreError> {
    Ok(head_of(archive, folder).await?.map(|head| head.run.started))
}

/// What the report of a run says before its accounts; none if it cannot be told.
///
/// # Errors
/// As [`runs`].
pub async fn head_of(archive: &Storage, folder: &RunFolder) -> Result<Option<Head>, StoreError> {
    let (_, read) = left(archive, folder, || HeadOnly).await?;
    Ok(read.and_then(Result::ok).map(|(head, HeadOnly)| head))
}

async fn find(archive: &Storage, period: Period) -> Result<PeriodFolders, StoreError> {
    let days = stream::iter(period.days()).map(|day| archive.runs_of(day));
    let folders: Vec<Vec<RunFolder>> = days.buffered(AT_A_TIME).try_collect().await?;
    let folders = folders.concat();
    let missing = unfinished(archive, period, &folders).await?;
    Ok(PeriodFolders { folders, missing })
}

/// Runs of the period that were started and left no report.
async fn unfinished(
    archive: &Storage,
    period: Period,
    folders: &[RunFolder],
) -> Result<Vec<MissingRun>, StoreError> {
    let reported: BTreeSet<&str> = folders.iter().map(|folder| folder.id.as_str()).collect();
    let mut started = archive.started_runs().await?;
    started.retain(|id| !reported.contains(id.as_str()) && may_be_of(id, period));
    let records = stream::iter(started).map(|id| async move {
        let record = archive.record(&id).await?;
        Ok::<_, StoreError>(record.map(|record| missing_run(id, record, period)))
    });
    let records: Vec<_> = records.buffered(AT_A_TIME).try_collect().await?;
    let missing = records.into_iter().flatten();
    Ok(missing.filter(|one| period.has(one.day)).collect())
}

/// A run without a report. One whose record is damaged, and whose id does not say its day, is missing on
/// the last day of the period: it may be of any.
fn missing_run(
    run_id: String,
    record: Result<Record, serde_json::Error>,
    period: Period,
) -> MissingRun {
    let (day, why) = match record {
        Ok(record) => (
            day_of(record.started),
            "it was begun and has left no report so far".to_owned(),
        ),
        Err(error) => (
            day_in(&run_id).unwrap_or(period.last),
            format!("it has left no report, and its record cannot be read: {error}"),
        ),
    };
    MissingRun {
        run_id,
        day,
        reason: why,
    }
}

/// Whether a run may have started in a period, as far as its id tells.
fn may_be_of(id: &str, period: Period) -> bool {
    day_in(id).is_none_or(|day| period.has(day))
}

/// The day that an id names: `20261122T060000Z` is of one.
fn day_in(id: &str) -> Option<Date> {
    let (day, time) = id.split_once('T')?;
    let is_one = day.len() == 8 && time.len() == 7 && time.ends_with('Z');
    is_one.then(|| Date::strptime("%Y%m%d", day).ok())?
}

#[cfg(test)]
mod tests;
