//! Tells whether stored reports are what the runs wrote.

mod chain;
mod checkpoint;
mod end;
mod folder;
mod problem;
mod signers;
mod unfinished;

use std::collections::{BTreeMap, BTreeSet};

use futures::stream::{self, StreamExt, TryStreamExt};
use orgscan_core::model::RunId;
use serde::Serialize;

use super::{MANIFEST, PublicKey, Sha256Sum};
use crate::{Storage, StoreError};
pub use chain::Link;
pub use checkpoint::{Checkpoint, CheckpointError};
pub use end::LastRunEvidence;
use folder::ManifestFolder;
pub use problem::{Kind, Problem};
pub use signers::Signers;

/// Where runs and weekly reports lie.
const FOLDERS: [&str; 2] = ["daily/", "weekly/"];

/// How many runs are evaluated at the same time.
const AT_A_TIME: usize = 8;

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct VerifyRequest {
    /// This run alone, and not the chain.
    pub run: Option<RunId>,
    /// The hash of a manifest that has to be there: an alert has it.
    pub manifest_sha256: Option<Sha256Sum>,
    /// A link that was verified before, from which on the chain has to be whole.
    pub checkpoint: Option<Checkpoint>,
    /// The keys that may have signed; any, where none is given.
    pub keys: Vec<PublicKey>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// How many runs, or weekly reports, have a manifest that was evaluated.
    pub runs: u64,
    /// How many files were read and compared with it, the manifests not counted.
    pub files: u64,
    /// How many bytes that were.
    pub bytes: u64,
    /// The last link that was seen.
    pub head: Option<Checkpoint>,
    /// What says that it is the last one.
    pub last_run_evidence: Vec<LastRunEvidence>,
    /// Who has signed, from which link on.
    pub signers: Vec<Signers>,
    /// What is not as the runs left it.
    pub problems: Vec<Problem>,
    /// What could not be evaluated.
    pub not_verified: Vec<String>,
}

/// Reads every file of the runs and compares it with their manifests, and these with each other. Asks
/// nobody else.
///
/// # Errors
/// Where what is stored cannot be read.
pub async fn verify(archive: &Storage, question: &VerifyRequest) -> Result<Verdict, StoreError> {
    let mut names = files_of(archive).await?;
    if let Some(run) = &question.run {
        names.retain(|name| {
            name.split('/')
                .rev()
                .skip(1)
                .any(|part| part == run.as_str())
        });
    }
    let temporary = unfinished::split_off_temporary(&mut names);
    let (folders, unlisted) = by_folder(names);
    let result = stream::iter(folders).map(|folder| folder.check(archive));
    let result = result.buffered(AT_A_TIME);
    let mut verdict = Verdict::default();
    verdict.temporary(&temporary);
    verdict.without_manifest(archive, unlisted).await?;
    let mut links = Vec::new();
    futures::pin_mut!(result);
    while let Some(one) = result.try_next().await? {
        verdict.runs += 1;
        verdict.files += one.files;
        verdict.bytes += one.bytes;
        verdict.problems.extend(one.problems);
        links.extend(one.links);
    }
    links.sort_by(|a, b| (a.sequence, &a.path).cmp(&(b.sequence, &b.path)));
    verdict.signers(&links, &question.keys);
    match question.run {
        Some(_) => verdict.check_expected_head(&links, question),
        None => {
            let problems = chain::check_chain(&links, question.checkpoint.as_ref());
            verdict.problems.extend(problems);
            verdict.end(archive, &links, question).await?;
        }
    }
    Ok(verdict)
}

/// The names of all files that manifests are there for.
pub(super) async fn files_of(archive: &Storage) -> Result<Vec<String>, StoreError> {
    let mut names = Vec::new();
    for folder in FOLDERS {
        names.extend(archive.names(folder).await?);
    }
    Ok(names)
}

/// The files by the folder whose manifest is about them, and those that no manifest is about.
fn by_folder(names: Vec<String>) -> (Vec<ManifestFolder>, Vec<String>) {
    let own = format!("/{MANIFEST}");
    let sealed = names.iter().filter_map(|name| name.strip_suffix(&own));
    let mut folders: BTreeMap<String, BTreeSet<String>> = sealed
        .map(|folder| (folder.to_owned(), BTreeSet::new()))
        .collect();
    let mut unlisted = Vec::new();
    for name in names {
        let mut above = name.as_str();
        let found = loop {
            match above.rsplit_once('/') {
                None => break None,
                Some((folder, _)) if folders.contains_key(folder) => break Some(folder.to_owned()),
                Some((folder, _)) => above = folder,
            }
        };
        match found.and_then(|folder| folders.get_mut(&folder)) {
            Some(files) => {
                files.insert(name);
            }
            None => unlisted.push(name),
        }
    }
    let folders = folders
        .into_iter()
        .map(|(path, names)| ManifestFolder { path, names });
    (folders.collect(), unlisted)
}

#[cfg(test)]
mod tests;
