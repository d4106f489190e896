//! AWS CloudTrail: the trails of an account.

mod checks;
#[cfg(test)]
pub(crate) mod samples;
mod selectors;
mod trails;

use super::Service;
use super::resource::kind;
use crate::api::{ErrorCodes, Meaning, PolicyResources, Rate, apis, resources};
pub use selectors::{
    AdvancedSelector, BasicSelector, EventSelectors, FieldCondition, LoggedEvents,
};
pub use trails::{Delivery, Trail, TrailList, TrailStatus, Trails};

/// The rate of all its requests that get, describe or list.
static READS: Rate = Rate {
    burst: 10,
    refill_per_second: 10,
    source: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html",
};

/// In a request, the ARN of an organization trail has the account that owns it. Only that account asks.
static TRAILS: PolicyResources = resources(
    "Trails",
    "the account's trails",
    &["cloudtrail:*:${AWS::AccountId}:trail/*"],
);

/// The trail was deleted after it was listed.
static NO_TRAIL: ErrorCodes = ErrorCodes::new(
    Meaning::Gone,
    &["TrailNotFoundException"],
    "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html",
);

apis! {
    "cloudtrail" at READS;
    // It takes no page size.
    LIST_TRAILS = "ListTrails";
    DESCRIBE_TRAILS = "DescribeTrails" repeated "for each Region that is the home of the account's trails" if "the account owns a trail";
    GET_TRAIL_STATUS = "GetTrailStatus" repeated "for each trail that the account owns" if "the account owns a trail" on TRAILS errors [NO_TRAIL];
    GET_EVENT_SELECTORS = "GetEventSelectors" repeated "for each trail that the account owns" if "the account owns a trail" on TRAILS errors [NO_TRAIL];
}

/// The service.
pub const SERVICE: Service = Service {
    resources: &[kind(
        "trail",
        "AWS::CloudTrail::Trail",
        "AwsCloudTrailTrail",
    )],
    checks: checks::CHECKS,
    ..Service::new("cloudtrail", APIS)
};
