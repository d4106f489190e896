//! The chain's end: `state/head.json`. Pure.

use serde::{Deserialize, Serialize};

use super::{Manifest, ManifestError, Sha256Sum};

/// Its name below the location that reports go to.
pub const HEAD: &str = "state/head.json";

/// The last link of the chain, with all that its folder has of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainHead {
    /// Its position in the chain.
    pub sequence: u64,
    /// The run.
    pub run_id: String,
    /// The path of its manifest.
    pub path: String,
    /// The hash of that manifest's bytes.
    pub sha256: Sha256Sum,
    /// The manifest, for the next run to write it where this one was stopped before it could.
    pub manifest: String,
    /// Its signature, as it stands in the file; null where nobody has signed.
    pub signature: Option<String>,
}

#[derive(Deserialize)]
struct HeadManifest {
    manifest: String,
}

/// What should have been the chain's end, and is not.
#[derive(Debug, thiserror::Error)]
pub enum ChainHeadError {
    /// It cannot be read.
    #[error("it is damaged: {0}")]
    Damaged(#[from] serde_json::Error),
    /// Its manifest is none.
    #[error("the manifest in it: {0}")]
    Manifest(#[from] ManifestError),
    /// It does not agree with itself.
    #[error("it does not match the manifest in it")]
    Contradicts,
    /// The signature in it is none.
    #[error("its signature does not match the manifest in it")]
    Signature,
}

impl ChainHead {
    /// The end that this manifest makes.
    ///
    /// # Errors
    /// Where a value cannot be written as JSON.
    pub fn of(manifest: &Manifest, signature: Option<String>) -> Result<Self, serde_json::Error> {
        let bytes = manifest.to_bytes()?;
        Ok(Self {
            sequence: manifest.sequence,
            run_id: manifest.run.id.clone(),
            path: manifest.path(),
            sha256: Sha256Sum::of(&bytes),
            // JSON is UTF-8.
            manifest: String::from_utf8_lossy(&bytes).into_owned(),
            signature,
        })
    }

    /// Its bytes.
    ///
    /// # Errors
    /// Where a value cannot be written as JSON.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Reads one, with the manifest in it.
    ///
    /// # Errors
    /// Where it is no head, or one that another version wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<(Self, Manifest), ChainHeadError> {
        // That of another version may have other fields; its manifest has the version.
        let HeadManifest { manifest } = serde_json::from_slice(bytes)?;
        let manifest = Manifest::from_bytes(manifest.as_bytes())?;
        let head: Self = serde_json::from_slice(bytes)?;
        let made = Self::of(&manifest, head.signature.clone())?;
        if made != head || head.to_bytes()? != bytes {
            return Err(ChainHeadError::Contradicts);
        }
        let signature = head.signature.as_deref();
        match manifest.is_signed_by(head.manifest.as_bytes(), signature.map(str::as_bytes)) {
            true => Ok((head, manifest)),
            false => Err(ChainHeadError::Signature),
        }
    }
}
