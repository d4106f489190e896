//! Buckets that logs go to, whichever accounts of the organization log there and own the bucket: what the checks of such
//! buckets share.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

use super::bucket_exposure::BucketExposure;
use crate::checks::{Check, Context, OrganizationReducer, arn, format};
use crate::facts::Facts;
use crate::model::{AccountId, Cause, Gap, OrganizationRecord, Region, RuleResult, Violation};
use crate::services::s3::{BucketList, LIST_BUCKETS};

/// A check of the buckets that logs of a kind go to.
pub(super) trait LogBucketCheck: Debug + Default + Send + Sync + 'static {
    /// The check.
    const CHECK: &'static Check;
    /// The logs: `VPC flow logs`.
    const LOGS: &'static str;
    /// What is wrong with a bucket that breaks the check: `is public`.
    const PROBLEM: &'static str;
    /// Whether each bucket that breaks the check is unknown as long as an account's logs could not be read: they may go
    /// there. Where such buckets are many, the unread account alone is unknown.
    const MAY_BE_ANY: bool;

    /// The buckets that the account's logs go to, wherever they are.
    fn destinations(facts: &Facts<'_>) -> LogDestinations;

    /// The state of one of the account's own buckets.
    fn state(facts: &Facts<'_>, bucket: &str) -> BucketState;
}

/// The buckets that an account's logs go to.
#[derive(Debug, Default)]
pub(super) struct LogDestinations {
    /// Their names.
    pub(super) buckets: BTreeSet<String>,
    /// Those among them that logs of the whole organization go to.
    pub(super) of_organization: BTreeSet<String>,
    /// Why some could not be read.
    pub(super) gaps: Vec<Gap>,
}

/// Whether a bucket breaks a check.
#[derive(Debug)]
pub(super) enum BucketState {
    /// It is certain that it does not.
    Good,
    /// It is certain that it does.
    Broken,
    /// Neither is certain.
    Unknown(Vec<Gap>),
}

impl From<BucketExposure> for BucketState {
    /// A public bucket breaks the check.
    fn from(exposure: BucketExposure) -> Self {
        match exposure {
            BucketExposure::Shut => Self::Good,
            BucketExposure::Public { .. } => Self::Broken,
            BucketExposure::Unknown(gaps) => Self::Unknown(gaps),
        }
    }
}

/// What an account tells: where its logs go, and how its buckets are.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct LogBucketRecord {
    /// Buckets that its logs go to, wherever they are.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    logs_to: BTreeSet<String>,
    /// Those among them that logs of the whole organization go to.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    of_organization: BTreeSet<String>,
    /// Whether the destinations of some of its logs could not be read.
    has_unread_logs: bool,
    /// Its own buckets that certainly do not break the check.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    good: BTreeSet<String>,
    /// Its own buckets that break it, each with its Region where that is known.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    broken: BTreeMap<String, Option<Region>>,
    /// Its own buckets of which that is not known, with the reasons.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    unknown: BTreeMap<String, Vec<Gap>>,
}

impl LogBucketRecord {
    fn own(&self) -> impl Iterator<Item = &String> {
        let others = self.broken.keys().chain(self.unknown.keys());
        self.good.iter().chain(others)
    }
}

/// The buckets that logs of the organization go to, and who has told of its buckets.
#[derive(Debug, Default)]
pub(super) struct LogBuckets<C> {
    /// How many accounts log to a bucket.
    logged_to: BTreeMap<String, u64>,
    /// Buckets that logs of the whole organization go to.
    of_organization: BTreeSet<String>,
    /// All buckets that are known.
    known: BTreeSet<Box<str>>,
    /// Accounts some of whose logs could not be read, so that they may go to any bucket.
    unread: BTreeSet<AccountId>,
    check: PhantomData<C>,
}

impl<C: LogBucketCheck> OrganizationReducer for LogBuckets<C> {
    type Record = LogBucketRecord;

    fn record(facts: &Facts<'_>, _: &Context<'_>) -> Option<OrganizationRecord<LogBucketRecord>> {
        let destinations = C::destinations(facts);
        let mut recorded = OrganizationRecord {
            record: LogBucketRecord {
                logs_to: destinations.buckets,
                of_organization: destinations.of_organization,
                has_unread_logs: !destinations.gaps.is_empty(),
                ..LogBucketRecord::default()
            },
            gaps: destinations.gaps,
        };
        if let Err(gap) = buckets::<C>(facts, &mut recorded.record) {
            recorded.gaps.push(gap);
        }
        Some(recorded)
    }

