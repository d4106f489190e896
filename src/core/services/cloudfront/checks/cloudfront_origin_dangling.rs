//! Distributions with an S3 bucket as origin that exists nowhere.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{EXAMPLE, show};
use crate::checks::format::first_few;
use crate::checks::{
    Category, Check, Context, Counterparts, OrganizationReducer, OrganizationRule, Parameters,
    Rule, covers, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{AccountId, Arn, Cause, Gap, OrganizationRecord, RuleResult, Severity};
use crate::services::cloudfront::{Distribution, Distributions, OriginBuckets};
use crate::services::s3::{BucketList, GET_BUCKET_LOCATION};

pub(super) const CHECK: Check = Check {
    id: "cloudfront-origin-dangling",
    title: "CloudFront distribution points to a bucket that does not exist",
    category: Category::ExposureRisks,
    severity: Severity::High,
    why: "Anyone with an AWS account can create a bucket with this name, and then serve any content under the \
          distribution's domain: a takeover. The buckets of all scanned accounts count. A bucket outside them is \
          unknown if S3 does not tell whether it exists.",
    fix: &[
        "Create a bucket with this name in your account now, before somebody else does.",
        "Run the command to see the origins and the cache behaviors that use them.",
        "Remove the origin, or disable the distribution if nothing else is left. Then delete the DNS records that \
         point to it. In the console: CloudFront, Distributions, Origins.",
    ],
    example: EXAMPLE,
    by_default: true,
    remediation: show,
    controls: &[covers("aws-fsbp", "CloudFront.12")],
    prowler: Counterparts::per_resource(&[same(
        "cloudfront_distributions_s3_origin_non_existent_bucket",
    )]),
    parameters: Parameters::None,
    needs: &[Distributions::SPEC, BucketList::SPEC, OriginBuckets::SPEC],
    rule: Rule::Organization(OrganizationRule::of::<OrganizationBuckets>()),
};

/// What an account tells: its buckets, and its distributions' origins.
#[derive(Debug, Default, Serialize, Deserialize)]
struct OriginRecord {
    /// Its own buckets.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    buckets: BTreeSet<String>,
    /// Enabled distributions all of whose buckets exist.
    good: u64,
    /// The others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    others: Vec<OpenDistribution>,
}

/// A distribution with a bucket that does not exist, or that the account cannot tell anything about.
#[derive(Debug, Serialize, Deserialize)]
struct OpenDistribution {
    id: String,
    arn: Arn,
    /// Buckets that do not exist.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    missing: BTreeSet<String>,
    /// Buckets that another account may have, each with the reason why it is unknown here.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    unknown: BTreeMap<String, Gap>,
}

/// The buckets of all scanned accounts.
#[derive(Debug, Default)]
struct OrganizationBuckets {
    known: BTreeSet<Box<str>>,
}

impl OrganizationReducer for OrganizationBuckets {
    type Record = OriginRecord;

    fn record(facts: &Facts<'_>, _: &Context<'_>) -> Option<OrganizationRecord<OriginRecord>> {
        let mut record = OriginRecord::default();
        if let Ok(list) = facts.get::<BucketList>() {
            record.buckets.extend(list.names().map(str::to_owned));
        }
        let gaps = match facts.get::<Distributions>() {
            Ok(distributions) => {
                let enabled = distributions.iter().filter(|one| one.is_enabled);
                for one in enabled {
                    match open(one, facts) {
                        None => record.good += 1,
                        Some(open) => record.others.push(open),
                    }
                }
                distributions.gaps.clone()
            }
            Err(gap) => vec![gap],
        };
        Some(OrganizationRecord { record, gaps })
    }

    fn add(&mut self, _: &AccountId, record: Option<OriginRecord>, _: &[Gap]) {
        let buckets = record.into_iter().flat_map(|record| record.buckets);
        self.known.extend(buckets.map(String::into_boxed_str));
    }

    fn evaluate(&self, record: OriginRecord, _: &Context<'_>) -> RuleResult {
        let mut result = RuleResult {
            resources_evaluated: record.good,
            ..RuleResult::default()
        };
        for one in record.others {
            let unknown = one.unknown.into_iter();
            let unknown = unknown.filter(|(name, _)| !self.known.contains(name.as_str()));
            let gaps: Vec<Gap> = unknown.map(|(name, gap)| unread(&name, gap)).collect();
            if !one.missing.is_empty() || gaps.is_empty() {
                result.add(Ok((!one.missing.is_empty()).then(|| {
                    let buckets = first_few(&one.missing.iter().collect::<Vec<_>>());
                    let id = &one.id;
                    let message = format!(
                        "Distribution {id} gets content from a bucket that does not exist: {buckets}"
                    );
                    CHECK.violation(one.arn, message)
                })));
            }
            result.gaps.extend(gaps);
        }
        result
    }
}

/// A distribution with buckets that do not certainly exist; none if they all do.
fn open(one: &Distribution, facts: &Facts<'_>) -> Option<OpenDistribution> {
    let mut open = OpenDistribution {
        id: one.id.clone(),
        arn: one.arn.clone(),
        missing: BTreeSet::new(),
        unknown: BTreeMap::new(),
    };
    let buckets = facts.get::<OriginBuckets>();
    for name in one.origins.iter().filter_map(|origin| origin.bucket()) {
        let found = match &buckets {
            Ok(buckets) => buckets.iter().find(|bucket| bucket.name == name),
            Err(gap) => {
                open.unknown.insert(name.to_owned(), gap.clone());
                continue;
            }
        };
        match found.map(|bucket| bucket.exists.get()) {
            Some(Ok(true)) => {}
            Some(Ok(false)) => drop(open.missing.insert(name.to_owned())),
            Some(Err(gap)) => drop(open.unknown.insert(name.to_owned(), gap)),
            None => {
                let gap = Gap::new(GET_BUCKET_LOCATION.action, Cause::NotCollected);
                open.unknown.insert(name.to_owned(), gap);
            }
        }
    }
    let is_open = !open.missing.is_empty() || !open.unknown.is_empty();
    is_open.then_some(open)
}

/// The gap of a bucket that no scanned account has. A denial shows at most that it is somebody else's.
fn unread(bucket: &str, gap: Gap) -> Gap {
    let detail = "a distribution gets content from this bucket, which no scanned account has";
    let detail = match gap.detail.as_str() {
        "" => detail.to_owned(),
        why => format!("{detail}: {why}"),
    };
    Gap { detail, ..gap }.of(bucket)
}

#[cfg(test)]
mod tests;
