"""File systems of EFS: whether they are encrypted, and whether AWS Backup has backed them up."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from .model import IRELAND, VIRGINIA, Case, Table

PLAIN = "efs-unencrypted"
BACKUP = "efs-backup-off"
YEAR = 365


@dataclass(frozen=True)
class FileSystem:
    """`automatic` is the setting of EFS for backups, `last_backup` what AWS Backup has, and `created` when it was made, both
    in days ago."""

    encrypted: bool = True
    automatic: bool = True
    last_backup: int | None = 1
    created: int = YEAR
    region: str = VIRGINIA
    one_zone: bool = False
    own_key: bool = False


# The boundary is 35 days.
AGES = (0, 1, 34, 36, 400, None)


def backups() -> Iterator[Case]:
    for encrypted, automatic, last in product((True, False), (True, False), AGES):
        fails = (PLAIN,) * (not encrypted) + (BACKUP,) * (last is None or last > 35)
        when = "never" if last is None else f"{last}-days-ago"
        setting = "automatic" if automatic else "manual"
        name = f"files-{'encrypted' if encrypted else 'plain'}-{setting}-{when}"
        yield Case(name, FileSystem(encrypted, automatic, last), fails, "what counts is the last backup")


# A new file system has two days for its first backup.
NEW = (
    Case("files-new-automatic", FileSystem(last_backup=None, created=1), (), "its first backup is to come"),
    Case("files-new-manual", FileSystem(automatic=False, last_backup=None, created=1), (), "too new for a verdict"),
    Case("files-new-plain", FileSystem(False, last_backup=None, created=1), (PLAIN,), "not encrypted from the start"),
    Case("files-3-days-automatic", FileSystem(last_backup=None, created=3), (BACKUP,), "its first backup failed"),
    Case("files-3-days-manual", FileSystem(automatic=False, last_backup=None, created=3), (BACKUP,), "no backup"),
    Case("files-new-with-backup", FileSystem(last_backup=0, created=1), (), "its first backup is there"),
)

OTHERS = (
    Case("files-ireland", FileSystem(region=IRELAND), (), "in order, in another Region"),
    Case("files-plain-ireland", FileSystem(False, region=IRELAND), (PLAIN,), "not encrypted, in another Region"),
    Case(
        "files-never-ireland",
        FileSystem(automatic=False, last_backup=None, region=IRELAND),
        (BACKUP,),
        "no backup, in another Region",
    ),
    Case("files-one-zone", FileSystem(one_zone=True), (), "in one zone, and EFS backs it up"),
    Case("files-one-zone-plain", FileSystem(False, one_zone=True), (PLAIN,), "in one zone, not encrypted"),
    Case("files-own-key", FileSystem(own_key=True), (), "encrypted with a key of the customer"),
)

TABLES = (Table("EFS and AWS Backup", "files", (PLAIN, BACKUP), (*backups(), *NEW, *OTHERS)),)
