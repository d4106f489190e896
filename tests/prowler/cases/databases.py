"""Databases of RDS: whether their storage is encrypted, and how the internet gets to them."""

from dataclasses import dataclass
from typing import Any

from .acls import ALL, TCP
from .groups import LOWER, UPPER, everything, tcp, udp
from .model import ANYWHERE, ANYWHERE_IPV6, IRELAND, VIRGINIA, Case, Entry, Prefixes, Rule, Table

PUBLIC = "rds-instance-public"
PLAIN = "rds-instance-unencrypted"
# A finding about a public address has one of two severities.
REACHED, SHUT = "critical", "medium"
PORT = 5432


@dataclass(frozen=True)
class Subnet:
    """The destinations that its route table sends to the internet gateway, or all to a NAT gateway; without either it
    has the VPC's main table, which leads nowhere. Without entries its network ACL is the VPC's, which lets all through."""

    routes: tuple[str, ...] = ()
    nat: bool = False
    entries: tuple[Entry, ...] = ()


PRIVATE = Subnet()
OUTSIDE = Subnet((ANYWHERE,))


@dataclass(frozen=True)
class Place:
    """The subnets are those of the subnet group, each in an availability zone of its own; a database is in the first.
    Each of its security groups is a list of rules."""

    subnets: tuple[Subnet, ...] = (PRIVATE,)
    groups: tuple[tuple[Rule, ...], ...] = ((),)
    region: str = VIRGINIA


@dataclass(frozen=True)
class Cluster:
    encrypted: bool = True
    engine: str = "aurora-postgresql"
    place: Place = Place()


@dataclass(frozen=True)
class Database:
    """An instance. That of a cluster is where the cluster is, and has its storage and its groups."""

    encrypted: bool = True
    public: bool = False
    engine: str = "postgres"
    port: int = PORT
    cluster: str | None = None
    state: str = "available"
    place: Place = Place()


@dataclass(frozen=True)
class VpcBlock:
    """VPC Block Public Access."""

    name: str
    region: str
    mode: str


def of(cluster: str, *, public: bool = False) -> Database:
    return Database(cluster=cluster, public=public, engine="aurora-postgresql")


BOTH = (PUBLIC, PLAIN)
ELSEWHERE = Place(region=IRELAND)

INSTANCES = (
    Case("database-encrypted", Database(), (), "encrypted, and private"),
    Case("database-plain", Database(False), (PLAIN,), "not encrypted"),
    Case("database-public", Database(public=True), (PUBLIC,), "encrypted, and public"),
    Case("database-public-plain", Database(False, True), BOTH, "neither"),
    Case("database-encrypted-ireland", Database(place=ELSEWHERE), (), "encrypted, in another Region"),
    Case("database-plain-ireland", Database(False, place=ELSEWHERE), (PLAIN,), "not encrypted, in another Region"),
    Case("database-plain-stopped", Database(False, state="stopped"), (PLAIN,), "the storage stays"),
    Case("database-public-stopped", Database(public=True, state="stopped"), (PUBLIC,), "starts with its address"),
    Case("database-plain-mysql", Database(False, engine="mysql", port=3306), (PLAIN,), "whatever the engine"),
    Case("database-public-oracle", Database(public=True, engine="oracle-se2", port=1521), (PUBLIC,), "whatever the engine"),
    Case("database-of-neptune", Database(False, True, "neptune", 8182), (), "RDS lists it, and Neptune has it"),
)

