//! The events of all runs as Security Lake takes them from a custom source: a file for each account and run,
//! by Region, account and day.
//!
//! They are those of `findings.ocsf.jsonl.gz`, read from there: so nobody can tell the one from the other.
//! Source: <https://docs.aws.amazon.com/security-lake/latest/userguide/custom-sources-best-practices.html>

use std::fs::File;
use std::io;
use std::path::Path;

use jiff::tz::TimeZone;
use orgscan_core::jsonl::{JsonlReader, LineError, parse};
use orgscan_core::model::{Region, RunInfo};
use orgscan_files::disk;
use orgscan_report::parquet::LakeParquet;
use serde_json::{Map, Value};

use super::parts::{OCSF, PARQUET};
use super::write::{FileWriter, temporary};
use super::{ReportFile, folder};

type OcsfEvent = Map<String, Value>;

/// Where a run's events of an account lie, below the configured location:
/// `ext/orgscan/1.0/region=eu-west-1/accountId=111122223333/eventDay=20261130/<run id>.parquet`. `region` is
/// that of the lake, and the day that in UTC on which the run began, as in the events.
pub fn lake_key(run: &RunInfo, region: &Region, account: &str) -> String {
    let day = run.started.to_zoned(TimeZone::UTC).strftime("%Y%m%d");
    let folder = folder(run);
    let id = folder.rsplit('/').next().unwrap_or(&folder);
    format!("ext/orgscan/1.0/region={region}/accountId={account}/eventDay={day}/{id}.parquet")
}

/// The files of a run, made one at a time below a local folder: each with its place there.
#[derive(Debug)]
pub struct Lake<'r> {
    dir: &'r Path,
    run: &'r RunInfo,
    region: &'r Region,
    events: JsonlReader<File>,
    /// The first event of the account that comes next.
    next: Option<OcsfEvent>,
}

impl<'r> Lake<'r> {
    /// Begins to read the events from a run's files; none where they are not among them.
    ///
    /// # Errors
    /// The file system's, and where the events cannot be read.
    pub fn open(
        dir: &'r Path,
        run: &'r RunInfo,
        region: &'r Region,
        files: &[ReportFile],
    ) -> io::Result<Option<Self>> {
        let Some(file) = files.iter().find(|file| file.name == OCSF) else {
            return Ok(None);
        };
        let mut lake = Self {
            dir,
            run,
            region,
            events: JsonlReader::new(disk::open(&file.path)?),
            next: None,
        };
        lake.next = lake.event()?;
        Ok(Some(lake))
    }

    fn event(&mut self) -> io::Result<Option<OcsfEvent>> {
        let line = self.events.line().map_err(to_io)?;
        line.map(|line| parse(&line).map_err(to_io)).transpose()
    }

    /// Writes the file of the account that the event is the first one of.
    fn account(&mut self, first: OcsfEvent) -> io::Result<(String, ReportFile)> {
        let account = account_of(&first).to_owned();
        let key = lake_key(self.run, self.region, &account);
        let path = self.dir.join(&key);
        let folder = path.parent().unwrap_or(self.dir);
        disk::create_folders(folder)?;
        let mut file = LakeParquet::start(temporary(folder)?)?;
        file.event(&first)?;
        while let Some(event) = self.event()? {
            if account_of(&event) != account {
                self.next = Some(event);
                break;
            }
            file.event(&event)?;
        }
        let out: FileWriter = file.finish()?;
        let out = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        out.persist(&path)?;
        let file = ReportFile {
            name: "events.parquet",
            content_type: PARQUET,
            path,
        };
        Ok((key, file))
    }
}

impl Iterator for Lake<'_> {
    type Item = io::Result<(String, ReportFile)>;

    fn next(&mut self) -> Option<Self::Item> {
        let first = self.next.take()?;
        Some(self.account(first))
    }
}

fn account_of(event: &OcsfEvent) -> &str {
    let account = event
        .get("cloud")
        .and_then(|cloud| cloud.pointer("/account/uid"));
    account.and_then(Value::as_str).unwrap_or_default()
}

fn to_io(error: LineError) -> io::Error {
    match error {
        LineError::Content(error) => io::Error::other(format!("{OCSF}: {error}")),
        LineError::Io(error) => error,
    }
}

#[cfg(test)]
mod tests {
    use orgscan_core::testing::run;

    use super::*;

    #[test]
    fn a_run_has_a_file_for_each_account_in_the_partition_of_its_day() {
        let mut run = run();
        let key = |run: &RunInfo| lake_key(run, &Region::new("eu-west-1"), "111122223333");
        let day = "ext/orgscan/1.0/region=eu-west-1/accountId=111122223333/eventDay=20261115";
        assert_eq!(key(&run), format!("{day}/2026-11-15T03-00-00Z.parquet"));
        run.id = "../../x".to_owned();
        assert_eq!(key(&run), format!("{day}/..-..-x.parquet"));
    }
}
