//! What makes a stored report trustworthy years later: a manifest of each run's files, signed, and each
//! manifest linked to the one before.
//!
//! | name | what |
//! | --- | --- |
//! | `daily/…/<run id>/manifest.json` | the run's files with their hashes, and the hash of the manifest before |
//! | `daily/…/<run id>/manifest.sig` | its signature |
//! | `daily/…/<run id>/manifest-<n>.json`, `.sig` | the same of link n, where the run was published again since |
//! | `state/head.json` | the last link of the chain |
//!
//! A link is decided in one place: by the conditional write of `state/head.json`, which has all of the new
//! link in it. Only then its files are written, by the one who comes first: the run itself, or the next run
//! where that one was stopped. So two runs never follow the same link, and a manifest that was written is
//! never rewritten.

mod catalog;
mod digest;
#[cfg(test)]
mod example;
mod head;
mod key;
mod local;
mod manifest;
mod pem;
mod seal;
mod signer;
pub mod verify;

pub use catalog::{checks_digest, configuration_digest};
pub use digest::{Sha256Sum, Tally};
pub use head::{ChainHead, HEAD};
pub use key::{Algorithm, KeyError, PublicKey};
pub use local::{LocalKey, LocalKeyError, default_key_file};
pub use manifest::{
    FORMAT, MANIFEST, Manifest, ManifestError, ManifestFile, ManifestRun, PreviousLink, SIGNATURE,
    SignerInfo, SupersededLink, schema,
};
pub use seal::{SealError, SealRequest, SealedLink, is_sealed, list_files, seal};
pub use signer::{APIS, SignError, Signer, demo_key, demo_key_file};
