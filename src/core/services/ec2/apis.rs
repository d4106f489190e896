//! The APIs of Amazon EC2 that orgscan calls.

use crate::api::{ErrorCodes, Meaning, PolicyResources, Rate, apis, resources};
use crate::model::Cause;

/// Each EC2 read operation has a bucket of its own in each account and Region; the same rate holds
/// for paged operations only when they are called with `MaxResults` or a filter, as orgscan does.
static READ: Rate = Rate {
    burst: 100,
    refill_per_second: 20,
    source: "https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html",
};

static PREFIX_LISTS: PolicyResources = PolicyResources {
    remark: "Lists of AWS, and those that other accounts share, too.",
    ..resources("PrefixLists", "prefix lists", &["ec2:*:*:prefix-list/*"])
};

/// A list that is named by a rule or a route exists: its owner cannot delete it. If EC2 does not find it, it is another
/// account's, which does not share it any more.
static LIST_NOT_SHARED: ErrorCodes = ErrorCodes::new(
    Meaning::Failed(Cause::OwnedByOtherAccount),
    &[
        "InvalidPrefixListID.NotFound",
        "InvalidPrefixListId.NotFound",
    ],
    "https://docs.aws.amazon.com/vpc/latest/userguide/sharing-managed-prefix-lists.html",
);

apis! {
    "ec2" at READ;
    DESCRIBE_REGIONS = "DescribeRegions";
    DESCRIBE_VOLUMES = "DescribeVolumes" pages 500 of "volumes";
    DESCRIBE_INSTANCES = "DescribeInstances" pages 1_000 of "instances";
    DESCRIBE_ROUTE_TABLES = "DescribeRouteTables" pages 100 of "route tables";
    DESCRIBE_VPC_BLOCK = "DescribeVpcBlockPublicAccessOptions";
    DESCRIBE_VPC_BLOCK_EXCLUSIONS = "DescribeVpcBlockPublicAccessExclusions" pages 1_000 of "exclusions" if "VPC Block Public Access is on";
    DESCRIBE_SECURITY_GROUPS = "DescribeSecurityGroups" pages 1_000 of "security groups";
    GET_PREFIX_LIST_ENTRIES = "GetManagedPrefixListEntries" pages 100 of "entries" on PREFIX_LISTS errors [LIST_NOT_SHARED];
    DESCRIBE_INTERFACES = "DescribeNetworkInterfaces" pages 1_000 of "network interfaces" if "the Region has a security group, or they are not read";
    DESCRIBE_NETWORK_ACLS = "DescribeNetworkAcls" pages 1_000 of "network ACLs";
    DESCRIBE_VPCS = "DescribeVpcs" pages 1_000 of "VPCs" if "the Region has a security group, or they are not read";
    DESCRIBE_FLOW_LOGS = "DescribeFlowLogs" pages 1_000 of "flow logs";
    DESCRIBE_PEERINGS = "DescribeVpcPeeringConnections" pages 1_000 of "peering connections" if "the Region has a security group, or they are not read";
    DESCRIBE_VPC_ENDPOINTS = "DescribeVpcEndpoints" pages 1_000 of "VPC endpoints" if "the Region has a security group, or they are not read";
    DESCRIBE_SNAPSHOTS = "DescribeSnapshots" pages 1_000 of "public snapshots";
    GET_SNAPSHOT_BLOCK = "GetSnapshotBlockPublicAccessState";
    DESCRIBE_IMAGES = "DescribeImages" pages 1_000 of "public images";
    GET_IMAGE_BLOCK = "GetImageBlockPublicAccessState";
    GET_ENCRYPTION_BY_DEFAULT = "GetEbsEncryptionByDefault";
    GET_METADATA_DEFAULTS = "GetInstanceMetadataDefaults";
}
