"""Access policies of vaults of AWS Backup and S3 Glacier, the VPCs of OpenSearch domains and the hosts of SQS queues, which moto
does not have.
"""

import json
from typing import Any

from moto.opensearch.models import OpenSearchDomain
from moto.sqs.models import Queue
from werkzeug.wrappers import Response

from .call import Call
from .errors import AwsError, error_response


def patch_moto() -> None:
    """Once, before the first request."""
    describe = OpenSearchDomain.to_dict

    def to_dict(domain: OpenSearchDomain) -> dict[str, Any]:
        """AWS adds the VPC to the subnets."""
        described = describe(domain)
        if options := described.get("VPCOptions"):
            described["VPCOptions"] = {"VPCId": "vpc-0123456789abcdef0", **options}
        return described

    def url(queue: Queue, _request: Any) -> str:
        """With the host of AWS, and not that of the request."""
        return f"https://sqs.{queue.region}.amazonaws.com/{queue.account_id}/{queue.name}"

    OpenSearchDomain.to_dict = to_dict  # type: ignore[method-assign]
    Queue.url = url  # type: ignore[method-assign]


class VaultPolicies:
    def __init__(self) -> None:
        self._policies: dict[tuple[str, str, str, str], str] = {}

    def set(self, account: str, region: str, service: str, vault: str, policy: str) -> None:
        self._policies[account, region, service, vault] = policy

    def get(self, call: Call) -> Response:
        policy = self._policies.get((call.account, call.region, call.service, call.vault or ""))
        if policy is None:
            message = f"No access policy is set for vault {call.vault}"
            return error_response(call, AwsError(404, "ResourceNotFoundException", message))
        return Response(json.dumps({"Policy": policy}), content_type="application/json")
