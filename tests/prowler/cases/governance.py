"""AWS Config in an account's Regions, the account's contacts, and what the organization has once."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from .model import IRELAND, MANAGEMENT, VIRGINIA, Case, Table
from .places import ACCOUNTS, one_in_each

FAMILY = "Config, contacts and organization"
RECORDER = "config-recorder-off"
GLOBAL = "config-global-types-not-recorded"
AGGREGATOR = "config-aggregator-missing"
SECURITY = "account-security-contact-missing"
DETAILS = "account-contact-details-missing"
SCP = "organization-scp-missing"
RCP = "organization-rcp-missing"
DECLARATIVE = "organization-declarative-policy-missing"
ADMINISTRATOR = "organization-delegated-administrator-missing"
DELEGATION = "organization-policy-delegation-missing"
WORKLOADS = "organization-management-account-used"

GLOBAL_TYPES = ("AWS::IAM::Group", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::User")
VOLUME, INSTANCE, ROLE = "AWS::EC2::Volume", "AWS::EC2::Instance", "AWS::IAM::Role"


@dataclass(frozen=True)
class Types:
    """What a recorder records: all types, all except some, or only some."""

    name: str
    with_global: bool = False
    without: tuple[str, ...] = ()
    only: tuple[str, ...] = ()

    @property
    def global_types(self) -> set[str]:
        if self.without:
            return set(GLOBAL_TYPES) - set(self.without)
        return set(GLOBAL_TYPES) if self.with_global else set(GLOBAL_TYPES) & set(self.only)

    @property
    def problem(self) -> str:
        """How bad it is for the Region: global types are not of the Region."""
        if self.only:
            return "medium"
        return "low" if set(self.without) - set(GLOBAL_TYPES) else ""


@dataclass(frozen=True)
class Recorder:
    """`state` is recording, stopped, failing or undelivered. Its name is the case's: Prowler knows recorders by name."""

    region: str
    types: Types
    state: str


@dataclass(frozen=True)
class NoRecorder:
    region: str


@dataclass(frozen=True)
class Recorders:
    """Nothing to make: both Regions of an account together."""


@dataclass(frozen=True)
class Contacts:
    """The alternate contacts, and the fields that the primary one lacks; None if it does not exist."""

    alternate: tuple[str, ...] = ()
    lacks: tuple[str, ...] | None = ()
    empty: str = ""


@dataclass(frozen=True)
class Unit:
    """An OU with an account. Each policy is attached to nothing, to the OU or to the account."""

    scp: str = ""
    rcp: str = ""
    declarative: str = ""


@dataclass(frozen=True)
class Delegations:
    """Trusted services, those of them with a delegated administrator, and whether there is a resource policy."""

    trusted: tuple[str, ...]
    resource_policy: bool


@dataclass(frozen=True)
class Aggregator:
    """In the management account; of all Regions if it names none."""

    regions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Workload:
    """A database in the management account, in order by every check of databases."""

    region: str


TYPES = (
    Types("all"),
    Types("all-global", with_global=True),
    Types("without-global", without=GLOBAL_TYPES),
    Types("without-role", without=(ROLE,)),
    Types("without-volume", without=(VOLUME,)),
    Types("without-volume-global", without=(VOLUME, *GLOBAL_TYPES)),
    Types("only-instance", only=(INSTANCE,)),
    Types("only-global", only=GLOBAL_TYPES),
)
STATES = ("recording", "stopped", "failing", "undelivered")
# One for each account. The second Region has them in another order, so that each account has another pair.
KINDS: tuple[tuple[Types, str] | None, ...] = (*product(TYPES, STATES),)
SHIFT = 13


def kind(position: int, region: str) -> tuple[Types, str] | None:
    """The last two have no recorder in either Region, and in one."""
    if position >= len(ACCOUNTS) - (2 if region == IRELAND else 1):
        return None
    return KINDS[(position + (SHIFT if region == IRELAND else 0)) % len(KINDS)]


