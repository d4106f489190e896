//! What comes of one attempt at a request.

use std::error::Error;

use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use orgscan_core::api::{Api, Meaning};

use crate::{AwsError, Failure};

/// The statuses of answers that a caller can expect: what it asked about is not there (a bucket without a
/// policy), or the condition of a conditional write is not met.
const EXPECTED: [u16; 2] = [404, 412];

/// What came of one attempt.
pub(super) struct Attempt<T> {
    pub(super) outcome: Result<T, Failure>,
    /// The HTTP status of the answer, where there was one.
    pub(super) status: Option<u16>,
}

impl<T> Attempt<T> {
    pub(super) fn of<E>(api: &'static Api, answer: Result<T, AwsError<E>>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let status = match &answer {
            Ok(_) => Some(200),
            Err(error) => error.raw_response().map(|raw| raw.status().as_u16()),
        };
        Self {
            outcome: answer.map_err(|error| Failure::of(api, &error)),
            status,
        }
    }

    pub(super) fn without_answer(failure: Failure) -> Self {
        Self {
            outcome: Err(failure),
            status: None,
        }
    }

    /// Whether the answer is one that the caller can expect, by its status or by the row of the API.
    pub(super) fn is_expected(&self) -> bool {
        let failure = self.outcome.as_ref().err();
        let meaning = failure.and_then(|failure| failure.meaning);
        let is_declared = !matches!(meaning, None | Some(Meaning::Failed(_)));
        is_declared || self.status.is_some_and(|status| EXPECTED.contains(&status))
    }
}
