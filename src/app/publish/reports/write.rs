//! The report files in a local folder.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use orgscan_core::checks::Check;
use orgscan_core::model::{AccountId, Baseline, Report, Trend};
use orgscan_core::settings::{OcsfVersion, ReportFormat};
use orgscan_files::disk::{self, advice};
use orgscan_report::asff::AsffJsonl;
use orgscan_report::changes::ChangesJsonl;
use orgscan_report::csv::{CoverageCsv, FindingsCsv, FrameworksCsv, write_exceptions};
use orgscan_report::html::{self, PageHtml};
use orgscan_report::json::ReportJson;
use orgscan_report::junit::Junit;
use orgscan_report::ocsf::OcsfJsonl;
use orgscan_report::parquet::{CoverageParquet, FindingsParquet};
use orgscan_report::sarif::Sarif;
use orgscan_report::{CHANGES, REPORT};
use orgscan_report::{FinishedFile, Sink};
use tempfile::NamedTempFile;

use super::entry::{Accounts, Entry, FileStep, skipped_before, steps};
use super::parallel::in_parallel;
use super::parts::{
    CSV, FINDINGS, GZIP, HTML, JSON, JSONL, JUNIT, OCSF, PARQUET, SARIF, SARIF_TYPE, XML,
};
use super::{MESSAGES, Part, ReportFile, account_folder, local_folder};
use crate::publish::messages::Message;
use crate::publish::metrics::{Metric, write_lines};

/// The files could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The file system said no.
    #[error(
        "cannot write the report files to {}: {}",
        folder.display(),
        advice(source, "check that it can be written to and has room")
    )]
    Io {
        /// Where.
        folder: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The results do not fit the report.
    #[error(
        "the report files need each account's result once, ordered by account id, and that of \
         {expected} is not where it should be: consolidate the run again"
    )]
    NotInOrder {
        /// The account whose result should have come.
        expected: AccountId,
    },
}

/// Where a file stands among the others, which get their names in this order.
pub(crate) enum FileOrder {
    First,
    Last,
}

/// The report files in the making: one for each [`Sink`], `alert.txt`, `messages.json`, `metrics.jsonl`, and
/// `report.json` as the last one, so that the others are in place when it appears.
///
/// Some accounts are written at a time, to all files in parallel. The files appear under their names when all of them are
/// complete; a run that stops on the way leaves none behind.
pub struct ReportFiles<'r> {
    folder: PathBuf,
    sinks: Vec<PendingFile<'r>>,
    checks: &'r [&'static Check],
    accounts: Accounts<'r>,
}

/// In which forms a report is written.
#[derive(Clone, Copy, Debug)]
pub struct ReportFormats<'a> {
    /// The forms.
    pub formats: &'a [ReportFormat],
    /// The version of OCSF.
    pub ocsf: OcsfVersion,
}

impl ReportFormats<'_> {
    fn has(&self, format: ReportFormat) -> bool {
        self.formats.contains(&format)
    }
}

/// What a file of a report is written to.
pub(crate) type FileWriter = BufWriter<NamedTempFile>;

/// A file in the making: its name and media type, and what fills it.
struct PendingFile<'r> {
    name: &'static str,
    content_type: &'static str,
    sink: Box<dyn Sink<FileWriter> + Send + 'r>,
}

impl<'r> PendingFile<'r> {
    fn new(
        name: &'static str,
        content_type: &'static str,
        sink: impl Sink<FileWriter> + Send + 'r,
    ) -> Self {
        Self {
            name,
            content_type,
            sink: Box::new(sink),
        }
    }

