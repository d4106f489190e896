"""Keys of KMS."""

from typing import Any

from cases.keys import DELETE, FRANKFURT, Key, ManagedKey, Replica

from .site import Site, make

WAIT = {"PendingWindowInDays": 7}


@make.register
def _(key: Key, name: str, site: Site) -> None:
    made = create_key(site, key)
    site.arns[name] = made["Arn"]
    kms = site.clients.of("kms", key.region)
    if key.alias:
        kms.create_alias(AliasName=key.alias, TargetKeyId=made["KeyId"])
    if key.replica:
        kms.replicate_key(KeyId=made["KeyId"], ReplicaRegion=key.replica)
    go_on(kms, made["KeyId"], key.steps)


@make.register
def _(replica: Replica, name: str, site: Site) -> None:
    key_id = create_key(site, Key(region=FRANKFURT, multi_region=True))["KeyId"]
    primary = site.clients.of("kms", FRANKFURT)
    made = primary.replicate_key(KeyId=key_id, ReplicaRegion=replica.region)["ReplicaKeyMetadata"]
    site.arns[name] = made["Arn"]
    go_on(primary, key_id, replica.steps)
    go_on(site.clients.of("kms", replica.region), key_id, replica.own_steps)


@make.register
def _(key: ManagedKey, name: str, site: Site) -> None:
    made = site.clients.of("kms", key.region).describe_key(KeyId=key.alias)["KeyMetadata"]
    site.arns[name] = made["Arn"]


def create_key(site: Site, key: Key) -> dict[str, Any]:
    made: dict[str, Any] = site.clients.of("kms", key.region).create_key(
        KeySpec=key.spec, KeyUsage=key.usage, Origin=key.origin, MultiRegion=key.multi_region
    )["KeyMetadata"]
    return made


def go_on(kms: Any, key_id: str, steps: tuple[str, ...]) -> None:
    for step in steps:
        getattr(kms, step)(KeyId=key_id, **(WAIT if step == DELETE else {}))
