//! What a run can be told: the shape of the configuration with its defaults, and what follows from it alone. Where the
//! values come from is the business of `orgscan::config`.

mod alert;
mod checks;
mod external_id;
mod filters;
mod formats;
mod location;
mod names;
mod ports;
mod s3_url;
mod source;
mod types;
mod validate;

pub use alert::{AlertConfig, AlertRoute, SendWhen};
pub use checks::CheckFilter;
pub use external_id::ExternalId;
pub use filters::{AccountDetails, AccountFilter, AccountMatch, RegionFilter};
pub use filters::{glob, is_in_ou, split_globs};
pub use formats::{OcsfVersion, ReportFormat};
pub use location::{FileLocation, InvalidLocation, Location, S3Prefix};
pub use ports::{RemovedPort, SensitivePorts};
pub use source::ConfigSource;
pub use types::{
    ApiShare, Concurrency, Config, Destinations, EnrollmentConfig, ExceptionsConfig, MetricsConfig,
    ReportConfig, RoleConfig, SigningConfig, Threshold, ThresholdOverride, Thresholds, Timeouts,
};
pub use validate::validate;
pub use validate::{FieldProblems, findings};
