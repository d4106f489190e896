//! The pipeline: discover -> assume -> collect -> evaluate -> consolidate -> compare -> publish. What it scans with, when
//! it stops, and where its results go; and the function that runs it in Lambda.

#![cfg_attr(
    test,
    expect(clippy::too_many_lines, reason = "a test is long by its cases")
)]

pub mod config;
pub mod doctor;
pub mod enrollment;
pub mod lambda;
pub mod logging;
pub mod observe;
pub mod past;
pub mod publish;
pub mod scan;
pub mod stack_set;
pub mod stop;
