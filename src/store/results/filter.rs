//! An export that is about some accounts and checks only.

use orgscan_core::compare::KnownAccount;
use orgscan_core::frameworks::Framework;
use orgscan_core::model::{Account, AccountId, AccountResult};
use orgscan_core::settings::AccountMatch;

/// Which accounts and checks an export is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportFilter {
    /// Only these accounts.
    pub accounts: Vec<AccountId>,
    /// Only accounts of these OUs and those nested in them, by id or path.
    pub ous: Vec<String>,
    /// Only these checks, by id.
    pub checks: Vec<String>,
    /// Only checks that this framework asks for, beside those that are named.
    pub framework: Option<&'static Framework>,
}

impl ExportFilter {
    /// Whether it is about everything.
    pub fn is_everything(&self) -> bool {
        self.accounts.is_empty() && self.ous.is_empty() && self.has_all_checks()
    }

    fn has_all_checks(&self) -> bool {
        self.checks.is_empty() && self.framework.is_none()
    }

    /// What it is about, for the report's notes.
    pub fn note(&self) -> Option<String> {
        let accounts: Vec<String> = self.accounts.iter().map(ToString::to_string).collect();
        let framework = self.framework.map(|framework| framework.title.to_owned());
        let framework: Vec<String> = framework.into_iter().collect();
        let parts = [
            ("account", &accounts),
            ("OU", &self.ous),
            ("check", &self.checks),
            ("checks of", &framework),
        ];
        let parts: Vec<String> = parts
            .iter()
            .filter(|(_, values)| !values.is_empty())
            .map(|(what, values)| format!("{what} {}", values.join(", ")))
            .collect();
        (!parts.is_empty()).then(|| {
            format!(
                "this is an export of a part of the run: only {}; its numbers are those of this part",
                parts.join("; ")
            )
        })
    }

    /// Whether it is about an account.
    pub(super) fn has(&self, account: &Account) -> bool {
        let by = AccountMatch {
            ids: self.accounts.clone(),
            ous: self.ous.clone(),
            ..AccountMatch::default()
        };
        by.is_empty() || by.matches(account)
    }

    /// Whether it is about an account that is only known from before.
    pub(super) fn has_known(&self, known: &KnownAccount) -> bool {
        let in_ou = |ou: &String| {
            let path = ou.trim_matches('/');
            known.ou.as_ref().is_some_and(|known| {
                let rest = known.path.strip_prefix(path).filter(|_| !path.is_empty());
                known.id == *ou || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
        };
        (self.accounts.is_empty() && self.ous.is_empty())
            || self.accounts.contains(&known.id)
            || self.ous.iter().any(in_ou)
    }

    /// Whether it is about a check.
    pub(super) fn has_check(&self, check: &str) -> bool {
        self.has_all_checks()
            || self.checks.iter().any(|id| id == check)
            || self.framework.is_some_and(|framework| framework.has(check))
    }

    /// Leaves the checks that it is about.
    pub(super) fn result(&self, result: &mut AccountResult) {
        result
            .verdicts
            .retain(|target| self.has_check(&target.check_id));
    }

    /// The same for what is known from before.
    pub(super) fn known(&self, known: &mut KnownAccount) {
        known.findings.retain(|one| self.has_check(&one.key.check));
        let targets = &mut known.targets;
        for set in [&mut targets.covered, &mut targets.lost, &mut targets.denied] {
            set.retain(|(check, _)| self.has_check(check));
        }
    }
}
