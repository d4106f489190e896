"""Policies of resources: whether they are for everybody."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .model import IRELAND, VIRGINIA, Case, Table
from .places import one_in_each

FAMILY = "policies of resources"
BUS, DOMAIN, LOGS = "event-bus-public", "opensearch-public", "logs-policy-public"
FUNCTION = "lambda-function-public"
# The other checks, each with the emulator's kind of resource.
KINDS = {
    "sqs-queue-public": "queue",
    "sns-topic-public": "topic",
    "secret-public": "secret",
    "ecr-repository-public": "repository",
    "kms-key-public": "key",
    "backup-vault-public": "vault",
    "efs-policy-public": "file system",
    "glacier-vault-public": "glacier vault",
    BUS: "event bus",
    DOMAIN: "domain",
}


@dataclass(frozen=True)
class Shared:
    """One of the emulator's kinds of resources with policies, and its settings."""

    kind: str
    region: str = VIRGINIA
    settings: Mapping[str, Any] = field(default_factory=dict)


EVERYBODY, ANY_AWS = "*", {"AWS": "*"}
OTHER = {"AWS": "arn:aws:iam::444455556666:root"}


def when(operator: str, key: str, *values: str) -> dict[str, Any]:
    return {operator: {key: list(values) if len(values) > 1 else values[0]}}


# Name, principal, condition, whether everybody has access, and why.
Policy = tuple[str, Any, Mapping[str, Any], bool, str]
COMMON: tuple[Policy, ...] = (
    ("none", None, {}, False, "no policy, or the default one"),
    ("everybody", EVERYBODY, {}, True, "everybody"),
    ("any-aws", ANY_AWS, {}, True, "the same in another form"),
    ("other", OTHER, {}, False, "another account is not everybody"),
    ("organization", EVERYBODY, when("StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5"), False, "an organization"),
    ("organizations", EVERYBODY, when("StringLike", "aws:PrincipalOrgID", "o-*"), True, "every organization"),
    ("account", ANY_AWS, when("StringEquals", "aws:PrincipalAccount", "444455556666"), False, "one account"),
    ("all-but-one", EVERYBODY, when("StringNotEquals", "aws:PrincipalAccount", "444455556666"), True, "all but one account"),
    ("tls", EVERYBODY, when("Bool", "aws:SecureTransport", "true"), True, "everybody can use TLS"),
)
ADDRESSES: tuple[Policy, ...] = (
    ("address", EVERYBODY, when("IpAddress", "aws:SourceIp", "203.0.113.0/24"), False, "one range"),
    ("internet", EVERYBODY, when("IpAddress", "aws:SourceIp", "0.0.0.0/0"), True, "every address"),
    ("halves", EVERYBODY, when("IpAddress", "aws:SourceIp", "0.0.0.0/1", "128.0.0.0/1"), True, "the halves of it"),
)
# What AWS itself recommends for a kind of resource, and what is close to it.
OWN: Mapping[str, tuple[Policy, ...]] = {
    "queue": (
        ("topic", EVERYBODY, when("ArnEquals", "aws:SourceArn", "{topic}"), False, "a topic of one account"),
        ("any-topic", EVERYBODY, when("ArnLike", "aws:SourceArn", "arn:aws:sns:*:*:*"), True, "topics of any account"),
        *ADDRESSES,
    ),
    "topic": (
        ("owner", ANY_AWS, when("StringEquals", "AWS:SourceOwner", "{account}"), False, "the default condition"),
        ("source", EVERYBODY, when("StringEquals", "aws:SourceAccount", "{account}"), False, "services of one account"),
    ),
    "key": (
        ("caller", ANY_AWS, when("StringEquals", "kms:CallerAccount", "{account}"), False, "callers of one account"),
        ("service", ANY_AWS, when("StringEquals", "kms:ViaService", "s3.us-east-1.amazonaws.com"), True, "by S3, for anybody"),
    ),
    "file system": (
        (
            "mount-target",
            ANY_AWS,
            when("Bool", "elasticfilesystem:AccessedViaMountTarget", "true"),
            False,
            "clients of mount targets",
        ),
    ),
    "domain": ADDRESSES,
}


def cases(check: str, kind: str) -> Iterator[Case]:
    for name, principal, condition, is_public, why in (*COMMON, *OWN.get(kind, ())):
        region = IRELAND if name in ("any-aws", "organization") else VIRGINIA
        shared = Shared(kind, region, {"principal": principal, "condition": condition})
        yield Case(f"{kind.replace(' ', '-')}-{name}", shared, (check,) * is_public, why)
    if kind not in ("key", "repository"):
        denial = Shared(kind, VIRGINIA, {"principal": EVERYBODY, "effect": "Deny"})
        yield Case(f"{kind.replace(' ', '-')}-denied", denial, (), "a denial allows nothing")


def domain(name: str, fails: tuple[str, ...], why: str, **settings: Any) -> Case:
    return Case(f"domain-{name}", Shared("domain", VIRGINIA, {"principal": EVERYBODY} | settings), fails, why)


DOMAINS = (
    domain("vpc", (), "its endpoint is in a VPC", in_vpc=True),
    domain("authenticated", (), "fine-grained access control authenticates everybody", authenticates=True),
    domain("anonymous", (DOMAIN,), "anonymous access is on", authenticates=False),
    domain("anonymous-vpc", (), "anonymous access in a VPC", authenticates=False, in_vpc=True),
)


def function(name: str, principal: Any, is_public: bool, why: str, **permission: str) -> Case:
    shared = Shared("function", VIRGINIA, {"principal": principal, "permission": permission})
    return Case(f"function-{name}", shared, (FUNCTION,) * is_public, why)


FUNCTIONS = (
    function("none", None, False, "no policy"),
    function("everybody", EVERYBODY, True, "everybody"),
    function("other", "arn:aws:iam::444455556666:root", False, "another account is not everybody"),
    function("organization", EVERYBODY, False, "an organization", PrincipalOrgID="o-a1b2c3d4e5"),
    function("service", "apigateway.amazonaws.com", False, "a service is not everybody"),
    function("bucket", "s3.amazonaws.com", False, "a service for one account", SourceAccount="111122223333"),
    function("load-balancer", "elasticloadbalancing.amazonaws.com", False, "a service that sends no source"),
)


def log_policy(name: str, principal: Any, is_public: bool, why: str, **condition: Any) -> Case:
    shared = Shared("log policy", VIRGINIA, {"principal": principal, "condition": condition})
    return Case(f"logs-{name}", shared, (LOGS,) * is_public, why)


LOG_POLICIES = (
    log_policy("everybody", EVERYBODY, True, "everybody"),
    log_policy("service", {"Service": "route53.amazonaws.com"}, False, "a service is not everybody"),
    log_policy("organization", EVERYBODY, False, "an organization", **when("StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5")),
    log_policy("other", OTHER, False, "another account is not everybody"),
)


def tables() -> Iterator[Table]:
    for check, kind in KINDS.items():
        more = DOMAINS if kind == "domain" else ()
        yield Table(FAMILY, f"policies-{kind.replace(' ', '-')}", (check,), (*cases(check, kind), *more))
    yield Table(FAMILY, "policies-function", (FUNCTION,), FUNCTIONS)
    yield from one_in_each(FAMILY, (LOGS,), LOG_POLICIES)


TABLES = tuple(tables())
