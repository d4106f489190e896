//! The manifest: its shape, and the one way in which it is written. Pure.

use jiff::Timestamp;
use orgscan_core::document::output_schema_of;
use orgscan_core::model::{Coverage, SeverityCounts};
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

use super::{Algorithm, PublicKey, Sha256Sum, pem};

/// The manifest's name in its folder.
pub const MANIFEST: &str = "manifest.json";

/// The name of its signature.
pub const SIGNATURE: &str = "manifest.sig";

/// The version of the format. A program that reads 2.0 can read every 2.x.
pub const FORMAT: &str = "2.0";

/// The files of one run with their hashes: a link of the chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "orgscan manifest")]
pub struct Manifest {
    /// The version of this format. A program that reads 2.0 can read every 2.x.
    pub schema_version: String,
    /// The link's position in the chain, from 1 on.
    pub sequence: u64,
    /// The link before; null for the first one.
    pub previous: Option<PreviousLink>,
    /// The link whose files this one's have taken the place of: the run was published again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<SupersededLink>,
    /// The run.
    pub run: ManifestRun,
    /// The folder of its files, below the location that reports go to.
    pub folder: String,
    /// Every file of the run but the manifest and its signature, by path.
    pub files: Vec<ManifestFile>,
    /// Who has signed; null where nobody has.
    pub signer: Option<SignerInfo>,
}

/// The run that a manifest is about, or a weekly report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ManifestRun {
    /// Its id.
    pub id: String,
    /// When it began, by the clock of the process that wrote it.
    pub started: Timestamp,
    /// When it ended.
    pub finished: Timestamp,
    /// The version of orgscan that wrote it.
    pub orgscan_version: String,
    /// The hash of the configuration that it ran with.
    pub configuration_sha256: Sha256Sum,
    /// The hash of the catalog of the checks that it ran.
    pub checks_sha256: Sha256Sum,
    /// What was evaluated and what was not; null for a weekly report.
    pub coverage: Option<Coverage>,
    /// Findings by severity; null for a weekly report.
    pub findings_by_severity: Option<SeverityCounts>,
}

/// A link of the chain, as the one after it names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviousLink {
    /// The path of the manifest.
    pub path: String,
    /// The hash of its bytes.
    pub sha256: Sha256Sum,
}

/// An older link of the same folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SupersededLink {
    /// Its position in the chain. Its manifest is kept as `manifest-<sequence>.json`.
    pub sequence: u64,
    /// The hash of its manifest's bytes.
    pub sha256: Sha256Sum,
}

/// A file of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ManifestFile {
    /// Its path below the location that reports go to: `daily/2026/11/22/<run id>/report.json`.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its hash.
    pub sha256: Sha256Sum,
}

/// Who has signed a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Signer")]
pub struct SignerInfo {
    /// How.
    pub algorithm: Algorithm,
    /// The public key: SubjectPublicKeyInfo, DER in base64, what stands in a PEM file.
    pub public_key: PublicKey,
    /// The ARN of the KMS key; null for a local one.
    pub kms_key_arn: Option<String>,
}

/// What should have been a manifest, and is not.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// It cannot be read.
    #[error("not a manifest: {0}")]
    Damaged(#[from] serde_json::Error),
    /// Its bytes are not those that orgscan writes.
    #[error("not byte by byte as orgscan writes it")]
    NotAsWritten,
    /// Another version of orgscan has written it.
    #[error("it is of format {}, and this version of orgscan reads 2.x; use the version that wrote it, and another location for new reports", .0.escape_debug())]
    OtherFormat(String),
    /// It is no link of a chain.
    #[error("it has the number {0} in the chain, which does not match its previous link")]
    Position(u64),
}

/// The version of a manifest, which version 1 had under another name.
#[derive(Deserialize)]
struct ManifestFormat {
    #[serde(alias = "format_version")]
    schema_version: String,
}

impl Manifest {
    /// The manifest's bytes: there is one way to write it.
    ///
    /// # Errors
    /// Where a value cannot be written as JSON.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Reads a manifest that is written in this way.
    ///
    /// # Errors
    /// [`ManifestError`]
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ManifestError> {
        let ManifestFormat { schema_version } = serde_json::from_slice(bytes)?;
        if !schema_version.starts_with("2.") {
            return Err(ManifestError::OtherFormat(schema_version));
        }
        let manifest: Self = serde_json::from_slice(bytes)?;
        if manifest.to_bytes()? != bytes {
            return Err(ManifestError::NotAsWritten);
        }
        match manifest.is_a_link() {
            true => Ok(manifest),
            false => Err(ManifestError::Position(manifest.sequence)),
        }
    }

    /// Whether this is what its signature has to be, with the manifest's bytes: one by the key that it
    /// names, or none where it names none.
    pub fn is_signed_by(&self, bytes: &[u8], signature: Option<&[u8]>) -> bool {
        match (&self.signer, signature) {
            (None, signature) => signature.is_none(),
            (Some(_), None) => false,
            (Some(signer), Some(text)) => {
                let is_signed =
                    |signature: Vec<u8>| signer.public_key.has_signed(bytes, &signature);
                signer.algorithm == signer.public_key.algorithm()
                    && pem::from_line(text).is_some_and(is_signed)
            }
        }
    }

