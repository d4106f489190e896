"""All cases, family by family."""

from collections import Counter
from collections.abc import Iterable

from . import (
    acls,
    blocks,
    buckets,
    compute,
    database_settings,
    databases,
    detection,
    disks,
    file_systems,
    front_ends,
    governance,
    groups,
    keys,
    monitoring,
    passwords,
    policies,
    root,
    settings,
    sharing,
    trails,
    users,
    vpcs,
)
from .model import MANAGEMENT, Table

MODULES = (
    users,
    policies,
    root,
    passwords,
    settings,
    buckets,
    blocks,
    groups,
    acls,
    vpcs,
    disks,
    compute,
    databases,
    database_settings,
    file_systems,
    front_ends,
    keys,
    sharing,
    governance,
    detection,
    trails,
    monitoring,
)
TABLES: tuple[Table, ...] = tuple(table for module in MODULES for table in module.TABLES)
# A finding of it needs an analyzer of the organization, which would answer for every case of analyzers. The emulated organization
# has such findings, in tests/expected/demo-findings.csv.
ONLY_IN_THE_ORGANIZATION = {"resource-shared-outside"}
# How many a family has at least.
LEAST = 30
# What the cases need and what is no case itself, by account.
BESIDE = {
    "people": users.BESIDE,
    MANAGEMENT: (*trails.BESIDE, *users.ORGANIZATION),
    "front-origins": front_ends.BESIDE,
}


def too_few() -> list[str]:
    """Families with fewer cases than a family has to have."""
    counts = Counter(table.family for table in TABLES for _ in table.cases)
    return sorted(family for family, count in counts.items() if count < LEAST)


def without_case(checks: Iterable[str]) -> list[str]:
    """Those of the checks that no case is about."""
    return sorted(set(checks) - ONLY_IN_THE_ORGANIZATION - {check for table in TABLES for check in table.about})


def twice() -> list[str]:
    """Names that more than one case has. None, or no difference could be told by its case."""
    names = [case.name for table in TABLES for case in table.cases]
    return sorted({name for name in names if names.count(name) > 1})
