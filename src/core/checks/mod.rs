//! The checks: pure rules over facts, and the indicators that count what they find.
//!
//! One file per check holds its metadata, its rule and its tests. The other files are what checks share.

mod acl_rules;
mod admin_ports;
pub mod ami_block_public_access_off;
pub mod ami_public;
mod arn;
mod bucket_exposure;
mod buckets;
mod credentials;
pub mod default_security_group_open;
pub mod ebs_encryption_by_default_off;
pub mod ebs_snapshot_block_public_access_off;
pub mod ebs_snapshot_public;
pub mod ebs_volume_unencrypted;
pub mod ec2_imdsv2_account_default_off;
pub mod ec2_instance_exposed;
pub mod ec2_instance_imdsv1;
pub mod ec2_instance_public_address;
pub mod ec2_instance_without_profile;
mod exposure;
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
mod mend;
mod minimal_cover;
pub mod network_acl_admin_port_open;
mod open_rules;
pub mod organization_root_access_not_central;
mod parameters;
mod password_policies;
mod prefix_lists;
mod registry;
pub mod root_access_key;
pub mod root_used_recently;
pub mod root_without_hardware_mfa;
pub mod root_without_mfa;
mod routing;
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
pub mod security_group_admin_port_open_ipv4;
pub mod security_group_admin_port_open_ipv6;
pub mod security_group_cifs_open;
pub mod security_group_open_to_world;
pub mod security_group_sensitive_port_open;
pub mod security_group_unused;
mod security_groups;
mod setting;
mod spans;
mod together;
mod traffic;
pub mod vpc_endpoint_missing;
pub mod vpc_flow_logs_off;
pub mod vpc_peering_route_wide;
mod words;

pub use indicators::{INDICATORS, Indicator};
pub use mend::Flawed;
pub use parameters::{RuleParameters, uses_sensitive_ports};
pub use registry::{
    AccountRule, CHECKS, Category, Check, Context, RegionRule, Rule, by_id, needs_of,
};
