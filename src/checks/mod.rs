//! The checks: pure rules over facts, and the indicators that count what they find.
//!
//! One file per check holds its metadata, its rule and its tests. The other files are what checks share.

mod arn;
mod bucket_exposure;
mod buckets;
#[cfg(test)]
mod docs;
pub mod ebs_volume_unencrypted;
pub mod ec2_instance_public_address;
pub mod iam_user_without_mfa;
mod indicators;
mod internet;
mod ipv6_route;
mod minimal_cover;
mod open_rules;
mod registry;
pub mod s3_account_public_access_block_off;
pub mod s3_bucket_encryption_type;
pub mod s3_bucket_http_allowed;
pub mod s3_bucket_logging_off;
pub mod s3_bucket_mfa_delete_off;
pub mod s3_bucket_public;
pub mod s3_bucket_public_access_block_off;
pub mod s3_bucket_versioning_off;
#[cfg(test)]
mod samples;
mod secure_transport;
pub mod security_group_open_to_world;
pub mod security_group_sensitive_port_open;
mod security_groups;
mod together;
mod traffic;
mod words;

pub use indicators::{INDICATORS, Indicator};
pub use registry::{CHECKS, Category, Check, Context, Need, Rule, by_id};
