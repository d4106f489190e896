//! The weekly report: written to a folder, and from there to S3.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use orgscan_core::settings::Config;
use orgscan_files::disk::{self, advice};
use orgscan_report::csv::write_weekly;
use orgscan_report::trend::Weekly;
use orgscan_report::weekly::write as write_text;
use orgscan_store::integrity::{
    ManifestRun, SealError, SealRequest, Signer, checks_digest, configuration_digest, is_sealed,
    list_files, seal,
};
use orgscan_store::{Content, Storage, StoreError};

use super::parts::{CSV, JSON};
use super::write::{io_error, name_all, on_disk, temporary};
use super::{ReportFile, WriteError};

/// The weekly report could not be written or sent.
#[derive(Debug, thiserror::Error)]
pub enum WeeklyError {
    /// What the runs have left cannot be looked for, or the report not be sent.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// It has no manifest.
    #[error("the weekly report is written, but has no manifest: {0}")]
    Seal(#[from] SealError),
    /// The files could not be read back for their manifest.
    #[error("the weekly report is written, but cannot be read for its manifest: {0}")]
    Read(#[from] std::io::Error),
    /// There is no room for the files on their way to S3.
    #[error(
        "no temporary folder can be created: {}; {}",
        .0,
        advice(.0, "free disk space, or set TMPDIR to another folder")
    )]
    Temporary(std::io::Error),
}

/// Where a weekly report is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeeklyLocation {
    /// Its folder.
    pub location: String,
    /// The names of its files.
    pub files: Vec<&'static str>,
}

/// The folder of a weekly report, below the configured location.
pub fn folder(weekly: &Weekly) -> String {
    format!("weekly/{}", weekly.week)
}

/// Writes the report's files into its folder below `root`: `weekly.csv`, `weekly.txt`, and `weekly.json` as
/// the last one. Each takes the place of an earlier one; the same report gives the same bytes.
///
/// # Errors
/// [`WriteError::Io`]
pub fn write(root: &Path, weekly: &Weekly) -> Result<Vec<ReportFile>, WriteError> {
    let folder = root.join(folder(weekly));
    let write = || -> std::io::Result<Vec<ReportFile>> {
        disk::create_folders(&folder)?;
        let csv = write_weekly(temporary(&folder)?, weekly)?;
        let mut text = temporary(&folder)?;
        write_text(&mut text, weekly)?;
        let mut json = temporary(&folder)?;
        serde_json::to_writer(&mut json, weekly)?;
        json.write_all(b"\n")?;
        let written = vec![
            on_disk("weekly.csv", CSV, csv)?,
            on_disk("weekly.txt", "text/plain; charset=utf-8", text)?,
            on_disk("weekly.json", JSON, json)?,
        ];
        name_all(&folder, written)
    };
    write().map_err(|source| io_error(&folder, source))
}

/// Writes the report where the runs' reports are, and enters it in the chain of their manifests. One that
/// is there already, the same byte by byte, keeps its position in the chain.
///
/// # Errors
/// See [`WeeklyError`].
pub async fn publish(
    weekly: &Weekly,
    archive: &Storage,
    config: &Config,
    signer: &Signer<'_>,
) -> Result<WeeklyLocation, WeeklyError> {
    let folder = folder(weekly);
    let temporary = disk::temporary_folder().map_err(WeeklyError::Temporary)?;
    let _lock = match archive.folder() {
        Some(root) => {
            let lock_folder = lock_folder(root, &folder);
            Some(lock_folder.map_err(|source| io_error(root, source))?)
        }
        None => None,
    };
    let files = write(archive.folder().unwrap_or(temporary.path()), weekly)?;
    if let Storage::S3(remote) = archive {
        for file in &files {
            let name = format!("{folder}/{}", file.name);
            let content = Content::File(&file.path, file.content_type);
            remote.send(&remote.api_caller, &name, content).await?;
        }
    }
    let named = files
        .iter()
        .map(|file| (format!("{folder}/{}", file.name), file.path.as_path()));
    let subject = SealRequest {
        run: sealed(weekly, config).map_err(SealError::from)?,
        files: list_files(named)?,
        folder: folder.clone(),
    };
    if !is_sealed(archive, &subject).await? {
        // Several may make the same report, which is the same.
        Box::pin(seal(archive, &subject, signer, async || Ok(()))).await?;
    }
    Ok(WeeklyLocation {
        location: archive.location(&folder),
        files: files.iter().map(|file| file.name).collect(),
    })
}

/// Waits until nobody else writes a weekly report there, and removes what a killed process left of this
/// one. Others wait as long as the file is open.
fn lock_folder(root: &Path, folder: &str) -> std::io::Result<File> {
    let state = root.join("state");
    disk::create_folders(&state)?;
    let lock = disk::lock(&state.join("weekly.lock"))?;
    disk::remove_leftovers(&root.join(folder), None)?;
    Ok(lock)
}

/// The weekly report, as its manifest names it.
fn sealed(weekly: &Weekly, config: &Config) -> Result<ManifestRun, serde_json::Error> {
    let midnight = |day: Date| day.to_zoned(TimeZone::UTC).map(|time| time.timestamp());
    Ok(ManifestRun {
        id: weekly.week.to_string(),
        started: midnight(weekly.first_day).unwrap_or_default(),
        finished: Timestamp::now(),
        orgscan_version: env!("CARGO_PKG_VERSION").to_owned(),
        configuration_sha256: configuration_digest(config)?,
        checks_sha256: checks_digest(&config.checks.select())?,
        coverage: None,
        findings_by_severity: None,
    })
}