# An instance of Aurora has no storage of its own, and RDS says of it what it says of the cluster.
CLUSTERS = (
    Case("cluster-encrypted", Cluster(), (), "encrypted"),
    Case("cluster-plain", Cluster(False), (PLAIN,), "not encrypted"),
    Case("cluster-encrypted-pair", Cluster(), (), "encrypted, with two instances"),
    Case("cluster-plain-pair", Cluster(False), (PLAIN,), "not encrypted, with two instances: once"),
    Case("cluster-encrypted-empty", Cluster(), (), "encrypted, without an instance"),
    Case("cluster-plain-empty", Cluster(False), (PLAIN,), "not encrypted, without an instance"),
    Case("cluster-plain-mysql", Cluster(False, "mysql"), (PLAIN,), "of RDS itself, not of Aurora"),
    Case("cluster-plain-ireland", Cluster(False, place=ELSEWHERE), (PLAIN,), "not encrypted, in another Region"),
    Case("cluster-of-neptune", Cluster(False, "neptune"), (), "RDS lists it, and Neptune has it"),
    Case("cluster-open", Cluster(place=Place((OUTSIDE,), ((tcp(PORT),),))), (), "its instances are reached or not"),
)

MEMBERS = (
    Case("cluster-encrypted-1", of("cluster-encrypted"), (), "the storage is encrypted"),
    Case("cluster-plain-1", of("cluster-plain"), (), "the cluster is the finding"),
    Case("cluster-encrypted-pair-1", of("cluster-encrypted-pair"), (), "the storage is encrypted"),
    Case("cluster-encrypted-pair-2", of("cluster-encrypted-pair", public=True), (PUBLIC,), "one of two is public"),
    Case("cluster-plain-pair-1", of("cluster-plain-pair"), (), "the cluster is the finding"),
    Case("cluster-plain-pair-2", of("cluster-plain-pair", public=True), (PUBLIC,), "one of two is public"),
)

OPEN = (tcp(PORT),)
OFFICE = "203.0.113.0/24"


def private(place: Place) -> Database:
    return Database(place=place)


def public(*rules: Rule, subnet: Subnet = OUTSIDE, **more: Any) -> Database:
    return Database(public=True, place=Place((subnet,), (rules,)), **more)


def guarded(*entries: Entry, replies: Entry = Entry(100, "allow", ALL, egress=True)) -> Subnet:
    """A public subnet with these entries, of which the last lets all in."""
    return Subnet((ANYWHERE,), entries=(*entries, Entry(100, "allow", ALL), replies))


def reached(name: str, why: str, database: Database) -> Case:
    return Case(name, database, (PUBLIC,), why, REACHED)


def shut(name: str, why: str, database: Database) -> Case:
    return Case(name, database, (PUBLIC,), why, SHUT)


GROUPS = (
    reached("database-open", "all that it takes", public(*OPEN)),
    shut("database-closed", "no rule at all", public()),
    shut("database-open-elsewhere", "a web server's port", public(tcp(443))),
    reached("database-open-ends-range", "the range's last port", public(tcp((5000, PORT)))),
    reached("database-open-begins-range", "the range's first port", public(tcp((PORT, 6000)))),
    shut("database-open-below", "the range ends one below", public(tcp((5000, PORT - 1)))),
    shut("database-open-above", "the range begins one above", public(tcp((PORT + 1, 6000)))),
    reached("database-open-everything", "all protocols", public(everything(ANYWHERE))),
    shut("database-open-udp", "a database speaks TCP", public(udp(PORT))),
    reached("database-moved-open", "at the port that it has", public(tcp(15432), port=15432)),
    shut("database-moved-away", "another port than it has", public(*OPEN, port=15432)),
    shut("database-open-to-office", "one network", public(tcp(PORT, OFFICE))),
    shut("database-open-to-private", "private addresses", public(tcp(PORT, "10.0.0.0/8"))),
    shut("database-open-to-itself", "its own group", public(tcp(PORT, "self"))),
    shut("database-open-to-half", "half of the internet", public(tcp(PORT, LOWER))),
    reached("database-open-to-halves", "the halves are the whole", public(tcp(PORT, LOWER, UPPER))),
    reached(
        "database-open-by-two-groups",
        "the groups count together",
        Database(public=True, place=Place((OUTSIDE,), ((tcp(PORT, LOWER),), (tcp(PORT, UPPER),)))),
    ),
    reached(
        "database-open-by-second-group",
        "the second group counts too",
        Database(public=True, place=Place((OUTSIDE,), ((), OPEN))),
    ),
    reached("database-open-to-list", "the world is one of its entries", public(tcp(PORT, "databases-world"))),
    shut("database-open-to-short-list", "a few networks", public(tcp(PORT, "databases-offices"))),
    shut("database-open-to-ipv6", "its public address is of IPv4", public(tcp(PORT, ANYWHERE_IPV6))),
    Case("database-private-open", private(Place((OUTSIDE,), (OPEN,))), (), "no public address"),
    reached("database-open-stopped", "once it starts", public(*OPEN, state="stopped")),
    reached("cluster-open-1", "the cluster's groups are its own", of("cluster-open", public=True)),
    Case("cluster-open-2", of("cluster-open"), (), "no public address"),
)