    fn take(&mut self, steps: &[FileStep<'_>]) -> io::Result<()> {
        let sink = self.sink.as_mut();
        steps.iter().try_for_each(|step| step.take(sink))
    }

    fn finish(mut self, steps: &[FileStep<'_>]) -> io::Result<WrittenFile> {
        self.take(steps)?;
        on_disk(self.name, self.content_type, self.sink.finish()?)
    }
}

/// The name that a file gets, its media type, and the file.
pub(super) type WrittenFile = (&'static str, &'static str, NamedTempFile);

/// Has a file that is complete on the disk.
pub(super) fn on_disk(
    name: &'static str,
    content_type: &'static str,
    out: FileWriter,
) -> io::Result<WrittenFile> {
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    Ok((name, content_type, file))
}

impl<'r> ReportFiles<'r> {
    /// Begins the files of a run in its folder below `dir`. `trend` is how its numbers went, where that is
    /// known; `checks` are those that the run selected, in registry order.
    ///
    /// # Errors
    /// [`WriteError::Io`]
    pub fn create(
        dir: &Path,
        report: &'r Report,
        trend: Option<&'r Trend>,
        checks: &'r [&'static Check],
        formats: ReportFormats<'_>,
    ) -> Result<Self, WriteError> {
        let folder = local_folder(dir, &report.run);
        let create = || {
            disk::create_folders(&folder)?;
            sinks(&folder, report, trend, checks, formats)
        };
        let sinks = create().map_err(|source| io_error(&folder, source))?;
        Ok(Self {
            folder,
            sinks,
            checks,
            accounts: report.accounts.iter(),
        })
    }

    /// Adds a file before anything is written, ahead of the others or behind them, `report.json` included. `start`
    /// begins it.
    ///
    /// # Errors
    /// Those of `start`, and [`WriteError::Io`].
    pub(crate) fn add<S: Sink<FileWriter> + Send + 'r, E: From<WriteError>>(
        &mut self,
        order: FileOrder,
        name: &'static str,
        content_type: &'static str,
        start: impl FnOnce(FileWriter) -> Result<S, E>,
    ) -> Result<(), E> {
        let out = temporary(&self.folder).map_err(|source| io_error(&self.folder, source))?;
        let at = match order {
            FileOrder::First => 0,
            FileOrder::Last => self.sinks.len(),
        };
        self.sinks
            .insert(at, PendingFile::new(name, content_type, start(out)?));
        Ok(())
    }

    /// Writes these entries to all files, in as many threads as there are processors, and does something else
    /// meanwhile. Every account of the report that has a result comes once, in the report's order.
    ///
    /// # Errors
    /// [`WriteError`]
    pub fn write<T>(
        &mut self,
        entries: &[Entry<'_>],
        meanwhile: impl FnOnce() -> T,
    ) -> Result<T, WriteError> {
        let steps = steps(entries, &mut self.accounts, self.checks)?;
        let written = in_parallel(&mut self.sinks, |one| one.take(&steps), meanwhile);
        let (done, _) = written.map_err(|source| io_error(&self.folder, source))?;
        Ok(done)
    }

    /// Writes the ends of the files, the messages and the metrics, and gives the files their names.
    ///
    /// # Errors
    /// [`WriteError`]
    pub fn finish(
        mut self,
        messages: &[Message],
        metrics: impl Iterator<Item = Metric>,
    ) -> Result<Vec<ReportFile>, WriteError> {
        let written = message_files(&self.folder, messages, metrics);
        let message_files = written.map_err(|source| io_error(&self.folder, source))?;
        self.sinks.splice(0..0, message_files);
        self.close()
    }

    /// Writes the ends of the files in parallel too, and gives the files their names.
    ///
    /// # Errors
    /// [`WriteError`]
    pub fn close(mut self) -> Result<Vec<ReportFile>, WriteError> {
        let excluded = skipped_before(None, &mut self.accounts)?.into_iter();
        let excluded: Vec<_> = excluded.map(FileStep::Skipped).collect();
        let folder = self.folder;
        let written = in_parallel(self.sinks, |one| one.finish(&excluded), || ());
        let named = written.and_then(|(_, written)| name_all(&folder, written));
        named.map_err(|source| io_error(&folder, source))
    }
}

/// The files of what the run has to tell.
fn message_files(
    folder: &Path,
    messages: &[Message],
    metrics: impl Iterator<Item = Metric>,
) -> io::Result<[PendingFile<'static>; 3]> {
    let mut text = temporary(folder)?;
    // The first one is about all accounts.
    if let Some(Message { alert, .. }) = messages.first() {
        write!(text, "Subject: {}\n\n{}", alert.subject, alert.email)?;
    }
    let mut formats = temporary(folder)?;
    serde_json::to_writer_pretty(&mut formats, messages)?;
    let mut lines = temporary(folder)?;
    write_lines(&mut lines, metrics)?;
    Ok([
        PendingFile::new("alert.txt", "text/plain; charset=utf-8", FinishedFile(text)),
        PendingFile::new(MESSAGES, JSON, FinishedFile(formats)),
        PendingFile::new("metrics.jsonl", JSONL, FinishedFile(lines)),
    ])
}

/// What is written of a run, `report.json` last.
fn sinks<'r>(
    folder: &Path,
    report: &'r Report,
    trend: Option<&'r Trend>,
    checks: &'r [&'static Check],
    formats: ReportFormats<'_>,
) -> io::Result<Vec<PendingFile<'r>>> {
    let (run, out) = (&report.run, || temporary(folder));
    let mut sinks = Vec::new();
    if formats.has(ReportFormat::Csv) {
        sinks.extend(csv_sinks(folder, report, checks)?);
    }
    if formats.has(ReportFormat::Ocsf) {
        let ocsf = OcsfJsonl::start(out()?, run, checks, formats.ocsf);
        sinks.push(PendingFile::new(OCSF, GZIP, ocsf));
    }
    if formats.has(ReportFormat::Asff) {
        let asff = AsffJsonl::start(out()?, run, checks);
        sinks.push(PendingFile::new("findings.asff.jsonl.gz", GZIP, asff));
    }
    if formats.has(ReportFormat::Parquet) {
        let findings = FindingsParquet::start(out()?, run, checks)?;
        sinks.push(PendingFile::new("findings.parquet", PARQUET, findings));
        let coverage = CoverageParquet::start(out()?, run)?;
        sinks.push(PendingFile::new("coverage.parquet", PARQUET, coverage));
    }
    if formats.has(ReportFormat::Sarif) {
        let sarif = Sarif::start(out()?, report, checks);
        sinks.push(PendingFile::new(SARIF, SARIF_TYPE, sarif));
    }
    if formats.has(ReportFormat::Junit) {
        let junit = Junit::start(out()?, report);
        sinks.push(PendingFile::new(JUNIT, XML, junit));
    }
    if formats.has(ReportFormat::Html) {
        let page = PageHtml::start(out()?, report, checks, trend);
        sinks.push(PendingFile::new(html::NAME, HTML, page));
    }
    if formats.has(ReportFormat::Json) {
        // Without a history an empty file would look like no change.
        if let Baseline::FirstRun | Baseline::Compared { .. } = report.changes.baseline {
            let changes = ChangesJsonl::start(out()?);
            sinks.push(PendingFile::new(CHANGES, JSONL, changes));
        }
        let json = ReportJson::start(out()?, report, checks)?;
        sinks.push(PendingFile::new(REPORT, JSON, json));
    }
    Ok(sinks)
}

