//! Why there is no history to compare with.

use std::io;

use orgscan_core::clock::FutureTimestamp;
use orgscan_files::disk::advice;

/// Why a state cannot be used. The location is a path, or an object's URL.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// It is no whole state.
    #[error(
        "{location}, line {line}, cannot be read: {why}; the file was not changed; restore an earlier version, or move \
         it away to start with a new state"
    )]
    Damaged {
        /// Where.
        location: String,
        /// Which line, counted from 1.
        line: u64,
        /// What is wrong.
        why: String,
    },
    /// Another version has written it.
    #[error(
        "{location} has format {found}, and this version of orgscan reads 1 to {known}; the file was not changed; use \
         the version that wrote it, or a newer one"
    )]
    OtherVersion {
        /// Where.
        location: String,
        /// Its format.
        found: u32,
        /// The newest that is known.
        known: u32,
    },
    /// A run that was dated ahead of the clock has written it, so that all runs look older.
    #[error(
        "{location} is dated ahead: {ahead}; the file was not changed; correct its dates with `orgscan history repair`"
    )]
    Ahead {
        /// Where.
        location: String,
        /// What of it.
        ahead: FutureTimestamp,
    },
    /// The run itself has written it.
    #[error(
        "{location} was written by the run {run} itself, so it is not its previous state; the file was not changed; use \
         another run id"
    )]
    OwnState {
        /// Where.
        location: String,
        /// The run.
        run: String,
    },
    /// The local disk refuses.
    #[error(
        "{location}: {source}; {}",
        advice(
            source,
            "check that the folder is readable and writable, and that the disk has free space"
        )
    )]
    Io {
        /// Where.
        location: String,
        /// Why.
        source: io::Error,
    },
}

impl HistoryError {
    pub(super) fn io(location: &str) -> impl FnOnce(io::Error) -> Self {
        let location = location.to_owned();
        move |source| Self::Io { location, source }
    }
}
