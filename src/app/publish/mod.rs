//! What leaves orgscan: metrics, the alert, the report files.
//!
//! Each destination renders purely from the report. What it adds is requests, one attempt each: the
//! caller limits their rate and repeats them.

pub mod alert;
pub mod dashboard;
mod deliver;
pub mod messages;
pub mod metrics;
pub mod reports;

pub use deliver::{Delivery, Publication, PublishError, PublishResult, publish};
