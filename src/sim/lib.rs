//! An organization that is replayed: what an emulator answered once, at the speed of this machine,
//! under AWS's physics, as any number of accounts.
//!
//! | part | what |
//! | --- | --- |
//! | [`recording`] | what was recorded: a file of requests and answers |
//! | [`call`] | what a request asks for, whichever protocol it speaks |
//! | `server`, `tls`, `backend` | the HTTP server; from a request to its answer |
//! | `answers`, `answer`, `template`, `ids`, `listing`, `user_rows` | recorded answers, for any account, in pages |
//! | `account_list`, `generated_ous`, `session` | the accounts, the OUs of copies, whose an access key is |
//! | `organizations`, `stack_sets`, `sts`, `reports`, `objects`, `chunked`, `writes`, `cbor` | what is not recorded but made here |
//! | `settings`, `quotas`, `latency`, `faults`, `mix` | AWS's physics, and chance that can be repeated |
//! | `days` | what changes from day to day |
//! | `reply`, `counts`, `error` | wire formats, counts, why it cannot start |

mod account_list;
pub mod ages;
mod answer;
mod answers;
mod backend;
pub mod call;
mod cbor;
mod chunked;
mod counts;
mod days;
mod error;
mod faults;
mod generated_ous;
mod ids;
mod latency;
mod listing;
mod objects;
mod organizations;
mod quotas;
pub mod recording;
mod regions;
mod reply;
mod reports;
mod rng;
#[cfg(test)]
mod sample;
mod server;
mod session;
mod settings;
mod stack_sets;
mod sts;
mod template;
mod tls;
mod user_rows;
mod writes;

pub use answer::AnswerError;
pub use counts::{ApiCounts, Counts, LoggedRequest};
pub use error::ReplayError;
pub use faults::{EXAMPLE, Fault, FaultFile, FaultKind};
pub use latency::Latency;
pub use recording::{Recording, RecordingError};
pub use server::Replay;
pub use settings::{ServiceBehavior, Settings};
pub use stack_sets::NAME as STACK_SET;
pub use tls::Certificate;
pub use writes::Writes;
