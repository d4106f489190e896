//! `orgscan exceptions add`

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use orgscan_app::config::read_exceptions;
use orgscan_app::scan::RunError;
use orgscan_core::clock::Clock;
use orgscan_core::compare::Key;
use orgscan_core::exceptions::{Exception, Exceptions, add, exception_for};
use orgscan_core::model::{
    Account, AccountResult, S3Object, TargetOutcome, TargetVerdict, Violation,
};
use orgscan_core::settings::{ConfigSource, ExceptionsConfig, FileLocation, Location};
use orgscan_core::text::clean;
use orgscan_files::disk;
use orgscan_files::local_file;
use orgscan_report::trend::day_of;
use orgscan_store::Storage;
use orgscan_store::results::{ExportFilter, RESULTS, StoredResults};

use super::{LINE, NoExceptions};
use crate::args::{ExceptionsAdd, GlobalArgs};
use crate::commands::{CommandError, archive, configure};

/// Why no exception was added.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AddExceptionError {
    #[error(
        "no finding {id} in the run {run}; use an id from findings.csv, report.json or the page, or select another \
         run with --run-id"
    )]
    NoFinding { id: String, run: String },
    #[error("no run{0} with a file {RESULTS} in {1}; check --run-id and --report")]
    NoRun(String, Location),
    #[error(
        "{0} is in S3, and orgscan only edits files on this machine: copy it with `aws s3 cp`, add the exception \
         with --file, and copy it back"
    )]
    InS3(S3Object),
    #[error(
        "the exception {id} in {location} already suppresses this finding until {until}; nothing was written"
    )]
    AlreadySuppressed {
        id: String,
        location: String,
        until: String,
    },
    #[error("{}: cannot be written: {source}", path.display())]
    Write { path: PathBuf, source: io::Error },
}

/// Adds an exception for a finding of a stored run, and says which.
pub(super) async fn run(
    global: &GlobalArgs,
    args: &ExceptionsAdd,
    out: &mut impl Write,
) -> Result<(), CommandError> {
    let config = configure(global, args.reports.layer()).await?;
    let path = path_of(args, &config.exceptions)?;
    let report = archive::configured(&config)?;
    let archive = archive::open_storage(&config, report).await?;
    let stored = RunFinding::in_run(&archive, args, &report.location).await?;
    let today = day_of(Timestamp::now());
    let require_expiry = config.exceptions.require_expiry;
    let text = match path.exists() {
        true => local_file::read_text(&path, local_file::LIST).map_err(|source| {
            let path = path.clone();
            NoExceptions::Unreadable { path, source }
        })?,
        false => String::new(),
    };
    refuse_suppressed(&path, &text, &stored, require_expiry).await?;
    let exception = terms(args, stored.exception(), today);
    let name = path.display().to_string();
    let text = add(&name, &text, &exception, require_expiry)?;
    write(&path, &text).map_err(|source| AddExceptionError::Write { path, source })?;
    let expires = exception
        .expires
        .map_or(String::new(), |day| day.to_string());
    writeln!(
        out,
        "{}: {} in account {} is suppressed until {expires}: {}",
        clean(&name, LINE),
        exception.checks.join(", "),
        stored.result.account.id,
        clean(&stored.violation.resource, LINE),
    )?;
    Ok(())
}

/// The file, which has to be on this machine.
fn path_of(args: &ExceptionsAdd, config: &ExceptionsConfig) -> Result<PathBuf, CommandError> {
    let location = args.file.as_ref().or(config.location.as_ref());
    match location.ok_or(NoExceptions::NotNamed)? {
        FileLocation::File(path) => Ok(path.clone()),
        FileLocation::S3(object) => Err(AddExceptionError::InS3(object.clone()).into()),
    }
}

/// A finding of a stored run.
struct RunFinding {
    result: AccountResult,
    target: TargetVerdict,
    violation: Violation,
}

