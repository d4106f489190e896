//! CloudTrail's answers, and the facts that they come to.

use orgscan_core::model::{Arn, Cause, Reading, Region};
use orgscan_core::services::cloudtrail::{
    AdvancedSelector, BasicSelector, DESCRIBE_TRAILS, Delivery, EventSelectors, FieldCondition,
    GET_EVENT_SELECTORS, GET_TRAIL_STATUS, Trail, TrailStatus,
};
use serde::Deserialize;

use crate::collect::epoch::timestamp;
use crate::{Failure, require_of};

/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListTrails.html>
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListedTrails {
    pub(super) trails: Option<Vec<ListedTrail>>,
    pub(super) next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListedTrail {
    #[serde(rename = "TrailARN")]
    pub(super) trail_arn: Option<String>,
    pub(super) name: Option<String>,
    pub(super) home_region: Option<String>,
}

/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html>
#[derive(Deserialize)]
pub(super) struct DescribedTrails {
    #[serde(rename = "trailList")]
    pub(super) trail_list: Option<Vec<TrailAnswer>>,
}

/// AWS leaves out texts that a trail does not have, and nothing else.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TrailAnswer {
    #[serde(rename = "TrailARN")]
    pub(super) trail_arn: Option<String>,
    name: Option<String>,
    home_region: Option<String>,
    is_multi_region_trail: Option<bool>,
    is_organization_trail: Option<bool>,
    include_global_service_events: Option<bool>,
    log_file_validation_enabled: Option<bool>,
    kms_key_id: Option<String>,
    #[serde(rename = "S3BucketName")]
    s3_bucket_name: Option<String>,
    cloud_watch_logs_log_group_arn: Option<String>,
}

impl TrailAnswer {
    /// The trail, of which status and selectors are not read yet.
    pub(super) fn trail(&self, arn: &Arn) -> Result<Trail, Failure> {
        let flag = |field, value| require_of(DESCRIBE_TRAILS.action, arn, field, value);
        let text = |field, value: &Option<String>| {
            require_of(DESCRIBE_TRAILS.action, arn, field, filled(value))
        };
        let global_service_events = self.include_global_service_events;
        Ok(Trail {
            arn: arn.clone(),
            name: text("Name", &self.name)?,
            home: Region::new(text("HomeRegion", &self.home_region)?),
            is_multi_region: flag("IsMultiRegionTrail", self.is_multi_region_trail)?,
            is_organization: flag("IsOrganizationTrail", self.is_organization_trail)?,
            has_global_service_events: flag("IncludeGlobalServiceEvents", global_service_events)?,
            validates_log_files: flag(
                "LogFileValidationEnabled",
                self.log_file_validation_enabled,
            )?,
            kms_key: filled(&self.kms_key_id).map(Arn::from),
            bucket: text("S3BucketName", &self.s3_bucket_name)?,
            log_group: filled(&self.cloud_watch_logs_log_group_arn).map(Arn::from),
            status: Reading::default(),
            selectors: Reading::default(),
        })
    }
}

/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html>
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct StatusAnswer {
    is_logging: Option<bool>,
    start_logging_time: Option<f64>,
    latest_delivery_error: Option<String>,
    latest_delivery_time: Option<f64>,
    latest_digest_delivery_error: Option<String>,
    latest_digest_delivery_time: Option<f64>,
    latest_cloud_watch_logs_delivery_error: Option<String>,
    latest_cloud_watch_logs_delivery_time: Option<f64>,
}

impl StatusAnswer {
    pub(super) fn status(&self, arn: &Arn) -> Result<TrailStatus, Failure> {
        let action = GET_TRAIL_STATUS.action;
        let time = |field: &str, seconds: Option<f64>| {
            let time = seconds.map(|seconds| timestamp(action, field, seconds));
            time.transpose()
        };
        let delivery = |field, error: &Option<String>, last| -> Result<Delivery, Failure> {
            Ok(Delivery {
                error: filled(error),
                last: time(field, last)?,
            })
        };
        Ok(TrailStatus {
            is_logging: require_of(action, arn, "IsLogging", self.is_logging)?,
            started: time("StartLoggingTime", self.start_logging_time)?,
            log_files: delivery(
                "LatestDeliveryTime",
                &self.latest_delivery_error,
                self.latest_delivery_time,
            )?,
            digest_files: delivery(
                "LatestDigestDeliveryTime",
                &self.latest_digest_delivery_error,
                self.latest_digest_delivery_time,
            )?,
            cloudwatch_logs: delivery(
                "LatestCloudWatchLogsDeliveryTime",
                &self.latest_cloud_watch_logs_delivery_error,
                self.latest_cloud_watch_logs_delivery_time,
            )?,
        })
    }
}

