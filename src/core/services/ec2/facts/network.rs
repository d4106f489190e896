//! Facts of EC2: VPCs, what is in them, and what watches and blocks their traffic.

use std::collections::BTreeSet;

use crate::facts::{Fact, FactSpec};
use crate::model::{Gap, Items, Owner, Reading};
use crate::services::ec2::{SecurityGroups, apis};

/// VPC Block Public Access of one account and Region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VpcBlockPublicAccess {
    /// What is blocked.
    pub mode: VpcBlockMode,
    /// Ids of VPCs and subnets that are excluded from the block; a gap for each exclusion that may be of
    /// any of them.
    pub exclusions: Items<String>,
}

/// What VPC Block Public Access blocks: `InternetGatewayBlockMode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VpcBlockMode {
    /// Nothing.
    #[default]
    Off,
    /// Traffic in both directions.
    BlockBidirectional,
    /// Traffic from the internet, unless it answers to traffic from inside.
    BlockIngress,
}

/// A VPC that the account can see: its own, and those of which another account shares a subnet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vpc {
    /// `vpc-…`
    pub id: String,
    /// Whose it is.
    pub owner: Owner,
    /// Whether AWS says that it is the one that AWS made in the Region.
    pub is_default: bool,
}

/// A flow log that is active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowLog {
    /// The VPC, subnet, interface or gateway whose traffic it logs.
    pub resource: String,
    /// Whether it leaves out what is rejected.
    pub accepted_only: bool,
    /// Whether AWS cannot deliver what it logs.
    pub fails: bool,
    /// The bucket that it goes to; none where it goes elsewhere.
    pub bucket: Reading<Option<String>>,
}

/// A VPC endpoint that is available.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VpcEndpoint {
    /// Its VPC.
    pub vpc: String,
    /// `com.amazonaws.eu-west-1.s3`
    pub service: String,
    /// Whether it is of type Gateway and no route table leads to it, so that it carries nothing.
    pub unrouted: bool,
}

/// What the network interfaces of an account and Region make use of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InterfaceUse {
    /// Ids of the VPCs that they are in.
    pub vpcs: BTreeSet<String>,
    /// Ids of the security groups that they carry.
    pub groups: BTreeSet<String>,
    /// Why the VPC of an interface is not known. It may be in any.
    pub unread_vpc: Option<Gap>,
    /// Why a group of an interface is not known. It may be any.
    pub unread_group: Option<Gap>,
}

impl InterfaceUse {
    /// Whether an interface is in the VPC.
    ///
    /// # Errors
    /// The gap of an interface that may be in it, where no other is.
    pub fn has_vpc(&self, vpc: &str) -> Result<bool, Gap> {
        is_used(&self.vpcs, vpc, self.unread_vpc.as_ref())
    }

    /// Whether an interface carries the security group.
    ///
    /// # Errors
    /// The gap of an interface that may carry it, where no other does.
    pub fn has_group(&self, group: &str) -> Result<bool, Gap> {
        is_used(&self.groups, group, self.unread_group.as_ref())
    }
}

fn is_used(used: &BTreeSet<String>, id: &str, unread: Option<&Gap>) -> Result<bool, Gap> {
    match (used.contains(id), unread) {
        (false, Some(gap)) => Err(gap.clone()),
        (is_used, _) => Ok(is_used),
    }
}

impl Fact for VpcBlockPublicAccess {
    type Value = Self;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.vpc_block",
        calls: &[
            &apis::DESCRIBE_VPC_BLOCK,
            &apis::DESCRIBE_VPC_BLOCK_EXCLUSIONS,
        ],
        ..FactSpec::REGION
    };
}

impl Fact for InterfaceUse {
    type Value = Self;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.interfaces",
        calls: &[&apis::DESCRIBE_INTERFACES],
        spared_by: Some(SecurityGroups::SPEC),
        ..FactSpec::REGION
    };
}

/// VPCs that the account can see: its own, and those of which others share subnets.
#[derive(Debug)]
pub struct Vpcs;

impl Fact for Vpcs {
    type Value = Items<Vpc>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.vpcs",
        calls: &[&apis::DESCRIBE_VPCS],
        spared_by: Some(SecurityGroups::SPEC),
        ..FactSpec::REGION
    };
}

/// Flow logs that are active.
#[derive(Debug)]
pub struct FlowLogs;

impl Fact for FlowLogs {
    type Value = Items<FlowLog>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.flow_logs",
        calls: &[&apis::DESCRIBE_FLOW_LOGS],
        ..FactSpec::REGION
    };
}

/// VPC endpoints that are available.
#[derive(Debug)]
pub struct VpcEndpoints;

impl Fact for VpcEndpoints {
    type Value = Items<VpcEndpoint>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.vpc_endpoints",
        calls: &[&apis::DESCRIBE_VPC_ENDPOINTS],
        spared_by: Some(SecurityGroups::SPEC),
        ..FactSpec::REGION
    };
}
