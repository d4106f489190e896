//! Public buckets that VPC flow logs go to, whichever accounts of the organization log there and own the bucket.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::bucket_exposure::{BucketExposure, exposure};
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, OrganizationReducer, OrganizationRule,
    Parameters, Rule, arn, format, remediation,
};
use crate::facts::{Fact, Facts};
use crate::model::{
    AccountId, Cause, Gap, Items, OrganizationRecord, Region, RuleResult, Severity, Violation,
};
use crate::services::ec2::{FlowLog, FlowLogs};
use crate::services::s3::{AccountBlock, BucketAccess, BucketList, LIST_BUCKETS};

pub(super) const CHECK: Check = Check {
    id: "vpc-flow-log-bucket-public",
    title: "S3 bucket with VPC flow logs is public",
    category: Category::Logging,
    severity: Severity::Critical,
    why: "Flow logs contain the addresses and ports of all connections: a map of the network. They also \
          show what its defenders can see. One bucket often collects the logs of the whole organization. \
          Strangers can read that map in a public bucket, and replace it if they can write.",
    fix: &[
        "Run the command. It blocks public access to the bucket. The console has the same setting: S3, \
         Permissions, Block public access (bucket settings).",
        "Check that flow logs still arrive. Delivery needs no public access, only a bucket policy for \
         `delivery.logs.amazonaws.com`.",
        "Find out in CloudTrail or in the access logs who read the bucket.",
    ],
    example: FailedResource::example("eu-west-1", "arn:aws:s3:::amzn-s3-demo-logging-bucket", ""),
    by_default: false,
    remediation: |failed| {
        let block = format!("s3api put-public-access-block {}", remediation::BLOCK_ALL);
        remediation::bucket(&block, failed)
    },
    controls: &[],
    prowler: Counterparts::none(
        "Prowler evaluates the public access of each bucket alone and does not relate it to flow logs",
    ),
    parameters: Parameters::None,
    needs: &[
        AccountBlock::SPEC,
        BucketList::SPEC,
        BucketAccess::SPEC,
        FlowLogs::SPEC,
    ],
    rule: Rule::Organization(OrganizationRule::of::<LogBuckets>()),
};

/// What an account tells: where its flow logs go, and how public its buckets are.
#[derive(Debug, Default, Serialize, Deserialize)]
struct LogBucketRecord {
    /// Buckets that its flow logs go to, wherever they are.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    logs_to: BTreeSet<String>,
    /// Whether some of its flow logs could not be read.
    has_unread_logs: bool,
    /// Its own buckets that are certainly not public.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    shut: BTreeSet<String>,
    /// Its own public buckets, each with its Region where that is known.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    public: BTreeMap<String, Option<Region>>,
    /// Its own buckets of which it is not known whether they are public, with the reasons.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    unknown: BTreeMap<String, Vec<Gap>>,
}

impl LogBucketRecord {
    fn own(&self) -> impl Iterator<Item = &String> {
        let others = self.public.keys().chain(self.unknown.keys());
        self.shut.iter().chain(others)
    }
}

/// The buckets that flow logs of the organization go to, and who has told of its buckets.
#[derive(Debug, Default)]
struct LogBuckets {
    /// How many accounts log to a bucket.
    logged_to: BTreeMap<String, u64>,
    /// All buckets that are known.
    known: BTreeSet<Box<str>>,
    /// Accounts some of whose flow logs could not be read, so that they may go to any bucket.
    unread: BTreeSet<AccountId>,
}

impl OrganizationReducer for LogBuckets {
    type Record = LogBucketRecord;

