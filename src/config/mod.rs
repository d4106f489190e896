//! Configuration: one YAML file, environment variables and flags over it, the Lambda's event over
//! those, made into one validated [`Config`] at the start.

mod alert;
mod checks;
#[cfg(test)]
pub(crate) mod docs;
mod document;
mod effective;
mod error;
mod event;
mod external_id;
mod filters;
mod fit;
mod formats;
mod function;
mod load;
mod misfit;
mod names;
mod node;
mod origins;
mod overlay;
mod ports;
pub(crate) mod s3_url;
mod schema;
mod settings;
mod source;
mod step;
mod types;
mod validate;
mod weekly;

pub use alert::{AlertConfig, AlertRoute, SendWhen};
pub use checks::CheckFilter;
pub(crate) use document::read_document;
pub use effective::EffectiveValue;
pub use error::{ConfigError, Problem};
pub use event::{Continuation, Invocation};
pub use external_id::ExternalId;
pub use filters::{AccountFilter, AccountMatch, RegionFilter, Wanted};
pub(crate) use filters::{glob, is_in_ou, split_globs};
pub(crate) use fit::Finding;
pub use formats::{OcsfVersion, ReportFormat};
pub use origins::Origins;
pub use overlay::{Overlay, Source};
pub use ports::{PortProtocol, RemovedPort, SensitivePort, SensitivePorts, default_ports};
pub(crate) use schema::schema_of;
pub use schema::{config_schema, event_schema};
pub use settings::{SETTINGS, Setting, config_file, environment};
pub use source::{ConfigSource, ConfigText};
pub use step::{RunRef, Step, StepFailure};
pub use types::{
    ApiShare, Concurrency, Config, Destinations, EnrollmentConfig, ExceptionsConfig, MetricsConfig,
    ReportConfig, RoleConfig, SigningConfig, Threshold, ThresholdOverride, Thresholds, Timeouts,
};
pub(crate) use validate::Found;
pub use weekly::WeeklyReport;
