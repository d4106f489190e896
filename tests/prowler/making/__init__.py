"""Makes what the cases are about, over the AWS API of the emulator."""

from . import compute, databases, disks, groups, iam, monitoring, networks, s3, settings  # noqa: F401: each registers how its kinds are made
from .site import Site, make

__all__ = ["Site", "make"]
