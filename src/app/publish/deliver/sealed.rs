//! Enters the report in the chain of manifests.

use orgscan_core::settings::ReportConfig;
use orgscan_store::integrity::{
    ManifestRun, SealError, SealRequest, SealedLink, Signer, checks_digest, configuration_digest,
    list_files, seal,
};

use super::Publication;
use crate::publish::reports::{ReportFile, folder};

/// Why the report has no manifest.
#[derive(Debug, thiserror::Error)]
enum MissingManifest {
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error("the files cannot be read back: {0}")]
    Read(#[from] std::io::Error),
    #[error("the configuration cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl Publication<'_> {
    /// Writes the manifest of the files, all of which are in place; none where the run leaves nothing.
    pub(super) async fn sealed(
        &self,
        config: &ReportConfig,
        files: &[ReportFile],
    ) -> Result<Option<SealedLink>, String> {
        // Boxed: the compiler gives up on futures that are nested too deep.
        let sealed = Box::pin(self.seal(config, files)).await;
        sealed.map_err(|error| format!("the report is written, but has no manifest: {error}"))
    }

    async fn seal(
        &self,
        config: &ReportConfig,
        files: &[ReportFile],
    ) -> Result<Option<SealedLink>, MissingManifest> {
        let Some(archive) = self.store.archive() else {
            return Ok(None);
        };
        let folder = folder(&self.report.run);
        let named = files
            .iter()
            .map(|file| (format!("{folder}/{}", file.name), file.path.clone()));
        let named: Vec<_> = named.collect();
        let listed = tokio::task::spawn_blocking(move || {
            list_files(
                named
                    .iter()
                    .map(|(name, path)| (name.clone(), path.as_path())),
            )
        });
        let files = listed
            .await
            .unwrap_or_else(|broken| Err(std::io::Error::other(broken)))?;
        let subject = SealRequest {
            run: self.sealed_run()?,
            folder,
            files,
        };
        let signer = Signer::of(config, self.aws, self.api_caller).await;
        let signer = signer.map_err(SealError::from)?;
        let confirm = async || self.store.confirm().await;
        Ok(Some(seal(archive, &subject, &signer, confirm).await?))
    }

    fn sealed_run(&self) -> Result<ManifestRun, serde_json::Error> {
        let config = &self.config;
        let run = &self.report.run;
        Ok(ManifestRun {
            id: run.id.clone(),
            started: run.started,
            finished: run.finished,
            orgscan_version: run.orgscan_version.clone(),
            configuration_sha256: configuration_digest(config)?,
            checks_sha256: checks_digest(&config.checks.select())?,
            coverage: Some(self.report.coverage.clone()),
            findings_by_severity: Some(self.report.findings),
        })
    }
}
