//! The checks. A check is one file, and two lines here.

mod ami_block_public_access_off;
mod ami_public;
mod default_security_group_open;
mod ebs_encryption_by_default_off;
mod ebs_snapshot_block_public_access_off;
mod ebs_snapshot_public;
mod ebs_volume_unencrypted;
mod ec2_imdsv2_account_default_off;
mod ec2_instance_exposed;
mod ec2_instance_imdsv1;
mod ec2_instance_public_address;
mod ec2_instance_without_profile;
mod network_acl_admin_port_open;
mod security_group_admin_port_open_ipv4;
mod security_group_admin_port_open_ipv6;
mod security_group_cifs_open;
mod security_group_open_to_world;
mod security_group_sensitive_port_open;
mod security_group_unused;
mod vpc_endpoint_missing;
mod vpc_flow_logs_off;
mod vpc_peering_route_wide;

use crate::checks::Check;

/// All of them, in the order in which they are shown.
pub(super) const CHECKS: &[&Check] = &[
    &ebs_volume_unencrypted::CHECK,
    &ec2_instance_public_address::CHECK,
    &security_group_open_to_world::CHECK,
    &security_group_sensitive_port_open::CHECK,
    &ec2_instance_exposed::CHECK,
    &ebs_snapshot_public::CHECK,
    &ami_public::CHECK,
    &ec2_instance_imdsv1::CHECK,
    &ec2_instance_without_profile::CHECK,
    &security_group_admin_port_open_ipv4::CHECK,
    &security_group_admin_port_open_ipv6::CHECK,
    &security_group_cifs_open::CHECK,
    &default_security_group_open::CHECK,
    &security_group_unused::CHECK,
    &network_acl_admin_port_open::CHECK,
    &vpc_peering_route_wide::CHECK,
    &vpc_endpoint_missing::CHECK,
    &vpc_flow_logs_off::CHECK,
    &ebs_encryption_by_default_off::CHECK,
    &ebs_snapshot_block_public_access_off::CHECK,
    &ami_block_public_access_off::CHECK,
    &ec2_imdsv2_account_default_off::CHECK,
];
