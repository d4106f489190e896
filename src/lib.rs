//! orgscan scans every account and Region of an AWS organization for security posture.
//!
//! The pipeline: discover -> assume -> collect -> evaluate -> consolidate -> compare -> publish.
//! [`model`] has the nouns; the rules are pure functions over them.

pub mod assume;
pub mod aws;
pub mod checks;
pub mod cli;
pub mod clock;
pub mod collect;
pub mod compare;
pub mod config;
pub mod consolidate;
pub mod discover;
mod disk;
pub mod doctor;
pub mod enrollment;
pub mod evaluate;
pub mod exceptions;
pub mod frameworks;
pub mod history;
pub mod integrity;
mod jsonl;
pub mod lambda;
mod local_file;
pub mod model;
pub mod observe;
pub mod pace;
pub mod partition;
pub mod publish;
pub mod render;
pub mod replay;
pub mod results;
pub mod scan;
pub mod serve;
mod shell;
pub mod stop;
pub mod store;
mod suggest;
#[cfg(test)]
mod testing;
pub mod thresholds;
pub mod trend;
