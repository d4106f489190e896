//! One exception, ready to be held against findings and gaps.

use jiff::ToSpan;
use jiff::civil::Date;

use super::document::{Exception, ExpectedGap};
use super::resource::Pattern;
use crate::model::{
    Account, Cause, ExceptionKind, ExceptionState, Gap, Suppression, TargetScope, TargetVerdict,
    Violation, region_of,
};
use crate::settings::{AccountMatch, glob};

/// How many days ahead an end is announced.
const SOON: i64 = 14;

/// One exception.
#[derive(Clone, Debug)]
pub(super) struct ExceptionEntry {
    pub(super) suppression: Suppression,
    pub(super) accounts: AccountMatch,
    pub(super) regions: Vec<String>,
    pub(super) what: ExceptionTarget,
    /// What it matches, for people.
    pub(super) description: String,
}

/// What an exception is about, beside accounts and Regions.
#[derive(Clone, Debug)]
pub(super) enum ExceptionTarget {
    Findings {
        checks: Vec<String>,
        resources: Vec<Pattern>,
        parts: Vec<String>,
    },
    Gaps {
        actions: Vec<String>,
        causes: Vec<Cause>,
    },
}

impl ExceptionEntry {
    /// An exception for findings.
    ///
    /// # Errors
    /// Where a resource is not what it says, which validation finds first.
    pub(super) fn of_findings(exception: Exception, id: String) -> Result<Self, String> {
        let patterns = exception.resources.iter().map(|text| Pattern::new(text));
        let what = ExceptionTarget::Findings {
            resources: patterns.collect::<Result<_, _>>()?,
            checks: exception.checks,
            parts: exception.parts,
        };
        let suppression = Suppression {
            id,
            owner: exception.owner,
            reason: exception.reason,
            ticket: exception.ticket,
            approved_by: exception.approved_by,
            expires: exception.expires,
        };
        let (accounts, regions) = (exception.accounts, exception.regions);
        Ok(Self::new(suppression, accounts, regions, what))
    }

    /// An exception for gaps.
    pub(super) fn of_gaps(gap: ExpectedGap, id: String) -> Self {
        let suppression = Suppression {
            id,
            owner: gap.owner,
            reason: gap.reason,
            ticket: gap.ticket,
            approved_by: gap.approved_by,
            expires: gap.expires,
        };
        let what = ExceptionTarget::Gaps {
            actions: gap.actions,
            causes: gap.causes,
        };
        Self::new(suppression, gap.accounts, gap.regions, what)
    }

    /// One that matches this.
    pub(super) fn new(
        suppression: Suppression,
        accounts: AccountMatch,
        regions: Vec<String>,
        what: ExceptionTarget,
    ) -> Self {
        Self {
            description: what.describe(&accounts, &regions),
            suppression,
            accounts,
            regions,
            what,
        }
    }

    pub(super) fn kind(&self) -> ExceptionKind {
        match self.what {
            ExceptionTarget::Findings { .. } => ExceptionKind::Findings,
            ExceptionTarget::Gaps { .. } => ExceptionKind::Gaps,
        }
    }

    /// Where it stands on a day. Its last day is a whole one.
    pub(super) fn state(&self, today: Date) -> ExceptionState {
        match self.suppression.expires {
            Some(last) if last < today => ExceptionState::Expired,
            Some(last) if last <= today.saturating_add(SOON.days()) => ExceptionState::Expiring,
            Some(_) | None => ExceptionState::Active,
        }
    }

    /// Whether it is about an account.
    pub(super) fn concerns(&self, account: &Account) -> bool {
        self.accounts.is_empty() || self.accounts.matches(account)
    }

    /// Whether it is about a Region, or about `global`.
    pub(super) fn is_in(&self, region: &str) -> bool {
        any(&self.regions, region)
    }

    /// Whether it is about a check. One for gaps is about all.
    pub(super) fn is_about(&self, check: &str) -> bool {
        match &self.what {
            ExceptionTarget::Findings { checks, .. } => {
                checks.is_empty() || checks.iter().any(|id| id == check)
            }
            ExceptionTarget::Gaps { .. } => true,
        }
    }

    /// Whether it matches a finding in an account that it concerns.
    pub(super) fn matches_finding(&self, target: &TargetVerdict, violation: &Violation) -> bool {
        let ExceptionTarget::Findings {
            resources, parts, ..
        } = &self.what
        else {
            return false;
        };
        self.is_about(&target.check_id)
            && self.is_in(region_of(&target.scope, violation))
            && any(parts, &violation.part)
            && (resources.is_empty()
                || resources.iter().any(|one| one.matches(&violation.resource)))
    }

    /// Whether it matches a gap in an account that it concerns. `scope` is where the gap was met: a gap
    /// of the account as a whole is met in [`TargetScope::Global`].
    pub(super) fn matches_gap(&self, gap: &Gap, scope: &TargetScope) -> bool {
        let ExceptionTarget::Gaps { actions, causes } = &self.what else {
            return false;
        };
        let by_cause = match causes.as_slice() {
            // That there was no time says nothing about the account.
            [] => gap.cause != Cause::DeadlineExceeded,
            causes => causes.contains(&gap.cause),
        };
        by_cause && self.is_in(scope.as_str()) && any(actions, &gap.action)
    }
}

impl ExceptionTarget {
    /// What it matches in these accounts and Regions, for people.
    fn describe(&self, accounts: &AccountMatch, regions: &[String]) -> String {
        match self {
            Self::Findings {
                checks,
                resources,
                parts,
            } => {
                let resources: Vec<String> = resources.iter().map(Pattern::text).collect();
                let others = [
                    ("check", checks.as_slice()),
                    ("Region", regions),
                    ("resource", &resources),
                    ("part", parts),
                ];
                describe(accounts, &others)
            }
            Self::Gaps { actions, causes } => {
                let causes: Vec<String> = causes.iter().map(Cause::to_string).collect();
                let others = [
                    ("Region", regions),
                    ("action", actions.as_slice()),
                    ("cause", &causes),
                ];
                describe(accounts, &others)
            }
        }
    }
}

/// Whether one of the globs matches, or there are none.
fn any(globs: &[String], text: &str) -> bool {
    globs.is_empty() || globs.iter().any(|pattern| glob(pattern, text))
}

/// `check s3-bucket-public; OU Workloads; Region eu-*`
fn describe(accounts: &AccountMatch, others: &[(&str, &[String])]) -> String {
    let ids: Vec<String> = accounts.ids.iter().map(ToString::to_string).collect();
    let tags = accounts.tags.iter();
    let tags: Vec<String> = tags.map(|(key, value)| format!("{key}={value}")).collect();
    let of_accounts = [
        ("id", &ids),
        ("OU", &accounts.ous),
        ("name", &accounts.names),
        ("tag", &tags),
    ];
    let given = |(_, values): &(&str, &Vec<String>)| !values.is_empty();
    let of_accounts: Vec<String> = of_accounts
        .into_iter()
        .filter(given)
        .map(|(what, values)| format!("{what} {}", values.join(", ")))
        .collect();
    let mut parts = Vec::new();
    if !of_accounts.is_empty() {
        parts.push(format!("account with {}", of_accounts.join(" or ")));
    }
    for (what, values) in others {
        if !values.is_empty() {
            parts.push(format!("{what} {}", values.join(", ")));
        }
    }
    if parts.is_empty() {
        return "everything".to_owned();
    }
    parts.join("; ")
}

#[cfg(test)]
mod tests;
