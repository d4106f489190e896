"""Makes one kind of thing in an account, over the AWS API."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import singledispatch
from ipaddress import IPv6Network, ip_network
from typing import Any

from clients import Clients
from kinds import (
    BLOCK_SETTINGS,
    Account,
    AccountBlock,
    AclEntry,
    Bucket,
    Content,
    Endpoint,
    FlowLog,
    Image,
    Ingress,
    Instance,
    Network,
    Peering,
    PrefixList,
    RegionSettings,
    SecurityGroup,
    Snapshot,
    Subnet,
    Trail,
    Volume,
    VpcBlock,
)

IMAGE = "ami-0123456789abcdef0"
DISK_GIB = 8


@dataclass
class Site:
    """An account under construction. `ids` leads from a logical name to the id that EC2 gave."""

    account: Account
    account_id: str
    clients: Clients
    ids: dict[str, str] = field(default_factory=dict)
    resources: dict[str, dict[str, str]] = field(default_factory=dict)

    def ec2(self, region: str) -> Any:
        return self.clients.of("ec2", region)

    def record(self, name: str, region: str, arn: str) -> None:
        if name in self.resources:
            raise ValueError(f"{self.account.name} has two resources called {name}")
        self.resources[name] = {"account": self.account.name, "region": region, "arn": arn}

    def record_ec2(self, name: str, region: str, kind: str, resource_id: str) -> str:
        self.ids[name] = resource_id
        self.record(name, region, f"arn:aws:ec2:{region}:{self.account_id}:{kind}/{resource_id}")
        return resource_id


def name_tag(kind: str, name: str) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]


@singledispatch
def create(content: Content, site: Site) -> None:
    raise NotImplementedError(f"no way to make {content!r}")


@create.register
def _(volume: Volume, site: Site) -> None:
    made = site.ec2(volume.region).create_volume(
        AvailabilityZone=f"{volume.region}a",
        Size=DISK_GIB,
        Encrypted=volume.encrypted,
        TagSpecifications=name_tag("volume", volume.name),
    )
    site.record_ec2(volume.name, volume.region, "volume", made["VolumeId"])


@create.register
def _(bucket: Bucket, site: Site) -> None:
    s3 = site.clients.of("s3", bucket.region)
    bucket_name = f"acme-{bucket.name}"
    elsewhere = {"CreateBucketConfiguration": {"LocationConstraint": bucket.region}}
    # ACLs count only where the writer owns the object; AWS turns them off in new buckets.
    ownership = {"ObjectOwnership": "ObjectWriter"} if bucket.acl else {}
    s3.create_bucket(Bucket=bucket_name, **ownership, **(elsewhere if bucket.region != "us-east-1" else {}))
    if bucket.acl:
        s3.put_bucket_acl(Bucket=bucket_name, **bucket.acl)
    if statements := list(policy_statements(bucket, bucket_name)):
        policy = {"Version": "2012-10-17", "Statement": statements}
        s3.put_bucket_policy(Bucket=bucket_name, Policy=json.dumps(policy))
    if bucket.block:
        s3.put_public_access_block(Bucket=bucket_name, PublicAccessBlockConfiguration=block(bucket.block))
    set_up(bucket, bucket_name, s3, site)
    site.record(bucket.name, bucket.region, f"arn:aws:s3:::{bucket_name}")


def set_up(bucket: Bucket, bucket_name: str, s3: Any, site: Site) -> None:
    if bucket.versioning:
        s3.put_bucket_versioning(Bucket=bucket_name, VersioningConfiguration={"Status": bucket.versioning})
    if bucket.mfa_delete:
        site.clients.control("POST", "/_emulator/mfa-delete", {"bucket": bucket_name})
    if bucket.kms:
        default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}
        s3.put_bucket_encryption(Bucket=bucket_name, ServerSideEncryptionConfiguration={"Rules": [default]})
    if bucket.logs_to:
        target = {"TargetBucket": f"acme-{bucket.logs_to}", "TargetPrefix": f"{bucket_name}/"}
        s3.put_bucket_logging(Bucket=bucket_name, BucketLoggingStatus={"LoggingEnabled": target})


def policy_statements(bucket: Bucket, bucket_name: str) -> Iterator[dict[str, Any]]:
    arn = f"arn:aws:s3:::{bucket_name}"
    if bucket.public_policy:
        allow = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{arn}/*"}
        yield allow | ({"Condition": bucket.conditions} if bucket.conditions else {})
    if bucket.takes_logs:
        service = {"Service": "logging.s3.amazonaws.com"}
        yield {"Effect": "Allow", "Principal": service, "Action": "s3:PutObject", "Resource": f"{arn}/*"}
    if bucket.tls_only:
        yield {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [f"{arn}{part}" for part in bucket.tls_only],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }


def block(settings: tuple[str, ...]) -> dict[str, bool]:
    return {setting: setting in settings for setting in BLOCK_SETTINGS}


@create.register
def _(account_block: AccountBlock, site: Site) -> None:
    site.clients.of("s3control", "us-east-1").put_public_access_block(
        AccountId=site.account_id, PublicAccessBlockConfiguration=block(account_block.settings)
    )


@create.register
def _(network: Network, site: Site) -> None:
    ec2 = site.ec2(network.region)
    vpc = ec2.create_vpc(
        CidrBlock=network.cidr,
        AmazonProvidedIpv6CidrBlock=network.ipv6,
        TagSpecifications=name_tag("vpc", network.name),
    )["Vpc"]
    vpc_id = site.record_ec2(network.name, network.region, "vpc", vpc["VpcId"])
    gateways = create_gateways(network, site, vpc_id)
    create_routes(ec2, main_table(ec2, vpc_id), network.main_routes, gateways)
    ipv6 = vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"] if network.ipv6 else None
    for position, subnet in enumerate(network.subnets):
        create_subnet(network, subnet, position, site, ipv6, gateways)


def create_gateways(network: Network, site: Site, vpc_id: str) -> dict[str, dict[str, str]]:
    """The parameter of CreateRoute for each kind of gateway that the network's routes lead to."""
    ec2 = site.ec2(network.region)
    kinds = {kind for table in (network.main_routes, *(s.routes for s in network.subnets)) for kind in table.values()}
    gateways = {}
    if "internet" in kinds:
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc_id)
        gateways["internet"] = {"GatewayId": gateway}
        site.record_ec2(f"{network.name}-internet", network.region, "internet-gateway", gateway)
    if "egress-only" in kinds:
        made = ec2.create_egress_only_internet_gateway(VpcId=vpc_id)
        gateway = made["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]
        gateways["egress-only"] = {"EgressOnlyInternetGatewayId": gateway}
        site.record_ec2(f"{network.name}-egress-only", network.region, "egress-only-internet-gateway", gateway)
    return gateways


def create_routes(ec2: Any, table: str, routes: Mapping[str, str], gateways: Mapping[str, dict[str, str]]) -> None:
    for destination, kind in routes.items():
        field_name = "DestinationIpv6CidrBlock" if ":" in destination else "DestinationCidrBlock"
        ec2.create_route(RouteTableId=table, **{field_name: destination}, **gateways[kind])


def create_subnet(
    network: Network,
    subnet: Subnet,
    position: int,
    site: Site,
    ipv6: str | None,
    gateways: Mapping[str, dict[str, str]],
) -> None:
    ec2 = site.ec2(network.region)
    ranges = {"CidrBlock": str(list(ip_network(network.cidr).subnets(new_prefix=24))[position])}
    if ipv6:
        ranges["Ipv6CidrBlock"] = str(list(IPv6Network(ipv6).subnets(new_prefix=64))[position])
    made = ec2.create_subnet(
        VpcId=site.ids[network.name],
        AvailabilityZone=f"{network.region}a",
        TagSpecifications=name_tag("subnet", subnet.name),
        **ranges,
    )
    subnet_id = site.record_ec2(subnet.name, network.region, "subnet", made["Subnet"]["SubnetId"])
    if subnet.routes:
        table = ec2.create_route_table(VpcId=site.ids[network.name])["RouteTable"]["RouteTableId"]
        site.record_ec2(f"{subnet.name}-routes", network.region, "route-table", table)
        create_routes(ec2, table, subnet.routes, gateways)
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnet_id)


