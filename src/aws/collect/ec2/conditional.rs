//! What other facts make matter: routes, network ACLs and VPC Block Public Access, and the block of snapshots.

use futures::future;
use orgscan_core::services::ec2::{
    ExposureNetwork, Instance, Instances, NetworkAcls, PeeringRoutes, Peerings,
    PublicAddressNetwork, PublicSnapshotBlock, PublicSnapshots, RouteTables, SnapshotBlock,
    VpcBlockPublicAccess,
};

use crate::collect::{Collect, CollectScope, FactError, RegionScope};

/// Whether an instance has IPv6 addresses alone. A public IPv4 address is one whatever the routes say, so that for
/// the address alone they matter to these. Whether the internet reaches it is another question.
fn is_ipv6_only(instance: &Instance) -> bool {
    let has_ipv6 = instance.interfaces.iter().any(|one| !one.ipv6.is_empty());
    instance.public_ipv4().next().is_none() && has_ipv6
}

impl Collect<RegionScope<'_>> for PublicAddressNetwork {
    async fn collect(scope: &RegionScope<'_>) -> Result<(), FactError> {
        let instances = scope.fact::<Instances>().await?;
        let routes = async {
            if instances.iter().any(is_ipv6_only) {
                drop(scope.fact::<RouteTables>().await);
            }
        };
        let block = async {
            if instances.iter().any(Instance::may_have_address) {
                drop(scope.fact::<VpcBlockPublicAccess>().await);
            }
        };
        future::join(routes, block).await;
        Ok(())
    }
}

impl Collect<RegionScope<'_>> for ExposureNetwork {
    async fn collect(scope: &RegionScope<'_>) -> Result<(), FactError> {
        let instances = scope.fact::<Instances>().await?;
        if instances.iter().any(Instance::may_have_address) {
            let _ = future::join3(
                scope.fact::<RouteTables>(),
                scope.fact::<NetworkAcls>(),
                scope.fact::<VpcBlockPublicAccess>(),
            )
            .await;
        }
        Ok(())
    }
}

impl Collect<RegionScope<'_>> for PeeringRoutes {
    async fn collect(scope: &RegionScope<'_>) -> Result<(), FactError> {
        if !scope.fact::<Peerings>().await?.is_empty() {
            drop(scope.fact::<RouteTables>().await);
        }
        Ok(())
    }
}

impl Collect<RegionScope<'_>> for PublicSnapshotBlock {
    async fn collect(scope: &RegionScope<'_>) -> Result<(), FactError> {
        if !scope.fact::<PublicSnapshots>().await?.is_empty() {
            drop(scope.fact::<SnapshotBlock>().await);
        }
        Ok(())
    }
}
