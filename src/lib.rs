//! orgscan scans every account and Region of an AWS organization for security posture.
//!
//! The pipeline: discover -> assume -> collect -> evaluate -> consolidate -> compare -> publish.
//! [`orgscan_core`] has the nouns and the rules, which are pure; this crate does what takes a network, a disk or a
//! terminal.

pub mod assume;
pub mod aws;
pub mod cli;
pub mod clock;
pub mod collect;
pub mod config;
pub mod discover;
mod disk;
pub mod doctor;
pub mod enrollment;
#[cfg(test)]
mod fake;
pub mod history;
pub mod integrity;
mod jsonl;
pub mod lambda;
mod local_file;
pub mod observe;
pub mod pace;
pub mod publish;
pub mod render;
pub mod replay;
pub mod results;
pub mod scan;
pub mod serve;
pub mod stop;
pub mod store;
pub mod trend;