@create.register
def _(instance: Instance, site: Site) -> None:
    ec2 = site.ec2(instance.region)
    disk = {"VolumeSize": DISK_GIB, "Encrypted": instance.encrypted, "DeleteOnTermination": True}
    place = {"SubnetId": site.ids[instance.subnet]} if instance.subnet else {}
    made = ec2.run_instances(
        ImageId=IMAGE,
        InstanceType="t3.micro",
        MinCount=1,
        MaxCount=1,
        BlockDeviceMappings=[{"DeviceName": "/dev/sda1", "Ebs": disk}],
        TagSpecifications=name_tag("instance", instance.name) + name_tag("volume", f"{instance.name}-root"),
        MetadataOptions={"HttpTokens": "optional" if instance.imdsv1 else "required"},
        **place,
        **({"Ipv6AddressCount": 1} if instance.ipv6 else {}),
        **({"SecurityGroupIds": [site.ids[name] for name in instance.groups]} if instance.groups else {}),
        **({"IamInstanceProfile": {"Name": profile(site)}} if instance.profile else {}),
    )["Instances"][0]
    instance_id = site.record_ec2(instance.name, instance.region, "instance", made["InstanceId"])
    root = made["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]
    site.record_ec2(f"{instance.name}-root", instance.region, "volume", root)
    if instance.elastic_ip:
        address = ec2.allocate_address(Domain="vpc")["AllocationId"]
        site.record_ec2(f"{instance.name}-address", instance.region, "elastic-ip", address)
        ec2.associate_address(AllocationId=address, InstanceId=instance_id)
    if instance.stopped:
        ec2.stop_instances(InstanceIds=[instance_id])


def profile(site: Site) -> str:
    """The instance profile that all of the account's instances share."""
    if "profile" not in site.ids:
        iam = site.clients.of("iam", "us-east-1")
        made = iam.create_instance_profile(InstanceProfileName="machine")["InstanceProfile"]
        site.ids["profile"] = made["InstanceProfileName"]
    return site.ids["profile"]


@create.register
def _(prefix_list: PrefixList, site: Site) -> None:
    made = site.ec2(prefix_list.region).create_managed_prefix_list(
        PrefixListName=prefix_list.name,
        AddressFamily="IPv4",
        MaxEntries=len(prefix_list.cidrs),
        Entries=[{"Cidr": cidr} for cidr in prefix_list.cidrs],
    )
    site.record_ec2(prefix_list.name, prefix_list.region, "prefix-list", made["PrefixList"]["PrefixListId"])


@create.register
def _(group: SecurityGroup, site: Site) -> None:
    ec2 = site.ec2(group.region)
    if group.default:
        made = ec2.describe_security_groups(
            Filters=[
                {"Name": "vpc-id", "Values": [site.ids[group.network] if group.network else default_vpc(ec2)]},
                {"Name": "group-name", "Values": ["default"]},
            ]
        )["SecurityGroups"][0]
    else:
        made = ec2.create_security_group(
            GroupName=group.name,
            Description=group.name,
            VpcId=site.ids[group.network] if group.network else default_vpc(ec2),
            TagSpecifications=name_tag("security-group", group.name),
        )
    group_id = site.record_ec2(group.name, group.region, "security-group", made["GroupId"])
    permissions = [permission(rule, site.ids) for rule in group.rules]
    if permissions:
        ec2.authorize_security_group_ingress(GroupId=group_id, IpPermissions=permissions)
    if not group.egress:
        there = ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0]
        if there["IpPermissions"] and not permissions:
            ec2.revoke_security_group_ingress(GroupId=group_id, IpPermissions=there["IpPermissions"])
        ec2.revoke_security_group_egress(GroupId=group_id, IpPermissions=there["IpPermissionsEgress"])


