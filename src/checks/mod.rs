//! The checks: pure rules over facts, and the indicators that count what they find.
//!
//! One file per check holds its metadata, its rule and its tests. The other files are what checks share.

mod arn;
mod bucket_exposure;
mod credentials;
pub mod ebs_volume_unencrypted;
pub mod ec2_instance_public_address;
pub mod iam_access_key_not_rotated;
pub mod iam_cloudshell_full_access;
pub mod iam_credentials_unused;
pub mod iam_password_policy_reuse;
pub mod iam_password_policy_short;
pub mod iam_password_policy_weak;
pub mod iam_policy_full_admin;
pub mod iam_server_certificate_expired;
pub mod iam_support_role_missing;
pub mod iam_user_policy_attached;
pub mod iam_user_two_active_keys;
pub mod iam_user_without_mfa;
mod indicators;
mod internet;
mod ipv6_route;
mod minimal_cover;
mod open_rules;
pub mod organization_root_access_not_central;
mod password_policies;
mod registry;
pub mod root_access_key;
pub mod root_used_recently;
pub mod root_without_hardware_mfa;
pub mod root_without_mfa;
pub mod s3_bucket_public;
#[cfg(test)]
mod samples;
pub mod security_group_open_to_world;
pub mod security_group_sensitive_port_open;
mod security_groups;
mod together;
mod traffic;
mod words;

pub use indicators::{INDICATORS, Indicator};
pub use registry::{CHECKS, Category, Check, Context, Need, Rule, by_id};
