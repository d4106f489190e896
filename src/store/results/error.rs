//! Why a run's report cannot be regenerated.

use std::io;

use orgscan_core::consolidate::PlanMismatch;
use orgscan_core::jsonl::LineError;
use orgscan_files::disk::advice;

use crate::history::HistoryError;

/// Why stored results cannot be used. The location is a path, or an object's URL.
#[derive(Debug, thiserror::Error)]
pub enum ResultsError {
    /// It is no whole file of results.
    #[error(
        "{location}, line {line}, cannot be read: {why}; the file is damaged; restore an earlier version, or use \
         another run"
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
        "{location} has format {found}, and this version of orgscan reads {known}; use the version that wrote it"
    )]
    OtherVersion {
        /// Where.
        location: String,
        /// Its format.
        found: u32,
        /// The one that is known.
        known: u32,
    },
    /// The run was about a check or a framework that this version does not have.
    #[error(
        "{location}: the run has the {what} `{id}`, which this version of orgscan does not have; use \
         version {version}, which wrote the run"
    )]
    NotHere {
        /// Where.
        location: String,
        /// What the id is of.
        what: &'static str,
        /// The check's or the framework's id.
        id: String,
        /// orgscan's version then.
        version: String,
    },
    /// What is asked for is not in it.
    #[error("{location}: {why}")]
    Nothing {
        /// Where.
        location: String,
        /// What is not in it, and what to ask for instead.
        why: String,
    },
    /// It is about another run than its folder says.
    #[error("{location} contains the results of another run, {run}; use another run")]
    OtherRun {
        /// Where.
        location: String,
        /// The run that it is about.
        run: String,
    },
    /// The results are not those of the plan.
    #[error("{location}: {source}")]
    Unaccounted {
        /// Where.
        location: String,
        /// What is missing or too much.
        source: PlanMismatch,
    },
    /// What was known before cannot be used.
    #[error(transparent)]
    History(#[from] HistoryError),
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

impl ResultsError {
    pub(super) fn io(location: &str) -> impl FnOnce(io::Error) -> Self {
        let location = location.to_owned();
        move |source| Self::Io { location, source }
    }

    pub(super) fn unreadable(location: &str, line: u64, error: LineError) -> Self {
        match error {
            LineError::Content(why) => Self::Damaged {
                location: location.to_owned(),
                line,
                why,
            },
            LineError::Io(error) => Self::io(location)(error),
        }
    }
}
