//! AWS Config: the recorders of a Region, and the aggregators of the organization.

mod checks;
mod recorder;
#[cfg(test)]
mod samples;

use super::Service;
use crate::api::{Rate, apis};
use crate::facts::{Fact, FactSpec};
use crate::model::Items;

pub use recorder::{Delivery, RecordedTypes, Recorder, RecorderStatus};

/// AWS Config publishes no request rates. A scan sends one to three requests to a Region.
static RATE: Rate = Rate {
    burst: 10,
    refill_per_second: 5,
    source: "unpublished; https://docs.aws.amazon.com/config/latest/developerguide/configlimits.html",
};

apis! {
    "config" at RATE;
    DESCRIBE_RECORDERS = "DescribeConfigurationRecorders";
    DESCRIBE_RECORDER_STATUS = "DescribeConfigurationRecorderStatus" if "the Region has a recorder";
    DESCRIBE_DELIVERY_STATUS = "DescribeDeliveryChannelStatus" if "a recorder is recording";
    DESCRIBE_AGGREGATORS = "DescribeConfigurationAggregators" pages 100 of "aggregators";
}

/// The service.
pub const SERVICE: Service = Service {
    checks: checks::CHECKS,
    ..Service::new("config", APIS)
};

/// The customer managed configuration recorders of a Region, of which there is at most one today. Recorders of a
/// service, as of Security Hub, record for that service alone and are not among them.
///
/// Source: <https://docs.aws.amazon.com/config/latest/developerguide/stop-start-recorder.html>
#[derive(Debug)]
pub struct ConfigRecorders;

impl Fact for ConfigRecorders {
    type Value = Items<Recorder>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "config.recorders",
        calls: &[
            &DESCRIBE_RECORDERS,
            &DESCRIBE_RECORDER_STATUS,
            &DESCRIBE_DELIVERY_STATUS,
        ],
        ..FactSpec::REGION
    };
}

/// An aggregator whose source is the organization.
///
/// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_OrganizationAggregationSource.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationAggregator {
    /// Its name.
    pub name: String,
    /// The Regions that it aggregates; none where it takes all of them, future ones included.
    pub regions: Option<u64>,
    /// Whether it aggregates only some resource types, or only recorders of some services.
    pub is_filtered: bool,
}

/// The aggregators of a Region whose source is the organization. Only the management account and a delegated
/// administrator can have one.
///
/// Source: <https://docs.aws.amazon.com/config/latest/developerguide/set-up-aggregator-cli.html>
#[derive(Debug)]
pub struct OrganizationAggregators;

impl Fact for OrganizationAggregators {
    type Value = Items<OrganizationAggregator>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "config.organization_aggregators",
        calls: &[&DESCRIBE_AGGREGATORS],
        ..FactSpec::REGION
    };
}
