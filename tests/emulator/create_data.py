"""Makes keys of KMS and file systems of EFS in an account. Importing it teaches `create` how."""

from create import Site, create
from kinds import FileSystem, Key, ManagedKey

CREATED = "2024-01-15"


def noon(day: str) -> str:
    return f"{day}T12:00:00Z"


@create.register
def _(key: Key, site: Site) -> None:
    kms = site.clients.of("kms", key.region)
    made = kms.create_key(
        Description=key.name,
        KeySpec=key.spec,
        KeyUsage=key.usage,
        Origin=key.origin,
        MultiRegion=key.replica is not None,
    )["KeyMetadata"]
    key_id = made["KeyId"]
    site.record(key.name, key.region, made["Arn"])
    kms.create_alias(AliasName=f"alias/{key.name}", TargetKeyId=key_id)
    if key.rotation:
        kms.enable_key_rotation(KeyId=key_id)
    if key.replica:
        replica = kms.replicate_key(KeyId=key_id, ReplicaRegion=key.replica)["ReplicaKeyMetadata"]
        site.record(f"{key.name}-replica", key.replica, replica["Arn"])
    if not key.enabled:
        kms.disable_key(KeyId=key_id)
    if key.deletion:
        kms.schedule_key_deletion(KeyId=key_id, PendingWindowInDays=key.deletion)


@create.register
def _(key: ManagedKey, site: Site) -> None:
    # The service that needs the key has it made; moto makes it when its alias is asked for.
    made = site.clients.of("kms", key.region).describe_key(KeyId=key.alias)["KeyMetadata"]
    site.record(key.name, key.region, made["Arn"])


@create.register
def _(file_system: FileSystem, site: Site) -> None:
    region, name = file_system.region, file_system.name
    made = site.clients.of("efs", region).create_file_system(
        CreationToken=name, Encrypted=file_system.encrypted, Tags=[{"Key": "Name", "Value": name}]
    )
    arn = made["FileSystemArn"]
    place = {"account": site.account_id, "region": region}
    created = place | {"file_system": made["FileSystemId"], "time": noon(CREATED)}
    site.clients.control("POST", "/_emulator/file-system-created", created)
    if file_system.last_backup:
        backup = place | {"resource": arn, "time": noon(file_system.last_backup)}
        site.clients.control("POST", "/_emulator/backups", backup)
    site.record(name, region, arn)
