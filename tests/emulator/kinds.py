"""The kinds of things that the organization is made of. `organization.py` says what there is, `create.py` makes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

BUCKET_AND_OBJECTS = ("", "/*")
BLOCK_SETTINGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


class Role(Enum):
    """How the role that scans is set up in an account."""

    TRUSTED = "trusted"
    MISSING = "missing"
    FOREIGN_EXTERNAL_ID = "wants an external id that nobody here knows"


@dataclass(frozen=True)
class User:
    """Days ago: when it was made, when it signed in last, and in `key_ages` when each key was made and used last."""

    name: str
    password: bool = False
    mfa: bool = False
    keys: tuple[str, ...] = ()  # "Active" or "Inactive"
    created: int = 0
    password_used: int | None = None
    key_ages: tuple[tuple[int, int | None], ...] = ()  # empty for keys of today that were never used
    attached: tuple[str, ...] = ()  # names of AWS's policies
    inline: tuple[str, ...] = ()


@dataclass(frozen=True)
class Root:
    """The root user. `mfa` is None, "virtual" or "hardware"."""

    password: bool = True
    keys: int = 0
    mfa: str | None = None
    password_used: int | None = None  # days ago


@dataclass(frozen=True)
class PasswordPolicy:
    length: int = 14
    remembered: int = 24
    symbols: bool = True


@dataclass(frozen=True)
class IamRole:
    """A role that EC2 may assume, with policies of AWS or of the account's own, by name."""

    name: str
    policies: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """A managed policy of the account's own; nobody has it before a role does."""

    name: str
    statement: Mapping[str, Any]


@dataclass(frozen=True)
class ServerCertificate:
    name: str
    expires: str  # "2024-06-01"


@dataclass(frozen=True)
class IdentityCenter:
    """The organization's IAM Identity Center, in the management account."""

    region: str


@dataclass(frozen=True)
class RootAccess:
    """What the organization does about its members' root users."""

    features: tuple[str, ...]


@dataclass(frozen=True)
class Volume:
    name: str
    region: str
    encrypted: bool


@dataclass(frozen=True)
class Bucket:
    """`conditions` go with a policy that lets everybody read; `acl` is the parameters of PutBucketAcl. `tls_only` are
    those of bucket and objects for which the policy denies requests without TLS; `logs_to` is another bucket's name."""

    name: str
    region: str
    public_policy: bool = False
    conditions: Mapping[str, Any] = field(default_factory=dict)
    acl: Mapping[str, str] = field(default_factory=dict)
    block: tuple[str, ...] = ()
    tls_only: tuple[str, ...] = ()
    takes_logs: bool = False
    logs_to: str | None = None
    versioning: str | None = None  # "Enabled" or "Suspended"
    mfa_delete: bool = False
    kms: bool = False


@dataclass(frozen=True)
class AccountBlock:
    """S3 Block Public Access for the whole account."""

    settings: tuple[str, ...]


@dataclass(frozen=True)
class Subnet:
    """With routes it gets a route table of its own; without, it follows the VPC's main one."""

    name: str
    routes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Network:
    """A VPC. Routes lead from a destination to "internet" or "egress-only", the gateway of that kind."""

    name: str
    region: str
    cidr: str
    subnets: tuple[Subnet, ...]
    main_routes: Mapping[str, str] = field(default_factory=dict)
    ipv6: bool = False


@dataclass(frozen=True)
class Instance:
    """Without a subnet it is in the default VPC, where it gets a public IPv4 address. Its disk is called NAME-root.

    Without groups it carries its VPC's default one."""

    name: str
    region: str
    subnet: str | None = None
    elastic_ip: bool = False
    ipv6: bool = False
    stopped: bool = False
    encrypted: bool = True
    groups: tuple[str, ...] = ()
    profile: bool = True
    imdsv1: bool = False


@dataclass(frozen=True)
class PrefixList:
    name: str
    region: str
    cidrs: tuple[str, ...]


@dataclass(frozen=True)
class Ingress:
    """`ports` are first and last; a source is a CIDR, or the name of a prefix list or of a group."""

    protocol: str  # "tcp", "udp", "icmp" or "all"
    ports: tuple[int, int] | None
    sources: tuple[str, ...]


@dataclass(frozen=True)
class SecurityGroup:
    """In the default VPC if no network is named. `default` is not a new group but the one that comes with the VPC;
    without `egress` nothing may go out."""

    name: str
    region: str
    rules: tuple[Ingress, ...]
    default: bool = False
    network: str | None = None
    egress: bool = True


@dataclass(frozen=True)
class VpcBlock:
    """VPC Block Public Access, for every VPC of the account in the Region."""

    region: str
    mode: str