/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventSelectors.html>
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SelectorsAnswer {
    event_selectors: Option<Vec<BasicAnswer>>,
    advanced_event_selectors: Option<Vec<AdvancedAnswer>>,
}

/// What is missing has a default, or is an empty list.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html>
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BasicAnswer {
    read_write_type: Option<String>,
    include_management_events: Option<bool>,
    data_resources: Option<Vec<DataResourceAnswer>>,
    exclude_management_event_sources: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DataResourceAnswer {
    #[serde(rename = "Type")]
    kind: Option<String>,
    values: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AdvancedAnswer {
    field_selectors: Option<Vec<FieldAnswer>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct FieldAnswer {
    field: Option<String>,
    equals: Option<Vec<String>>,
    starts_with: Option<Vec<String>>,
    ends_with: Option<Vec<String>>,
    not_equals: Option<Vec<String>>,
    not_starts_with: Option<Vec<String>>,
    not_ends_with: Option<Vec<String>>,
}

impl SelectorsAnswer {
    /// A trail has one kind of selectors. AWS leaves out the other.
    pub(super) fn selectors(self, arn: &Arn) -> Result<EventSelectors, Failure> {
        let basic = self.event_selectors.unwrap_or_default().into_iter();
        let advanced = self.advanced_event_selectors.unwrap_or_default();
        let advanced = advanced.into_iter().map(|one| one.selector(arn));
        Ok(EventSelectors {
            basic: basic
                .map(|one| one.selector(arn))
                .collect::<Result<_, _>>()?,
            advanced: advanced.collect::<Result<_, _>>()?,
        })
    }
}

impl BasicAnswer {
    fn selector(self, arn: &Arn) -> Result<BasicSelector, Failure> {
        let (reads, writes) = match self.read_write_type.as_deref() {
            None | Some("All") => (true, true),
            Some("ReadOnly") => (true, false),
            Some("WriteOnly") => (false, true),
            Some(other) => return Err(unknown(arn, "ReadWriteType", other)),
        };
        let resources = self.data_resources.unwrap_or_default().into_iter();
        let resources = resources.map(|one| {
            let kind = require(arn, "Type", one.kind)?;
            Ok((kind, one.values.unwrap_or_default()))
        });
        let excluded = self.exclude_management_event_sources.unwrap_or_default();
        Ok(BasicSelector {
            reads,
            writes,
            has_management_events: self.include_management_events.unwrap_or(true),
            excluded_sources: excluded.into_iter().collect(),
            data_resources: resources.collect::<Result<_, Failure>>()?,
        })
    }
}

impl AdvancedAnswer {
    fn selector(self, arn: &Arn) -> Result<AdvancedSelector, Failure> {
        let fields = require(arn, "FieldSelectors", self.field_selectors)?.into_iter();
        let conditions = fields.map(|one| {
            Ok(FieldCondition {
                field: require(arn, "Field", one.field)?,
                equals: one.equals.unwrap_or_default(),
                starts_with: one.starts_with.unwrap_or_default(),
                ends_with: one.ends_with.unwrap_or_default(),
                not_equals: one.not_equals.unwrap_or_default(),
                not_starts_with: one.not_starts_with.unwrap_or_default(),
                not_ends_with: one.not_ends_with.unwrap_or_default(),
            })
        });
        Ok(AdvancedSelector {
            conditions: conditions.collect::<Result<_, Failure>>()?,
        })
    }
}

fn require<T>(arn: &Arn, field: &str, value: Option<T>) -> Result<T, Failure> {
    require_of(GET_EVENT_SELECTORS.action, arn, field, value)
}

fn unknown(arn: &Arn, field: &str, value: &str) -> Failure {
    let detail = format!("{field} is {value:?}, which is not documented");
    Failure::new(GET_EVENT_SELECTORS.action, Cause::Malformed, detail).of_item(Some(arn))
}

/// A text that is there and not empty.
fn filled(text: &Option<String>) -> Option<String> {
    text.clone().filter(|text| !text.is_empty())
}