SUBNETS = (
    shut("database-not-routed", "no route to an internet gateway", public(*OPEN, subnet=PRIVATE)),
    shut("database-behind-nat", "a way out, and none in", public(*OPEN, subnet=Subnet(nat=True))),
    reached("database-routed-halves", "the halves are the whole", public(*OPEN, subnet=Subnet((LOWER, UPPER)))),
    shut("database-routed-half", "replies to half of the internet", public(*OPEN, subnet=Subnet((LOWER,)))),
    shut("database-routed-to-office", "replies to one network", public(*OPEN, subnet=Subnet((OFFICE,)))),
    reached(
        "database-in-public-of-two",
        "the subnet that it is in",
        Database(public=True, place=Place((OUTSIDE, PRIVATE), (OPEN,))),
    ),
    shut(
        "database-in-private-of-two",
        "the public subnet is in another zone",
        Database(public=True, place=Place((PRIVATE, OUTSIDE), (OPEN,))),
    ),
    shut("database-closed-and-not-routed", "neither lets in", public(subnet=PRIVATE)),
)

THAT, SSH = (PORT, PORT), (22, 22)
ACLS = (
    shut("database-denied", "the network ACL shuts it out", public(*OPEN, subnet=guarded(Entry(90, "deny", TCP, THAT)))),
    reached("database-denied-later", "allowed first", public(*OPEN, subnet=guarded(Entry(110, "deny", TCP, THAT)))),
    reached("database-ssh-denied", "the network ACL is about SSH", public(*OPEN, subnet=guarded(Entry(90, "deny", TCP, SSH)))),
    reached("database-office-denied", "one network", public(*OPEN, subnet=guarded(Entry(90, "deny", ALL, cidr=OFFICE)))),
    reached("database-half-denied", "the other half", public(*OPEN, subnet=guarded(Entry(90, "deny", TCP, THAT, LOWER)))),
    shut(
        "database-halves-denied",
        "the halves are the whole",
        public(*OPEN, subnet=guarded(Entry(80, "deny", TCP, THAT, LOWER), Entry(90, "deny", TCP, THAT, UPPER))),
    ),
    shut(
        "database-not-answered",
        "a network ACL knows no replies",
        public(*OPEN, subnet=guarded(replies=Entry(100, "deny", ALL, egress=True))),
    ),
)

BLOCKED = (
    shut(
        "database-blocked",
        "VPC Block Public Access keeps all out",
        Database(public=True, place=Place((OUTSIDE,), (OPEN,), IRELAND)),
    ),
)

LISTS = (
    Prefixes("databases-world", ("10.0.0.0/8", ANYWHERE)),
    Prefixes("databases-offices", ("198.51.100.0/24", OFFICE)),
)
BLOCK = VpcBlock("databases-block", IRELAND, "block-ingress")

TABLES = (
    Table("RDS", "databases", BOTH, INSTANCES),
    Table("RDS", "databases", (PLAIN,), CLUSTERS),
    Table("RDS", "databases", BOTH, MEMBERS),
    Table("RDS", "databases", (PUBLIC,), GROUPS + SUBNETS + ACLS + BLOCKED, beside=(*LISTS, BLOCK)),
)
