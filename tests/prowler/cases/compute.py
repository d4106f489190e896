"""Volumes, snapshots, images and instances."""

from dataclasses import dataclass

from .model import ANYWHERE, IRELAND, VIRGINIA, Case, Table

VOLUME = "ebs-volume-unencrypted"
PUBLIC_SNAPSHOT = "ebs-snapshot-public"
PLAIN_SNAPSHOT = "ebs-snapshot-unencrypted"
PUBLIC_IMAGE = "ami-public"
TOKENS = "ec2-instance-imdsv1"
PROFILE = "ec2-instance-without-profile"
ADDRESS = "ec2-instance-public-address"
EXPOSED = "ec2-instance-exposed"


@dataclass(frozen=True)
class Volume:
    encrypted: bool
    region: str = VIRGINIA


@dataclass(frozen=True)
class Snapshot:
    """`shared_with` is `all`, an account id, or nobody."""

    encrypted: bool = False
    shared_with: str | None = None
    region: str = VIRGINIA


@dataclass(frozen=True)
class Image:
    shared_with: str | None = None
    region: str = VIRGINIA


@dataclass(frozen=True)
class Instance:
    """In the public or the private subnet; `ports` are open in its group, to `source`."""

    subnet: str = "private"
    address: bool = False
    elastic: bool = False
    ipv6: bool = False
    tokens: str = "required"
    endpoint: str = "enabled"
    profile: bool = True
    state: str = "running"
    ports: tuple[int, int] | None = None
    source: str = ANYWHERE
    encrypted: bool = True


VOLUMES = (
    Case("volume-encrypted", Volume(True), (), "encrypted"),
    Case("volume-plain", Volume(False), (VOLUME,), "not encrypted"),
    Case("volume-encrypted-ireland", Volume(True, IRELAND), (), "encrypted, in another Region"),
    Case("volume-plain-ireland", Volume(False, IRELAND), (VOLUME,), "not encrypted, in another Region"),
)

SNAPSHOTS = (
    Case("snapshot-encrypted", Snapshot(True), (), "encrypted, the account's own"),
    Case("snapshot-plain", Snapshot(), (PLAIN_SNAPSHOT,), "not encrypted, the account's own"),
    Case("snapshot-public", Snapshot(shared_with="all"), (PUBLIC_SNAPSHOT, PLAIN_SNAPSHOT), "everybody's"),
    Case("snapshot-shared", Snapshot(shared_with="999988887777"), (PLAIN_SNAPSHOT,), "shared with one account"),
    Case("snapshot-shared-encrypted", Snapshot(True, "999988887777"), (), "shared with one account"),
    Case("snapshot-public-ireland", Snapshot(False, "all", IRELAND), (PUBLIC_SNAPSHOT, PLAIN_SNAPSHOT), "everybody's"),
)

IMAGES = (
    Case("image-own", Image(), (), "the account's own"),
    Case("image-public", Image("all"), (PUBLIC_IMAGE,), "everybody's"),
    Case("image-shared", Image("999988887777"), (), "shared with one account"),
    Case("image-public-ireland", Image("all", IRELAND), (PUBLIC_IMAGE,), "everybody's"),
)

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

EXPOSURES = (
    Case("instance-private", Instance(), (), "no public address"),
    Case("instance-private-ssh", Instance(ports=SSH), (), "open group, no public address"),
    Case("instance-public", Instance("public", address=True), (ADDRESS,), "a public address, nothing open"),
    Case("instance-public-https", Instance("public", address=True, ports=HTTPS), (ADDRESS,), "a web server"),
    Case("instance-public-ssh", Instance("public", address=True, ports=SSH), (ADDRESS, EXPOSED), "all that it takes"),
    Case("instance-public-ssh-office", Instance("public", address=True, ports=SSH, source="203.0.113.0/24"), (ADDRESS,), "an office"),
    Case("instance-public-rdp", Instance("public", address=True, ports=(3389, 3389)), (ADDRESS, EXPOSED), "all that it takes"),
    Case("instance-public-cifs", Instance("public", address=True, ports=(445, 445)), (ADDRESS, EXPOSED), "all that it takes"),
    Case("instance-public-below-ssh", Instance("public", address=True, ports=(24, 100)), (ADDRESS,), "nothing sensitive"),
    Case("instance-public-range-with-ssh", Instance("public", address=True, ports=(10, 100)), (ADDRESS, EXPOSED), "22 is within"),
    Case("instance-elastic-ssh", Instance("public", elastic=True, ports=SSH), (ADDRESS, EXPOSED), "an Elastic IP"),
    Case("instance-no-address-ssh", Instance("public", ports=SSH), (), "a way out, and no address"),
    Case("instance-no-route-ssh", Instance("private", elastic=True, ports=SSH), (ADDRESS,), "an address, and no way"),
    Case("instance-stopped-elastic", Instance("public", elastic=True, state="stopped"), (ADDRESS,), "keeps its Elastic IP"),
    Case("instance-ipv6-routed", Instance("public", ipv6=True), (ADDRESS,), "an IPv6 address and a route for it"),
    Case("instance-ipv6-not-routed", Instance("private", ipv6=True), (), "an IPv6 address without a route"),
)

TABLES = (
    Table("EC2", "compute", (VOLUME,), VOLUMES),
    Table("EC2", "compute", (PUBLIC_SNAPSHOT, PLAIN_SNAPSHOT), SNAPSHOTS),
    Table("EC2", "compute", (PUBLIC_IMAGE,), IMAGES),
    Table("EC2", "compute", (TOKENS, PROFILE), METADATA),
    Table("EC2", "compute", (ADDRESS, EXPOSED), EXPOSURES),
)
