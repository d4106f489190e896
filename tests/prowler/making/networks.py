"""Network ACLs, and VPCs with what belongs to them."""

from typing import Any

from cases.model import VIRGINIA, Acl, Entry
from cases.vpcs import LogBucket, Peering, Vpc

from .groups import place
from .s3 import bucket_called
from .site import Site, make


@make.register
def _(acl: Acl, name: str, site: Site) -> None:
    ec2 = site.ec2(VIRGINIA)
    vpc, _ = place(site)
    made = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    site.record_ec2(name, VIRGINIA, "network-acl", made)
    for entry in acl.entries:
        ec2.create_network_acl_entry(NetworkAclId=made, **entry_of(entry))


def entry_of(entry: Entry) -> dict[str, Any]:
    made: dict[str, Any] = {
        "RuleNumber": entry.number,
        "RuleAction": entry.action,
        "Protocol": entry.protocol,
        "Egress": entry.egress,
        "Ipv6CidrBlock" if ":" in entry.cidr else "CidrBlock": entry.cidr,
    }
    if entry.protocol == "1":
        made["IcmpTypeCode"] = {"Type": -1, "Code": -1}
    if entry.ports:
        made["PortRange"] = {"From": entry.ports[0], "To": entry.ports[1]}
    return made


@make.register
def _(vpc: Vpc, name: str, site: Site) -> None:
    ec2 = site.ec2(VIRGINIA)
    vpc_id = ec2.create_vpc(CidrBlock="10.62.0.0/16")["Vpc"]["VpcId"]
    site.record_ec2(name, VIRGINIA, "vpc", vpc_id)
    subnet = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.62.0.0/24")["Subnet"]["SubnetId"]
    resources = {"vpc": ("VPC", vpc_id), "subnet": ("Subnet", subnet)}
    if vpc.used:
        interface = ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
        resources["interface"] = ("NetworkInterface", interface)
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["RouteTables"]
    tables = [table["RouteTableId"] for table in tables]
    for service, kind in vpc.endpoints:
        where = {"SubnetIds": [subnet]} if kind == "Interface" else {"RouteTableIds": tables}
        called = f"com.amazonaws.{VIRGINIA}.{service}"
        ec2.create_vpc_endpoint(VpcId=vpc_id, ServiceName=called, VpcEndpointType=kind, **where)
    for traffic, where in vpc.logs:
        kind, resource = resources[where]
        log(ec2, kind, resource, traffic, log_bucket(site, traffic))


def log(ec2: Any, kind: str, resource: str, traffic: str, bucket: str) -> None:
    made = ec2.create_flow_logs(
        ResourceIds=[resource],
        ResourceType=kind,
        TrafficType=traffic,
        LogDestinationType="s3",
        LogDestination=f"arn:aws:s3:::{bucket}",
    )
    if made.get("Unsuccessful"):
        raise ValueError(f"{resource}: {made['Unsuccessful']}")


@make.register
def _(logged_to: LogBucket, name: str, site: Site) -> None:
    make(logged_to.bucket, name, site)
    ec2 = site.ec2(VIRGINIA)
    vpc = ec2.create_vpc(CidrBlock="10.65.0.0/16")["Vpc"]["VpcId"]
    site.record_ec2(f"vpc-of-{name}", VIRGINIA, "vpc", vpc)
    log(ec2, "VPC", vpc, "ALL", bucket_called(name))


def log_bucket(site: Site, traffic: str) -> str:
    """One for each kind of traffic: a VPC does not log twice to one place."""
    name = f"acme-flow-logs-{traffic.lower()}"
    if ("logs", traffic) not in site.places:
        site.clients.of("s3", VIRGINIA).create_bucket(Bucket=name)
        site.arns[name] = f"arn:aws:s3:::{name}"
        site.places["logs", traffic] = name
    return name


@make.register
def _(peering: Peering, name: str, site: Site) -> None:
    ec2 = site.ec2(VIRGINIA)
    near, far = (ec2.create_vpc(CidrBlock=cidr)["Vpc"]["VpcId"] for cidr in ("10.63.0.0/16", "10.64.0.0/16"))
    made = ec2.create_vpc_peering_connection(VpcId=near, PeerVpcId=far)["VpcPeeringConnection"]
    connection = site.record_ec2(name, VIRGINIA, "vpc-peering-connection", made["VpcPeeringConnectionId"])
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=connection)
    of_near = [{"Name": "vpc-id", "Values": [near]}]
    table = ec2.describe_route_tables(Filters=of_near)["RouteTables"][0]["RouteTableId"]
    for cidr in peering.routes:
        ec2.create_route(RouteTableId=table, DestinationCidrBlock=cidr, VpcPeeringConnectionId=connection)
