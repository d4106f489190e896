//! Adds a run to the chain.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use bytes::Bytes;

use super::head::ChainHeadError;
use super::manifest::kept_names;
use super::verify::files_of;
use super::{
    ChainHead, FORMAT, HEAD, MANIFEST, Manifest, ManifestFile, ManifestRun, PreviousLink,
    SIGNATURE, Sha256Sum, SignError, Signer, SignerInfo, SupersededLink, Tally,
};
use crate::{Storage, StoreError, Version};

/// How often others may come first before it is given up.
const RACES: usize = 20;

/// What is to become a link of the chain.
#[derive(Clone, Debug)]
pub struct SealRequest {
    /// The run, or the period of a report over several.
    pub run: ManifestRun,
    /// The folder of its files, below the location that reports go to.
    pub folder: String,
    /// Its files, all of which are in place by now.
    pub files: Vec<ManifestFile>,
}

/// A link of the chain, as the alert names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealedLink {
    /// Its position in the chain.
    pub sequence: u64,
    /// The hash of its manifest.
    pub sha256: Sha256Sum,
    /// Whether it is signed.
    pub signed: bool,
}

/// Why a run is not in the chain.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// Nobody could sign.
    #[error("the manifest could not be signed, so none was written: {0}")]
    Sign(#[from] SignError),
    /// What is stored cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The chain's end is damaged.
    #[error(
        "{location}, the head of the chain of manifests: {source}; restore its previous version, or delete it, and the \
         last manifest is used instead"
    )]
    Head {
        /// Where it is.
        location: String,
        /// Why.
        source: ChainHeadError,
    },
    /// A demo's key lies where real reports are.
    #[error(
        "the reports in this folder are not signed with the key of the demo, demo-signing-key.pem; move that file \
         away"
    )]
    NotADemo,
    /// Other runs come first all the time.
    #[error("other runs change the chain of manifests at the same time; start the run again")]
    Races,
    /// The manifest cannot be written as JSON.
    #[error("the manifest cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// The sizes and hashes of files on the local disk, by the paths that the manifest gives them, in their
/// order. Reads all of them.
///
/// # Errors
/// Where one cannot be read.
pub fn list_files<'a>(
    files: impl Iterator<Item = (String, &'a Path)>,
) -> io::Result<Vec<ManifestFile>> {
    let mut listed = files
        .map(|(path, file)| {
            let (size, sha256) = tally(file)?;
            Ok(ManifestFile { path, size, sha256 })
        })
        .collect::<io::Result<Vec<_>>>()?;
    listed.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(listed)
}

fn tally(path: &Path) -> io::Result<(u64, Sha256Sum)> {
    let mut file = File::open(path)?;
    let mut tally = Tally::default();
    let mut buffer = vec![0; 65_536];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(tally.finish()),
            read => tally.add(buffer.get(..read).unwrap_or_default()),
        }
    }
}

/// Adds a run to the chain as its new end, and writes its manifest and its signature. A run that is in
/// the chain already becomes a new link, which says which one it supersedes. `held` is asked whether this
/// process still has the run, each time just before the chain's end is written.
///
/// # Errors
/// See [`SealError`].
pub async fn seal(
    archive: &Storage,
    subject: &SealRequest,
    signer: &Signer<'_>,
    confirm: impl AsyncFn() -> Result<(), StoreError>,
) -> Result<SealedLink, SealError> {
    for _ in 0..RACES {
        let (last, version) = end(archive).await?;
        if let Some((head, manifest)) = &last {
            write_link(archive, head, manifest).await?;
        }
        refuse_other_reports(signer, last.as_ref().map(|(_, manifest)| manifest))?;
        let manifest = next(archive, subject, last.map(|(head, _)| head), signer).await?;
        let signature = signer.sign(&manifest.to_bytes()?).await?;
        let head = ChainHead::of(&manifest, signature)?;
        let bytes = Bytes::from(head.to_bytes()?);
        confirm().await?;
        let written = archive.replace(HEAD, bytes.clone(), &version).await?;
        // An answer may have been lost, and the next attempt refused for what the first one wrote.
        if written || archive.read(HEAD).await? == Some(bytes) {
            write_link(archive, &head, &manifest).await?;
            return Ok(SealedLink {
                sequence: head.sequence,
                sha256: head.sha256,
                signed: head.signature.is_some(),
            });
        }
    }
    Err(SealError::Races)
}

/// What others have signed is no demo's: anyone who can change the folder may have put the key there.
fn refuse_other_reports(signer: &Signer<'_>, last: Option<&Manifest>) -> Result<(), SealError> {
    let key = |by: &SignerInfo| by.public_key.clone();
    let others = last
        .is_some_and(|last| last.signer.as_ref().map(key) != signer.signed_by().map(|by| key(&by)));
    match matches!(signer, Signer::Demo(_)) && others {
        true => Err(SealError::NotADemo),
        false => Ok(()),
    }
}

