//! Why there is no history to compare with.

use std::io;

use orgscan_core::clock::Ahead;
use orgscan_files::disk::advice;

/// Why a state cannot be used. The place is a path, or an object's URL.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// It is no whole state.
    #[error(
        "{place}, line {line}, cannot be read: {why}; it is left as it is: put an earlier version of it \
         in its place, or move it away to begin a new history"
    )]
    Damaged {
        /// Where.
        place: String,
        /// Which line, counted from 1.
        line: u64,
        /// What is wrong.
        why: String,
    },
    /// Another version has written it.
    #[error(
        "{place} has format {found}, which this version of orgscan does not read: it reads 1 to {known}; it is \
         left as it is: use the version that wrote it, or a newer one"
    )]
    OtherVersion {
        /// Where.
        place: String,
        /// Its format.
        found: u32,
        /// The newest that is known.
        known: u32,
    },
    /// A run that was dated ahead of the clock has written it, so that all runs look older.
    #[error(
        "{place} is dated ahead: {ahead}; it is left as it is, and nothing is compared with it until \
         `orgscan history repair` has corrected its dates"
    )]
    Ahead {
        /// Where.
        place: String,
        /// What of it.
        ahead: Ahead,
    },
    /// The run itself has written it.
    #[error(
        "{place} was written by the run {run} itself, so it does not show what was known before; it is left \
         as it is: give the run another id"
    )]
    OwnState {
        /// Where.
        place: String,
        /// The run.
        run: String,
    },
    /// The local disk refuses.
    #[error(
        "{place}: {source}; {}",
        advice(
            source,
            "check that the folder can be read and written and that the disk has room"
        )
    )]
    Io {
        /// Where.
        place: String,
        /// Why.
        source: io::Error,
    },
}

impl HistoryError {
    pub(super) fn io(place: &str) -> impl FnOnce(io::Error) -> Self {
        let place = place.to_owned();
        move |source| Self::Io { place, source }
    }
}
