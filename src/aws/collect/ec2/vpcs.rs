//! VPCs, their flow logs and endpoints, and what their network interfaces make use of.

use aws_sdk_ec2::types;
use orgscan_core::model::{Gap, Items, Owner};
use orgscan_core::services::ec2::{
    DESCRIBE_FLOW_LOGS, DESCRIBE_INTERFACES, DESCRIBE_VPC_ENDPOINTS, DESCRIBE_VPCS, FlowLog,
    FlowLogs, InterfaceUse, SecurityGroups, Vpc, VpcEndpoint, VpcEndpoints, Vpcs,
};

use super::list::list;
use super::unknown_value;
use crate::collect::{Collect, CollectScope, FactError, RegionScope};
use crate::{Failure, require, require_of};

/// The VPC and the groups of one network interface.
type InterfaceNetwork = (Result<String, Gap>, Items<String>);

impl RegionScope<'_> {
    /// Whose something is that AWS lists for the account.
    pub(super) fn owner(
        &self,
        action: &'static str,
        resource: Option<&str>,
        owner: Option<String>,
    ) -> Owner {
        let owner = require(action, "ownerId", owner);
        let owner = owner.map_err(|failure| failure.of_item(resource).into());
        Owner::new(owner, &self.session.account)
    }

    /// Whether the account surely has no VPC here, without a request of its own: each VPC has a default security group,
    /// which cannot be deleted.
    ///
    /// Source: <https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html>
    pub(super) async fn has_no_vpc(&self) -> bool {
        self.needs.has::<SecurityGroups>()
            && self
                .fact::<SecurityGroups>()
                .await
                .is_ok_and(|groups| groups.complete().is_ok() && groups.known.is_empty())
    }
}

impl Collect<RegionScope<'_>> for Vpcs {
    /// All VPCs that the account can see: its own, and those of which another account shares a subnet.
    ///
    /// Source: <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-share-limitations.html>
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<Vpc>, FactError> {
        if scope.has_no_vpc().await {
            return Ok(Items::default());
        }
        let shape = |vpc: types::Vpc| {
            let id = require(DESCRIBE_VPCS.action, "vpcId", vpc.vpc_id)?;
            Ok(Some(Vpc {
                owner: scope.owner(DESCRIBE_VPCS.action, Some(&id), vpc.owner_id),
                // For the wording of a finding alone.
                is_default: vpc.is_default == Some(true),
                id,
            }))
        };
        Ok(list!(scope, DESCRIBE_VPCS, describe_vpcs, vpcs, shape)?)
    }
}

impl Collect<RegionScope<'_>> for FlowLogs {
    /// All flow logs that are active.
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<FlowLog>, FactError> {
        Ok(list!(
            scope,
            DESCRIBE_FLOW_LOGS,
            describe_flow_logs,
            flow_logs,
            flow_log
        )?)
    }
}

impl Collect<RegionScope<'_>> for VpcEndpoints {
    /// All endpoints that are available.
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<VpcEndpoint>, FactError> {
        if scope.has_no_vpc().await {
            return Ok(Items::default());
        }
        Ok(list!(
            scope,
            DESCRIBE_VPC_ENDPOINTS,
            describe_vpc_endpoints,
            vpc_endpoints,
            endpoint
        )?)
    }
}

impl Collect<RegionScope<'_>> for InterfaceUse {
    /// What all network interfaces make use of, those that AWS services manage included. Each page is
    /// let go as soon as that is known: there may be many thousands of them.
    async fn collect(scope: &RegionScope<'_>) -> Result<Self, FactError> {
        if scope.has_no_vpc().await {
            return Ok(Self::default());
        }
        let interfaces: Items<InterfaceNetwork> = list!(
            scope,
            DESCRIBE_INTERFACES,
            describe_network_interfaces.include_managed_resources(true),
            network_interfaces,
            interface
        )?;
        let mut used = Self::default();
        for (vpc, groups) in interfaces.known {
            match vpc {
                Ok(vpc) => used.vpcs.extend([vpc]),
                Err(gap) => used.unread_vpc = used.unread_vpc.or(Some(gap)),
            }
            used.groups.extend(groups.known);
            used.unread_group = used.unread_group.or(groups.gaps.into_iter().next());
        }
        Ok(used)
    }
}

