//! Who has signed.

use serde::Serialize;

use super::problem::{Kind, Problem};
use super::{Link, Verdict};
use crate::integrity::PublicKey;

/// Links one after the other that the same key has signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Signers {
    /// The first of them.
    pub first_sequence: u64,
    /// The last of them.
    pub last_sequence: u64,
    /// The key; none where nobody has signed.
    pub key: Option<PublicKey>,
    /// Its fingerprint.
    pub fingerprint: Option<String>,
}

impl Verdict {
    /// Notes who has signed. Keys that are given have to be the only ones; where none is, one that
    /// changes on the way is a doubt.
    pub(super) fn signers(&mut self, links: &[Link], keys: &[PublicKey]) {
        for link in links {
            let last = self.signers.last_mut();
            match last.filter(|last| last.key == link.key) {
                Some(last) => last.last_sequence = link.sequence,
                None => self.signers.push(Signers {
                    first_sequence: link.sequence,
                    last_sequence: link.sequence,
                    fingerprint: link.key.as_ref().map(PublicKey::fingerprint),
                    key: link.key.clone(),
                }),
            }
            if !keys.is_empty() && !link.key.as_ref().is_some_and(|key| keys.contains(key)) {
                let message = match &link.key {
                    Some(key) => format!("it is signed by {}", key.fingerprint()),
                    None => "it is not signed".to_owned(),
                };
                self.problems
                    .push(Problem::new(Kind::WrongKey, &link.path, message));
            }
        }
        let changes = self
            .signers
            .iter()
            .skip(1)
            .map(|one| one.first_sequence.to_string());
        let changes: Vec<_> = changes.collect();
        if keys.is_empty() && !changes.is_empty() {
            self.not_verified.push(format!(
                "the key that signs changes with link {}: whether it should, only you know; give every key \
                 that may sign with --public-key",
                changes.join(", ")
            ));
        }
    }
}
