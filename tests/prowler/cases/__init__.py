"""All cases, family by family."""

from . import blocks, buckets, compute, groups, networks, policies, settings, users
from .model import Table

MODULES = (users, policies, settings, buckets, blocks, groups, networks, compute)
TABLES: tuple[Table, ...] = tuple(table for module in MODULES for table in module.TABLES)
# What the cases need and what is no case itself, by account.
BESIDE = {"people": users.BESIDE + policies.BESIDE}


def twice() -> list[str]:
    """Names that more than one case has. None, or no difference could be told by its case."""
    names = [case.name for table in TABLES for case in table.cases]
    return sorted({name for name in names if names.count(name) > 1})
