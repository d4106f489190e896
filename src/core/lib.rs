//! What orgscan knows without asking anybody: the nouns, the facts, the checks and the frameworks, and what follows from
//! a run's results. Pure: no network, no file system, no runtime.

#![cfg_attr(
    test,
    expect(clippy::too_many_lines, reason = "a test is long by its cases")
)]

pub mod api;
pub mod checks;
pub mod clock;
pub mod compare;
pub mod consolidate;
#[cfg(test)]
mod docs;
pub mod document;
pub mod enrollment;
pub mod evaluate;
pub mod exceptions;
pub mod facts;
pub mod frameworks;
pub mod jsonl;
pub mod lines;
pub mod model;
pub mod partition;
pub mod policy;
pub mod services;
pub mod settings;
pub mod shell;
pub mod suggest;
#[cfg(any(test, feature = "testing"))]
#[expect(
    missing_docs,
    clippy::unwrap_used,
    reason = "the names of helpers say it, and a test that cannot go on has failed"
)]
pub mod testing;
pub mod text;
pub mod thresholds;
