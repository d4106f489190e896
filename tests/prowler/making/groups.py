"""Security groups, and the prefix lists that their rules name."""

from typing import Any

from cases.model import VIRGINIA, DefaultGroup, Group, Prefixes, Rule

from .site import Site, make

# AWS's quota for the groups of one network interface.
GROUPS_OF_AN_INTERFACE = 5


@make.register
def _(prefixes: Prefixes, name: str, site: Site) -> None:
    if not prefixes.cidrs:
        by_name = [{"Name": "prefix-list-name", "Values": [name]}]
        [of_aws] = site.ec2(VIRGINIA).describe_managed_prefix_lists(Filters=by_name)["PrefixLists"]
        site.ids[name] = of_aws["PrefixListId"]
        return
    made = site.ec2(VIRGINIA).create_managed_prefix_list(
        PrefixListName=name,
        AddressFamily="IPv6" if ":" in prefixes.cidrs[0] else "IPv4",
        MaxEntries=len(prefixes.cidrs),
        Entries=[{"Cidr": cidr} for cidr in prefixes.cidrs],
    )
    site.record_ec2(name, VIRGINIA, "prefix-list", made["PrefixList"]["PrefixListId"])


@make.register
def _(group: Group, name: str, site: Site) -> None:
    ec2 = site.ec2(VIRGINIA)
    vpc, subnet = place(site)
    made = ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
    site.record_ec2(name, VIRGINIA, "security-group", made)
    if group.rules:
        permissions = [permission(rule, made, site) for rule in group.rules]
        ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=permissions)
    if group.used:
        use(ec2, made, subnet, site)


def use(ec2: Any, group: str, subnet: str, site: Site) -> None:
    """Attaches the group to a network interface, a new one where the last has all that it may have."""
    interface, groups = site.places.get(("interface",), ("", []))
    if interface and len(groups) < GROUPS_OF_AN_INTERFACE:
        groups = [*groups, group]
        ec2.modify_network_interface_attribute(NetworkInterfaceId=interface, Groups=groups)
    else:
        groups = [group]
        made = ec2.create_network_interface(SubnetId=subnet, Groups=groups)
        interface = made["NetworkInterface"]["NetworkInterfaceId"]
    site.places["interface",] = interface, groups


def place(site: Site) -> tuple[str, str]:
    """The VPC and the subnet that all groups are in."""
    if ("place",) not in site.places:
        ec2 = site.ec2(VIRGINIA)
        vpc = ec2.create_vpc(CidrBlock="10.60.0.0/16")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.60.0.0/24", AvailabilityZone=f"{VIRGINIA}a")
        site.places["place",] = vpc, subnet["Subnet"]["SubnetId"]
        site.record_ec2("vpc-of-groups", VIRGINIA, "vpc", vpc)
    found: tuple[str, str] = site.places["place",]
    return found


def permission(rule: Rule, group: str, site: Site) -> dict[str, Any]:
    made: dict[str, Any] = {"IpProtocol": rule.protocol}
    if rule.ports:
        made["FromPort"], made["ToPort"] = rule.ports
    for source in rule.sources:
        kind, item = source_of(source, group, site)
        made.setdefault(kind, []).append(item)
    return made


def source_of(source: str, group: str, site: Site) -> tuple[str, dict[str, str]]:
    if source == "self":
        return "UserIdGroupPairs", {"GroupId": group}
    if source in site.ids:
        return "PrefixListIds", {"PrefixListId": site.ids[source]}
    return ("Ipv6Ranges", {"CidrIpv6": source}) if ":" in source else ("IpRanges", {"CidrIp": source})


@make.register
def _(default: DefaultGroup, name: str, site: Site) -> None:
    ec2 = site.ec2(VIRGINIA)
    vpc = ec2.create_vpc(CidrBlock="10.61.0.0/16")["Vpc"]["VpcId"]
    site.record_ec2(f"vpc-of-{name}", VIRGINIA, "vpc", vpc)
    only = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "group-name", "Values": ["default"]}]
    made = ec2.describe_security_groups(Filters=only)["SecurityGroups"][0]
    group = site.record_ec2(name, VIRGINIA, "security-group", made["GroupId"])
    replace(ec2, group, made["IpPermissions"], [permission(rule, group, site) for rule in default.ingress], "ingress")
    egress = [permission(rule, group, site) for rule in default.egress]
    replace(ec2, group, made["IpPermissionsEgress"], egress, "egress")


def replace(ec2: Any, group: str, old: list[Any], new: list[Any], way: str) -> None:
    if old:
        getattr(ec2, f"revoke_security_group_{way}")(GroupId=group, IpPermissions=old)
    if new:
        getattr(ec2, f"authorize_security_group_{way}")(GroupId=group, IpPermissions=new)
