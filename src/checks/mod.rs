//! The checks: pure rules over facts, and the indicators that count what they find.
//!
//! One file per check holds its metadata, its rule and its tests. The other files are what checks share.

mod arn;
mod bucket_exposure;
pub mod ebs_volume_unencrypted;
pub mod iam_user_without_mfa;
mod indicators;
mod registry;
pub mod s3_bucket_public;
#[cfg(test)]
mod samples;
mod words;

pub use indicators::{INDICATORS, Indicator};
pub use registry::{CHECKS, Category, Check, Context, Need, Rule, by_id};