@dataclass(frozen=True)
class Snapshot:
    name: str
    region: str
    volume: str
    public: bool = False


@dataclass(frozen=True)
class Image:
    name: str
    region: str
    instance: str
    public: bool = False


@dataclass(frozen=True)
class FlowLog:
    """Of a network, to a bucket of any account."""

    name: str
    region: str
    network: str
    bucket: str
    traffic: str = "ALL"


@dataclass(frozen=True)
class Endpoint:
    """Of type Gateway, for S3."""

    name: str
    region: str
    network: str


@dataclass(frozen=True)
class Peering:
    """Between two networks, with routes to it in the first one's main table."""

    name: str
    region: str
    network: str
    peer: str
    routes: tuple[str, ...]


@dataclass(frozen=True)
class AclEntry:
    """In front of the one rule that lets in everything, in the ACL that comes with a network."""

    region: str
    network: str
    number: int
    protocol: str
    ports: tuple[int, int] | None
    source: str
    allow: bool = False


@dataclass(frozen=True)
class RegionSettings:
    """What is not set stays as AWS has it for a new account."""

    region: str
    encryption: bool = False
    snapshots: str | None = None
    images_unblocked: bool = False
    imdsv2: bool = False


@dataclass(frozen=True)
class Database:
    """An RDS instance, with the port and the groups that it is reached by. Its network is that of its subnet; without
    one, the default VPC. `backups` are days; `zone` is the letter of its availability zone. That of a cluster has the
    cluster's engine, backups and protection. A replica is of an instance that was made before it."""

    name: str
    region: str
    encrypted: bool = True
    public: bool = False
    subnet: str | None = None
    groups: tuple[str, ...] = ()
    port: int = 5432
    cluster: str | None = None
    engine: str = "postgres"
    upgrades: bool = True
    backups: int = 7
    multi_az: bool = False
    protected: bool = False
    zone: str = "a"


@dataclass(frozen=True)
class DatabaseReplica:
    """A read replica, without backups."""

    name: str
    region: str
    source: str


@dataclass(frozen=True)
class DatabaseCluster:
    """A cluster of Aurora; with the engine of an instance, a Multi-AZ DB cluster."""

    name: str
    region: str
    encrypted: bool = True
    engine: str = "aurora-postgresql"
    upgrades: bool = True
    backups: int = 7
    protected: bool = False


@dataclass(frozen=True)
class DatabaseSnapshot:
    """A manual one, of an instance or of a cluster."""

    name: str
    region: str
    database: str | None = None
    cluster: str | None = None
    public: bool = False


@dataclass(frozen=True)
class Key:
    """A key of KMS that a customer manages. A replica is called NAME-replica. `deletion` is in that many days."""

    name: str
    region: str
    rotation: bool = False
    spec: str = "SYMMETRIC_DEFAULT"
    usage: str = "ENCRYPT_DECRYPT"
    origin: str = "AWS_KMS"
    replica: str | None = None  # the Region of one
    enabled: bool = True
    deletion: int | None = None


@dataclass(frozen=True)
class ManagedKey:
    """A key that AWS manages, by its alias."""

    name: str
    region: str
    alias: str


@dataclass(frozen=True)
class FileSystem:
    """Of EFS, created in 2024. AWS Backup has backed it up on that day, or never."""

    name: str
    region: str
    encrypted: bool = True
    last_backup: str | None = None  # "2024-06-01"


@dataclass(frozen=True)
class LoadBalancer:
    """An Application or Network Load Balancer with listeners of these protocols, on ports from 80 on."""

    name: str
    region: str
    type: str = "application"
    protocols: tuple[str, ...] = ("HTTP",)
    logs: str | None = None  # a bucket of any account
    internal: bool = False
    action: str = "forward"  # the default one: "redirect" to HTTPS or "respond", which only HTTP listeners take
    rules: tuple[tuple[str, str], ...] = ()  # path and action of HTTP listeners' rules
    policy: str = "ELBSecurityPolicy-TLS13-1-2-2021-06"  # of HTTPS and TLS listeners


@dataclass(frozen=True)
class ClassicLoadBalancer:
    name: str
    region: str
    listeners: tuple[tuple[str, int], ...] = (("HTTP", 80),)
    logs: str | None = None  # a bucket of any account


@dataclass(frozen=True)
class Api:
    """An API with the stage `prod`."""

    name: str
    region: str
    protocol: str = "REST"  # "HTTP", "WEBSOCKET"
    endpoint: str = "REGIONAL"
    logs: bool = False
    web_acl: bool = False


@dataclass(frozen=True)
class DomainName:
    """A custom domain, made with the API for REST APIs, or else with the one for HTTP APIs."""

    name: str
    region: str
    policy: str = "TLS_1_2"
    rest: bool = True


