//! A chain for tests: small runs, one a day.

use std::path::Path;

use bytes::Bytes;
use orgscan_core::model::{Coverage, SeverityCounts};
use orgscan_core::testing;

use super::{
    FORMAT, LocalKey, ManifestFile, ManifestRun, SealError, SealRequest, SealedLink, Sha256Sum,
    Signer, seal,
};
use crate::Storage;

pub(super) fn folder(run: u64) -> String {
    format!("daily/2026/11/{run:02}/run-{run}")
}

pub(super) const FILES: [&str; 3] = ["findings.csv", "parts/a=1/rows.bin", "report.json"];

/// What a run writes, at the first or a later time.
pub(super) async fn subject(archive: &Storage, run: u64, time: u64) -> SealRequest {
    let mut files = Vec::new();
    for name in FILES {
        let path = format!("{}/{name}", folder(run));
        let text = format!("{name} of {run}, {time}");
        archive
            .write(&path, Bytes::from(text.clone()))
            .await
            .unwrap();
        files.push(ManifestFile {
            path,
            size: text.len() as u64,
            sha256: Sha256Sum::of(text.as_bytes()),
        });
    }
    let about = testing::run();
    SealRequest {
        run: ManifestRun {
            id: format!("run-{run}"),
            started: about.started,
            finished: about.finished,
            orgscan_version: FORMAT.to_owned(),
            configuration_sha256: Sha256Sum::of(b"configuration"),
            checks_sha256: Sha256Sum::of(b"checks"),
            coverage: Some(Coverage::default()),
            findings_by_severity: Some(SeverityCounts::default()),
        },
        folder: folder(run),
        files,
    }
}

pub(super) async fn publish(
    archive: &Storage,
    run: u64,
    time: u64,
    signer: &Signer<'_>,
) -> Result<SealedLink, SealError> {
    let subject = subject(archive, run, time).await;
    seal(archive, &subject, signer, async || Ok(())).await
}

/// A chain of so many runs.
pub(super) async fn chain(archive: &Storage, runs: u64, signer: &Signer<'_>) -> Vec<SealedLink> {
    let mut sealed = Vec::new();
    for run in 1..=runs {
        sealed.push(publish(archive, run, 0, signer).await.unwrap());
    }
    sealed
}

/// Somebody with a key of their own in this folder.
pub(super) fn signer(folder: &Path) -> Signer<'static> {
    Signer::Local(LocalKey::at(&folder.join("key.pem")).unwrap())
}
