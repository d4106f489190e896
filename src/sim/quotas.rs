//! AWS's published quotas, as the buckets that AWS keeps. A table of its own: it is here to judge
//! whether the rates of `orgscan_core::services` keep to them.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::call::Call;
use super::rng::SeededRng;

/// A token bucket, as published.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Quota {
    /// Requests that the full bucket holds.
    pub(super) burst: f32,
    /// Requests added in a second.
    pub(super) refill: f32,
}

const fn quota(burst: u16, refill: u16) -> Quota {
    Quota {
        burst: burst as f32,
        refill: refill as f32,
    }
}

/// The quota of a request and the name of the bucket that it draws from, if there is a limit.
///
/// Buckets are those of an account in a Region; IAM's and Organizations' requests are all in one.
pub(super) fn of(call: &Call) -> Option<(&str, Quota)> {
    let operation = call.operation.as_str();
    match call.service.as_str() {
        "ec2" if is_unbounded(call) => Some(("unbounded", quota(50, 10))),
        "ec2" => Some((operation, quota(100, 20))),
        // Shared by all requests of STS, and counted on the caller's account alone.
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
        "sts" => Some(("sts", quota(600, 600))),
        // Unpublished. Scanners are seen to be throttled above some 20 a second.
        // https://github.com/cloud-custodian/cloud-custodian/issues/6351
        "iam" => Some((operation, quota(40, 20))),
        "organizations" => Some((operation, organizations(operation))),
        // https://docs.aws.amazon.com/accounts/latest/reference/quotas.html
        "account" => Some((operation, quota(5, 5))),
        // Unpublished, and small.
        "cloudformation" => Some((operation, quota(10, 5))),
        // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
        "cloudwatch" => Some((operation, quota(500, 500))),
        "sns" => Some((operation, sns(&call.region))),
        // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
        "lambda" if operation == "GetPolicy" => Some((operation, quota(15, 15))),
        // https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
        "secretsmanager" if operation == "GetResourcePolicy" => Some((operation, quota(50, 50))),
        // Reads of buckets' configuration have no published limit, and objects have one for each
        // prefix. https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
        "s3" => match operation {
            "PutObject" | "DeleteObject" => Some(("objects written", quota(3_500, 3_500))),
            "GetObject" | "HeadObject" => Some(("objects read", quota(5_500, 5_500))),
            _ => None,
        },
        _ => None,
    }
}

/// EC2 lists that are asked for whole have a smaller bucket, each its own.
///
/// Source: <https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html>
fn is_unbounded(call: &Call) -> bool {
    const LISTS: &[&str] = &[
        "DescribeInstances",
        "DescribeInstanceStatus",
        "DescribeNetworkInterfaces",
        "DescribeSecurityGroups",
        "DescribeSnapshots",
        "DescribeSpotInstanceRequests",
        "DescribeVolumes",
    ];
    let filtered = || {
        call.parameters
            .keys()
            .any(|name| name.starts_with("Filter"))
    };
    LISTS.contains(&call.operation.as_str()) && call.page_size.is_none() && !filtered()
}

/// One calling account's; the organization as a whole has slightly more.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html#throttling-limits>
fn organizations(operation: &str) -> Quota {
    match operation {
        "ListAccounts" => quota(12, 8),
        "DescribeAccount" => quota(30, 20),
        "ListChildren" => quota(10, 6),
        "ListTagsForResource" => quota(15, 10),
        "ListRoots" | "DescribeOrganization" => quota(2, 1),
        "DescribePolicy" | "DescribeOrganizationalUnit" => quota(2, 2),
        _ => quota(8, 5),
    }
}

/// Nine Regions of those that are not named have 1,500; here they count as the smallest.
///
/// Source: <https://docs.aws.amazon.com/general/latest/gr/sns.html>
fn sns(region: &str) -> Quota {
    match region {
        "us-east-1" => quota(30_000, 30_000),
        "us-west-2" | "eu-west-1" => quota(9_000, 9_000),
        _ => quota(300, 300),
    }
}

/// Buckets beyond which those that are full again are forgotten.
const SWEEP_ABOVE: usize = 4_096;

/// All buckets that are not full.
#[derive(Debug)]
pub(super) struct Buckets {
    scale: f32,
    by_key: HashMap<u64, Bucket>,
    sweep_above: usize,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: f32,
    at: Instant,
    quota: Quota,
}

impl Bucket {
    fn tokens_at(&self, now: Instant) -> f32 {
        let added = now.saturating_duration_since(self.at).as_secs_f32() * self.quota.refill;
        (self.tokens + added).min(self.quota.burst)
    }
}

impl Buckets {
    /// Full buckets, `scale` times as large as AWS's, and as fast to refill.
    pub(super) fn new(scale: f64) -> Self {
        Self {
            scale: scale as f32,
            by_key: HashMap::new(),
            sweep_above: SWEEP_ABOVE,
        }
    }

    /// Takes a token for a request of this account; says whether there was one.
    pub(super) fn take(&mut self, call: &Call, account: u32, now: Instant) -> bool {
        let Some((name, quota)) = of(call) else {
            return true;
        };
        let key = SeededRng::new(u64::from(account))
            .with(&call.service)
            .with(name)
            .with(if name == "unbounded" {
                &call.operation
            } else {
                ""
            })
            .with(&call.region);
        let quota = Quota {
            burst: (quota.burst * self.scale).max(1.0),
            refill: quota.refill * self.scale,
        };
        let full = Bucket {
            tokens: quota.burst,
            at: now,
            quota,
        };
        let bucket = self.by_key.entry(key.bits()).or_insert(full);
        let tokens = bucket.tokens_at(now);
        let taken = tokens >= 1.0;
        bucket.tokens = if taken { tokens - 1.0 } else { tokens };
        bucket.at = now;
        self.forget_full_ones(now);
        taken
    }

    fn forget_full_ones(&mut self, now: Instant) {
        if self.by_key.len() > self.sweep_above {
            self.by_key
                .retain(|_, bucket| bucket.tokens_at(now) < bucket.quota.burst);
            self.sweep_above = (self.by_key.len() * 2).max(SWEEP_ABOVE);
        }
    }
}

/// How long AWS takes to refuse a request that it throttles.
pub(super) const THROTTLED_AFTER: Duration = Duration::from_millis(3);

#[cfg(test)]
mod tests;
