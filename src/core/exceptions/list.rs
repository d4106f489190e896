//! The exceptions of a run.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::document::Document;
use super::entry::ExceptionEntry;
use super::gaps::{describe, suppress};
use super::{ResultWithExceptions, id};
use crate::model::{
    Account, AccountResult, ExceptionEffect, ExceptionState, ExceptionUse, ExceptionsReport, Gap,
    TargetScope,
};
use crate::settings::AccountDetails;

/// The exceptions of a run, in order; those for findings first. Of several that match, the first that
/// has not expired applies.
#[derive(Clone, Debug)]
pub struct Exceptions {
    /// The day of the run, in UTC. It decides what has expired.
    pub(super) today: Date,
    pub(super) entries: Vec<ExceptionEntry>,
    pub(super) location: Option<String>,
    pub(super) unusable: Option<String>,
}

impl Exceptions {
    /// None, on a day.
    pub fn none(today: Date) -> Self {
        Self {
            today,
            entries: Vec::new(),
            location: None,
            unusable: None,
        }
    }

    /// Those of a list that cannot be used: none, and a report says why. What was accepted counts then
    /// like everything else.
    pub fn unusable(location: String, why: String, today: Date) -> Self {
        Self {
            location: Some(location),
            unusable: Some(why),
            ..Self::none(today)
        }
    }

    /// Those of a list that was read from `location`, on a day.
    ///
    /// # Errors
    /// Where an entry says something impossible, which validation finds first.
    pub fn of(location: String, document: Document, today: Date) -> Result<Self, String> {
        let given = document.exceptions.iter().map(|one| &one.id);
        let given = given.chain(document.expected_gaps.iter().map(|one| &one.id));
        let mut taken: BTreeSet<String> = given.flatten().cloned().collect();
        let mut entries = Vec::new();
        for exception in document.exceptions {
            let own = || id::derived("exception", &exception, &taken);
            let id = exception.id.clone().unwrap_or_else(own);
            taken.insert(id.clone());
            entries.push(ExceptionEntry::of_findings(exception, id)?);
        }
        for gap in document.expected_gaps {
            let own = || id::derived("gap", &gap, &taken);
            let id = gap.id.clone().unwrap_or_else(own);
            taken.insert(id.clone());
            entries.push(ExceptionEntry::of_gaps(gap, id));
        }
        Ok(Self {
            entries,
            location: Some(location),
            ..Self::none(today)
        })
    }

