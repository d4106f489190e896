//! What is known of an account from the runs before.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::KnownFinding;
use crate::model::{Account, AccountId, CheckId, TargetScope};

/// What is known of an account that was ever scanned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownAccount {
    /// Its 12 digits.
    pub id: AccountId,
    /// Its last known name.
    pub name: String,
    /// The organization that it was last listed in.
    pub organization: Option<String>,
    /// The OU that it was last listed in.
    pub ou: Option<KnownOu>,
    /// The beginning of the last run that was meant to scan it.
    pub last_scanned: Timestamp,
    /// The beginning of the run that found it gone; none while it is there.
    pub gone: Option<Timestamp>,
    /// What could be evaluated.
    pub targets: KnownTargets,
    /// Its findings in the order of their keys, closed ones too.
    pub findings: Vec<KnownFinding>,
}

impl KnownAccount {
    /// The latest of all times that are known of it.
    pub fn latest(&self) -> Timestamp {
        let of_findings = self.findings.iter().flat_map(|finding| {
            let seen = [
                finding.first_seen,
                finding.last_seen,
                finding.last_evaluated,
            ];
            seen.into_iter().chain(finding.closed)
        });
        let all = of_findings.chain(self.gone);
        all.fold(self.last_scanned, Timestamp::max)
    }

    /// Brings all times that are later than this one forward to it.
    pub fn not_after(&mut self, latest: Timestamp) {
        let clamp = |time: &mut Timestamp| *time = (*time).min(latest);
        clamp(&mut self.last_scanned);
        self.gone.iter_mut().for_each(clamp);
        for finding in &mut self.findings {
            clamp(&mut finding.first_seen);
            clamp(&mut finding.last_seen);
            clamp(&mut finding.last_evaluated);
            finding.closed.iter_mut().for_each(clamp);
        }
    }
}

/// An OU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownOu {
    /// Its id, which lasts when it is renamed; the root's for accounts that are in no OU.
    pub id: String,
    /// The names on the way to it, joined with `/`; empty for the root.
    pub path: String,
}

impl KnownOu {
    /// The OU of an account; none where the OUs were not read.
    pub(super) fn of(account: &Account) -> Option<Self> {
        // Without the tree of OUs an account has its parent's id alone.
        let has_ou = account.ou_ids.first()?.starts_with("r-");
        let id = account.ou_ids.last().filter(|_| has_ou)?;
        Some(Self {
            id: id.clone(),
            path: account.ou_path.clone(),
        })
    }
}

/// A check in a scope.
pub type Target = (CheckId, TargetScope);

/// Which targets could be evaluated completely. One that never could is in none of the sets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownTargets {
    /// The last time.
    pub covered: BTreeSet<Target>,
    /// Before, and no longer.
    pub lost: BTreeSet<Target>,
    /// The same, because something denies it.
    pub denied: BTreeSet<Target>,
}

impl KnownTargets {
    /// Takes a target out. Gives whether it was lost or denied.
    pub(super) fn take_lost(&mut self, target: &Target) -> bool {
        let lost = self.lost.remove(target);
        self.denied.remove(target) || lost
    }
}
