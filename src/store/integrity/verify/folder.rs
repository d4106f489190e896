//! One run's folder: its files beside its manifest.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;

use super::chain::Link;
use super::problem::{Kind, Problem};
use crate::integrity::manifest::{kept_names, kept_sequence};
use crate::integrity::{MANIFEST, Manifest, ManifestFile, SIGNATURE, Sha256Sum, Tally};
use crate::{Storage, StoreError};

/// How large a manifest can be, in bytes: a few hundred thousand files.
const MOST: usize = 64 << 20;

/// A folder with a manifest, and the names of all files in it.
pub(super) struct ManifestFolder {
    pub(super) path: String,
    pub(super) names: BTreeSet<String>,
}

/// What was found in a folder.
#[derive(Default)]
pub(super) struct FolderResult {
    pub(super) links: Vec<Link>,
    pub(super) problems: Vec<Problem>,
    pub(super) files: u64,
    pub(super) bytes: u64,
    /// The names that are accounted for.
    known: BTreeSet<String>,
    /// Files of superseded links.
    before: BTreeMap<String, Vec<ManifestFile>>,
}

/// A manifest that was read.
struct StoredManifest {
    name: String,
    manifest: Manifest,
    bytes: Bytes,
}

impl ManifestFolder {
    /// Reads all of it.
    pub(super) async fn check(self, archive: &Storage) -> Result<FolderResult, StoreError> {
        let mut result = FolderResult::default();
        let mut own = None;
        for name in self.names.iter().filter(|name| self.is_manifest(name)) {
            result.known.insert(name.clone());
            let Some(read) = self.manifest(archive, name, &mut result).await? else {
                continue;
            };
            self.signature(archive, &read, &mut result).await?;
            let is_own = read.name.ends_with(&format!("/{MANIFEST}"));
            result
                .links
                .push(Link::of(&read.manifest, name, Sha256Sum::of(&read.bytes)));
            match is_own {
                true => own = Some(read.manifest),
                false => {
                    for file in read.manifest.files {
                        let files = result.before.entry(file.path.clone()).or_default();
                        files.push(file);
                    }
                }
            }
        }
        // Without it, nothing says what should be there; that it cannot be read was said.
        if let Some(manifest) = own {
            self.listed(archive, &manifest, &mut result).await?;
            self.unlisted(archive, &mut result).await?;
        }
        Ok(result)
    }

    fn is_manifest(&self, name: &str) -> bool {
        let own = self.own(name);
        own.is_some_and(|own| own == MANIFEST || kept_sequence(own).is_some())
    }

