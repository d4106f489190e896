//! EC2 instances.

use aws_sdk_ec2::types;
use orgscan_core::model::Items;
use orgscan_core::services::ec2::DESCRIBE_INSTANCES as API;
use orgscan_core::services::ec2::{Instance, Instances, Interface};

use crate::collect::{Collect, FactError, RegionScope};
use crate::{Failure, pages, require, require_of};

impl Collect<RegionScope<'_>> for Instances {
    /// All instances that exist. One pass gives everything about them.
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<Instance>, FactError> {
        let instances = pages(API.action, |token| async move {
            let page = scope
                .api_caller
                .call(&API, || {
                    scope
                        .ec2()
                        .describe_instances()
                        .include_managed_resources(true)
                        .set_max_results(API.page)
                        .set_next_token(token.clone())
                        .send()
                })
                .await?;
            let instances = page
                .reservations
                .unwrap_or_default()
                .into_iter()
                .flat_map(|reservation| reservation.instances.unwrap_or_default())
                .filter_map(|instance| shape(instance).transpose());
            Ok((instances.collect(), page.next_token))
        })
        .await?;
        Ok(instances.into_iter().collect())
    }
}

/// Terminated instances stay in the list for about an hour; they have no addresses any more.
fn exists(state: &str) -> bool {
    !matches!(state, "terminated" | "shutting-down")
}

fn shape(instance: types::Instance) -> Result<Option<Instance>, Failure> {
    let id = require(API.action, "instanceId", instance.instance_id)?;
    let state = instance.state.and_then(|state| state.name);
    let state = require_of(API.action, &id, "instanceState", state)?;
    if !exists(state.as_str()) {
        return Ok(None);
    }
    let interfaces = instance.network_interfaces.unwrap_or_default();
    let interfaces = interfaces.into_iter().map(|one| interface(&id, one));
    let mut interfaces: Vec<Interface> = interfaces.collect();
    // An instance without a public address has none of this field.
    // Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html>
    let known = |address: &String| {
        interfaces
            .iter()
            .any(|one| one.public_ipv4.known.contains(address))
    };
    let other = instance.public_ip_address.filter(|address| !known(address));
    if let Some(address) = other {
        interfaces.push(Interface {
            subnet: instance.subnet_id,
            public_ipv4: vec![address].into(),
            ipv6: Items::default(),
            groups: ids(&id, instance.security_groups.unwrap_or_default()),
        });
    }
    Ok(Some(Instance {
        vpc: instance.vpc_id,
        state: state.as_str().to_owned(),
        interfaces,
        has_profile: instance.iam_instance_profile.is_some(),
        answers_imdsv1: instance.metadata_options.as_ref().and_then(answers_imdsv1),
        id,
    }))
}

fn interface(instance: &str, interface: types::InstanceNetworkInterface) -> Interface {
    Interface {
        public_ipv4: public_addresses(instance, &interface),
        ipv6: ipv6_addresses(instance, &interface),
        groups: ids(instance, interface.groups.unwrap_or_default()),
        subnet: interface.subnet_id,
    }
}

fn ids(instance: &str, groups: Vec<types::GroupIdentifier>) -> Items<String> {
    let groups = groups.into_iter();
    groups
        .map(|one| require_of(API.action, instance, "groupId", one.group_id))
        .collect()
}

/// Whether the metadata service is on, and asks for no token; none where that is not known. Either of off
/// and required settles it.
///
/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMetadataOptionsResponse.html>
fn answers_imdsv1(options: &types::InstanceMetadataOptionsResponse) -> Option<bool> {
    use types::{HttpTokensState as Tokens, InstanceMetadataEndpointState as Endpoint};
    match (&options.http_endpoint, &options.http_tokens) {
        (Some(Endpoint::Disabled), _) | (_, Some(Tokens::Required)) => Some(false),
        (Some(Endpoint::Enabled), Some(Tokens::Optional)) => Some(true),
        _ => None,
    }
}