/// Whether the folder's manifest lists exactly these files already.
///
/// # Errors
/// Where it cannot be read.
pub async fn is_sealed(archive: &Storage, subject: &SealRequest) -> Result<bool, StoreError> {
    let there = read_manifest(archive, &subject.folder).await?;
    Ok(there.is_some_and(|(manifest, _)| manifest.files == subject.files))
}

async fn next(
    archive: &Storage,
    subject: &SealRequest,
    last: Option<ChainHead>,
    signer: &Signer<'_>,
) -> Result<Manifest, SealError> {
    let there = read_manifest(archive, &subject.folder).await?;
    Ok(Manifest {
        schema_version: FORMAT.to_owned(),
        sequence: last.as_ref().map_or(1, |head| head.sequence + 1),
        previous: last.map(|head| PreviousLink {
            path: head.path,
            sha256: head.sha256,
        }),
        supersedes: there.map(|(manifest, bytes)| SupersededLink {
            sequence: manifest.sequence,
            sha256: Sha256Sum::of(&bytes),
        }),
        run: subject.run.clone(),
        folder: subject.folder.clone(),
        files: subject.files.clone(),
        signer: signer.signed_by(),
    })
}

/// A folder's own manifest; none if it is missing or damaged, which `orgscan verify` reports.
async fn read_manifest(
    archive: &Storage,
    folder: &str,
) -> Result<Option<(Manifest, Bytes)>, StoreError> {
    let name = format!("{folder}/{MANIFEST}");
    let Some(bytes) = archive.read(&name).await? else {
        return Ok(None);
    };
    match Manifest::from_bytes(&bytes) {
        Ok(manifest) => Ok(Some((manifest, bytes))),
        Err(error) => {
            tracing::error!(location = archive.location(&name), %error, "a manifest is damaged");
            Ok(None)
        }
    }
}

/// The chain's end, with its version.
async fn end(archive: &Storage) -> Result<(Option<(ChainHead, Manifest)>, Version), SealError> {
    let (bytes, version) = archive.version(HEAD).await?;
    let head = match bytes {
        Some(bytes) => {
            let location = archive.location(HEAD);
            let read = ChainHead::from_bytes(&bytes);
            Some(read.map_err(|source| SealError::Head { location, source })?)
        }
        None => last_there(archive).await?,
    };
    Ok((head, version))
}

/// The last link that is there, where nothing says which one it is: the file was deleted.
async fn last_there(archive: &Storage) -> Result<Option<(ChainHead, Manifest)>, SealError> {
    let mut last: Option<Manifest> = None;
    for name in files_of(archive).await? {
        let Some(folder) = name.strip_suffix(&format!("/{MANIFEST}")) else {
            continue;
        };
        if let Some((manifest, _)) = read_manifest(archive, folder).await?
            && last
                .as_ref()
                .is_none_or(|last| last.sequence < manifest.sequence)
        {
            last = Some(manifest);
        }
    }
    let Some(manifest) = last else {
        return Ok(None);
    };
    let location = archive.location(HEAD);
    tracing::warn!(
        location,
        "the head of the chain is missing, so the last manifest is used instead"
    );
    let signature = format!("{}/{SIGNATURE}", manifest.folder);
    let signature = archive.read(&signature).await?;
    let signature = signature.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let head = ChainHead::of(&manifest, signature)?;
    Ok(Some((head, manifest)))
}

/// Writes a link's manifest and signature into its folder, where they are not there yet, and keeps those
/// that they take the place of. Every process that does it, however often, writes the same.
async fn write_link(
    archive: &Storage,
    head: &ChainHead,
    manifest: &Manifest,
) -> Result<(), SealError> {
    let there = archive.read(&head.path).await?;
    let there = there.map(|bytes| (Sha256Sum::of(&bytes), bytes));
    let signature = format!("{}/{SIGNATURE}", manifest.folder);
    if let Some((sha256, bytes)) = there {
        let superseded = manifest.supersedes.as_ref();
        let Some(superseded) = superseded.filter(|one| one.sha256 == sha256) else {
            // This one; or another one, which nobody should undo before it was evaluated.
            return Ok(());
        };
        let [kept, kept_signature] = kept_names(superseded.sequence);
        let kept_signature = format!("{}/{kept_signature}", manifest.folder);
        // Kept first of all: where it is there, what lies under the old name may be this link's own.
        if archive.read(&kept_signature).await?.is_none()
            && let Some(signature) = archive.read(&signature).await?
        {
            archive.write(&kept_signature, signature).await?;
        }
        let name = format!("{}/{kept}", manifest.folder);
        archive.write(&name, bytes).await?;
    }
    if let Some(text) = &head.signature {
        archive.write(&signature, Bytes::from(text.clone())).await?;
    }
    let bytes = Bytes::from(head.manifest.clone());
    Ok(archive.write(&head.path, bytes).await?)
}

#[cfg(test)]
mod tests;
