//! A link that was verified before, for chains whose beginning is no longer kept.

use serde::{Deserialize, Serialize};

use crate::integrity::Sha256Sum;

/// A link of the chain. Kept where nobody who writes reports can write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// Its position in the chain.
    pub sequence: u64,
    /// The run.
    pub run_id: String,
    /// The hash of its manifest.
    pub sha256: Sha256Sum,
}

/// What should have been a checkpoint, and is not.
#[derive(Debug, thiserror::Error)]
#[error("not a checkpoint ({0}); create one with `orgscan verify --write-checkpoint FILE`")]
pub struct CheckpointError(#[from] serde_json::Error);

impl Checkpoint {
    /// Reads one.
    ///
    /// # Errors
    /// [`CheckpointError`]
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CheckpointError> {
        Ok(serde_json::from_slice(bytes)?)
    }

    /// The file's content.
    ///
    /// # Errors
    /// Where a value cannot be written as JSON.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}
