//! Whether a service exists in a Region.
//!
//! Two things have to agree before a Region is left out for a service: the table of services says that AWS does not
//! offer it there, and its endpoint has no name. A name that does not resolve proves nothing while no name resolves, so
//! EC2's, which is in every Region, is looked up beside it. Either is looked up once for a service and Region,
//! whatever the number of accounts; where the table lists the service, nothing is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_config::SdkConfig;
use aws_smithy_runtime_api::client::dns::SharedDnsResolver;
use orgscan_core::model::Region;
use orgscan_core::partition::Partition;
use orgscan_core::services::is_listed;
use tokio::sync::OnceCell;

use crate::http::resolve;

/// Says whether the table lists a service in a Region.
type Table = fn(&str, &Region) -> bool;

type ServiceRegion = (&'static str, Region);

/// Which services exist where, as far as somebody has asked.
#[derive(Debug)]
pub struct Availability {
    table: Table,
    dns_suffix: String,
    resolver: Option<SharedDnsResolver>,
    absent: Mutex<HashMap<ServiceRegion, Arc<OnceCell<bool>>>>,
}

impl Availability {
    /// For a table and a way to look up names, the system's if none.
    pub fn new(table: Table, dns_suffix: &str, resolver: Option<SharedDnsResolver>) -> Self {
        Self {
            table,
            dns_suffix: dns_suffix.to_owned(),
            resolver,
            absent: Mutex::default(),
        }
    }

    /// For a caller's configuration. Where it names an endpoint, requests go there and not to AWS's names: every service
    /// counts as offered then.
    pub(crate) fn of(config: &SdkConfig, partition: &str) -> Self {
        let table: Table = match config.endpoint_url() {
            Some(_) => |_, _| true,
            None => is_listed,
        };
        let suffix = Partition::named(partition).map_or("amazonaws.com", |one| one.dns_suffix);
        Self::new(table, suffix, None)
    }

    /// Whether it is certain that AWS does not offer a service in a Region.
    pub(crate) async fn is_absent(&self, service: &'static str, region: &Region) -> bool {
        if (self.table)(service, region) {
            return false;
        }
        let cell = {
            let mut absent = self.absent.lock().unwrap_or_else(PoisonError::into_inner);
            absent.entry((service, region.clone())).or_default().clone()
        };
        let look_up = || async {
            !self.has_name(service, region).await && self.has_name("ec2", region).await
        };
        *cell.get_or_init(look_up).await
    }

    async fn has_name(&self, service: &str, region: &Region) -> bool {
        let host = format!("{service}.{region}.{}", self.dns_suffix);
        resolve(self.resolver.as_ref(), &host).await.is_ok()
    }
}

#[cfg(test)]
mod tests;
