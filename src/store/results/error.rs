//! Why a run's report cannot be made anew.

use std::io;

use orgscan_core::consolidate::Unaccounted;
use orgscan_core::jsonl::LineError;
use orgscan_files::disk::advice;

use crate::history::HistoryError;

/// Why stored results cannot be used. The place is a path, or an object's URL.
#[derive(Debug, thiserror::Error)]
pub enum ResultsError {
    /// It is no whole file of results.
    #[error(
        "{place}, line {line}, cannot be read: {why}; the file is damaged: put an earlier version of it \
         in its place, or take another run"
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
        "{place} has format {found}, and this version of orgscan reads 1 to {known}: use the version \
         that wrote it, or a newer one"
    )]
    OtherVersion {
        /// Where.
        place: String,
        /// Its format.
        found: u32,
        /// The newest that is known.
        known: u32,
    },
    /// The run was about a check or a framework that this version does not have.
    #[error(
        "{place}: the run was about the {what} `{id}`, which this version of orgscan does not have; use \
         version {version}, which made the run"
    )]
    NotHere {
        /// Where.
        place: String,
        /// What the id is of.
        what: &'static str,
        /// The check's or the framework's id.
        id: String,
        /// orgscan's version then.
        version: String,
    },
    /// What is asked for is not in it.
    #[error("{place}: {why}")]
    Nothing {
        /// Where.
        place: String,
        /// What is not in it, and what to ask for instead.
        why: String,
    },
    /// It is about another run than its folder says.
    #[error(
        "{place} has the results of the run {run}, which do not belong there: take another run"
    )]
    OtherRun {
        /// Where.
        place: String,
        /// The run that it is about.
        run: String,
    },
    /// The results are not those of the plan.
    #[error("{place}: {source}")]
    Unaccounted {
        /// Where.
        place: String,
        /// What is missing or too much.
        source: Unaccounted,
    },
    /// What was known before cannot be used.
    #[error(transparent)]
    History(#[from] HistoryError),
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

impl ResultsError {
    pub(super) fn io(place: &str) -> impl FnOnce(io::Error) -> Self {
        let place = place.to_owned();
        move |source| Self::Io { place, source }
    }

    pub(super) fn unreadable(place: &str, line: u64, error: LineError) -> Self {
        match error {
            LineError::Content(why) => Self::Damaged {
                place: place.to_owned(),
                line,
                why,
            },
            LineError::Io(error) => Self::io(place)(error),
        }
    }
}
