"""File systems of EFS, and their backups."""

from datetime import UTC, datetime, timedelta
from typing import Any

from cases.file_systems import FileSystem

from .site import Site, make


@make.register
def _(file_system: FileSystem, name: str, site: Site) -> None:
    region = file_system.region
    more: dict[str, Any] = {}
    if file_system.one_zone:
        more["AvailabilityZoneName"] = f"{region}a"
    if file_system.own_key:
        kms = site.clients.of("kms", region)
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        kms.enable_key_rotation(KeyId=key)
        more["KmsKeyId"] = key
    made = site.clients.of("efs", region).create_file_system(
        CreationToken=name, Encrypted=file_system.encrypted, Backup=file_system.automatic, **more
    )
    site.arns[name] = made["FileSystemArn"]
    place = {"account": site.account_id, "region": region}
    site.tell("file-system-created", **place, file_system=made["FileSystemId"], time=ago(file_system.created))
    if file_system.last_backup is not None:
        site.tell("backups", **place, resource=made["FileSystemArn"], time=ago(file_system.last_backup))


def ago(days: int) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