    fn record(facts: &Facts<'_>, _: &Context<'_>) -> Option<OrganizationRecord<LogBucketRecord>> {
        let mut recorded = OrganizationRecord {
            record: LogBucketRecord::default(),
            gaps: Vec::new(),
        };
        for (_, logs) in facts.in_regions::<FlowLogs>() {
            match logs {
                Ok(logs) => destinations(logs, &mut recorded),
                Err(gap) => recorded.gaps.push(gap),
            }
        }
        recorded.record.has_unread_logs = !recorded.gaps.is_empty();
        if let Err(gap) = buckets(facts, &mut recorded.record) {
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
        for bucket in record.logs_to {
            *self.logged_to.entry(bucket).or_default() += 1;
        }
    }

    fn evaluate(&self, record: LogBucketRecord, context: &Context<'_>) -> RuleResult {
        let mut result = RuleResult::default();
        let has_logs = |name: &String| self.logged_to.contains_key(name);
        result.resources_evaluated =
            record.shut.iter().filter(|name| has_logs(name)).count() as u64;
        for (name, region) in &record.public {
            result.add(match self.logged_to.get(name) {
                Some(accounts) => Ok(Some(violation(name, region.clone(), *accounts, context))),
                None => match self.may_have_logs(name) {
                    Some(gap) => Err(gap),
                    None => continue,
                },
            });
        }
        for (name, gaps) in &record.unknown {
            if has_logs(name) || !self.unread.is_empty() {
                result.gaps.extend(gaps.iter().cloned());
            }
        }
        let unknown = record.logs_to.iter();
        let unknown = unknown.filter(|name| !self.known.contains(name.as_str()));
        result.gaps.extend(unknown.map(|name| not_found(name)));
        result
    }
}

impl LogBuckets {
    /// Why a public bucket without known logs may have some.
    fn may_have_logs(&self, bucket: &str) -> Option<Gap> {
        let first = self.unread.first()?;
        let accounts = format::count(self.unread.len() as u64, "account");
        Some(Gap {
            detail: format!(
                "the bucket is public and may receive flow logs that could not be read, of {accounts}: \
                 {first}{}",
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

/// Notes the buckets that the flow logs of a Region go to.
fn destinations(logs: &Items<FlowLog>, recorded: &mut OrganizationRecord<LogBucketRecord>) {
    recorded.gaps.extend(logs.gaps.iter().cloned());
    for log in logs {
        match log.bucket.get() {
            Ok(bucket) => recorded.record.logs_to.extend(bucket.clone()),
            Err(gap) => recorded.gaps.push(gap),
        }
    }
}

/// Notes how public the account's buckets are.
fn buckets(facts: &Facts<'_>, record: &mut LogBucketRecord) -> Result<(), Gap> {
    let list = facts.get::<BucketList>()?;
    for bucket in &list.buckets {
        let name = bucket.name.clone();
        match exposure(facts, &name) {
            BucketExposure::Shut => drop(record.shut.insert(name)),
            BucketExposure::Public { .. } => {
                let region = bucket.region.get().ok().cloned();
                record.public.insert(name, region);
            }
            BucketExposure::Unknown(gaps) => drop(record.unknown.insert(name, gaps)),
        }
    }
    for gap in &list.buckets.gaps {
        let gaps = record.unknown.entry(gap.resource.clone()).or_default();
        gaps.push(gap.clone());
    }
    Ok(())
}

fn violation(
    name: &str,
    region: Option<Region>,
    accounts: u64,
    context: &Context<'_>,
) -> Violation {
    let accounts = format::count(accounts, "account");
    let message = format!("Bucket {name} is public and receives VPC flow logs of {accounts}");
    Violation {
        region,
        ..CHECK.violation(arn::bucket(context, name), message)
    }
}

fn not_found(bucket: &str) -> Gap {
    Gap {
        detail: "flow logs go to this bucket, which is in no scanned account and Region".to_owned(),
        ..elsewhere(bucket)
    }
}

/// A gap about what other accounts would have to show.
fn elsewhere(bucket: &str) -> Gap {
    Gap::new(LIST_BUCKETS.action, Cause::OwnedByOtherAccount).of(bucket)
}

#[cfg(test)]
mod tests;
