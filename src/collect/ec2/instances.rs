//! EC2 instances.

use aws_sdk_ec2::types;

use super::Ec2;
use crate::aws::{Failure, pages, require};
use crate::model::{Instance, Interface};
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
    let mut interfaces: Vec<Interface> = interfaces.into_iter().map(interface).collect();
    let known = |address: &String| {
        interfaces
            .iter()
            .any(|one| one.public_ipv4.contains(address))
    };
    let other = instance.public_ip_address.filter(|address| !known(address));
    if let Some(address) = other {
        let groups = instance.security_groups.unwrap_or_default();
        interfaces.push(Interface {
            subnet: instance.subnet_id.unwrap_or_default(),
            public_ipv4: vec![address],
            ipv6: Vec::new(),
            groups: ids(groups),
        });
    }
    Ok(Instance {
        id: require(API.action, "instanceId", instance.instance_id)?,
        vpc: instance.vpc_id,
        state,
        interfaces,
        has_profile: instance.iam_instance_profile.is_some(),
        answers_imdsv1: instance.metadata_options.as_ref().and_then(answers_imdsv1),
    })
}

fn interface(interface: types::InstanceNetworkInterface) -> Interface {
    let mut public_ipv4 = public_addresses(&interface);
    public_ipv4.sort();
    public_ipv4.dedup();
    Interface {
        public_ipv4,
        ipv6: ipv6_addresses(&interface),
        groups: ids(interface.groups.unwrap_or_default()),
        subnet: interface.subnet_id.unwrap_or_default(),
    }
}

fn ids(groups: Vec<types::GroupIdentifier>) -> Vec<String> {
    groups.into_iter().filter_map(|one| one.group_id).collect()
}

/// Whether the metadata service is on, and asks for no token.
///
/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMetadataOptionsResponse.html>
fn answers_imdsv1(options: &types::InstanceMetadataOptionsResponse) -> Option<bool> {
    if options.http_endpoint == Some(types::InstanceMetadataEndpointState::Disabled) {
        return Some(false);
    }
    let tokens = options.http_tokens.as_ref()?;
    Some(*tokens != types::HttpTokensState::Required)
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

/// Single addresses and delegated prefixes.
fn ipv6_addresses(interface: &types::InstanceNetworkInterface) -> Vec<String> {
    let single = interface.ipv6_addresses().iter();
    let prefixes = interface.ipv6_prefixes().iter();
    single
        .filter_map(|address| address.ipv6_address.clone())
        .chain(prefixes.filter_map(|prefix| prefix.ipv6_prefix.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(endpoint: Option<&str>, tokens: Option<&str>) -> Option<bool> {
        let options = types::InstanceMetadataOptionsResponse::builder()
            .set_http_endpoint(endpoint.map(Into::into))
            .set_http_tokens(tokens.map(Into::into));
        answers_imdsv1(&options.build())
    }

    #[test]
    fn the_metadata_service_answers_without_a_token_unless_off_or_told_not_to() {
        assert_eq!(options(Some("enabled"), Some("required")), Some(false));
        assert_eq!(options(Some("enabled"), Some("optional")), Some(true));
        assert_eq!(options(Some("disabled"), Some("optional")), Some(false));
        assert_eq!(options(Some("disabled"), None), Some(false));
        assert_eq!(options(Some("enabled"), None), None);
    }

    #[test]
    fn an_address_that_no_interface_has_is_the_instances_own() {
        let bare = |address: &str| {
            let own = types::GroupIdentifier::builder().group_id("sg-1").build();
            let interface = types::InstanceNetworkInterface::builder()
                .subnet_id("subnet-1")
                .association(
                    types::InstanceNetworkInterfaceAssociation::builder()
                        .public_ip("203.0.113.5")
                        .build(),
                )
                .build();
            let instance = types::Instance::builder()
                .instance_id("i-1")
                .public_ip_address(address)
                .security_groups(own)
                .network_interfaces(interface);
            shape(instance.build()).unwrap().interfaces
        };
        assert_eq!(bare("203.0.113.5").len(), 1);
        let two = bare("203.0.113.6");
        assert_eq!(two[1].public_ipv4, ["203.0.113.6"]);
        assert_eq!(two[1].groups, ["sg-1"]);
    }
}