@dataclass(frozen=True)
class Function:
    """A function with these environment variables. `url` is the authentication of its URL, and `granted` whether its policy
    lets everybody use that."""

    name: str
    region: str
    environment: Mapping[str, str] = field(default_factory=dict)
    url: str | None = None  # "NONE", "AWS_IAM"
    granted: bool = False


@dataclass(frozen=True)
class Distribution:
    """A distribution with a bucket as its origin, or else a server with these protocols."""

    name: str
    bucket: str | None = None
    signed: bool = True
    server: tuple[str, tuple[str, ...]] = ("https-only", ("TLSv1.2",))
    viewers: str = "redirect-to-https"
    policy: str | None = None  # with a certificate: "TLSv1.2_2021"
    web_acl: bool = False
    logs: str | None = None  # "bucket", "delivery"
    enabled: bool = True


@dataclass(frozen=True)
class Policed:
    """A resource of a kind (`ACTIONS` in `create_policies.py`) with a policy that allows something of it, or denies it. Without
    a principal it has no policy of its own. A key or a file system is one that the account has."""

    kind: str
    name: str
    region: str
    principal: str | Mapping[str, str] | None = None
    condition: Mapping[str, Any] = field(default_factory=dict)
    effect: str = "Allow"
    permission: Mapping[str, str] = field(default_factory=dict)  # of a function: parameters of AddPermission
    # Of a domain: fine-grained access control, or None for none. It does not authenticate while anonymous access is on.
    authenticates: bool | None = None
    in_vpc: bool = False


@dataclass(frozen=True)
class MetricFilter:
    """A metric filter, with an alarm that notifies a topic."""

    name: str
    pattern: str
    alarm: bool = True
    statistic: str = "Sum"
    threshold: int = 1
    enabled: bool = True
    notifies: bool = True
    confirmed: bool = True


@dataclass(frozen=True)
class Monitoring:
    """The log group of a trail, by the trail's name. A composite alarm is made of the alarms that it names."""

    trail: str
    region: str
    filters: tuple[MetricFilter, ...]
    composite: tuple[str, ...] = ()


@dataclass(frozen=True)
class EventRule:
    """A rule with a topic as its target."""

    name: str
    region: str
    pattern: str
    reads: bool = False


@dataclass(frozen=True)
class Trail:
    """A trail, to a bucket of any account, which logs all management events unless it has selectors. One for the organization
    that a member creates is the management account's. `failing` are the days since it could deliver."""

    name: str
    region: str
    bucket: str
    multi_region: bool = True
    organization: bool = False
    validation: bool = True
    kms: bool = False
    selectors: tuple[Mapping[str, tuple[str, ...]], ...] = ()  # the values of each field, advanced
    logging: bool = True
    failing: int | None = None


Content = (
    User
    | Root
    | PasswordPolicy
    | IamRole
    | Policy
    | ServerCertificate
    | IdentityCenter
    | RootAccess
    | Volume
    | Bucket
    | AccountBlock
    | Network
    | Instance
    | PrefixList
    | SecurityGroup
    | VpcBlock
)
Content |= Snapshot | Image | FlowLog | Endpoint | Peering | AclEntry | RegionSettings
Content |= Database | DatabaseReplica | DatabaseCluster | DatabaseSnapshot
Content |= Key | ManagedKey | FileSystem
Content |= LoadBalancer | ClassicLoadBalancer | Api | DomainName | Function | Distribution
Content |= Monitoring | EventRule
Content |= Policed
Content |= Trail


@dataclass(frozen=True)
class Account:
    name: str
    ou: str  # names from below the root, "Workloads/Staging"; empty for the root itself
    environment: str
    owner: str
    contents: tuple[Content, ...] = ()
    # Made when all accounts have their contents: what came before keeps the ids that the seed gives it.
    later: tuple[Content, ...] = ()
    # Made last, for the same reason: their buckets may be in any account.
    trails: tuple[Trail, ...] = ()
    role: Role = Role.TRUSTED
    suspended: bool = False
    opted_in: tuple[str, ...] = ()
    denied_regions: tuple[str, ...] = ()
    joined_today: bool = False  # so that the organization's trails are not there yet
    has_baseline: bool = True  # a good password policy, and a role for AWS Support


def tcp(ports: int | tuple[int, int], *sources: str) -> Ingress:
    return Ingress("tcp", ports if isinstance(ports, tuple) else (ports, ports), sources)


def udp(port: int, *sources: str) -> Ingress:
    return Ingress("udp", (port, port), sources)


def icmp(*sources: str) -> Ingress:
    return Ingress("icmp", (-1, -1), sources)


def all_protocols(*sources: str) -> Ingress:
    return Ingress("all", None, sources)
