"""Makes what the cases are about, over the AWS API of the emulator."""

from . import (  # noqa: F401: each registers how its kinds are made
    compute,
    database_settings,
    databases,
    detection,
    disks,
    file_systems,
    front_ends,
    governance,
    groups,
    iam,
    keys,
    monitoring,
    networks,
    s3,
    settings,
    sharing,
    trails,
)
from .site import Site, make

__all__ = ["Site", "make"]