    /// A result with the exceptions applied: expected gaps are skips, and every finding knows its
    /// exception.
    pub fn apply(&self, mut result: AccountResult) -> ResultWithExceptions<'_> {
        let concerned = self.entries.iter().enumerate();
        let near: Vec<_> = concerned
            .filter(|(_, entry)| entry.concerns(&result.account))
            .collect();
        let found = (!near.is_empty()).then(|| Box::new(result.clone()));
        let gaps = suppress(&mut result, &near, self.today);
        ResultWithExceptions {
            exceptions: self,
            result,
            found,
            near,
            gaps,
        }
    }

    /// Why a gap is expected, as text, for callers outside a scan; none if it is not.
    /// A gap of the account as a whole is met in [`TargetScope::Global`].
    pub fn expected(&self, gap: &Gap, account: &Account, scope: &TargetScope) -> Option<String> {
        let mut entries = self.entries.iter();
        let found = entries.find(|entry| {
            entry.state(self.today) != ExceptionState::Expired
                && entry.concerns(account)
                && entry.matches_gap(gap, scope)
        });
        found.map(|entry| describe(&entry.suppression))
    }

    /// What the exceptions name accounts by. Tags cost a request for each account.
    pub fn account_details(&self) -> AccountDetails<'_> {
        let accounts = || self.entries.iter().map(|entry| &entry.accounts);
        AccountDetails {
            tags: accounts().any(|accounts| !accounts.tags.is_empty()),
            ous: accounts()
                .flat_map(|accounts| accounts.ous.iter().map(String::as_str))
                .collect(),
        }
    }

    /// What the reader should know where the list could not be used.
    pub fn note(&self) -> Option<String> {
        let why = self.why_unusable()?;
        Some(format!(
            "the exceptions could not be used, so nothing is suppressed: {why}"
        ))
    }

    /// Why the list could not be used.
    pub fn why_unusable(&self) -> Option<&str> {
        self.unusable.as_deref()
    }

    /// Every exception as it stands, before any result is there.
    pub fn report(&self) -> ExceptionsReport {
        self.report_with(
            self.entries
                .iter()
                .map(|entry| self.unused(entry))
                .collect(),
        )
    }

    /// A report with these lines.
    pub(super) fn report_with(&self, list: Vec<ExceptionUse>) -> ExceptionsReport {
        ExceptionsReport {
            location: self.location.clone(),
            error: self.unusable.clone(),
            entries: list,
        }
    }

    /// An exception that has done nothing yet.
    pub(super) fn unused(&self, entry: &ExceptionEntry) -> ExceptionUse {
        ExceptionUse {
            suppression: entry.suppression.clone(),
            kind: entry.kind(),
            criteria: Some(entry.description.clone()),
            state: entry.state(self.today),
            effect: ExceptionEffect::NotEvaluated,
            matched: 0,
            applied: 0,
            shadowed_by: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::exceptions;

    fn ids(yaml: &str) -> Vec<String> {
        let list = exceptions(yaml).report().entries;
        list.into_iter().map(|one| one.suppression.id).collect()
    }

    #[test]
    fn an_id_of_its_own_wins_and_a_derived_one_comes_from_the_match_alone() {
        let yaml = |reason: &str, more: &str| {
            format!(
                "exceptions:\n{more}- {{ checks: [s3-bucket-public], regions: [eu-west-1], \
                 reason: {reason}, owner: o, expires: 2027-01-31 }}\n\
                 expected_gaps:\n- {{ actions: ['ec2:*'], reason: {reason}, owner: o }}\n"
            )
        };
        // Reports of years refer to them.
        let derived = ["exception-b34bf4c4", "gap-1b9b5394"];
        assert_eq!(ids(&yaml("r", "")), derived);
        assert_eq!(ids(&yaml("another", "")), derived);
        let own = "- { id: own, checks: [s3-bucket-public], reason: r, owner: o }\n";
        assert_eq!(ids(&yaml("r", own)), ["own", derived[0], derived[1]]);
        let twin = own.replace("id: own, ", "");
        let twins = ids(&format!("exceptions:\n{twin}{twin}"));
        assert_eq!(twins[1], format!("{}-2", twins[0]));
    }

    #[test]
    fn a_gap_outside_a_scan_is_expected_too() {
        use crate::model::{Cause, Gap, TargetScope};
        let expected = |account: &str, expires: &str| {
            let yaml = format!(
                "expected_gaps:\n- {{ id: new, accounts: {{ names: [startup] }}, reason: joins later, \
                 owner: platform team, expires: {expires} }}\n"
            );
            let gap = Gap::new("sts:AssumeRole", Cause::RoleNotAssumable);
            let account = crate::testing::account(1, account, "");
            exceptions(&yaml).expected(&gap, &account, &TargetScope::Global)
        };
        let description = "expected, new until 2027-01-31: joins later (platform team)";
        assert_eq!(
            expected("startup", "2027-01-31").as_deref(),
            Some(description)
        );
        assert_eq!(expected("other", "2027-01-31"), None);
        assert_eq!(expected("startup", "2026-11-14"), None);
    }

    #[test]
    fn tags_are_read_only_where_an_exception_goes_by_them() {
        let by = |accounts: &str| {
            let yaml =
                format!("exceptions:\n- {{ accounts: {{ {accounts} }}, reason: r, owner: o }}\n");
            exceptions(&yaml).account_details().tags
        };
        assert!(by("tags: { env: dev }"));
        assert!(!by("names: [dev]"));
    }
}
