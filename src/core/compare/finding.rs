//! A finding: a violation with an identity that lasts, and what is known of its past.

use std::fmt::Write;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::ComparisonInput;
use crate::model::{AccountId, Arn, CheckId, Region, Severity, TargetScope, Violation};

/// What makes a finding of an account the same one from run to run, on any machine and in any version.
///
/// The scope is the target's. A bucket's own Region is no part of it: it may not be known in one run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The check's id.
    pub check: CheckId,
    /// Where the check was made.
    pub scope: TargetScope,
    /// The resource's ARN.
    pub resource: Arn,
    /// Which part of it.
    pub part: String,
}

impl Key {
    /// The key of a violation that a check found in a scope.
    pub fn of(check: &str, scope: &TargetScope, violation: &Violation) -> Self {
        Self {
            check: CheckId::new(check),
            scope: scope.clone(),
            resource: violation.resource.clone(),
            part: violation.part.clone(),
        }
    }

    /// The finding's id, for exports and tickets: the first 16 bytes, in hexadecimal digits, of the
    /// SHA-256 of check, account, scope, resource and part, each followed by a zero byte.
    pub fn id(&self, account: &AccountId) -> String {
        let mut hash = Sha256::new();
        let parts = [
            &self.check,
            account.as_str(),
            self.scope.as_str(),
            &self.resource,
            &self.part,
        ];
        for part in parts {
            hash.update(part);
            hash.update([0]);
        }
        let mut id = String::with_capacity(32);
        for byte in &hash.finalize()[..16] {
            // Writing to a text does not fail.
            let _ = write!(id, "{byte:02x}");
        }
        id
    }
}

/// How a finding was left by the last run that was meant to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It was seen.
    Open,
    /// It was open before, and could not be evaluated.
    Unknown,
    /// A complete evaluation of its target did not find it.
    Resolved,
    /// Its account is gone.
    Gone,
}

/// What is known of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownFinding {
    /// Its identity within the account.
    pub key: Key,
    /// The resource's own Region, where that is not the scope and was ever known.
    pub region: Option<Region>,
    /// Its severity when it was last seen.
    pub severity: Severity,
    /// What was wrong when it was last seen.
    pub message: String,
    /// How it was left.
    pub status: Status,
    /// The beginning of the run that found it first.
    pub first_seen: Timestamp,
    /// The beginning of the run that found it last.
    pub last_seen: Timestamp,
    /// The beginning of the last run that saw it, or evaluated its target completely.
    pub last_evaluated: Timestamp,
    /// The beginning of the run that closed it, where it is resolved or gone.
    pub closed: Option<Timestamp>,
    /// How often it came back after it had been closed.
    pub reopened: u32,
    /// The fingerprint of the parameters of the rule that found it last; none where it has none.
    pub rule: Option<String>,
}

impl KnownFinding {
    /// One that was never seen before.
    pub(super) fn new(key: Key, violation: &Violation, now: &ComparisonInput) -> Self {
        let at = now.at;
        Self {
            rule: now.rule(&key.check),
            key,
            region: violation.region.clone(),
            severity: violation.severity,
            message: violation.message.clone(),
            status: Status::Open,
            first_seen: at,
            last_seen: at,
            last_evaluated: at,
            closed: None,
            reopened: 0,
        }
    }

    /// Whether it is neither resolved nor gone.
    pub fn is_open(&self) -> bool {
        matches!(self.status, Status::Open | Status::Unknown)
    }

    /// The same, seen once more.
    pub(super) fn seen(self, violation: &Violation, now: &ComparisonInput) -> Self {
        Self {
            region: violation.region.clone().or(self.region),
            severity: violation.severity,
            message: violation.message.clone(),
            status: Status::Open,
            last_seen: now.at,
            last_evaluated: now.at,
            rule: now.rule(&self.key.check),
            reopened: self.reopened + u32::from(self.closed.is_some()),
            closed: None,
            ..self
        }
    }

    pub(super) fn close(&mut self, status: Status, at: Timestamp) {
        self.status = status;
        self.closed = Some(at);
    }

    /// Where the resource is: its own Region if it has one, else where it was found.
    pub fn region(&self) -> &str {
        match &self.region {
            Some(region) => region.as_str(),
            None => self.key.scope.as_str(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{id, violation};

    #[test]
    fn an_id_is_the_same_for_ever() {
        // Tickets and other systems refer to it: a change here loses them all.
        let bucket = violation("arn:aws:s3:::logs", Severity::High);
        let key = Key::of("s3-bucket-public", &TargetScope::Global, &bucket);
        assert_eq!(key.id(&id(1)), "68e8adcfe7f151d8146d0e9eab9c5b12");
        let elsewhere = Key {
            scope: crate::testing::region("eu-west-1"),
            ..key.clone()
        };
        let part = Key {
            part: "policy".into(),
            ..key.clone()
        };
        let ids = [
            key.id(&id(1)),
            key.id(&id(2)),
            elsewhere.id(&id(1)),
            part.id(&id(1)),
        ];
        let different: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(different.len(), 4);
    }

    #[test]
    fn what_may_not_be_known_in_one_run_is_no_part_of_the_identity() {
        let mut bucket = violation("arn:aws:s3:::logs", Severity::High);
        let before = Key::of("s3-bucket-public", &TargetScope::Global, &bucket);
        bucket.region = Some(Region::new("eu-west-1"));
        bucket.severity = Severity::Critical;
        bucket.message = "other words".into();
        assert_eq!(
            Key::of("s3-bucket-public", &TargetScope::Global, &bucket),
            before
        );
    }
}
