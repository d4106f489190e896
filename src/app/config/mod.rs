//! Configuration: one YAML file, environment variables and flags over it, the Lambda's event over
//! those, made into one validated [`Config`](orgscan_core::settings::Config) at the start.
//!
//! A setting is a row of [`SETTINGS`], its field in `Config` and, if it has one, its flag of the same name. The layers,
//! the schema, the tables of the documentation and `orgscan config show` follow from these.

#[cfg(test)]
mod docs;
mod effective;
mod event;
mod exceptions;
mod function;
mod layer;
mod load;
mod schema;
mod settings;
mod source;
mod step;
mod weekly;

pub use effective::{EffectiveValue, effective_values};
pub use event::{Continuation, Invocation};
pub use exceptions::{exceptions_of_run, read_exceptions};
pub use function::load_in_function;
pub use layer::{ConfigLayer, LayerSource};
pub use load::{load, load_traced};
pub use schema::{config_schema, event_schema};
pub use settings::{SETTINGS, Setting, config_file, environment};
pub use source::{ConfigText, read, read_by};
pub use step::{RunRef, Step, StepFailure};
pub use weekly::WeeklyReport;
