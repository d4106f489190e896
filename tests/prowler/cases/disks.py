"""Volumes, snapshots and images: whether they are encrypted, and whose they are."""

from collections.abc import Iterator
from dataclasses import dataclass

from .model import IRELAND, REGIONS, VIRGINIA, Case, Table

VOLUME = "ebs-volume-unencrypted"
PUBLIC_SNAPSHOT = "ebs-snapshot-public"
PUBLIC_IMAGE = "ami-public"


@dataclass(frozen=True)
class Volume:
    encrypted: bool
    region: str = VIRGINIA
    attached: bool = False


@dataclass(frozen=True)
class Sharing:
    """With whom something was shared, one after the other: `all` or an account; with a minus it was taken back."""

    steps: tuple[str, ...] = ()

    @property
    def is_public(self) -> bool:
        return self.steps.count("all") > self.steps.count("-all")


@dataclass(frozen=True)
class Snapshot:
    sharing: Sharing
    region: str
    encrypted: bool = False


@dataclass(frozen=True)
class Image:
    sharing: Sharing
    region: str


VOLUMES = (
    Case("volume-encrypted", Volume(True), (), "encrypted"),
    Case("volume-plain", Volume(False), (VOLUME,), "not encrypted"),
    Case("volume-encrypted-ireland", Volume(True, IRELAND), (), "encrypted, in another Region"),
    Case("volume-plain-ireland", Volume(False, IRELAND), (VOLUME,), "not encrypted, in another Region"),
    Case("volume-encrypted-attached", Volume(True, attached=True), (), "encrypted, in use"),
    Case("volume-plain-attached", Volume(False, attached=True), (VOLUME,), "not encrypted, in use"),
)

SOMEBODY = "999988887777"
OWN, SHARED = ("own", Sharing()), ("shared", Sharing((SOMEBODY,)))
SHARINGS = (
    OWN,
    SHARED,
    ("public", Sharing(("all",))),
    ("public-and-shared", Sharing((SOMEBODY, "all"))),
    ("private-again", Sharing(("all", "-all"))),
    ("public-again", Sharing(("all", "-all", "all"))),
)


def snapshots() -> Iterator[Case]:
    for region in REGIONS:
        for name, sharing in SHARINGS:
            fails = (PUBLIC_SNAPSHOT,) if sharing.is_public else ()
            yield Case(f"snapshot-{name}-{region}", Snapshot(sharing, region), fails, name)
    # AWS shares encrypted ones with accounts alone.
    for name, sharing in (OWN, SHARED):
        yield Case(f"snapshot-{name}-encrypted", Snapshot(sharing, VIRGINIA, encrypted=True), (), name)


def images() -> Iterator[Case]:
    for region in REGIONS:
        for name, sharing in SHARINGS:
            fails = (PUBLIC_IMAGE,) if sharing.is_public else ()
            yield Case(f"image-{name}-{region}", Image(sharing, region), fails, name)


TABLES = (
    Table("EBS and AMIs", "compute", (VOLUME,), VOLUMES),
    Table("EBS and AMIs", "compute", (PUBLIC_SNAPSHOT,), tuple(snapshots())),
    Table("EBS and AMIs", "compute", (PUBLIC_IMAGE,), tuple(images())),
)