    /// Whether it can be a link: the first one is 1 and has none before it, and each further one has.
    fn is_a_link(&self) -> bool {
        let is_first = self.sequence == 1;
        (1..u64::MAX).contains(&self.sequence) && is_first == self.previous.is_none()
    }

    /// The path of the manifest.
    pub fn path(&self) -> String {
        format!("{}/{MANIFEST}", self.folder)
    }
}

/// The names in its folder of the manifest of a superseded link, and of its signature.
pub(super) fn kept_names(sequence: u64) -> [String; 2] {
    [
        format!("manifest-{sequence}.json"),
        format!("manifest-{sequence}.sig"),
    ]
}

/// The link that a kept manifest is of, by its name.
pub(super) fn kept_sequence(name: &str) -> Option<u64> {
    let digits = name.strip_prefix("manifest-")?.strip_suffix(".json")?;
    let sequence = digits.parse().ok()?;
    // `+1` and `01` are numbers too.
    (kept_names(sequence)[0] == name).then_some(sequence)
}

/// The JSON Schema (draft 2020-12) of `manifest.json`.
pub fn schema() -> Schema {
    output_schema_of::<Manifest>()
}

#[cfg(test)]
mod tests {
    use orgscan_core::testing;

    use super::*;

    pub(crate) fn manifest() -> Manifest {
        Manifest {
            schema_version: FORMAT.to_owned(),
            sequence: 2,
            previous: Some(PreviousLink {
                path: "daily/2026/11/14/before/manifest.json".to_owned(),
                sha256: Sha256Sum::of(b"before"),
            }),
            supersedes: None,
            run: ManifestRun {
                id: "after".to_owned(),
                started: testing::run().started,
                finished: testing::run().finished,
                orgscan_version: "0.1.0".to_owned(),
                configuration_sha256: Sha256Sum::of(b"configuration"),
                checks_sha256: Sha256Sum::of(b"checks"),
                coverage: Some(Coverage::default()),
                findings_by_severity: Some(SeverityCounts::default()),
            },
            folder: "daily/2026/11/15/after".to_owned(),
            files: vec![ManifestFile {
                path: "daily/2026/11/15/after/report.json".to_owned(),
                size: 3,
                sha256: Sha256Sum::of(b"{}\n"),
            }],
            signer: None,
        }
    }

    #[test]
    fn the_schema_in_the_documentation_is_the_one_of_the_types() {
        // Raise FORMAT when readers would notice the change.
        testing::assert_fresh_schema("docs/manifest.schema.json", &schema());
        let validator = jsonschema::validator_for(&serde_json::to_value(schema()).unwrap());
        let value = serde_json::to_value(manifest()).unwrap();
        assert!(validator.unwrap().is_valid(&value));
    }

    #[test]
    fn every_byte_counts() {
        let bytes = manifest().to_bytes().unwrap();
        assert_eq!(Manifest::from_bytes(&bytes).unwrap(), manifest());
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            let read = Manifest::from_bytes(&flipped);
            assert!(read.is_err() || read.unwrap() != manifest(), "byte {at}");
        }
        // What means the same is not the same.
        let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let error = Manifest::from_bytes(value.to_string().as_bytes()).unwrap_err();
        assert!(error.to_string().contains("byte by byte"), "{error}");
    }

    #[test]
    fn another_format_is_named() {
        let text = String::from_utf8(manifest().to_bytes().unwrap()).unwrap();
        let newer = text.replace("\"2.0\"", "\"3.0\"");
        let older = text.replace("\"schema_version\": \"2.0\"", "\"format_version\": \"1.0\"");
        for (other, format) in [(newer, "3.0"), (older, "1.0")] {
            let error = Manifest::from_bytes(other.as_bytes()).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!(
                    "it is of format {format}, and this version of orgscan reads 2.x; use the version that wrote it, and another location for new reports"
                )
            );
        }
    }

    #[test]
    fn what_is_no_link_of_a_chain_is_no_manifest() {
        let link = |sequence, previous: Option<PreviousLink>| {
            let manifest = Manifest {
                sequence,
                previous,
                ..manifest()
            };
            Manifest::from_bytes(&manifest.to_bytes().unwrap())
        };
        let previous = || manifest().previous;
        assert!(link(1, None).is_ok() && link(3, previous()).is_ok());
        let wrong = [(0, None), (0, previous()), (1, previous()), (2, None)];
        for (sequence, previous) in wrong.into_iter().chain([(u64::MAX, previous())]) {
            let error = link(sequence, previous).unwrap_err();
            assert!(matches!(error, ManifestError::Position(_)), "{error}");
        }
    }

    #[test]
    fn the_name_of_a_kept_manifest_is_written_in_one_way() {
        assert_eq!(kept_sequence("manifest-12.json"), Some(12));
        for other in ["manifest-012.json", "manifest-+1.json", "manifest.json"] {
            assert_eq!(kept_sequence(other), None, "{other}");
        }
    }
}
