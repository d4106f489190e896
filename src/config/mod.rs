//! Configuration: one YAML file, environment variables and flags over it, the Lambda's event over
//! those, made into one validated [`Config`] at the start.

mod filters;
mod types;

pub(crate) use filters::glob;
pub use filters::{AccountFilter, AccountMatch, RegionFilter};
pub use types::{
    AlertConfig, ApiShare, CheckFilter, Concurrency, Config, Destinations, ExpectedGap,
    MetricsConfig, PortProtocol, ReportConfig, RoleConfig, SendWhen, SensitivePort, SensitivePorts,
    Threshold, ThresholdOverride, Thresholds, Timeouts,
};