/// Assigned and Elastic addresses, those of secondary private addresses included. Each association is of
/// one public address, or of one in a carrier's or the customer's own network. An empty one is none.
///
/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceNetworkInterfaceAssociation.html>
fn public_addresses(instance: &str, interface: &types::InstanceNetworkInterface) -> Items<String> {
    let secondary = interface
        .private_ip_addresses()
        .iter()
        .filter_map(|address| address.association.as_ref());
    let nothing = types::InstanceNetworkInterfaceAssociation::builder().build();
    let is_elsewhere = |one: &&types::InstanceNetworkInterfaceAssociation| {
        one.public_ip.is_none() && (one.carrier_ip.is_some() || one.customer_owned_ip.is_some())
            || **one == nothing
    };
    let associations = interface.association.iter().chain(secondary);
    let mut addresses: Items<String> = associations
        .filter(|one| !is_elsewhere(one))
        .map(|one| require_of(API.action, instance, "publicIp", one.public_ip.clone()))
        .collect();
    addresses.known.sort();
    addresses.known.dedup();
    addresses
}

/// Single addresses and delegated prefixes.
fn ipv6_addresses(instance: &str, interface: &types::InstanceNetworkInterface) -> Items<String> {
    let single = interface.ipv6_addresses().iter();
    let single = single.map(|one| ("ipv6Address", one.ipv6_address.clone()));
    let prefixes = interface.ipv6_prefixes().iter();
    let prefixes = prefixes.map(|one| ("ipv6Prefix", one.ipv6_prefix.clone()));
    single
        .chain(prefixes)
        .map(|(field, address)| require_of(API.action, instance, field, address))
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
    fn the_metadata_service_answers_without_a_token_unless_off_or_tokens_are_required() {
        assert_eq!(options(Some("enabled"), Some("required")), Some(false));
        assert_eq!(options(Some("enabled"), Some("optional")), Some(true));
        assert_eq!(options(Some("disabled"), Some("optional")), Some(false));
        assert_eq!(options(Some("disabled"), None), Some(false));
        assert_eq!(options(None, Some("required")), Some(false));
        // Neither a missing field nor a value of no known meaning is a default.
        for (endpoint, tokens) in [
            (Some("enabled"), None),
            (None, Some("optional")),
            (None, None),
            (Some("enabled"), Some("sometimes")),
            (Some("standby"), Some("optional")),
        ] {
            assert_eq!(options(endpoint, tokens), None, "{endpoint:?} {tokens:?}");
        }
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
                .state(running())
                .public_ip_address(address)
                .security_groups(own)
                .network_interfaces(interface);
            shape(instance.build()).unwrap().unwrap().interfaces
        };
        assert_eq!(bare("203.0.113.5").len(), 1);
        let two = bare("203.0.113.6");
        assert_eq!(two[1].public_ipv4.known, ["203.0.113.6"]);
        assert_eq!(two[1].groups.known, ["sg-1"]);
    }

    fn running() -> types::InstanceState {
        let state = types::InstanceState::builder();
        state.name(types::InstanceStateName::Running).build()
    }

    #[test]
    fn an_instance_without_a_state_is_neither_gone_nor_there() {
        let instance = types::Instance::builder().instance_id("i-1");
        let failure = shape(instance.clone().build()).unwrap_err();
        assert_eq!(failure.resource, "i-1");
        assert_eq!(failure.detail, "the answer lacks instanceState");
        assert!(shape(instance.state(running()).build()).unwrap().is_some());
    }

    #[test]
    fn an_address_a_prefix_or_a_group_that_is_not_named_is_a_gap() {
        let association = types::InstanceNetworkInterfaceAssociation::builder();
        let carrier = association.clone().carrier_ip("198.51.100.7").build();
        let nothing = association.clone().build();
        let made = types::InstanceNetworkInterface::builder()
            .association(association.ip_owner_id("amazon").build())
            .ipv6_prefixes(types::InstanceIpv6Prefix::builder().build())
            .groups(types::GroupIdentifier::builder().build())
            .build();
        let read = interface("i-1", made);
        for gaps in [read.public_ipv4.gaps, read.ipv6.gaps, read.groups.gaps] {
            assert_eq!((gaps.len(), &*gaps[0].resource), (1, "i-1"));
        }
        for none in [carrier, nothing] {
            let made = types::InstanceNetworkInterface::builder().association(none);
            assert!(interface("i-1", made.build()).public_ipv4.is_empty());
        }
    }
}
