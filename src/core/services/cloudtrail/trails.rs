//! The trails that an account owns or sees.

use jiff::Timestamp;

use super::selectors::EventSelectors;
use super::{DESCRIBE_TRAILS, GET_EVENT_SELECTORS, GET_TRAIL_STATUS, LIST_TRAILS};
use crate::facts::{Fact, FactSpec};
use crate::model::{Arn, Items, Reading, Region};

/// The trails that an account owns or sees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrailList {
    /// Trails that the account owns: those with its id in their ARN. The management account owns the organization's
    /// trails, also those that a delegated administrator created.
    ///
    /// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator.html>
    pub own: Items<Trail>,
    /// The ARNs of trails that another account owns and that log here: organization trails. The record of the owner
    /// has all about them. A member sees their settings only in part.
    ///
    /// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html>
    pub of_others: Vec<Arn>,
    /// How many own trails log in one Region only, which is filtered out.
    pub outside_regions: u64,
}

/// A trail, as its home Region describes it.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Trail.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trail {
    /// Its ARN. It has the id of the account that owns the trail.
    pub arn: Arn,
    /// Its name.
    pub name: String,
    /// The Region that it was created in.
    pub home: Region,
    /// Whether it logs in all Regions, and not only in its home Region.
    pub is_multi_region: bool,
    /// Whether it logs in all accounts of the organization.
    pub is_organization: bool,
    /// Whether it logs events of global services, such as IAM.
    pub has_global_service_events: bool,
    /// Whether CloudTrail delivers digest files, which show whether a log file was changed.
    pub validates_log_files: bool,
    /// The ARN of the KMS key that encrypts the log files; none with S3's own keys.
    pub kms_key: Option<Arn>,
    /// The bucket that it delivers to, in whichever account.
    pub bucket: String,
    /// The log group of CloudWatch Logs that it delivers to as well, if any. The log group of an organization trail is
    /// in the management account or in that of a delegated administrator.
    pub log_group: Option<Arn>,
    /// Whether it logs and delivers.
    pub status: Reading<TrailStatus>,
    /// The events that it logs.
    pub selectors: Reading<EventSelectors>,
}

/// Whether a trail logs, and what it delivered last, as its home Region has it.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrailStatus {
    /// Whether it logs.
    pub is_logging: bool,
    /// When it last began to log.
    pub started: Option<Timestamp>,
    /// Log files, to S3.
    pub log_files: Delivery,
    /// Digest files, to S3.
    pub digest_files: Delivery,
    /// Events, to CloudWatch Logs.
    pub cloudwatch_logs: Delivery,
}

/// What became of a delivery.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// The last error. AWS keeps it after the cause is fixed.
    pub error: Option<String>,
    /// The last time that something was delivered; none where nothing ever was.
    pub last: Option<Timestamp>,
}

/// The trails that an account owns or sees. Each is read in its home Region alone.
#[derive(Debug)]
pub struct Trails;

impl Fact for Trails {
    type Value = TrailList;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "cloudtrail.trails",
        calls: &[
            &LIST_TRAILS,
            &DESCRIBE_TRAILS,
            &GET_TRAIL_STATUS,
            &GET_EVENT_SELECTORS,
        ],
        ..FactSpec::ACCOUNT
    };
}
