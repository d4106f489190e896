//! EC2 instances.

use aws_sdk_ec2::types;

use super::Ec2;
use crate::aws::{Failure, pages, require};
use crate::model::Instance;
use crate::pace::api::DESCRIBE_INSTANCES as API;

/// The largest page that EC2 gives.
const PAGE: i32 = 1_000;

impl Ec2<'_> {
    /// All instances that exist. One pass gives everything about them.
    pub(super) async fn instances(&self) -> Result<Vec<Instance>, Failure> {
        pages(API.action, |token| async move {
            let page = self
                .lane
                .call(&API, || {
                    self.client
                        .describe_instances()
                        .include_managed_resources(true)
                        .max_results(PAGE)
                        .set_next_token(token.clone())
                        .send()
                })
                .await?;
            let instances = page
                .reservations
                .unwrap_or_default()
                .into_iter()
                .flat_map(|reservation| reservation.instances.unwrap_or_default())
                .filter(exists)
                .map(shape)
                .collect::<Result<_, _>>();
            Ok((instances?, page.next_token))
        })
        .await
    }
}

/// Terminated instances stay in the list for about an hour; they have no addresses any more.
fn exists(instance: &types::Instance) -> bool {
    !matches!(state(instance), "terminated" | "shutting-down")
}

fn state(instance: &types::Instance) -> &str {
    let name = instance
        .state
        .as_ref()
        .and_then(|state| state.name.as_ref());
    name.map_or("", types::InstanceStateName::as_str)
}

fn shape(instance: types::Instance) -> Result<Instance, Failure> {
    let state = state(&instance).to_owned();
    let interfaces = instance.network_interfaces.unwrap_or_default();
    let mut public_ipv4: Vec<String> = interfaces.iter().flat_map(public_addresses).collect();
    public_ipv4.extend(instance.public_ip_address);
    public_ipv4.sort();
    public_ipv4.dedup();
    let mut subnets: Vec<String> = interfaces
        .iter()
        .filter_map(|interface| interface.subnet_id.clone())
        .chain(instance.subnet_id)
        .collect();
    subnets.sort();
    subnets.dedup();
    Ok(Instance {
        id: require(API.action, "instanceId", instance.instance_id)?,
        vpc: instance.vpc_id,
        state,
        public_ipv4,
        ipv6: interfaces.iter().flat_map(ipv6_addresses).collect(),
        subnets,
    })
}

/// Assigned and Elastic addresses, those of secondary private addresses included.
fn public_addresses(interface: &types::InstanceNetworkInterface) -> Vec<String> {
    let secondary = interface
        .private_ip_addresses()
        .iter()
        .filter_map(|address| address.association.as_ref());
    interface
        .association
        .iter()
        .chain(secondary)
        .filter_map(|association| association.public_ip.clone())
        .collect()
}

/// Single addresses and delegated prefixes, with the interface's subnet.
fn ipv6_addresses(interface: &types::InstanceNetworkInterface) -> Vec<(String, String)> {
    let subnet = interface.subnet_id.clone().unwrap_or_default();
    let single = interface.ipv6_addresses().iter();
    let prefixes = interface.ipv6_prefixes().iter();
    single
        .filter_map(|address| address.ipv6_address.clone())
        .chain(prefixes.filter_map(|prefix| prefix.ipv6_prefix.clone()))
        .map(|address| (address, subnet.clone()))
        .collect()
}