fn csv_sinks<'r>(
    folder: &Path,
    report: &'r Report,
    checks: &'r [&'static Check],
) -> io::Result<Vec<PendingFile<'r>>> {
    let out = || temporary(folder);
    let exceptions = FinishedFile(write_exceptions(out()?, &report.exceptions)?);
    let mut sinks = vec![
        PendingFile::new("exceptions.csv", CSV, exceptions),
        PendingFile::new(FINDINGS, CSV, FindingsCsv::start(out()?)?),
        PendingFile::new("coverage.csv", CSV, CoverageCsv::start(out()?)?),
    ];
    if !report.frameworks.is_empty() {
        let frameworks = FrameworksCsv::start(out()?, &report.frameworks, checks)?;
        sinks.push(PendingFile::new("frameworks.csv", CSV, frameworks));
    }
    Ok(sinks)
}

/// Gives the files their names, when all of them are on the disk.
pub(super) fn name_all(folder: &Path, written: Vec<WrittenFile>) -> io::Result<Vec<ReportFile>> {
    let mut files = Vec::new();
    for (name, content_type, file) in written {
        let path = folder.join(name);
        file.persist(&path)?;
        files.push(ReportFile {
            name,
            content_type,
            path,
        });
    }
    Ok(files)
}

/// Writes the files of an account's own part below `dir`, each in place of the one before.
///
/// # Errors
/// [`WriteError::Io`]
pub fn write_parts(dir: &Path, account: &AccountId, parts: &[Part]) -> Result<(), WriteError> {
    let folder = dir.join(account_folder(account));
    let write = || -> io::Result<()> {
        disk::create_folders(&folder)?;
        for part in parts {
            let mut out = temporary(&folder)?;
            out.write_all(&part.bytes)?;
            let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.persist(folder.join(part.name))?;
        }
        Ok(())
    };
    write().map_err(|source| io_error(&folder, source))
}

pub(super) fn io_error(folder: &Path, source: io::Error) -> WriteError {
    WriteError::Io {
        folder: folder.to_owned(),
        source,
    }
}

/// A file without a name yet, in the folder that it will be in, so that naming it is one step.
pub(super) fn temporary(folder: &Path) -> io::Result<FileWriter> {
    Ok(BufWriter::new(disk::temporary(folder)?))
}
