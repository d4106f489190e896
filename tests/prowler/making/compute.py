"""Volumes, snapshots, images and instances."""

from typing import Any

from cases.compute import Image, Instance, Snapshot, Volume
from cases.model import VIRGINIA

from .iam import TRUST
from .site import Site, make

IMAGE = "ami-0123456789abcdef0"
SIZE_GIB = 8
PROFILE = "instances"


@make.register
def _(volume: Volume, name: str, site: Site) -> None:
    made = create_volume(site, volume.region, volume.encrypted)
    site.record_ec2(name, volume.region, "volume", made)


def create_volume(site: Site, region: str, encrypted: bool) -> str:
    ec2 = site.ec2(region)
    made: str = ec2.create_volume(AvailabilityZone=f"{region}a", Size=SIZE_GIB, Encrypted=encrypted)["VolumeId"]
    return made


@make.register
def _(snapshot: Snapshot, name: str, site: Site) -> None:
    ec2 = site.ec2(snapshot.region)
    volume = create_volume(site, snapshot.region, snapshot.encrypted)
    site.record_ec2(f"volume-of-{name}", snapshot.region, "volume", volume)
    made = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
    site.record_ec2(name, snapshot.region, "snapshot", made)
    if snapshot.shared_with:
        ec2.modify_snapshot_attribute(
            SnapshotId=made,
            Attribute="createVolumePermission",
            OperationType="add",
            **({"GroupNames": ["all"]} if snapshot.shared_with == "all" else {"UserIds": [snapshot.shared_with]}),
        )


@make.register
def _(image: Image, name: str, site: Site) -> None:
    ec2 = site.ec2(image.region)
    made = ec2.register_image(Name=name, RootDeviceName="/dev/sda1")["ImageId"]
    site.record_ec2(name, image.region, "image", made)
    if image.shared_with:
        whom = {"Group": "all"} if image.shared_with == "all" else {"UserId": image.shared_with}
        ec2.modify_image_attribute(ImageId=made, LaunchPermission={"Add": [whom]})


@make.register
def _(instance: Instance, name: str, site: Site) -> None:
    ec2 = site.ec2(VIRGINIA)
    disk = {"VolumeSize": SIZE_GIB, "Encrypted": instance.encrypted, "DeleteOnTermination": True}
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
    if instance.ports:
        first, last = instance.ports
        source = {"IpRanges": [{"CidrIp": instance.source}]}
        permissions = [{"IpProtocol": "tcp", "FromPort": first, "ToPort": last, **source}]
        ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=permissions)
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
        site.places["compute", "vpc"] = made["VpcId"]
        site.places["compute", "ipv6"] = made["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"]
        site.places["compute", "gateway"] = gateway
    found: str = site.places["compute", "vpc"]
    return found


def subnet(site: Site, instance: Instance) -> str:
    """`public` has routes to the internet gateway; with `address` an instance gets one at launch."""
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
    if instance.subnet == "public":
        table = ec2.create_route_table(VpcId=vpc_id)["RouteTable"]["RouteTableId"]
        gateway = site.places["compute", "gateway"]
        ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
        ec2.create_route(RouteTableId=table, DestinationIpv6CidrBlock="::/0", GatewayId=gateway)
        ec2.associate_route_table(RouteTableId=table, SubnetId=made)
    return made
