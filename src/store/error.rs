//! Why the run store cannot be used.

use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use orgscan_core::model::Cause;
use orgscan_core::services::s3;

use orgscan_aws::Failure;
use orgscan_files::disk::advice;

/// Why the run store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file system refuses.
    #[error(
        "{}: {source}; {}",
        path.display(),
        advice(source, "check that the folder is writable and that the disk has free space")
    )]
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// S3 refuses.
    #[error(
        "{location}: {failure}; check that the bucket of destinations.report exists in the configured Region, and \
         that the caller has this permission for it"
    )]
    S3 {
        /// Where: an object's URL, or a folder's.
        location: String,
        /// Why.
        failure: Box<Failure>,
    },
    /// The run was started with other settings.
    #[error(
        "{location} has results of a run with this id and other settings (checks, accounts, Regions, role, sensitive \
         ports, expected gaps or version); use another run id, or the settings of that run"
    )]
    OtherSettings {
        /// Where.
        location: String,
    },
    /// The run's folder lacks something that another process should have put there.
    #[error(
        "{location} does not exist, so the run cannot continue; start the state machine again, whose first step \
         writes it"
    )]
    Missing {
        /// The object's URL.
        location: String,
    },
    /// Somebody removes what is being read.
    #[error("{location} was deleted while it was read; try again")]
    Gone {
        /// Where it was.
        location: String,
    },
    /// The processes of a distributed run meet in S3.
    #[error(
        "a distributed run needs a report in S3, where it also stores its plan and results; set \
         destinations.report.location to s3://bucket/prefix, without dry_run"
    )]
    NotInS3,
    /// What is there cannot be read.
    #[error("{path} cannot be read by this version: {source}; {remediation}")]
    Damaged {
        /// Where.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
        /// What to do about it.
        remediation: &'static str,
    },
    /// What is there is about something else than its name says.
    #[error("{path} does not belong to this run: {why}")]
    Foreign {
        /// Where.
        path: PathBuf,
        /// What it is about.
        why: String,
    },
    /// Nothing can be stored any more.
    #[error("no result could be stored for {seconds} seconds, so the run ends: {source}")]
    NothingStored {
        /// For how long.
        seconds: u64,
        /// The last error.
        source: Box<StoreError>,
    },
    /// Another process works on the run, on this machine or on one that shares the folder.
    #[error(
        "another process works on the run in {folder}; wait for its end, or use another run id"
    )]
    InUse {
        /// The run's folder.
        folder: PathBuf,
    },
    /// Somebody else works on the run.
    #[error(
        "{holder} works on the run in {location}, with a lease until {until} that it can renew; try again later, or \
         use another run id"
    )]
    LeaseTaken {
        /// The run's folder in S3.
        location: String,
        /// Who.
        holder: String,
        /// The end of the lease as it stands.
        until: Timestamp,
    },
    /// The lease ended on the way, so somebody else may work on the run by now.
    #[error(
        "the lease on the run in {location} was lost ({why}), so this process stops; start it again with the same run \
         id to continue the run"
    )]
    Lost {
        /// The run's folder in S3.
        location: String,
        /// To whom, or for which reason.
        why: String,
    },
}

impl StoreError {
    /// Whether the same may well end otherwise after a while.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::S3 { failure, .. } => failure.cause.may_pass(),
            Self::NothingStored { source, .. } => source.may_pass(),
            Self::InUse { .. } | Self::LeaseTaken { .. } | Self::Lost { .. } => true,
            _ => false,
        }
    }

    /// Whether there is no such file.
    pub(super) fn is_not_found(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }

    /// Whether the disk or S3 has refused.
    pub(super) fn is_refused_write(&self) -> bool {
        matches!(self, Self::Io { .. } | Self::S3 { .. })
    }

    /// Why an account whose result could not be stored has none.
    pub fn as_failure(&self) -> Failure {
        let (cause, code) = match self {
            Self::S3 { failure, .. } => (failure.cause, s3::PUT_OBJECT.action),
            _ => (Cause::Other, "orgscan"),
        };
        Failure::new(
            code,
            cause,
            format!("its result could not be stored: {self}"),
        )
    }

    /// An error of the file system, with its path.
    pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}
