//! What runs in a Region, counted from facts that are read anyway.

use std::sync::Arc;

use futures::future;
use orgscan_core::model::{Cause, Gap, Items};
use orgscan_core::services::ec2::Instances;
use orgscan_core::services::organizations::Workloads;
use orgscan_core::services::rds::{DbCluster, DbClusters, DbInstance, DbInstances};

use super::{Collect, CollectScope, FactError};
use crate::collect::RegionScope;

impl Collect<RegionScope<'_>> for Workloads {
    async fn collect(scope: &RegionScope<'_>) -> Result<Self, FactError> {
        let (instances, databases, clusters) = future::join3(
            scope.fact::<Instances>(),
            scope.fact::<DbInstances>(),
            scope.fact::<DbClusters>(),
        )
        .await;
        let instances = offered(instances)?;
        let (databases, clusters) = (offered(databases)?, offered(clusters)?);
        let known = instances.iter().flat_map(|list| list.iter());
        let unread = instances.iter().flat_map(|list| &list.gaps);
        Ok(Self {
            instances: (known.count() + unread.count()) as u64,
            databases: databases_of(databases.as_deref(), clusters.as_deref()),
        })
    }
}

/// A list; none where AWS does not offer the service.
fn offered<T>(list: Result<Arc<T>, Gap>) -> Result<Option<Arc<T>>, Gap> {
    match list {
        Err(gap) if gap.cause == Cause::NotOffered => Ok(None),
        list => list.map(Some),
    }
}

/// An item that could not be read is there all the same. A cluster counts if none of its instances is listed.
fn databases_of(databases: Option<&Items<DbInstance>>, clusters: Option<&Items<DbCluster>>) -> u64 {
    let listed = || databases.iter().flat_map(|list| list.iter());
    let unread = databases.iter().flat_map(|list| &list.gaps);
    let has_instance = |cluster: &&DbCluster| {
        let mut instances = listed();
        instances.any(|one| one.cluster.as_ref() == Some(&cluster.id))
    };
    let alone = clusters.iter().flat_map(|list| list.iter());
    let alone = alone.filter(|cluster| !has_instance(cluster));
    let unread_clusters = clusters.iter().flat_map(|list| &list.gaps);
    let items = [
        listed().count(),
        unread.count(),
        alone.count(),
        unread_clusters.count(),
    ];
    items.into_iter().sum::<usize>() as u64
}
