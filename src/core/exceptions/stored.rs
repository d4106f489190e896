//! The exceptions of a run as they are kept with its results, so that its report can be regenerated when the
//! list has long changed.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Exceptions;
use super::entry::{ExceptionEntry, ExceptionTarget};
use super::resource::Pattern;
use crate::model::{Cause, Suppression};
use crate::settings::AccountMatch;

/// The exceptions of a run, with the day that they were held against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredExceptions {
    today: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    location: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    entries: Vec<StoredEntry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct StoredEntry {
    suppression: Suppression,
    accounts: AccountMatch,
    regions: Vec<String>,
    what: StoredTarget,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredTarget {
    Findings {
        checks: Vec<String>,
        resources: Vec<String>,
        parts: Vec<String>,
    },
    Gaps {
        actions: Vec<String>,
        causes: Vec<Cause>,
    },
}

impl From<&Exceptions> for StoredExceptions {
    fn from(exceptions: &Exceptions) -> Self {
        Self {
            today: exceptions.today,
            location: exceptions.location.clone(),
            error: exceptions.unusable.clone(),
            entries: exceptions.entries.iter().map(StoredEntry::from).collect(),
        }
    }
}

impl From<&ExceptionEntry> for StoredEntry {
    fn from(entry: &ExceptionEntry) -> Self {
        Self {
            suppression: entry.suppression.clone(),
            accounts: entry.accounts.clone(),
            regions: entry.regions.clone(),
            what: match entry.what.clone() {
                ExceptionTarget::Findings {
                    checks,
                    resources,
                    parts,
                } => StoredTarget::Findings {
                    checks,
                    resources: resources.iter().map(Pattern::text).collect(),
                    parts,
                },
                ExceptionTarget::Gaps { actions, causes } => StoredTarget::Gaps { actions, causes },
            },
        }
    }
}

impl TryFrom<StoredExceptions> for Exceptions {
    /// What is wrong with an entry.
    type Error = String;

    fn try_from(stored: StoredExceptions) -> Result<Self, String> {
        let entries = stored.entries.into_iter().map(ExceptionEntry::try_from);
        Ok(Self {
            today: stored.today,
            entries: entries.collect::<Result<_, _>>()?,
            location: stored.location,
            unusable: stored.error,
        })
    }
}

impl TryFrom<StoredEntry> for ExceptionEntry {
    type Error = String;

    fn try_from(stored: StoredEntry) -> Result<Self, String> {
        let what = match stored.what {
            StoredTarget::Findings {
                checks,
                resources,
                parts,
            } => {
                let patterns = resources.iter().map(|text| Pattern::new(text));
                ExceptionTarget::Findings {
                    checks,
                    resources: patterns.collect::<Result<_, _>>()?,
                    parts,
                }
            }
            StoredTarget::Gaps { actions, causes } => ExceptionTarget::Gaps { actions, causes },
        };
        let (accounts, regions) = (stored.accounts, stored.regions);
        Ok(Self::new(stored.suppression, accounts, regions, what))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::exceptions;

    #[test]
    fn what_was_kept_is_what_it_was() {
        let own = exceptions(
            "exceptions:\n- { id: a, checks: [s3-bucket-public], accounts: { ous: [Work] }, \
             regions: [eu-*], resources: ['arn:aws:s3:::x', 'regex:arn:aws:s3:::logs-[0-9]+'], \
             parts: [policy], reason: r, owner: o, ticket: t, approved_by: b, expires: 2027-01-31 }\n\
             expected_gaps:\n- { actions: ['ec2:*'], causes: [throttled], reason: r, owner: o }\n",
        );
        let kept = serde_json::to_string(&StoredExceptions::from(&own)).unwrap();
        let back: StoredExceptions = serde_json::from_str(&kept).unwrap();
        let back = Exceptions::try_from(back).unwrap();
        assert_eq!(back.report(), own.report());
        assert_eq!(
            serde_json::to_string(&StoredExceptions::from(&back)).unwrap(),
            kept
        );
        let resource = |name: &str| {
            let violation = crate::testing::violation(name, crate::model::Severity::High);
            let target = crate::testing::evaluated(
                "s3-bucket-public",
                crate::testing::region("eu-west-1"),
                1,
                &[],
                &[],
            );
            let violation = crate::model::Violation {
                part: "policy".into(),
                ..violation
            };
            back.entries[0].matches_finding(&target, &violation)
        };
        assert!(resource("arn:aws:s3:::logs-12") && !resource("arn:aws:s3:::logs-1x"));
    }
}
