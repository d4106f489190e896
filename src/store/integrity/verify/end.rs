//! The chain's end, and what says that it is the end.

use orgscan_core::shell;
use serde::Serialize;

use super::problem::{Kind, Problem};
use super::unfinished::is_unfinished;
use super::{Link, Verdict, VerifyRequest};
use crate::integrity::{ChainHead, HEAD};
use crate::{Storage, StoreError};

/// What says that the last link is the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LastRunEvidence {
    /// The hash that was given; links after it, that it cannot know of.
    GivenHash,
    /// `state/head.json`, which everybody who can write reports can write too.
    HeadFile,
}

impl Verdict {
    pub(super) async fn end(
        &mut self,
        archive: &Storage,
        links: &[Link],
        question: &VerifyRequest,
    ) -> Result<(), StoreError> {
        self.check_expected_head(links, question);
        let last = links.last().map(Link::checkpoint);
        match archive.read(HEAD).await? {
            Some(bytes) => self.head_file(archive, &bytes, links, question).await?,
            None if self.last_run_evidence.is_empty() && !links.is_empty() => self.not_verified.push(format!(
                "these may not be the last runs, because {HEAD} does not exist; add --manifest-sha256 with the hash from the \
                 last alert"
            )),
            None => {}
        }
        self.head = last.or_else(|| question.checkpoint.clone());
        Ok(())
    }

    /// Whether the hash that was given is one of a manifest that is there.
    pub(super) fn check_expected_head(&mut self, links: &[Link], question: &VerifyRequest) {
        self.head = links.last().map(Link::checkpoint);
        let Some(given) = question.manifest_sha256 else {
            return;
        };
        let point = question.checkpoint.as_ref();
        let is_there = links.iter().any(|link| link.sha256 == given)
            || point.is_some_and(|point| point.sha256 == given);
        if is_there {
            return self.last_run_evidence.push(LastRunEvidence::GivenHash);
        }
        let after = match links.last() {
            Some(last) => format!("the last link is {}, {}", last.sequence, last.sha256),
            None => "there are no links".to_owned(),
        };
        let message = format!("no manifest has the SHA-256 {given}; {after}");
        self.problems
            .push(Problem::new(Kind::Missing, "the end of the chain", message));
    }

    async fn head_file(
        &mut self,
        archive: &Storage,
        bytes: &[u8],
        links: &[Link],
        question: &VerifyRequest,
    ) -> Result<(), StoreError> {
        let head = match ChainHead::from_bytes(bytes) {
            Ok((head, _)) => head,
            Err(error) => {
                let message = error.to_string();
                self.problems
                    .push(Problem::new(Kind::Changed, HEAD, message));
                return Ok(());
            }
        };
        let last = links.last().map(Link::checkpoint);
        let last = last.or_else(|| question.checkpoint.clone());
        let last_sequence = last.as_ref().map_or(0, |last| last.sequence);
        if last.is_some_and(|last| (last.sequence, last.sha256) == (head.sequence, head.sha256)) {
            self.last_run_evidence.push(LastRunEvidence::HeadFile);
        } else if head.sequence <= last_sequence {
            let message = format!(
                "its last link is {} with the hash {}",
                head.sequence, head.sha256
            );
            self.problems
                .push(Problem::new(Kind::Changed, HEAD, message));
        } else if is_unfinished(archive, &head.run_id).await? {
            self.not_verified.push(format!(
                "the manifest of the run {}, link {}, is in {HEAD} but not in its folder yet, because the run is not finished. If \
                 it was interrupted, continue it with `orgscan scan --run-id {}`",
                head.run_id,
                head.sequence,
                shell::quote(&head.run_id).unwrap_or_else(|| "RUN".to_owned())
            ));
        } else {
            let message = format!(
                "it is the last link, {}, according to {HEAD}",
                head.sequence
            );
            self.problems
                .push(Problem::new(Kind::Missing, head.path, message));
        }
        Ok(())
    }
}
