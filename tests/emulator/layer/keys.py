"""Keys of KMS, where moto differs from AWS: keys that AWS manages, replicas, rotation, and the deletion of a primary key
with replicas.
"""

import json
from copy import deepcopy
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.kms.models import Key, KmsBackend, kms_backends
from moto.kms.responses import KmsResponse

RESERVED = "alias/aws/"


def patch_moto() -> None:
    """Once, before the first key."""
    to_dict, schedule, aliases = Key.to_dict, KmsBackend.schedule_key_deletion, KmsResponse.list_aliases

    def as_aws_has_it(key: Key) -> dict[str, Any]:
        described = to_dict(key)
        metadata = described["KeyMetadata"]
        metadata["KeyManager"] = "AWS" if _is_managed(key) else "CUSTOMER"
        metadata["MultiRegion"] = bool(key.multi_region)
        if key.multi_region:
            # Moto shares one configuration between the primary key and its replicas.
            configuration = deepcopy(key.multi_region_configuration)
            configuration["MultiRegionKeyType"] = "PRIMARY" if _is_primary(key) else "REPLICA"
            metadata["MultiRegionConfiguration"] = configuration
        if key.key_state == "PendingReplicaDeletion":
            metadata["PendingDeletionWindowInDays"] = key.pending_window
        return described

    def with_replicas(backend: KmsBackend, key_id: str, days: int) -> float | None:
        key = backend.keys[key_id]
        if not (key.multi_region and _is_primary(key) and _replicas(key)):
            return schedule(backend, key_id, days)
        key.enabled, key.key_state, key.pending_window = False, "PendingReplicaDeletion", days
        return None

    def rotation_status(response: KmsResponse) -> str:
        key_id = response._get_param("KeyId")
        response._validate_cmk_id(key_id)
        key = response.kms_backend.describe_key(key_id)
        if key.key_spec != "SYMMETRIC_DEFAULT" or key.origin != "AWS_KMS":
            raise JsonRESTError("UnsupportedOperationException", f"{key.arn} cannot be rotated automatically.")
        return json.dumps({"KeyRotationEnabled": _is_managed(key) or _primary(key).key_rotation_status})

    def without_targets(response: KmsResponse) -> str:
        answer = json.loads(aliases(response))
        for alias in answer["Aliases"]:
            # AWS has predefined aliases, which have no key before their service needs one.
            if alias["TargetKeyId"] not in response.kms_backend.keys:
                del alias["TargetKeyId"]
        return json.dumps(answer)

    Key.to_dict = as_aws_has_it  # type: ignore[method-assign]
    KmsBackend.schedule_key_deletion = with_replicas  # type: ignore[method-assign,assignment]
    KmsResponse.get_key_rotation_status = rotation_status  # type: ignore[method-assign]
    KmsResponse.list_aliases = without_targets  # type: ignore[method-assign]


def _is_managed(key: Key) -> bool:
    """Whether AWS manages it."""
    return any(alias.startswith(RESERVED) for alias in key.aliases)


def _is_primary(key: Key) -> bool:
    return bool(key.arn == key.multi_region_configuration["PrimaryKey"]["Arn"])


def _replicas(key: Key) -> list[Key]:
    regions = [replica["Region"] for replica in key.multi_region_configuration["ReplicaKeys"]]
    of_regions = (kms_backends[key.account_id][region].keys.get(key.id) for region in regions)
    return [replica for replica in of_regions if replica is not None]


def _primary(key: Key) -> Key:
    """The key that has the rotation status of this one."""
    if not key.multi_region:
        return key
    region = key.multi_region_configuration["PrimaryKey"]["Region"]
    return kms_backends[key.account_id][region].keys[key.id]
