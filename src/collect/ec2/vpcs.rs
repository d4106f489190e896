//! VPCs, their flow logs and endpoints, and what their network interfaces make use of.

use aws_sdk_ec2::types;

use super::Ec2;
use super::list::list;
use crate::aws::{Failure, require};
use crate::model::{FlowLog, InterfaceUse, Vpc, VpcEndpoint};
use crate::pace::api::{
    DESCRIBE_FLOW_LOGS, DESCRIBE_INTERFACES, DESCRIBE_VPC_ENDPOINTS, DESCRIBE_VPCS,
};

/// The largest page that EC2 gives of each.
const PAGE: i32 = 1_000;

/// The VPC and the groups of one network interface.
type Used = (Option<String>, Vec<String>);

impl Ec2<'_> {
    /// Whether an owner is this account. Networks that another account shares are that account's.
    pub(super) fn is_own(&self, owner: Option<&str>) -> bool {
        owner.is_none_or(|owner| owner == self.session.account.as_str())
    }

    /// All VPCs that the account owns.
    pub(super) async fn vpcs(&self) -> Result<Vec<Vpc>, Failure> {
        let shape = |vpc: types::Vpc| match self.is_own(vpc.owner_id.as_deref()) {
            true => Ok(Some(Vpc {
                id: require(DESCRIBE_VPCS.action, "vpcId", vpc.vpc_id)?,
                is_default: vpc.is_default == Some(true),
            })),
            false => Ok(None),
        };
        list!(self, DESCRIBE_VPCS, describe_vpcs, PAGE, vpcs, shape)
    }

    /// All flow logs that are active.
    pub(super) async fn flow_logs(&self) -> Result<Vec<FlowLog>, Failure> {
        list!(
            self,
            DESCRIBE_FLOW_LOGS,
            describe_flow_logs,
            PAGE,
            flow_logs,
            flow_log
        )
    }

    /// All endpoints that are available.
    pub(super) async fn endpoints(&self) -> Result<Vec<VpcEndpoint>, Failure> {
        list!(
            self,
            DESCRIBE_VPC_ENDPOINTS,
            describe_vpc_endpoints,
            PAGE,
            vpc_endpoints,
            endpoint
        )
    }

    /// What all network interfaces make use of, those that AWS services manage included. Each page is
    /// let go as soon as that is known: there may be many thousands of them.
    pub(super) async fn interfaces(&self) -> Result<InterfaceUse, Failure> {
        let interfaces: Vec<Used> = list!(
            self,
            DESCRIBE_INTERFACES,
            describe_network_interfaces.include_managed_resources(true),
            PAGE,
            network_interfaces,
            interface
        )?;
        let mut used = InterfaceUse::default();
        for (vpc, groups) in interfaces {
            used.vpcs.extend(vpc);
            used.groups.extend(groups);
        }
        Ok(used)
    }
}

/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_FlowLog.html>
fn flow_log(log: types::FlowLog) -> Result<Option<FlowLog>, Failure> {
    if log.flow_log_status.as_deref() != Some("ACTIVE") {
        return Ok(None);
    }
    Ok(Some(FlowLog {
        resource: require(DESCRIBE_FLOW_LOGS.action, "resourceId", log.resource_id)?,
        accepted_only: log.traffic_type == Some(types::TrafficType::Accept),
        fails: log.deliver_logs_status.as_deref() == Some("FAILED"),
    }))
}

/// States are documented with a capital letter and come without one.
fn endpoint(endpoint: types::VpcEndpoint) -> Result<Option<VpcEndpoint>, Failure> {
    let state = endpoint.state.as_ref().map_or("", types::State::as_str);
    if !state.eq_ignore_ascii_case("available") {
        return Ok(None);
    }
    let action = DESCRIBE_VPC_ENDPOINTS.action;
    Ok(Some(VpcEndpoint {
        vpc: require(action, "vpcId", endpoint.vpc_id)?,
        service: endpoint.service_name.unwrap_or_default(),
        unrouted: endpoint.vpc_endpoint_type == Some(types::VpcEndpointType::Gateway)
            && endpoint.route_table_ids.is_none_or(|ids| ids.is_empty()),
    }))
}

fn interface(interface: types::NetworkInterface) -> Result<Option<Used>, Failure> {
    let groups = interface.groups.unwrap_or_default().into_iter();
    let groups = groups.filter_map(|group| group.group_id).collect();
    Ok(Some((interface.vpc_id, groups)))
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
}
