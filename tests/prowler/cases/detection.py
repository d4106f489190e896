"""Detection services in an account's Regions: Access Analyzer, GuardDuty, Security Hub, Inspector and Macie."""

from collections.abc import Iterator
from dataclasses import dataclass

from .model import IRELAND, VIRGINIA, Case, Table
from .places import one_in_each

FAMILY = "detection services"
ANALYZER = "access-analyzer-missing"
GUARDDUTY = "guardduty-off"
HUB = "security-hub-off"
INSPECTOR = "inspector-off"
MACIE = "macie-off"


@dataclass(frozen=True)
class Analyzers:
    """The analyzers of a Region, each with type and status."""

    region: str
    analyzers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Detector:
    """Enabled or suspended; None is no detector."""

    region: str
    enabled: bool | None


@dataclass(frozen=True)
class Hub:
    """Which products of Security Hub are enabled."""

    region: str
    cspm: bool
    v2: bool


@dataclass(frozen=True)
class Inspector:
    """What Inspector scans."""

    region: str
    scanned: tuple[str, ...]


@dataclass(frozen=True)
class Macie:
    """Its status; None is off."""

    region: str
    status: str | None


ACTIVE = ("ACCOUNT", "ACTIVE")
UNUSED, INTERNAL = ("ACCOUNT_UNUSED_ACCESS", "ACTIVE"), ("ACCOUNT_INTERNAL_ACCESS", "ACTIVE")
# Each with what is wrong with it; an organization analyzer that is not active belongs to no administrator any more.
ANALYZERS = (
    ("active", (ACTIVE,), ""),
    ("none", (), "no analyzer"),
    ("creating", (("ACCOUNT", "CREATING"),), "not active yet"),
    ("disabled", (("ACCOUNT", "DISABLED"),), "disabled"),
    ("failed", (("ACCOUNT", "FAILED"),), "its creation failed"),
    ("unused", (UNUSED,), "unused access is not external access"),
    ("internal", (INTERNAL,), "internal access is not external access"),
    ("unused-internal", (UNUSED, INTERNAL), "neither is about external access"),
    ("unused-active", (UNUSED, ACTIVE), ""),
    ("failed-active", (("ACCOUNT", "FAILED"), ACTIVE), ""),
    ("organization-disabled", (("ORGANIZATION", "DISABLED"),), "its administrator was removed"),
    ("organization-disabled-active", (("ORGANIZATION", "DISABLED"), ACTIVE), ""),
)
DETECTORS = (("enabled", True), ("suspended", False), ("none", None))
HUBS = (("cspm", True, False), ("v2", False, True), ("both", True, True), ("none", False, False))
SCANS = (
    ("all", ("EC2", "ECR", "LAMBDA", "LAMBDA_CODE")),
    ("without-code", ("EC2", "ECR", "LAMBDA")),
    ("without-lambda", ("EC2", "ECR")),
    ("without-ec2", ("ECR", "LAMBDA", "LAMBDA_CODE")),
    ("without-ecr", ("EC2", "LAMBDA", "LAMBDA_CODE")),
    ("ec2", ("EC2",)),
    ("none", ()),
)
SESSIONS = (("enabled", "ENABLED"), ("paused", "PAUSED"), ("off", None))


def cases(region: str) -> Iterator[tuple[str, tuple[Case, ...]]]:
    """The cases of each check. Both Regions have the same in another order, so that each account has another pair."""
    yield ANALYZER, tuple(
        Case(f"analyzer-{name}-{region}", Analyzers(region, found), (ANALYZER,) * bool(why), why or "one is active")
        for name, found, why in ANALYZERS
    )
    yield GUARDDUTY, tuple(
        Case(f"detector-{name}-{region}", Detector(region, enabled), (GUARDDUTY,) * (not enabled), name)
        for name, enabled in DETECTORS
    )
    yield HUB, tuple(
        Case(f"hub-{name}-{region}", Hub(region, cspm, v2), (HUB,) * (not cspm and not v2), "either product is enough")
        for name, cspm, v2 in HUBS
    )
    yield INSPECTOR, tuple(
        Case(
            f"inspector-{name}-{region}",
            Inspector(region, scanned),
            (INSPECTOR,) * (not {"EC2", "ECR", "LAMBDA"} <= set(scanned)),
            "code is not required",
        )
        for name, scanned in SCANS
    )
    yield MACIE, tuple(
        Case(f"macie-{name}-{region}", Macie(region, status), (MACIE,) * (status != "ENABLED"), name)
        for name, status in SESSIONS
    )


TABLES = (
    *(table for about, found in cases(VIRGINIA) for table in one_in_each(FAMILY, (about,), found)),
    *(table for about, found in cases(IRELAND) for table in one_in_each(FAMILY, (about,), reversed(found))),
)
