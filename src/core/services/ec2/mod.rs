//! Amazon EC2: instances, volumes, images and networks.

mod apis;
mod checks;
mod facts;
pub(super) mod network;
#[cfg(test)]
pub(super) mod samples;

use super::Service;
use super::resource::{OTHER, kind};
pub use apis::*;
pub use facts::*;

/// The service.
pub const SERVICE: Service = Service {
    resources: &[
        kind("image", "AWS::EC2::Image", OTHER),
        kind("instance", "AWS::EC2::Instance", "AwsEc2Instance"),
        kind("network-acl", "AWS::EC2::NetworkAcl", "AwsEc2NetworkAcl"),
        kind("route-table", "AWS::EC2::RouteTable", "AwsEc2RouteTable"),
        kind(
            "security-group",
            "AWS::EC2::SecurityGroup",
            "AwsEc2SecurityGroup",
        ),
        kind("snapshot", "AWS::EC2::Snapshot", OTHER),
        kind("volume", "AWS::EC2::Volume", "AwsEc2Volume"),
        kind("vpc", "AWS::EC2::VPC", "AwsEc2Vpc"),
    ],
    checks: checks::CHECKS,
    ..Service::new("ec2", APIS)
};
