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
pub enum Witness {
    /// The hash that was given; links after it, that it cannot know of.
    #[serde(rename = "given_head")]
    ExpectedHead,
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
            None if self.witnesses.is_empty() && !links.is_empty() => self.doubts.push(format!(
                "nothing says that these are the last runs: {HEAD} is not there, so give the hash of the \
                 last alert with --head"
            )),
            None => {}
        }
        self.head = last.or_else(|| question.checkpoint.clone());
        Ok(())
    }

    /// Whether the hash that was given is one of a manifest that is there.
    pub(super) fn check_expected_head(&mut self, links: &[Link], question: &VerifyRequest) {
        self.head = links.last().map(Link::checkpoint);
        let Some(given) = question.head else {
            return;
        };
        let point = question.checkpoint.as_ref();
        let is_there = links.iter().any(|link| link.sha256 == given)
            || point.is_some_and(|point| point.sha256 == given);
        if is_there {
            return self.witnesses.push(Witness::ExpectedHead);
        }
        let after = match links.last() {
            Some(last) => format!(
                "the last link that is there is {}, {}",
                last.sequence, last.sha256
            ),
            None => "there is no link at all".to_owned(),
        };
        let message = format!("the manifest with the hash {given}; {after}");
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
            self.witnesses.push(Witness::HeadFile);
        } else if head.sequence <= last_sequence {
            let message = format!(
                "it says that the last link is {} with the hash {}",
                head.sequence, head.sha256
            );
            self.problems
                .push(Problem::new(Kind::Changed, HEAD, message));
        } else if is_unfinished(archive, &head.run).await? {
            self.doubts.push(format!(
                "the manifest of the run {}, link {}, is in {HEAD} and not in its folder yet: the run is \
                 at work or was interrupted. Continue it with `orgscan scan --run-id {}`",
                head.run,
                head.sequence,
                shell::quote(&head.run).unwrap_or_else(|| "RUN".to_owned())
            ));
        } else {
            let message = format!("{HEAD} says that it is the last link, {}", head.sequence);
            self.problems
                .push(Problem::new(Kind::Missing, head.path, message));
        }
        Ok(())
    }
}
