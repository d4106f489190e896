//! The last known state of all findings, as it is kept from run to run: one file, `findings.jsonl.gz`.
//!
//! Its first line says what it is and which run wrote it; then there is a line for every account that was
//! ever scanned, by account id. It is read and written as a stream, and joined with the results of
//! a run account by account, so memory does not grow with the organization. docs/history.md has the
//! format.

mod error;
mod join;
mod lines;
mod planned;
mod reader;
mod repair;
mod walk;
mod writer;

pub use error::HistoryError;
pub use join::{HistoryJoin, JoinResult};
pub(crate) use lines::KnownLine;
pub use planned::join;
pub use reader::HistoryReader;
pub use repair::{FutureDates, repair};
pub use walk::{History, Walk};
pub use writer::{HistoryWriter, empty, write_state};

#[cfg(test)]
mod tests;