def default_vpc(ec2: Any) -> str:
    vpc_id: str = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]["VpcId"]
    return vpc_id


def permission(rule: Ingress, ids: Mapping[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = {"IpProtocol": "-1" if rule.protocol == "all" else rule.protocol}
    if rule.ports:
        made["FromPort"], made["ToPort"] = rule.ports
    for source in rule.sources:
        group, item = source_of(source, ids)
        made.setdefault(group, []).append(item)
    return made


def source_of(source: str, ids: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    if source not in ids:
        return ("Ipv6Ranges", {"CidrIpv6": source}) if ":" in source else ("IpRanges", {"CidrIp": source})
    source_id = ids[source]
    if source_id.startswith("pl-"):
        return "PrefixListIds", {"PrefixListId": source_id}
    return "UserIdGroupPairs", {"GroupId": source_id}


@create.register
def _(vpc_block: VpcBlock, site: Site) -> None:
    setting = {"account": site.account_id, "region": vpc_block.region, "mode": vpc_block.mode}
    site.clients.control("POST", "/_emulator/vpc-block-public-access", setting)


@create.register
def _(snapshot: Snapshot, site: Site) -> None:
    ec2 = site.ec2(snapshot.region)
    made = ec2.create_snapshot(VolumeId=site.ids[snapshot.volume], TagSpecifications=name_tag("snapshot", snapshot.name))
    snapshot_id = made["SnapshotId"]
    site.record(snapshot.name, snapshot.region, f"arn:aws:ec2:{snapshot.region}::snapshot/{snapshot_id}")
    if snapshot.public:
        ec2.modify_snapshot_attribute(
            SnapshotId=snapshot_id, Attribute="createVolumePermission", OperationType="add", GroupNames=["all"]
        )


@create.register
def _(image: Image, site: Site) -> None:
    ec2 = site.ec2(image.region)
    image_id = ec2.create_image(InstanceId=site.ids[image.instance], Name=image.name)["ImageId"]
    site.ids[image.name] = image_id
    # The ARN of an image has no account.
    site.record(image.name, image.region, f"arn:aws:ec2:{image.region}::image/{image_id}")
    if image.public:
        ec2.modify_image_attribute(ImageId=image_id, LaunchPermission={"Add": [{"Group": "all"}]})


@create.register
def _(log: FlowLog, site: Site) -> None:
    made = site.ec2(log.region).create_flow_logs(
        ResourceType="VPC",
        ResourceIds=[site.ids[log.network]],
        TrafficType=log.traffic,
        LogDestinationType="s3",
        LogDestination=f"arn:aws:s3:::acme-{log.bucket}",
    )
    site.record_ec2(log.name, log.region, "vpc-flow-log", made["FlowLogIds"][0])


@create.register
def _(endpoint: Endpoint, site: Site) -> None:
    ec2, vpc = site.ec2(endpoint.region), site.ids[endpoint.network]
    made = ec2.create_vpc_endpoint(
        VpcId=vpc, ServiceName=f"com.amazonaws.{endpoint.region}.s3", RouteTableIds=[main_table(ec2, vpc)]
    )["VpcEndpoint"]
    site.record_ec2(endpoint.name, endpoint.region, "vpc-endpoint", made["VpcEndpointId"])


@create.register
def _(peering: Peering, site: Site) -> None:
    ec2, vpc = site.ec2(peering.region), site.ids[peering.network]
    made = ec2.create_vpc_peering_connection(VpcId=vpc, PeerVpcId=site.ids[peering.peer])["VpcPeeringConnection"]
    connection = made["VpcPeeringConnectionId"]
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=connection)
    site.record_ec2(peering.name, peering.region, "vpc-peering-connection", connection)
    table = main_table(ec2, vpc)
    site.record_ec2(f"{peering.network}-routes", peering.region, "route-table", table)
    for destination in peering.routes:
        ec2.create_route(RouteTableId=table, DestinationCidrBlock=destination, VpcPeeringConnectionId=connection)


def main_table(ec2: Any, vpc: str) -> str:
    tables = ec2.describe_route_tables(
        Filters=[{"Name": "vpc-id", "Values": [vpc]}, {"Name": "association.main", "Values": ["true"]}]
    )["RouteTables"]
    table: str = tables[0]["RouteTableId"]
    return table


@create.register
def _(entry: AclEntry, site: Site) -> None:
    ec2 = site.ec2(entry.region)
    acls = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [site.ids[entry.network]]}])["NetworkAcls"]
    acl = acls[0]["NetworkAclId"]
    if (name := f"{entry.network}-acl") not in site.ids:
        site.record_ec2(name, entry.region, "network-acl", acl)
    ec2.create_network_acl_entry(
        NetworkAclId=acl,
        RuleNumber=entry.number,
        Protocol=entry.protocol,
        RuleAction="allow" if entry.allow else "deny",
        Egress=False,
        **({"Ipv6CidrBlock": entry.source} if ":" in entry.source else {"CidrBlock": entry.source}),
        **({"PortRange": {"From": entry.ports[0], "To": entry.ports[1]}} if entry.ports else {}),
    )


