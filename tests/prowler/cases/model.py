"""What a case is: a thing that is made in an account, and which checks have to object to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

VIRGINIA = "us-east-1"
IRELAND = "eu-west-1"
REGIONS = (VIRGINIA, IRELAND)

# The account that the organization is run from.
MANAGEMENT = "management"

ANYWHERE = "0.0.0.0/0"
ANYWHERE_IPV6 = "::/0"


@dataclass(frozen=True)
class Case:
    """`fails` are the checks, of those that its table is about, that have to object to the thing; with this severity, where
    it depends on the thing."""

    name: str
    thing: Any
    fails: tuple[str, ...] = ()
    why: str = ""
    severity: str = ""


@dataclass(frozen=True)
class Table:
    """Cases of one family in one account. Each check that it is `about` has an expectation for each case."""

    family: str
    account: str
    about: tuple[str, ...]
    cases: tuple[Case, ...]
    # What the cases need and what is no case itself.
    beside: tuple[Any, ...] = ()
    # Too many to make where orgscan is asked alone: its unit tests have the same on plain data.
    only_compared: bool = False


@dataclass(frozen=True)
class Rule:
    """A security group's rule. A source is a CIDR, `self`, or the name of a prefix list."""

    protocol: str
    ports: tuple[int, int] | None
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """A security group, in use by a network interface; without `used`, by none."""

    rules: tuple[Rule, ...] = ()
    used: bool = True


@dataclass(frozen=True)
class DefaultGroup:
    """The default group of a VPC of its own."""

    ingress: tuple[Rule, ...] = ()
    egress: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class Prefixes:
    """A prefix list; one of AWS's own where it has no ranges."""

    name: str
    cidrs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    number: int
    action: str
    protocol: str
    ports: tuple[int, int] | None = None
    cidr: str = ANYWHERE
    egress: bool = False


@dataclass(frozen=True)
class Acl:
    """A network ACL with these entries; AWS's own last word, deny, is always there."""

    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Bucket:
    acl: Mapping[str, str] = field(default_factory=dict)
    statements: tuple[Mapping[str, Any], ...] = ()
    block: tuple[str, ...] | None = None
    versioning: str | None = None
    mfa_delete: bool = False
    encryption: Mapping[str, Any] | None = None
    logging_to: str | None = None
    region: str = VIRGINIA


@dataclass(frozen=True)
class Key:
    """An access key: how many days ago it was made and used last."""

    active: bool = True
    age: int = 1
    used: int | None = None


@dataclass(frozen=True)
class User:
    password: bool = False
    mfa: bool = False
    keys: tuple[Key, ...] = ()
    age: int = 1
    password_age: int | None = None
    password_used: int | None = None
    managed: tuple[str, ...] = ()
    inline: Mapping[str, Any] = field(default_factory=dict)
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Holder:
    """A role or a group, with policies."""

    kind: str
    managed: tuple[str, ...] = ()
    inline: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Policy:
    """A customer managed policy, attached to a user, a group or a role of its own, or to nothing."""

    document: Mapping[str, Any]
    attached_to: str | None = "role"


@dataclass(frozen=True)
class OfAws:
    """A policy of AWS's, attached to a role of its own."""

    name: str


@dataclass(frozen=True)
class Inline:
    """A policy within a user, a group or a role of its own."""

    document: Mapping[str, Any]
    within: str = "role"


@dataclass(frozen=True)
class Certificate:
    """A server certificate that expires that many seconds from now on."""

    expires_in: int