/// A log that may be one of a VPC is a failure of that VPC's.
///
/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_FlowLog.html>
fn flow_log(log: types::FlowLog) -> Result<Option<FlowLog>, Failure> {
    let action = DESCRIBE_FLOW_LOGS.action;
    let resource = log.resource_id;
    let about = |failure: Failure| failure.of_item(resource.as_deref());
    let status = require(action, "flowLogStatus", log.flow_log_status).map_err(about)?;
    if status != "ACTIVE" {
        return Ok(None);
    }
    let traffic = require(action, "trafficType", log.traffic_type).map_err(about)?;
    let accepted_only = match traffic {
        types::TrafficType::Accept => true,
        types::TrafficType::All | types::TrafficType::Reject => false,
        other => return Err(about(unknown_value(action, "trafficType", other.as_str()))),
    };
    let delivery = require(action, "deliverLogsStatus", log.deliver_logs_status).map_err(about)?;
    let fails = match delivery.as_str() {
        "SUCCESS" => false,
        "FAILED" => true,
        other => return Err(about(unknown_value(action, "deliverLogsStatus", other))),
    };
    Ok(Some(FlowLog {
        bucket: bucket(log.log_destination_type, log.log_destination)
            .map_err(|failure| Gap::from(about(failure)))
            .into(),
        resource: require(action, "resourceId", resource.clone())?,
        accepted_only,
        fails,
    }))
}

/// The bucket in the destination of a flow log, which is the ARN of the bucket or of a folder in it:
/// `arn:aws:s3:::bucket/folder/`. One that does not say where it goes is one of CloudWatch Logs, the only destination
/// that there was before there were types.
fn bucket(
    kind: Option<types::LogDestinationType>,
    destination: Option<String>,
) -> Result<Option<String>, Failure> {
    if kind != Some(types::LogDestinationType::S3) {
        return Ok(None);
    }
    let action = DESCRIBE_FLOW_LOGS.action;
    let destination = require(action, "logDestination", destination)?;
    let name = destination
        .split(":s3:::")
        .nth(1)
        .and_then(|path| path.split('/').next());
    let Some(name) = name.filter(|name| !name.is_empty()) else {
        return Err(unknown_value(action, "logDestination", &destination));
    };
    Ok(Some(name.to_owned()))
}

/// States are documented with a capital letter and come without one. An endpoint that may be one of a VPC
/// is a failure of that VPC's.
fn endpoint(endpoint: types::VpcEndpoint) -> Result<Option<VpcEndpoint>, Failure> {
    let action = DESCRIBE_VPC_ENDPOINTS.action;
    let vpc = endpoint.vpc_id;
    let about = |failure: Failure| failure.of_item(vpc.as_deref());
    let state = require(action, "state", endpoint.state).map_err(about)?;
    if !state.as_str().eq_ignore_ascii_case("available") {
        return Ok(None);
    }
    let no_tables = endpoint.route_table_ids.is_none_or(|ids| ids.is_empty());
    let unrouted = no_tables && {
        let kind = require(action, "vpcEndpointType", endpoint.vpc_endpoint_type).map_err(about)?;
        kind == types::VpcEndpointType::Gateway
    };
    let service = require(action, "serviceName", endpoint.service_name).map_err(about)?;
    Ok(Some(VpcEndpoint {
        service,
        unrouted,
        vpc: require(action, "vpcId", vpc)?,
    }))
}

