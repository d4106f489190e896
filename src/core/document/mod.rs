//! YAML documents that people write, read into typed values. What does not fit is reported with file, line, field and
//! fix. And the schemas of documents.

mod deserialize;
mod error;
mod field_error;
mod node;
mod origins;
mod read;
mod schema;

pub use deserialize::{FieldProblem, deserialize_all};
pub(crate) use error::MOST;
pub use error::{ConfigError, Problem};
pub use node::{Node, ParseError, child};
pub use origins::Origins;
pub use read::read_document;
pub use schema::{output_schema_of, schema_of};