    fn add(&mut self, account: &AccountId, record: Option<LogBucketRecord>, _: &[Gap]) {
        let record = record.unwrap_or_else(|| LogBucketRecord {
            has_unread_logs: true,
            ..LogBucketRecord::default()
        });
        if record.has_unread_logs {
            self.unread.insert(account.clone());
        }
        self.known
            .extend(record.own().map(|name| name.as_str().into()));
        self.of_organization.extend(record.of_organization);
        for bucket in record.logs_to {
            *self.logged_to.entry(bucket).or_default() += 1;
        }
    }

    fn evaluate(&self, record: LogBucketRecord, context: &Context<'_>) -> RuleResult {
        let mut result = RuleResult::default();
        let has_logs = |name: &String| self.logged_to.contains_key(name);
        result.resources_evaluated =
            record.good.iter().filter(|name| has_logs(name)).count() as u64;
        for (name, region) in &record.broken {
            result.add(match self.logged_to.get(name) {
                Some(accounts) => Ok(Some(self.violation(name, region, *accounts, context))),
                None => match self.may_have_logs(name) {
                    Some(gap) => Err(gap),
                    None => continue,
                },
            });
        }
        for (name, gaps) in &record.unknown {
            if has_logs(name) || C::MAY_BE_ANY && !self.unread.is_empty() {
                result.gaps.extend(gaps.iter().cloned());
            }
        }
        let unknown = record.logs_to.iter();
        let unknown = unknown.filter(|name| !self.known.contains(name.as_str()));
        result.gaps.extend(unknown.map(|name| not_found::<C>(name)));
        result
    }
}

impl<C: LogBucketCheck> LogBuckets<C> {
    fn violation(
        &self,
        name: &str,
        region: &Option<Region>,
        accounts: u64,
        context: &Context<'_>,
    ) -> Violation {
        let senders = match self.of_organization.contains(name) {
            true => "the organization".to_owned(),
            false => format::count(accounts, "account"),
        };
        let (problem, logs) = (C::PROBLEM, C::LOGS);
        let message = format!("Bucket {name} {problem} and receives {logs} of {senders}");
        Violation {
            region: region.clone(),
            ..C::CHECK.violation(arn::bucket(context, name), message)
        }
    }

    /// Why a bucket that breaks the check and has no known logs may have some.
    fn may_have_logs(&self, bucket: &str) -> Option<Gap> {
        let first = self.unread.first().filter(|_| C::MAY_BE_ANY)?;
        let accounts = format::count(self.unread.len() as u64, "account");
        Some(Gap {
            detail: format!(
                "the bucket {} and may receive {} that could not be read, of {accounts}: {first}{}",
                C::PROBLEM,
                C::LOGS,
                if self.unread.len() > 1 {
                    " and others"
                } else {
                    ""
                }
            ),
            ..elsewhere(bucket)
        })
    }
}

/// Notes how the account's buckets are.
fn buckets<C: LogBucketCheck>(facts: &Facts<'_>, record: &mut LogBucketRecord) -> Result<(), Gap> {
    let list = facts.get::<BucketList>()?;
    for bucket in &list.buckets {
        let name = bucket.name.clone();
        match C::state(facts, &name) {
            BucketState::Good => drop(record.good.insert(name)),
            BucketState::Broken => {
                let region = bucket.region.get().ok().cloned();
                record.broken.insert(name, region);
            }
            BucketState::Unknown(gaps) => drop(record.unknown.insert(name, gaps)),
        }
    }
    for gap in &list.buckets.gaps {
        let gaps = record.unknown.entry(gap.resource.clone()).or_default();
        gaps.push(gap.clone());
    }
    Ok(())
}

fn not_found<C: LogBucketCheck>(bucket: &str) -> Gap {
    Gap {
        detail: format!(
            "{} go to this bucket, which is in no scanned account and Region",
            C::LOGS
        ),
        ..elsewhere(bucket)
    }
}

/// A gap about what other accounts would have to show.
fn elsewhere(bucket: &str) -> Gap {
    Gap::new(LIST_BUCKETS.action, Cause::OwnedByOtherAccount).of(bucket)
}
