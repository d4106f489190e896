"""Instances, and the network that they are in."""

from typing import Any

from cases.compute import SSH, Instance
from cases.model import VIRGINIA, Rule

from .groups import permission
from .iam import TRUST
from .site import Site, make

IMAGE = "ami-0123456789abcdef0"
SIZE_GIB = 8
PROFILE = "instances"


@make.register
def _(instance: Instance, name: str, site: Site) -> None:
    ec2 = site.ec2(VIRGINIA)
    disk = {"VolumeSize": SIZE_GIB, "Encrypted": True, "DeleteOnTermination": True}
    made = ec2.run_instances(
        ImageId=IMAGE,
        InstanceType="t3.micro",
        MinCount=1,
        MaxCount=1,
        SubnetId=subnet(site, instance),
        SecurityGroupIds=[group(site, instance, name)],
        BlockDeviceMappings=[{"DeviceName": "/dev/sda1", "Ebs": disk}],
        MetadataOptions={"HttpTokens": instance.tokens, "HttpEndpoint": instance.endpoint},
        **({"IamInstanceProfile": {"Name": profile(site)}} if instance.profile else {}),
        **({"Ipv6AddressCount": 1} if instance.ipv6 else {}),
    )["Instances"][0]
    instance_id = site.record_ec2(name, VIRGINIA, "instance", made["InstanceId"])
    if instance.elastic:
        address = ec2.allocate_address(Domain="vpc")["AllocationId"]
        ec2.associate_address(AllocationId=address, InstanceId=instance_id)
    if instance.state == "stopped":
        ec2.stop_instances(InstanceIds=[instance_id])
    elif instance.state == "terminated":
        ec2.terminate_instances(InstanceIds=[instance_id])


def group(site: Site, instance: Instance, name: str) -> str:
    ec2 = site.ec2(VIRGINIA)
    made: str = ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc(site))["GroupId"]
    site.record_ec2(f"group-of-{name}", VIRGINIA, "security-group", made)
    if instance.ports or instance.protocol == "-1":
        rule = Rule(instance.protocol, instance.ports, instance.sources)
        ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=[permission(rule, made, site)])
    return made


def profile(site: Site) -> str:
    if ("profile",) not in site.places:
        iam = site.iam()
        iam.create_role(RoleName=PROFILE, AssumeRolePolicyDocument=TRUST)
        iam.create_instance_profile(InstanceProfileName=PROFILE)
        iam.add_role_to_instance_profile(InstanceProfileName=PROFILE, RoleName=PROFILE)
        site.places["profile",] = PROFILE
    return PROFILE


def vpc(site: Site) -> str:
    """One with IPv6 and an internet gateway."""
    if ("compute", "vpc") not in site.places:
        ec2 = site.ec2(VIRGINIA)
        made = ec2.create_vpc(CidrBlock="10.70.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=made["VpcId"])
        site.record_ec2("vpc-of-instances", VIRGINIA, "vpc", made["VpcId"])
        let_ipv6_through(ec2, made["VpcId"])
        site.places["compute", "vpc"] = made["VpcId"]
        site.places["compute", "ipv6"] = made["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"]
        site.places["compute", "gateway"] = gateway
    found: str = site.places["compute", "vpc"]
    return found


def let_ipv6_through(ec2: Any, vpc_id: str) -> None:
    """AWS adds this to the default network ACL of a VPC with IPv6, and moto does not.

    https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html
    """
    of_vpc = [{"Name": "vpc-id", "Values": [vpc_id]}, {"Name": "default", "Values": ["true"]}]
    [acl] = ec2.describe_network_acls(Filters=of_vpc)["NetworkAcls"]
    everything = {"RuleNumber": 101, "RuleAction": "allow", "Protocol": "-1", "Ipv6CidrBlock": "::/0"}
    for egress in (False, True):
        ec2.create_network_acl_entry(NetworkAclId=acl["NetworkAclId"], Egress=egress, **everything)


def subnet(site: Site, instance: Instance) -> str:
    """All but `private` have routes to the internet gateway; with `address` an instance gets one at launch."""
    where = ("compute", instance.subnet, "address" if instance.address else "none")
    if where not in site.places:
        site.places[where] = create_subnet(site, instance)
    found: str = site.places[where]
    return found


def create_subnet(site: Site, instance: Instance) -> str:
    ec2, vpc_id = site.ec2(VIRGINIA), vpc(site)
    number = sum(1 for place in site.places if place[0] == "compute")
    ipv6 = site.places["compute", "ipv6"].replace("00::/56", f"{number:02x}::/64")
    cidrs: dict[str, Any] = {"CidrBlock": f"10.70.{number}.0/24", "Ipv6CidrBlock": ipv6}
    made: str = ec2.create_subnet(VpcId=vpc_id, AvailabilityZone=f"{VIRGINIA}a", **cidrs)["Subnet"]["SubnetId"]
    if instance.address:
        ec2.modify_subnet_attribute(SubnetId=made, MapPublicIpOnLaunch={"Value": True})
    if instance.subnet == "guarded":
        guard(ec2, vpc_id, made)
    if instance.subnet != "private":
        table = ec2.create_route_table(VpcId=vpc_id)["RouteTable"]["RouteTableId"]
        gateway = site.places["compute", "gateway"]
        ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
        ec2.create_route(RouteTableId=table, DestinationIpv6CidrBlock="::/0", GatewayId=gateway)
        ec2.associate_route_table(RouteTableId=table, SubnetId=made)
    return made


def guard(ec2: Any, vpc_id: str, subnet_id: str) -> None:
    """Gives the subnet a network ACL that shuts out SSH, and nothing else.

    One that somebody makes denies everything in both directions until it has entries:
    https://docs.aws.amazon.com/vpc/latest/userguide/create-network-acl.html
    """
    acl = ec2.create_network_acl(VpcId=vpc_id)["NetworkAcl"]["NetworkAclId"]
    ports = {"From": SSH[0], "To": SSH[1]}
    anybody = {"NetworkAclId": acl, "Egress": False, "CidrBlock": "0.0.0.0/0"}
    ec2.create_network_acl_entry(RuleNumber=90, RuleAction="deny", Protocol="6", PortRange=ports, **anybody)
    for egress in (False, True):
        ec2.create_network_acl_entry(RuleNumber=100, RuleAction="allow", Protocol="-1", **anybody | {"Egress": egress})
    of_subnet = [{"Name": "association.subnet-id", "Values": [subnet_id]}]
    [now] = ec2.describe_network_acls(Filters=of_subnet)["NetworkAcls"]
    [association] = [one for one in now["Associations"] if one["SubnetId"] == subnet_id]
    ec2.replace_network_acl_association(AssociationId=association["NetworkAclAssociationId"], NetworkAclId=acl)
