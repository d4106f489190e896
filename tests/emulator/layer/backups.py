"""What AWS Backup has backed up, which moto does not have; and when file systems were created."""

import json
from datetime import datetime
from typing import Any

from moto.efs.models import efs_backends
from werkzeug.wrappers import Response

from .call import Call

TYPES = {"elasticfilesystem": "EFS", "rds": "RDS", "dynamodb": "DynamoDB", "s3": "S3"}


class Backups:
    def __init__(self) -> None:
        self._resources: dict[tuple[str, str], list[dict[str, Any]]] = {}

    def add(self, account: str, region: str, resource: str, time: str | None) -> None:
        """Without a time, the entry of the list has none."""
        entry = {
            "ResourceArn": resource,
            "ResourceType": TYPES[resource.split(":")[2]],
            "LastBackupVaultArn": f"arn:aws:backup:{region}:{account}:backup-vault:Default",
        }
        if time is not None:
            entry["LastBackupTime"] = _seconds(time)
        self._resources.setdefault((account, region), []).append(entry)

    def list(self, call: Call) -> Response:
        body = {"Results": self._resources.get((call.account, call.region), [])}
        return Response(json.dumps(body), content_type="application/json")


def set_created(account: str, region: str, file_system: str, time: str) -> None:
    efs_backends[account][region].file_systems_by_id[file_system].creation_time = _seconds(time)


def _seconds(time: str) -> float:
    """AWS has times in seconds since 1970."""
    return datetime.fromisoformat(time).timestamp()
