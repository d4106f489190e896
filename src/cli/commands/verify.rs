//! `orgscan verify`

use std::io::Write;
use std::path::{Path, PathBuf};

use orgscan_app::scan::RunError;
use orgscan_core::settings::Location;
use orgscan_files::local_file;
use orgscan_store::integrity::verify::{
    Checkpoint, CheckpointError, Verdict, VerifyRequest, verify as verify_manifests,
};
use orgscan_store::integrity::{KeyError, PublicKey};

use super::archive::{configured, open_storage};
use super::{CommandError, configure};
use crate::args::{Format, GlobalArgs, VerifyArgs};
use crate::exit::{CLEAN, FINDINGS, INCOMPLETE};
use crate::{terminal, verdict};

/// Why nothing was verified.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CannotVerify {
    #[error("no report{run} in {reports}; check the location")]
    Nothing { run: String, reports: Location },
    #[error("{path}: {source}")]
    File {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{path}: {source}")]
    Key { path: PathBuf, source: KeyError },
    #[error("{path}: {source}")]
    Checkpoint {
        path: PathBuf,
        source: CheckpointError,
    },
}

/// Verifies stored reports, and prints what was found. Gives the exit code.
pub(crate) async fn verify(
    global: &GlobalArgs,
    args: &VerifyArgs,
    out: &mut impl Write,
) -> Result<u8, CommandError> {
    let layer = args.reports.layer();
    let layer = layer.with("destinations.report.location", &args.location);
    let question = question(args)?;
    let config = configure(global, layer).await?;
    let report = configured(&config)?;
    let archive = open_storage(&config, report).await?;
    let verdict = verify_manifests(&archive, &question)
        .await
        .map_err(RunError::from)?;
    if verdict.head.is_none() && verdict.problems.is_empty() && verdict.not_verified.is_empty() {
        let run = args.run_id.as_ref().map(|run| format!(" of a run {run}"));
        return Err(CannotVerify::Nothing {
            run: run.unwrap_or_default(),
            reports: report.location.clone(),
        }
        .into());
    }
    match args.format {
        Format::Text => verdict::write(&verdict, &question, args.details, out)?,
        Format::Json => writeln!(out, "{:#}", serde_json::to_value(&verdict)?)?,
    }
    write_checkpoint(&verdict, args)?;
    Ok(code(&verdict))
}

fn code(verdict: &Verdict) -> u8 {
    match (verdict.problems.is_empty(), verdict.not_verified.is_empty()) {
        (false, _) => FINDINGS,
        (true, false) => INCOMPLETE,
        (true, true) => CLEAN,
    }
}

fn question(args: &VerifyArgs) -> Result<VerifyRequest, CannotVerify> {
    let keys = args.public_key.iter().map(|path| {
        let text = String::from_utf8_lossy(&read(path)?).into_owned();
        PublicKey::from_pem(&text).map_err(|source| CannotVerify::Key {
            path: path.clone(),
            source,
        })
    });
    let checkpoint = args.checkpoint.as_ref().map(|path| {
        Checkpoint::from_bytes(&read(path)?).map_err(|source| CannotVerify::Checkpoint {
            path: path.clone(),
            source,
        })
    });
    Ok(VerifyRequest {
        run: args.run_id.clone(),
        manifest_sha256: args.manifest_sha256,
        checkpoint: checkpoint.transpose()?,
        keys: keys.collect::<Result<_, _>>()?,
    })
}

fn read(path: &Path) -> Result<Vec<u8>, CannotVerify> {
    local_file::read(path, local_file::SMALL).map_err(|source| CannotVerify::File {
        path: path.to_owned(),
        source,
    })
}

fn write_checkpoint(verdict: &Verdict, args: &VerifyArgs) -> Result<(), CommandError> {
    let (Some(path), Some(head)) = (&args.write_checkpoint, &verdict.head) else {
        return Ok(());
    };
    if code(verdict) != CLEAN {
        let path = path.display();
        writeln!(
            terminal::stderr(),
            "{path} was not written, because of the problems above"
        )?;
        return Ok(());
    }
    let bytes = head.to_bytes()?;
    std::fs::write(path, bytes).map_err(|source| {
        let path = path.clone();
        CannotVerify::File { path, source }.into()
    })
}