@create.register
def _(settings: RegionSettings, site: Site) -> None:
    ec2 = site.ec2(settings.region)
    if settings.encryption:
        ec2.enable_ebs_encryption_by_default()
    if settings.snapshots:
        ec2.enable_snapshot_block_public_access(State=settings.snapshots)
    if settings.images_unblocked:
        ec2.disable_image_block_public_access()
    if settings.imdsv2:
        ec2.modify_instance_metadata_defaults(HttpTokens="required")


@create.register
def _(trail: Trail, site: Site) -> None:
    tell = site.clients.control
    if trail.organization:
        tell("POST", "/_emulator/trail-administrator", {"account": site.account_id})
    cloudtrail = site.clients.of("cloudtrail", trail.region)
    key = f"arn:aws:kms:{trail.region}:{site.account_id}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    arn = cloudtrail.create_trail(
        Name=trail.name,
        S3BucketName=f"acme-{trail.bucket}",
        IsMultiRegionTrail=trail.multi_region,
        IsOrganizationTrail=trail.organization,
        EnableLogFileValidation=trail.validation,
        **({"KmsKeyId": key} if trail.kms else {}),
    )["TrailARN"]
    if trail.selectors:
        fields = [[{"Field": name, "Equals": list(values)} for name, values in one.items()] for one in trail.selectors]
        selectors = [{"FieldSelectors": one} for one in fields]
        cloudtrail.put_event_selectors(TrailName=arn, AdvancedEventSelectors=selectors)
    if trail.logging:
        cloudtrail.start_logging(Name=arn)
    if trail.failing is not None:
        status = {"log_files": {"error": "AccessDenied", "days": trail.failing}}
        place = {"account": site.account_id, "region": trail.region, "trail": trail.name}
        tell("POST", "/_emulator/trail-status", {**place, **status})
    site.record(trail.name, trail.region, arn)