impl RunFinding {
    /// Looks for the finding in the run that is named, or in the last one.
    async fn in_run(
        archive: &Storage,
        args: &ExceptionsAdd,
        location: &Location,
    ) -> Result<Self, CommandError> {
        let mut runs = archive.all(RESULTS).await.map_err(RunError::from)?;
        match &args.run_id {
            Some(id) => runs.retain(|run| run.run == id.as_str()),
            None => runs = archive::without_runs_ahead(archive, runs, Clock::System).await?,
        }
        let no_run = || {
            let run = args.run_id.as_ref().map(|run| format!(" {run}"));
            AddExceptionError::NoRun(run.unwrap_or_default(), location.clone())
        };
        let run = runs.pop().ok_or_else(no_run)?;
        let scratch = disk::temporary_folder()?;
        let copy = scratch.path().join(RESULTS);
        let path = archive.local(&run, &copy).await.map_err(RunError::from)?;
        let path = path.ok_or_else(no_run)?;
        let stored = StoredResults::open(
            &path,
            &run.location,
            ExportFilter::default(),
            scratch.path(),
        )?;
        let mut results = stored.results()?;
        for account in stored.plan().to_scan() {
            if let Some(found) = Self::in_account(account, results(&account.id)?, &args.finding) {
                return Ok(found);
            }
        }
        let (id, run) = (args.finding.escape_debug().to_string(), run.run);
        Err(AddExceptionError::NoFinding { id, run }.into())
    }

    fn in_account(account: &Account, result: AccountResult, id: &str) -> Option<Self> {
        let targets = result.verdicts.iter();
        let mut violations = targets.flat_map(|target| match &target.outcome {
            TargetOutcome::Evaluated(verdict) => {
                let all = verdict.violations.iter();
                all.map(|violation| (target, violation)).collect()
            }
            TargetOutcome::Skipped { .. } => Vec::new(),
        });
        let found = violations.find(|(target, violation)| {
            let key = Key::of(&target.check_id, &target.scope, violation);
            key.id(&account.id).eq_ignore_ascii_case(id)
        });
        let (target, violation) = found.map(|(t, v)| (t.clone(), v.clone()))?;
        Some(Self {
            result,
            target,
            violation,
        })
    }

    fn exception(&self) -> Exception {
        exception_for(&self.result.account.id, &self.target, &self.violation)
    }
}

/// Refuses a finding that the file already suppresses.
async fn refuse_suppressed(
    path: &Path,
    text: &str,
    found: &RunFinding,
    require_expiry: bool,
) -> Result<(), CommandError> {
    if text.trim().is_empty() {
        return Ok(());
    }
    let source = ConfigSource::of_exceptions(FileLocation::File(path.to_owned()));
    let list: Exceptions = read_exceptions(&source, require_expiry, Timestamp::now(), None).await?;
    let applied = list.apply(found.result.clone());
    let Some(suppression) = applied.exception(&found.target, &found.violation) else {
        return Ok(());
    };
    let until = suppression.expires.map(|day| day.to_string());
    Err(AddExceptionError::AlreadySuppressed {
        id: suppression.id.clone(),
        location: path.display().to_string(),
        until: until.unwrap_or_else(|| "further notice".to_owned()),
    }
    .into())
}

fn terms(args: &ExceptionsAdd, exception: Exception, today: Date) -> Exception {
    Exception {
        reason: args.reason.clone(),
        owner: args.owner.clone(),
        ticket: args.ticket.clone(),
        approved_by: args.approved_by.clone(),
        expires: Some(today.saturating_add(i64::from(args.days).days())),
        ..exception
    }
}

/// Writes the file whole or not at all: the one that a symbolic link leads to, with its permissions.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let (path, permissions) = match fs::metadata(path) {
        Ok(metadata) => (fs::canonicalize(path)?, Some(metadata.permissions())),
        Err(_) => (path.to_owned(), None),
    };
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let file = disk::write_temporary(folder, text.as_bytes(), true)?;
    if let Some(permissions) = permissions {
        fs::set_permissions(&file, permissions)?;
    }
    Ok(file.persist(&path)?)
}
