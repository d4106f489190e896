//! YAML documents that people write, read into typed values: what does not fit is told with file, line, field and fix. And the
//! schemas of documents.

mod deserialize;
mod error;
mod field_error;
mod node;
mod origins;
mod read;
mod schema;

pub use deserialize::{Finding, deserialize_all};
pub(crate) use error::MOST;
pub use error::{ConfigError, Problem};
pub use node::{Node, Unreadable, child};
pub use origins::Origins;
pub use read::read_document;
pub use schema::{output_schema_of, schema_of};
