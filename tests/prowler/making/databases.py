"""Databases of RDS, and the network that they are in."""

from typing import Any

from cases.databases import OUTSIDE, Cluster, Database, Place, Subnet, VpcBlock
from cases.model import ANYWHERE, Entry, Rule

from .groups import permission
from .networks import entry_of
from .site import Site, make

ZONES = "abc"
OWNER = {"MasterUsername": "owner", "MasterUserPassword": "not-a-secret"}
# `database_settings` has the cases about backups.
BACKUPS = {"BackupRetentionPeriod": 7}


@make.register
def _(cluster: Cluster, name: str, site: Site) -> None:
    groups = security_groups(site, cluster.place, name)
    made = site.clients.of("rds", cluster.place.region).create_db_cluster(
        DBClusterIdentifier=name,
        Engine=cluster.engine,
        StorageEncrypted=cluster.encrypted,
        DBSubnetGroupName=subnet_group(site, cluster.place),
        VpcSecurityGroupIds=groups,
        # What a cluster without Aurora has to have.
        **({"DBClusterInstanceClass": "db.m6gd.large"} if cluster.engine == "mysql" else {}),
        **BACKUPS,
        **OWNER,
    )["DBCluster"]
    site.arns[name] = made["DBClusterArn"]
    site.places["cluster", name] = cluster.place


@make.register
def _(database: Database, name: str, site: Site) -> None:
    of_cluster = {"DBClusterIdentifier": database.cluster} if database.cluster else {}
    place = site.places["cluster", database.cluster] if database.cluster else database.place
    own = {} if database.cluster else standing_alone(site, database, name)
    rds = site.clients.of("rds", place.region)
    made = rds.create_db_instance(
        DBInstanceIdentifier=name,
        DBInstanceClass="db.t4g.medium",
        Engine=database.engine,
        PubliclyAccessible=database.public,
        AvailabilityZone=f"{place.region}{ZONES[0]}",
        DBSubnetGroupName=subnet_group(site, place),
        Port=database.port,
        **of_cluster,
        **own,
    )["DBInstance"]
    site.arns[name] = made["DBInstanceArn"]
    if database.state == "stopped":
        rds.stop_db_instance(DBInstanceIdentifier=name)


def standing_alone(site: Site, database: Database, name: str) -> dict[str, Any]:
    """What the instance of a cluster has from it."""
    groups = security_groups(site, database.place, name)
    storage = {"AllocatedStorage": 20, "StorageEncrypted": database.encrypted}
    return {"VpcSecurityGroupIds": groups, **storage, **BACKUPS, **OWNER}


@make.register
def _(block: VpcBlock, name: str, site: Site) -> None:
    site.tell("vpc-block-public-access", account=site.account_id, region=block.region, mode=block.mode)


def security_groups(site: Site, place: Place, name: str) -> list[str]:
    """In use by a network interface, which AWS makes for a database and moto does not."""
    called = [f"group-of-{name}", *(f"group-{number}-of-{name}" for number in range(2, len(place.groups) + 1))]
    made = [security_group(site, place.region, *one) for one in zip(called, place.groups, strict=True)]
    site.ec2(place.region).create_network_interface(SubnetId=subnet(site, place, 0), Groups=made)
    return made


def security_group(site: Site, region: str, name: str, rules: tuple[Rule, ...]) -> str:
    ec2 = site.ec2(region)
    made: str = ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc(site, region))["GroupId"]
    site.record_ec2(name, region, "security-group", made)
    if rules:
        permissions = [permission(rule, made, site) for rule in rules]
        ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=permissions)
    return made


def subnet_group(site: Site, place: Place) -> str:
    where = ("databases", place.region, place.subnets)
    if where not in site.places:
        name = f"subnets-{number(site)}"
        subnets = [subnet(site, place, position) for position in range(len(place.subnets))]
        site.clients.of("rds", place.region).create_db_subnet_group(
            DBSubnetGroupName=name, DBSubnetGroupDescription=name, SubnetIds=subnets
        )
        site.places[where] = name
    found: str = site.places[where]
    return found


def subnet(site: Site, place: Place, position: int) -> str:
    where = ("databases", place.region, place.subnets[position], position)
    if where not in site.places:
        zone = f"{place.region}{ZONES[position]}"
        site.places[where] = create_subnet(site, place.region, zone, place.subnets[position])
    found: str = site.places[where]
    return found


def create_subnet(site: Site, region: str, zone: str, wanted: Subnet) -> str:
    ec2, vpc_id = site.ec2(region), vpc(site, region)
    place = {"CidrBlock": f"10.80.{number(site)}.0/24", "AvailabilityZone": zone}
    made: str = ec2.create_subnet(VpcId=vpc_id, **place)["Subnet"]["SubnetId"]
    if wanted.entries:
        guard(site, region, made, wanted.entries)
    routes = [(destination, {"GatewayId": gateway(site, region)}) for destination in wanted.routes]
    if wanted.nat:
        routes.append((ANYWHERE, {"NatGatewayId": nat(site, region)}))
    if routes:
        table = ec2.create_route_table(VpcId=vpc_id)["RouteTable"]["RouteTableId"]
        ec2.associate_route_table(RouteTableId=table, SubnetId=made)
        for destination, target in routes:
            ec2.create_route(RouteTableId=table, DestinationCidrBlock=destination, **target)
    return made


def gateway(site: Site, region: str) -> str:
    found: str = site.places["databases", region, "gateway"]
    return found


def nat(site: Site, region: str) -> str:
    """A NAT gateway, in a public subnet."""
    ec2 = site.ec2(region)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    outside = subnet(site, Place((OUTSIDE,), region=region), 0)
    made: str = ec2.create_nat_gateway(SubnetId=outside, AllocationId=address)["NatGateway"]["NatGatewayId"]
    return made


def guard(site: Site, region: str, subnet_id: str, entries: tuple[Entry, ...]) -> None:
    """Gives the subnet a network ACL with these entries."""
    ec2 = site.ec2(region)
    acl = ec2.create_network_acl(VpcId=vpc(site, region))["NetworkAcl"]["NetworkAclId"]
    site.record_ec2(f"acl-of-databases-{number(site)}", region, "network-acl", acl)
    for entry in entries:
        ec2.create_network_acl_entry(NetworkAclId=acl, **entry_of(entry))
    of_subnet = [{"Name": "association.subnet-id", "Values": [subnet_id]}]
    [now] = ec2.describe_network_acls(Filters=of_subnet)["NetworkAcls"]
    [association] = [one for one in now["Associations"] if one["SubnetId"] == subnet_id]
    ec2.replace_network_acl_association(AssociationId=association["NetworkAclAssociationId"], NetworkAclId=acl)


def vpc(site: Site, region: str) -> str:
    """One with an internet gateway."""
    if ("databases", region, "vpc") not in site.places:
        ec2 = site.ec2(region)
        made = ec2.create_vpc(CidrBlock="10.80.0.0/16")["Vpc"]["VpcId"]
        outside = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=outside, VpcId=made)
        site.record_ec2(f"vpc-of-databases-{region}", region, "vpc", made)
        site.places["databases", region, "vpc"] = made
        site.places["databases", region, "gateway"] = outside
    found: str = site.places["databases", region, "vpc"]
    return found


def number(site: Site) -> int:
    """Another one for each of the account's places."""
    return sum(1 for place in site.places if place[0] == "databases")
