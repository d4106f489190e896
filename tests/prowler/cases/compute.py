"""Instances: their metadata, their roles, and how the internet gets to them."""

from dataclasses import dataclass
from typing import Any

from .groups import LOWER, UPPER
from .model import ANYWHERE, ANYWHERE_IPV6, Case, Table

TOKENS = "ec2-instance-imdsv1"
PROFILE = "ec2-instance-without-profile"
ADDRESS = "ec2-instance-public-address"
EXPOSED = "ec2-instance-exposed"


@dataclass(frozen=True)
class Instance:
    """In the public, the private or the guarded subnet, which is public but for SSH; `ports` are open in its group, to
    the `sources`."""

    subnet: str = "private"
    address: bool = False
    elastic: bool = False
    ipv6: bool = False
    tokens: str = "required"
    endpoint: str = "enabled"
    profile: bool = True
    state: str = "running"
    ports: tuple[int, int] | None = None
    protocol: str = "tcp"
    sources: tuple[str, ...] = (ANYWHERE,)


METADATA = (
    Case("imds-required", Instance(), (), "IMDSv2 only"),
    Case("imds-optional", Instance(tokens="optional"), (TOKENS,), "IMDSv1 too"),
    Case("imds-disabled", Instance(tokens="optional", endpoint="disabled"), (), "no metadata at all"),
    Case("imds-disabled-required", Instance(endpoint="disabled"), (), "no metadata at all"),
    Case("imds-optional-stopped", Instance(tokens="optional", state="stopped"), (TOKENS,), "starts with IMDSv1 again"),
    Case("profile-none", Instance(profile=False), (PROFILE,), "no role"),
    Case("profile-none-stopped", Instance(profile=False, state="stopped"), (PROFILE,), "stopped, no role"),
    Case("instance-terminated", Instance(profile=False, tokens="optional", state="terminated"), (), "gone"),
)

SSH = (22, 22)
HTTPS = (443, 443)

RDP = (3389, 3389)
OFFICE = ("203.0.113.0/24",)
REACHED = (ADDRESS, EXPOSED)


def public(ports: tuple[int, int] | None = None, **more: Any) -> Instance:
    return Instance("public", address=True, ports=ports, **more)


def ipv6(subnet: str, ports: tuple[int, int] | None = None, **more: Any) -> Instance:
    return Instance(subnet, ipv6=True, ports=ports, **more)


EXPOSURES = (
    Case("instance-private", Instance(), (), "no public address"),
    Case("instance-private-ssh", Instance(ports=SSH), (), "open group, no public address"),
    Case("instance-public", public(), (ADDRESS,), "a public address, nothing open"),
    Case("instance-public-https", public(HTTPS), (ADDRESS,), "a web server"),
    Case("instance-public-ssh", public(SSH), REACHED, "all that it takes"),
    Case("instance-public-ssh-office", public(SSH, sources=OFFICE), (ADDRESS,), "an office"),
    Case("instance-public-rdp", public(RDP), REACHED, "all that it takes"),
    Case("instance-public-cifs", public((445, 445)), REACHED, "all that it takes"),
    Case("instance-public-mysql", public((3306, 3306)), REACHED, "all that it takes"),
    Case("instance-public-below-ssh", public((24, 100)), (ADDRESS,), "nothing sensitive"),
    Case("instance-public-range-with-ssh", public((10, 100)), REACHED, "22 is within"),
    Case("instance-public-ends-at-postgres", public((5430, 5432)), REACHED, "the range's last port"),
    Case("instance-public-below-postgres", public((5430, 5431)), (ADDRESS,), "the range ends one below"),
    Case("instance-public-everything", public(protocol="-1"), REACHED, "all protocols"),
    Case("instance-public-snmp", public((161, 161), protocol="udp"), REACHED, "a sensitive port of UDP"),
    Case("instance-public-halves", public(SSH, sources=(LOWER, UPPER)), REACHED, "the halves are the whole"),
    Case("instance-public-half", public(SSH, sources=(LOWER,)), (ADDRESS,), "half of the internet"),
    Case("instance-public-ssh-by-ipv6", public(SSH, sources=(ANYWHERE_IPV6,)), (ADDRESS,), "open to the other family"),
    Case("instance-guarded-ssh", Instance("guarded", True, ports=SSH), (ADDRESS,), "the network ACL shuts it out"),
    Case("instance-guarded-rdp", Instance("guarded", True, ports=RDP), REACHED, "the network ACL is about SSH"),
    Case("instance-elastic-ssh", Instance("public", elastic=True, ports=SSH), REACHED, "an Elastic IP"),
    Case("instance-no-address-ssh", Instance("public", ports=SSH), (), "a way out, and no address"),
    Case("instance-no-route-ssh", Instance(elastic=True, ports=SSH), (ADDRESS,), "an address, and no way"),
    Case("instance-stopped-elastic", Instance("public", elastic=True, state="stopped"), (ADDRESS,), "keeps its Elastic IP"),
    Case("instance-stopped-ssh", Instance("public", elastic=True, ports=SSH, state="stopped"), REACHED, "once it starts"),
    Case("instance-ipv6-routed", ipv6("public"), (ADDRESS,), "an IPv6 address and a route for it"),
    Case("instance-ipv6-not-routed", ipv6("private"), (), "an IPv6 address without a route"),
    Case("instance-ipv6-ssh", ipv6("public", SSH, sources=(ANYWHERE_IPV6,)), REACHED, "all that it takes"),
    Case("instance-ipv6-ssh-by-ipv4", ipv6("public", SSH), (ADDRESS,), "open to the other family"),
    Case("instance-ipv6-ssh-not-routed", ipv6("private", SSH, sources=(ANYWHERE_IPV6,)), (), "and no way"),
)

TABLES = (
    Table("instances", "compute", (TOKENS, PROFILE), METADATA),
    Table("instances", "compute", (ADDRESS, EXPOSED), EXPOSURES),
)