fn interface(interface: types::NetworkInterface) -> Result<Option<InterfaceNetwork>, Failure> {
    let action = DESCRIBE_INTERFACES.action;
    let id = interface.network_interface_id.unwrap_or_default();
    let vpc = require_of(action, &id, "vpcId", interface.vpc_id).map_err(Into::into);
    let groups = interface.groups.unwrap_or_default().into_iter();
    let groups = groups.map(|group| require_of(action, &id, "groupId", group.group_id));
    Ok(Some((vpc, groups.collect())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::VpcEndpointType::{Gateway, GatewayLoadBalancer, Interface};

    #[test]
    fn a_gateway_endpoint_needs_a_route_table() {
        let read = |kind: types::VpcEndpointType, tables: &[&str]| {
            let made = types::VpcEndpoint::builder()
                .vpc_id("vpc-1")
                .service_name("com.amazonaws.eu-west-1.s3")
                .state(types::State::Available)
                .vpc_endpoint_type(kind)
                .set_route_table_ids(Some(tables.iter().map(ToString::to_string).collect()));
            endpoint(made.build()).unwrap().unwrap().unrouted
        };
        assert!(read(Gateway, &[]));
        assert!(!read(Gateway, &["rtb-1"]));
        assert!(!read(Interface, &[]));
        assert!(!read(GatewayLoadBalancer, &[]));
    }

    #[test]
    fn a_flow_log_that_lacks_a_field_is_a_gap_of_its_vpc() {
        let whole = types::FlowLog::builder()
            .resource_id("vpc-1")
            .flow_log_status("ACTIVE")
            .traffic_type(types::TrafficType::All)
            .deliver_logs_status("SUCCESS");
        assert!(flow_log(whole.clone().build()).unwrap().is_some());
        for (unread, lacks) in [
            (whole.clone().set_flow_log_status(None), "flowLogStatus"),
            (whole.clone().set_traffic_type(None), "trafficType"),
            (
                whole.clone().set_deliver_logs_status(None),
                "deliverLogsStatus",
            ),
        ] {
            let failure = flow_log(unread.build()).unwrap_err();
            assert_eq!(failure.detail, format!("the answer lacks {lacks}"));
            assert_eq!(failure.resource, "vpc-1");
        }
        let of_any = flow_log(whole.clone().set_resource_id(None).build()).unwrap_err();
        assert_eq!(of_any.resource, "");
        let some = flow_log(whole.traffic_type("SOME".into()).build());
        assert!(some.is_err());
    }

    #[test]
    fn an_endpoint_that_lacks_a_field_is_a_gap_of_its_vpc() {
        let whole = types::VpcEndpoint::builder()
            .vpc_id("vpc-1")
            .service_name("com.amazonaws.eu-west-1.s3")
            .state(types::State::Available)
            .vpc_endpoint_type(Gateway);
        assert!(endpoint(whole.clone().build()).unwrap().is_some());
        for (unread, lacks) in [
            (whole.clone().set_state(None), "state"),
            (whole.clone().set_service_name(None), "serviceName"),
            (whole.clone().set_vpc_endpoint_type(None), "vpcEndpointType"),
        ] {
            let failure = endpoint(unread.build()).unwrap_err();
            assert_eq!(failure.detail, format!("the answer lacks {lacks}"));
            assert_eq!(failure.resource, "vpc-1");
        }
        let of_any = endpoint(whole.clone().set_vpc_id(None).build()).unwrap_err();
        assert_eq!(of_any.resource, "");
        // What a route table leads to carries traffic, whatever its type.
        let routed = whole.set_vpc_endpoint_type(None).route_table_ids("rtb-1");
        assert!(!endpoint(routed.build()).unwrap().unwrap().unrouted);
    }

    #[test]
    fn an_interface_may_be_in_a_vpc_and_carry_a_group_that_it_does_not_name() {
        let bare = types::NetworkInterface::builder()
            .network_interface_id("eni-1")
            .groups(types::GroupIdentifier::builder().build());
        let (vpc, groups) = interface(bare.build()).unwrap().unwrap();
        assert_eq!(vpc.unwrap_err().resource, "eni-1");
        assert_eq!(groups.gaps.len(), 1);
        let without_groups = types::NetworkInterface::builder().vpc_id("vpc-1");
        let (vpc, groups) = interface(without_groups.build()).unwrap().unwrap();
        assert_eq!((vpc, groups.is_empty()), (Ok("vpc-1".into()), true));
    }
}
