//! `orgscan export`

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use orgscan_app::config::ConfigLayer;
use orgscan_app::publish::reports::{
    JUNIT, ReportFile, ReportFiles, ReportFormats, ReportSource, SARIF, fill,
};
use orgscan_app::scan::RunError;
use orgscan_core::clock::Clock;
use orgscan_core::frameworks::{self, FRAMEWORKS, Framework};
use orgscan_core::settings::{Location, ReportConfig, ReportFormat};
use orgscan_core::suggest::instead;
use orgscan_files::disk::{self, advice};
use orgscan_report::REPORT;
use orgscan_report::html;
use orgscan_store::results::{ExportFilter, RESULTS, ResultsError, StoredResults};
use orgscan_store::{RunFile, Storage};
use tempfile::TempDir;

use super::{CommandError, archive, configure, shown};
use crate::args::{ExportArgs, ExportTarget, GlobalArgs};
use crate::exit::{CLEAN, INCOMPLETE};
use crate::terminal;

/// There is nothing to export, or not so.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoExport {
    #[error("no run{0} in {1}; check --run-id, --since, --until and --report")]
    NoRun(String, Location),
    #[error(
        "the run {run} at {location} has no file {RESULTS}, which an export needs: an older version of orgscan wrote \
         it; use the existing files of the run, or export another run"
    )]
    NoResults { run: String, location: String },
    #[error("--to - accepts one format of one run; use --to DIR, or one --format and --run-id")]
    Several,
    #[error("--framework: no framework `{0}`; {1}")]
    NoFramework(String, String),
    #[error(
        "no temporary folder can be created: {}; {}",
        .0,
        advice(.0, "free disk space, or set TMPDIR to another folder")
    )]
    Temporary(io::Error),
}

/// Regenerates the reports of stored runs. Gives the exit code: whether all could be made that were asked
/// for.
pub(crate) async fn export(
    global: &GlobalArgs,
    args: &ExportArgs,
    out: &mut impl Write,
) -> Result<u8, CommandError> {
    let filter = filter(args)?;
    let layer = ConfigLayer::default().with("destinations.report.location", &args.report);
    let config = configure(global, layer).await?;
    let report = archive::configured(&config)?;
    let archive = archive::open_storage(&config, report).await?;
    let runs = runs(&archive, args, report).await?;
    let export = Exporter {
        archive: &archive,
        filter: &filter,
        report_formats: ReportFormats {
            formats: &args.format,
            ocsf: args.ocsf_version.unwrap_or(report.ocsf_version),
        },
    };
    match &args.to {
        ExportTarget::Folder(folder) => export.all(&runs, folder, out).await,
        ExportTarget::Output => match (runs.as_slice(), args.format.as_slice()) {
            ([ExportedRun::There(run)], [format]) => export.one(run, *format).await,
            ([ExportedRun::WithoutResults(run)], [_]) => Err(no_results(run).into()),
            _ => Err(NoExport::Several.into()),
        },
    }
}

/// A run that is asked for.
enum ExportedRun {
    /// With what its report is made of.
    There(RunFile),
    /// Without.
    WithoutResults(RunFile),
}

/// The runs that are asked for, by day. One that is dated ahead of the clock has to be asked for by name.
async fn runs(
    archive: &Storage,
    args: &ExportArgs,
    report: &ReportConfig,
) -> Result<Vec<ExportedRun>, CommandError> {
    let with_results = archive.all(RESULTS).await.map_err(RunError::from)?;
    let mut all = archive.all(REPORT).await.map_err(RunError::from)?;
    if args.run_id.is_none() {
        all = archive::without_runs_ahead(archive, all, Clock::System).await?;
    }
    let mut runs: Vec<_> = all
        .into_iter()
        .map(|run| {
            let mut found = with_results.iter();
            let found = found.find(|one| (one.day, &one.run) == (run.day, &run.run));
            found.map_or(ExportedRun::WithoutResults(run), |found| {
                ExportedRun::There(found.clone())
            })
        })
        .collect();
    runs.retain(|run| {
        let (ExportedRun::There(run) | ExportedRun::WithoutResults(run)) = run;
        args.run_id.as_ref().is_none_or(|id| run.run == id.as_str())
            && args.since.is_none_or(|day| run.day >= day)
            && args.until.is_none_or(|day| run.day <= day)
    });
    if args.since.is_none() && args.until.is_none() {
        runs.drain(..runs.len().saturating_sub(1));
    }
    if runs.is_empty() {
        let which = match (&args.run_id, args.since, args.until) {
            (Some(run), ..) => format!(" {run}"),
            (None, None, None) => String::new(),
            _ => " between these days".to_owned(),
        };
        return Err(NoExport::NoRun(which, report.location.clone()).into());
    }
    Ok(runs)
}

