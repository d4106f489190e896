//! One account's result with the exceptions applied.

use super::Exceptions;
use super::entry::ExceptionEntry;
use crate::model::{AccountResult, ExceptionState, Suppression, TargetVerdict, Violation};

/// One account's result with the exceptions applied: what reports are made of. The result in the store
/// stays as it was found.
#[derive(Debug)]
pub struct ResultWithExceptions<'e> {
    pub(super) exceptions: &'e Exceptions,
    pub(super) result: AccountResult,
    /// The result as it was found, where exceptions may have changed it.
    pub(super) found: Option<Box<AccountResult>>,
    /// The entries that concern the account, with their places in the list.
    pub(super) near: Vec<(usize, &'e ExceptionEntry)>,
    /// For each gap that some entry matches, those that do.
    pub(super) gaps: Vec<Vec<usize>>,
}

impl<'e> ResultWithExceptions<'e> {
    /// The result, with expected gaps as skips.
    pub fn result(&self) -> &AccountResult {
        &self.result
    }

    /// The result as it was found.
    pub fn found(&self) -> &AccountResult {
        self.found.as_deref().unwrap_or(&self.result)
    }

    /// Where the exceptions come from.
    pub(crate) fn exceptions(&self) -> &'e Exceptions {
        self.exceptions
    }

    /// The exception that a finding of this result falls under, if any.
    pub fn exception(
        &self,
        target: &TargetVerdict,
        violation: &Violation,
    ) -> Option<&'e Suppression> {
        let mut matching = self.matching(target, violation);
        let first = matching.find(|(_, entry)| self.is_in_force(entry));
        first.map(|(_, entry)| &entry.suppression)
    }

    /// All entries that match a finding, expired ones too.
    pub(super) fn matching(
        &self,
        target: &TargetVerdict,
        violation: &Violation,
    ) -> impl Iterator<Item = (usize, &'e ExceptionEntry)> {
        let near = self.near.iter().copied();
        near.filter(|(_, entry)| entry.matches_finding(target, violation))
    }

    /// Whether an entry has not expired.
    pub(super) fn is_in_force(&self, entry: &ExceptionEntry) -> bool {
        entry.state(self.exceptions.today) != ExceptionState::Expired
    }
}
