"""VPCs: their default security groups, flow logs, endpoints and peering connections."""

from dataclasses import dataclass

from .blocks import SETTINGS
from .buckets import EVERYBODY, allow
from .model import ANYWHERE, ANYWHERE_IPV6, Bucket, Case, DefaultGroup, Rule, Table
from .places import one_in_each

DEFAULT_GROUP = "default-security-group-open"
FLOW_LOG = "vpc-flow-logs-off"
ENDPOINT = "vpc-endpoint-missing"
PEERING = "vpc-peering-route-wide"
LOG_BUCKET = "vpc-flow-log-bucket-public"

SELF = Rule("-1", None, ("self",))
WORLD = Rule("-1", None, (ANYWHERE,))
SSH = Rule("tcp", (22, 22), (ANYWHERE,))
OFFICE = Rule("tcp", (443, 443), ("203.0.113.0/24",))
WORLD_IPV6 = Rule("-1", None, (ANYWHERE_IPV6,))
OPEN = (DEFAULT_GROUP,)

GROUPS = (
    Case("default-empty", DefaultGroup(), (), "no rule"),
    Case("default-as-made", DefaultGroup((SELF,), (WORLD,)), OPEN, "as AWS makes it"),
    Case("default-ingress", DefaultGroup((SELF,)), OPEN, "lets in"),
    Case("default-egress", DefaultGroup((), (WORLD,)), OPEN, "lets out"),
    Case("default-egress-ipv6", DefaultGroup((), (WORLD_IPV6,)), OPEN, "lets out over IPv6"),
    Case("default-egress-office", DefaultGroup((), (OFFICE,)), OPEN, "lets out to one network"),
    Case("default-office", DefaultGroup((OFFICE,)), OPEN, "lets in one network"),
    Case("default-ssh", DefaultGroup((SSH,)), OPEN, "lets in everybody"),
)


@dataclass(frozen=True)
class Vpc:
    """A VPC, with flow logs, each the traffic and where it is, `vpc`, `subnet` or `interface`; and with endpoints, each
    the service and its type, `Gateway` or `Interface`. Something is in it if it is used."""

    logs: tuple[tuple[str, str], ...] = ()
    endpoints: tuple[tuple[str, str], ...] = ()
    used: bool = True


ALL = (("ALL", "vpc"),)
S3 = (("s3", "Gateway"),)

LOGS = (
    Case("flow-none", Vpc((), S3), (FLOW_LOG,), "none"),
    Case("flow-none-unused", Vpc((), S3, used=False), (FLOW_LOG,), "none, though minor"),
    Case("flow-all", Vpc(ALL, S3), (), "all traffic"),
    Case("flow-rejected", Vpc((("REJECT", "vpc"),), S3), (), "what was rejected, as CIS has it"),
    Case("flow-accepted", Vpc((("ACCEPT", "vpc"),), S3), (FLOW_LOG,), "what was rejected is missing"),
    Case("flow-accepted-and-subnet", Vpc((("ACCEPT", "vpc"), ("ALL", "subnet")), S3), (FLOW_LOG,), "missing elsewhere"),
    Case("flow-subnet", Vpc((("ALL", "subnet"),), S3), (FLOW_LOG,), "of a subnet only"),
    Case("flow-interface", Vpc((("ALL", "interface"),), S3), (FLOW_LOG,), "of an interface only"),
    Case("flow-subnet-and-interface", Vpc((("ALL", "subnet"), ("ALL", "interface")), S3), (FLOW_LOG,), "of parts"),
    Case("flow-two", Vpc((("ACCEPT", "vpc"), ("REJECT", "vpc")), S3), (), "one of them suffices"),
)

ENDPOINTS = (
    Case("endpoint-none", Vpc(ALL), (ENDPOINT,), "none"),
    Case("endpoint-none-unused", Vpc(ALL, used=False), (), "nothing is in it that could call"),
    Case("endpoint-gateway", Vpc(ALL, S3), (), "of type Gateway"),
    Case("endpoint-interface", Vpc(ALL, (("s3", "Interface"),)), (), "of type Interface"),
    Case("endpoint-both", Vpc(ALL, (*S3, ("s3", "Interface"))), (), "of both types"),
    Case("endpoint-other", Vpc(ALL, (("dynamodb", "Gateway"),)), (ENDPOINT,), "of another service"),
    Case("endpoint-like-s3", Vpc(ALL, (("s3express", "Gateway"),)), (ENDPOINT,), "S3 Express is another service"),
    Case("endpoint-other-and-s3", Vpc(ALL, (("dynamodb", "Gateway"), *S3)), (), "one of two"),
)


@dataclass(frozen=True)
class LogBucket:
    """A bucket, and a VPC whose flow logs go there."""

    bucket: Bucket


BY_POLICY = (allow(EVERYBODY),)

LOG_BUCKETS = (
    Case("flow-bucket-shut", LogBucket(Bucket()), (), "as AWS makes it"),
    Case("flow-bucket-public-policy", LogBucket(Bucket(statements=BY_POLICY)), (LOG_BUCKET,), "everybody reads the logs"),
    Case("flow-bucket-public-acl", LogBucket(Bucket({"ACL": "public-read"})), (LOG_BUCKET,), "everybody lists the logs"),
    Case("flow-bucket-blocked", LogBucket(Bucket(statements=BY_POLICY, block=SETTINGS)), (), "Block Public Access shuts it"),
    Case("flow-bucket-elsewhere", Bucket(statements=BY_POLICY), (), "public, and no flow log goes there"),
)


@dataclass(frozen=True)
class Peering:
    """A VPC with 10.63.0.0/16 that is peered with 10.64.0.0/16, and its routes to there."""

    routes: tuple[str, ...] = ()


# Prowler names the connection and orgscan the route table: each is alone in its account, so that both mean the same.
PEERINGS = (
    Case("peering-no-route", Peering(), (), "no route at all"),
    Case("peering-subnet", Peering(("10.64.1.0/24",)), (), "one subnet"),
    Case("peering-two-subnets", Peering(("10.64.1.0/24", "10.64.3.0/24")), (), "two subnets"),
    Case("peering-half", Peering(("10.64.0.0/17",)), (), "half of the other VPC"),
    Case("peering-quarter-missing", Peering(("10.64.0.0/17", "10.64.128.0/18")), (), "three quarters of the other VPC"),
    Case("peering-elsewhere", Peering(("10.65.0.0/16",)), (), "nothing of the other VPC"),
    Case("peering-whole", Peering(("10.64.0.0/16",)), (PEERING,), "all of the other VPC"),
    Case("peering-whole-and-subnet", Peering(("10.64.0.0/16", "10.64.1.0/24")), (PEERING,), "one route is enough"),
    Case("peering-default-route", Peering((ANYWHERE,)), (PEERING,), "everything, the other VPC with it"),
    Case("peering-wider", Peering(("10.0.0.0/8",)), (PEERING,), "more than the other VPC"),
    Case("peering-both-halves", Peering(("10.64.0.0/17", "10.64.128.0/17")), (PEERING,), "the halves are the whole"),
)

TABLES = (
    Table("VPC", "network", (DEFAULT_GROUP,), GROUPS),
    Table("VPC", "network", (FLOW_LOG, ENDPOINT), LOGS + ENDPOINTS),
    Table("VPC", "network", (LOG_BUCKET,), LOG_BUCKETS),
    *one_in_each("VPC", (PEERING,), PEERINGS),
)
