//! What runs leave that are at work or were interrupted: files that are not verified, and no sign of
//! tampering either.

use std::collections::BTreeMap;

use orgscan_core::shell;
use orgscan_core::text::{clean, count};
use orgscan_files::disk::is_temporary;

use super::Verdict;
use super::problem::Problem;
use crate::{Storage, StoreError};

/// Characters of a name, at most.
const NAME: usize = 200;

/// Files that no report has: those with the names that orgscan gives to temporary files.
pub(super) fn split_off_temporary(names: &mut Vec<String>) -> Vec<String> {
    let is_left = |name: &mut String| name.rsplit('/').next().is_some_and(is_temporary);
    names.extract_if(.., is_left).collect()
}

impl Verdict {
    /// Says what temporary files mean, where there are some.
    pub(super) fn temporary(&mut self, names: &[String]) {
        let Some(first) = names.first() else {
            return;
        };
        self.not_verified.push(format!(
            "{} of an orgscan process that is at work or was killed, the first one {}: no report has \
             them. Continue the run with its id (`orgscan scan --run-id`), which removes them, or delete \
             them",
            count(names.len() as u64, "temporary file"),
            clean(first, NAME)
        ));
    }

    /// Files of folders without a manifest: those of a run that has not ended are not verified, others
    /// are nobody's.
    pub(super) async fn without_manifest(
        &mut self,
        archive: &Storage,
        names: Vec<String>,
    ) -> Result<(), StoreError> {
        let mut by_run: BTreeMap<Option<String>, Vec<String>> = BTreeMap::new();
        for name in names {
            by_run.entry(run_of(&name)).or_default().push(name);
        }
        for (run, names) in by_run {
            match run {
                Some(run) if is_unfinished(archive, &run).await? => self.not_verified.push(format!(
                    "{} of the run {run}, which is at work or was interrupted, have no manifest yet: \
                     they are not verified. Continue it with `orgscan scan --run-id {}`",
                    count(names.len() as u64, "file"),
                    shell::quote(&run).unwrap_or_else(|| "RUN".to_owned())
                )),
                _ => self
                    .problems
                    .extend(names.into_iter().map(Problem::unlisted)),
            }
        }
        Ok(())
    }
}

/// Whether a run was started and has not ended, by what is written down about it.
pub(super) async fn is_unfinished(archive: &Storage, run: &str) -> Result<bool, StoreError> {
    let record = archive.record(run).await?;
    Ok(matches!(record, Some(Ok(record)) if record.conclusion.is_none()))
}

/// The run whose folder a file is in: `daily/2026/11/22/<run id>/report.json`.
fn run_of(name: &str) -> Option<String> {
    let run = match *name.split('/').collect::<Vec<_>>() {
        ["daily", _, _, _, run, _, ..] => run,
        _ => return None,
    };
    // Nothing else leads to a place of its own.
    run.parse::<orgscan_core::model::RunId>()
        .is_ok()
        .then(|| run.to_owned())
}
