//! EC2, by Region: volumes, instances and what makes them reachable, networks, and settings.

mod acls;
mod conditional;
mod instances;
mod list;
mod peerings;
mod prefix_lists;
mod routes;
mod security_groups;
mod settings;
mod sharing;
mod volumes;
mod vpc_block;
mod vpcs;

use ipnet::IpNet;
use orgscan_core::model::Cause;
use orgscan_core::services::ec2::{
    EncryptionByDefault, ExposureNetwork, FlowLogs, ImageBlock, Instances, InterfaceUse,
    MetadataDefaults, NetworkAcls, PeeringRoutes, Peerings, PublicAddressNetwork, PublicImages,
    PublicSnapshotBlock, PublicSnapshots, SecurityGroups, SnapshotBlock, Volumes, VpcEndpoints,
    Vpcs,
};

use super::{Collector, RegionScope, collectors};
use crate::Failure;

/// The facts of a Region, in the order in which they are started. What other facts make matter comes last.
pub(super) fn collectors<'a>() -> Vec<Collector<RegionScope<'a>>> {
    collectors![
        Volumes,
        Instances,
        SecurityGroups,
        Vpcs,
        Peerings,
        PublicSnapshots,
        FlowLogs,
        NetworkAcls,
        SnapshotBlock,
        VpcEndpoints,
        PublicImages,
        EncryptionByDefault,
        InterfaceUse,
        ImageBlock,
        MetadataDefaults,
        PublicSnapshotBlock,
        PublicAddressNetwork,
        ExposureNetwork,
        PeeringRoutes,
    ]
}

impl RegionScope<'_> {
    fn ec2(&self) -> aws_sdk_ec2::Client {
        self.session.clients.ec2(self.region)
    }
}

/// A range of addresses, as EC2 writes it.
fn address_range(action: &'static str, text: &str) -> Result<IpNet, Failure> {
    text.parse().map_err(|_| {
        let detail = format!("`{text}` is not an address range");
        Failure::new(action, Cause::Malformed, detail)
    })
}

/// A field with a value of which orgscan does not know what it means.
fn unknown_value(action: &'static str, field: &str, value: &str) -> Failure {
    let detail = format!("`{value}` is no known {field}");
    Failure::new(action, Cause::Malformed, detail)
}