def region_case(position: int, region: str) -> Case:
    name = f"config-{position:02}-{region}"
    found = kind(position, region)
    if found is None:
        return Case(name, NoRecorder(region), (RECORDER,), "no recorder", "medium")
    types, state = found
    severity = types.problem if state == "recording" else "medium"
    name = f"config-{types.name}-{state}-{region}"
    return Case(name, Recorder(region, types, state), (RECORDER,) if severity else (), f"{types.name}, {state}", severity)


def account_case(position: int) -> Case:
    """What works records, whether it is delivered or not."""
    found = [one for region in (VIRGINIA, IRELAND) if (one := kind(position, region))]
    recorded = {one for types, state in found if state in ("recording", "undelivered") for one in types.global_types}
    why = ", ".join(f"{types.name} {state}" for types, state in found) or "no recorder"
    return Case(f"config-both-{position:02}", Recorders(), () if recorded == set(GLOBAL_TYPES) else (GLOBAL,), why)


REQUIRED = ("FullName", "AddressLine1", "City", "PostalCode", "CountryCode", "PhoneNumber")


def contact_cases() -> Iterator[Case]:
    kinds = ("SECURITY", "BILLING", "OPERATIONS")
    for bits in product((False, True), repeat=len(kinds)):
        alternate = tuple(one for one, has in zip(kinds, bits, strict=True) if has)
        fails = () if "SECURITY" in alternate else (SECURITY,)
        yield Case(f"contacts-{'-'.join(alternate).lower() or 'none'}", Contacts(alternate), fails, "which contacts exist")
    for missing in REQUIRED:
        yield Case(f"contacts-without-{missing}", Contacts(("SECURITY",), (missing,)), (DETAILS,), "a field lacks")
        yield Case(f"contacts-empty-{missing}", Contacts(("SECURITY",), empty=missing), (DETAILS,), "a field is empty")
    yield Case("contacts-without-details", Contacts(("SECURITY",), None), (DETAILS,), "no contact details")
    yield Case("contacts-nothing", Contacts((), None), (SECURITY, DETAILS), "neither")


UNITS = (
    Case("unit-unbound", Unit(), (SCP, RCP, DECLARATIVE), "nothing except AWS's own policies"),
    Case("unit-scp", Unit(scp="ou"), (RCP, DECLARATIVE), "an SCP of the OU"),
    Case("unit-rcp", Unit(rcp="ou", declarative="ou"), (SCP,), "an RCP and a declarative policy of the OU"),
    Case("unit-account", Unit("account", "account", "account"), (), "policies of the account in it"),
)
ORGANIZATION = (
    Case(
        "organization-delegations",
        Delegations(("guardduty.amazonaws.com", "ram.amazonaws.com"), resource_policy=True),
        (ADMINISTRATOR,),
        "GuardDuty has no delegated administrator, and policy management is delegated",
    ),
)
CENTRAL = (Case("aggregator-of-two", Aggregator((VIRGINIA, IRELAND)), (AGGREGATOR,), "two Regions are not all"),)
WORK = (Case("management-database", Workload(VIRGINIA), (WORKLOADS,), "a database in the management account"),)

TABLES = (
    *(
        Table(FAMILY, account, (RECORDER,), (region_case(position, region),))
        for region in (VIRGINIA, IRELAND)
        for position, account in enumerate(ACCOUNTS)
    ),
    *(Table(FAMILY, account, (GLOBAL,), (account_case(position),)) for position, account in enumerate(ACCOUNTS)),
    *one_in_each(FAMILY, (SECURITY, DETAILS), contact_cases()),
    Table(FAMILY, MANAGEMENT, (SCP, RCP, DECLARATIVE), UNITS),
    Table(FAMILY, MANAGEMENT, (ADMINISTRATOR, DELEGATION), ORGANIZATION),
    Table(FAMILY, MANAGEMENT, (AGGREGATOR,), CENTRAL),
    Table(FAMILY, MANAGEMENT, (WORKLOADS,), WORK),
)