/// How exports are made.
struct Exporter<'a> {
    archive: &'a Storage,
    filter: &'a ExportFilter,
    report_formats: ReportFormats<'a>,
}

impl Exporter<'_> {
    /// All runs into a folder. One that cannot be made is named, and keeps no other back.
    async fn all(
        &self,
        runs: &[ExportedRun],
        folder: &Path,
        out: &mut impl Write,
    ) -> Result<u8, CommandError> {
        let mut code = CLEAN;
        for run in runs {
            let made = match run {
                ExportedRun::There(run) => self.run(run, folder).await,
                ExportedRun::WithoutResults(run) => Err(no_results(run).into()),
            };
            match made {
                Ok(files) => {
                    for file in files {
                        writeln!(out, "{}", terminal::plain(&shown(&file.path)))?;
                    }
                }
                Err(error) if runs.len() > 1 && is_about_one_run(&error) => {
                    code = INCOMPLETE;
                    let error = terminal::plain(&error.to_string());
                    writeln!(terminal::stderr(), "skipped: {error}")?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(code)
    }

    /// One form of one run, its main file.
    async fn one(&self, run: &RunFile, format: ReportFormat) -> Result<u8, CommandError> {
        let folder = temporary()?;
        let files = self.run(run, folder.path()).await?;
        let main = main_file(format);
        if let Some(file) = files.iter().find(|file| file.name == main) {
            // Not by way of what takes colors out: it would take bytes for them.
            let copied = io::copy(&mut File::open(&file.path)?, &mut io::stdout().lock());
            terminal::unless_closed(copied.map(|_| ()))?;
        }
        Ok(CLEAN)
    }

    async fn run(&self, run: &RunFile, folder: &Path) -> Result<Vec<ReportFile>, CommandError> {
        let scratch = temporary()?;
        let path = self.local(run, scratch.path()).await?;
        let stored =
            StoredResults::open(&path, &run.location, self.filter.clone(), scratch.path())?;
        if stored.run().id != run.run {
            return Err(ResultsError::OtherRun {
                location: run.location.clone(),
                run: stored.run().id.escape_debug().to_string(),
            }
            .into());
        }
        let report = stored.report()?;
        let mut files = ReportFiles::create(
            folder,
            &report,
            stored.trend(),
            stored.checks(),
            self.report_formats,
        )?;
        let source = ReportSource {
            plan: stored.plan(),
            exceptions: stored.exceptions(),
            history: stored.history(),
        };
        let mut of = stored.results()?;
        fill(source, &mut files, |account| {
            Ok::<_, CommandError>(of(&account.id)?)
        })
        .await?;
        Ok(files.close()?)
    }

    async fn local(&self, run: &RunFile, scratch: &Path) -> Result<PathBuf, CommandError> {
        let copy = scratch.join(RESULTS);
        let local = self
            .archive
            .local(run, &copy)
            .await
            .map_err(RunError::from)?;
        Ok(local.ok_or_else(|| no_results(run))?)
    }
}

/// The file of a form that goes to the standard output.
fn main_file(format: ReportFormat) -> &'static str {
    match format {
        ReportFormat::Json => REPORT,
        ReportFormat::Csv => "findings.csv",
        ReportFormat::Html => html::NAME,
        ReportFormat::Ocsf => "findings.ocsf.jsonl.gz",
        ReportFormat::Asff => "findings.asff.jsonl.gz",
        ReportFormat::Parquet => "findings.parquet",
        ReportFormat::Sarif => SARIF,
        ReportFormat::Junit => JUNIT,
    }
}

/// Whether another run may well be exported.
fn is_about_one_run(error: &CommandError) -> bool {
    matches!(
        error,
        CommandError::NoExport(NoExport::NoResults { .. })
            | CommandError::Results(
                ResultsError::Nothing { .. }
                    | ResultsError::Damaged { .. }
                    | ResultsError::NotHere { .. }
                    | ResultsError::OtherRun { .. }
                    | ResultsError::OtherVersion { .. }
            )
    )
}

fn no_results(run: &RunFile) -> NoExport {
    NoExport::NoResults {
        run: run.run.clone(),
        location: run.location.clone(),
    }
}

fn temporary() -> Result<TempDir, NoExport> {
    disk::temporary_folder().map_err(NoExport::Temporary)
}

fn filter(args: &ExportArgs) -> Result<ExportFilter, NoExport> {
    let framework = args.framework.as_deref().map(framework).transpose()?;
    Ok(ExportFilter {
        accounts: args.account.clone(),
        ous: args.ou.clone(),
        checks: args.check.clone(),
        framework,
    })
}

fn framework(id: &str) -> Result<&'static Framework, NoExport> {
    frameworks::by_id(id).ok_or_else(|| {
        let known: Vec<_> = FRAMEWORKS.iter().map(|framework| framework.id).collect();
        NoExport::NoFramework(id.escape_debug().to_string(), instead(id, &known))
    })
}