    /// The rest of a name in this folder.
    fn own<'n>(&self, name: &'n str) -> Option<&'n str> {
        name.strip_prefix(&self.path)?.strip_prefix('/')
    }

    async fn manifest(
        &self,
        archive: &Storage,
        name: &str,
        result: &mut FolderResult,
    ) -> Result<Option<StoredManifest>, StoreError> {
        let Some(bytes) = read(archive, name).await? else {
            result.add_problem(
                Kind::Missing,
                name,
                "it was deleted during the verification",
            );
            return Ok(None);
        };
        let manifest = match Manifest::from_bytes(&bytes) {
            Ok(manifest) => manifest,
            Err(error) => {
                result.add_problem(Kind::Changed, name, error.to_string());
                return Ok(None);
            }
        };
        if manifest.folder != self.path {
            let message = format!("it is the manifest of {}", manifest.folder.escape_debug());
            result.add_problem(Kind::OutOfOrder, name, message);
        }
        let kept = self.own(name).and_then(kept_sequence);
        if kept.is_some_and(|kept| kept != manifest.sequence) {
            let message = format!("it is the manifest of link {}", manifest.sequence);
            result.add_problem(Kind::OutOfOrder, name, message);
        }
        Ok(Some(StoredManifest {
            name: name.to_owned(),
            manifest,
            bytes,
        }))
    }

    async fn signature(
        &self,
        archive: &Storage,
        link: &StoredManifest,
        result: &mut FolderResult,
    ) -> Result<(), StoreError> {
        let [_, kept] = kept_names(link.manifest.sequence);
        let name = match link.name.ends_with(&format!("/{MANIFEST}")) {
            true => format!("{}/{SIGNATURE}", self.path),
            false => format!("{}/{kept}", self.path),
        };
        if link.manifest.signer.is_none() {
            return self
                .superseded_signature(archive, link, &name, result)
                .await;
        }
        result.known.insert(name.clone());
        let Some(text) = read(archive, &name).await? else {
            result.add_problem(Kind::Missing, name, "the signature of its manifest");
            return Ok(());
        };
        if !link.manifest.is_signed_by(&link.bytes, Some(&text)) {
            // Which of the two it was, nobody can tell.
            let message = "it does not match its signature";
            result.add_problem(Kind::Changed, &link.name, message);
            let message = "it does not match its manifest";
            result.add_problem(Kind::Changed, name, message);
        }
        Ok(())
    }

    /// The signature that an unsigned manifest's predecessor has left under its name.
    async fn superseded_signature(
        &self,
        archive: &Storage,
        link: &StoredManifest,
        name: &str,
        result: &mut FolderResult,
    ) -> Result<(), StoreError> {
        if let Some(superseded) = &link.manifest.supersedes
            && self.names.contains(name)
        {
            let [_, kept] = kept_names(superseded.sequence);
            let kept = read(archive, &format!("{}/{kept}", self.path)).await?;
            if kept.is_some() && kept == read(archive, name).await? {
                result.known.insert(name.to_owned());
            }
        }
        Ok(())
    }

    async fn listed(
        &self,
        archive: &Storage,
        manifest: &Manifest,
        result: &mut FolderResult,
    ) -> Result<(), StoreError> {
        for file in &manifest.files {
            result.known.insert(file.path.clone());
            if self.own(&file.path).is_none() {
                let message = format!("the manifest of {} lists it", self.path);
                result.add_problem(Kind::OutOfOrder, &file.path, message);
                continue;
            }
            if !self.names.contains(&file.path) {
                result.add_problem(Kind::Missing, &file.path, "the manifest lists it");
                continue;
            }
            let Some((size, sha256)) = tally(archive, &file.path).await? else {
                result.add_problem(
                    Kind::Missing,
                    &file.path,
                    "it was deleted during the verification",
                );
                continue;
            };
            result.files += 1;
            result.bytes += size;
            if (size, sha256) != (file.size, file.sha256) {
                let message = format!(
                    "{size} bytes, SHA-256 {sha256}; in the manifest {} bytes, {}",
                    file.size, file.sha256
                );
                result.add_problem(Kind::Changed, &file.path, message);
            }
        }
        Ok(())
    }

    /// Files that the manifest does not list are extra, unless a superseded one does.
    async fn unlisted(
        &self,
        archive: &Storage,
        result: &mut FolderResult,
    ) -> Result<(), StoreError> {
        for name in self.names.iter() {
            if result.known.contains(name) {
                continue;
            }
            let before = result.before.get(name).cloned().unwrap_or_default();
            if before.is_empty() {
                result.add_problem(Kind::Extra, name, "the manifest does not list it");
                continue;
            }
            let now = tally(archive, name).await?;
            let is_one = |file: &ManifestFile| Some((file.size, file.sha256)) == now;
            if !before.iter().any(is_one) {
                let message = "it belongs to a superseded link, whose manifest does not match it";
                result.add_problem(Kind::Changed, name, message);
            }
        }
        Ok(())
    }
}

impl FolderResult {
    fn add_problem(&mut self, kind: Kind, path: impl Into<String>, detail: impl Into<String>) {
        self.problems.push(Problem::new(kind, path, detail));
    }
}

/// A small file; the beginning of one that is not small.
async fn read(archive: &Storage, name: &str) -> Result<Option<Bytes>, StoreError> {
    let add = |all: &mut Vec<u8>, chunk: &[u8]| {
        if all.len() <= MOST {
            all.extend_from_slice(chunk);
        }
    };
    let read = archive.fold(name, Vec::new, add).await?;
    Ok(read.map(Bytes::from))
}

async fn tally(archive: &Storage, name: &str) -> Result<Option<(u64, Sha256Sum)>, StoreError> {
    let read = archive.fold(name, Tally::default, Tally::add).await?;
    Ok(read.map(Tally::finish))
}
