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
pub mod iam_user_without_mfa;
mod indicators;
mod internet;
mod minimal_cover;
pub mod network_acl_admin_port_open;
mod open_rules;
mod registry;
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
mod together;
mod traffic;
pub mod vpc_endpoint_missing;
pub mod vpc_flow_logs_off;
pub mod vpc_peering_route_wide;
mod words;

pub use indicators::{INDICATORS, Indicator};
pub use registry::{CHECKS, Category, Check, Context, Need, Rule, by_id};
