//! Why an organization cannot be replayed.

use std::io;
use std::path::PathBuf;

use orgscan_core::document::ConfigError;

use super::answer::AnswerError;
use super::recording::RecordingError;

/// Why an organization cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The recording cannot be read.
    #[error(transparent)]
    Recording(#[from] RecordingError),
    /// One of its answers cannot be used.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// It is not that of an organization.
    #[error("the recording is not that of an organization: {0}; make it again")]
    Organization(String),
    /// A setting cannot be used.
    #[error("the organization cannot be replayed as it is set: {0}")]
    Settings(String),
    /// A fault cannot be used.
    #[error(transparent)]
    Faults(#[from] ConfigError),
    /// The certificate cannot be used.
    #[error("the certificate in {} cannot be used: {problem}; correct the path or the file", file.display())]
    Certificate {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The port cannot be had.
    #[error(
        "cannot listen on port {port} of 127.0.0.1: {source}; take another, or 0 for a free one"
    )]
    Listen {
        /// Which.
        port: u16,
        /// Why.
        source: io::Error,
    },
}
