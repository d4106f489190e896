"""Access policies of vaults of AWS Backup and S3 Glacier, and the VPCs of OpenSearch domains, which moto does not have."""

import json
from typing import Any

from moto.opensearch.models import OpenSearchDomain
from werkzeug.wrappers import Response

from .call import Call
from .errors import AwsError, error_response


def patch_moto() -> None:
    """Once, before the first request. AWS adds the VPC of a domain to its subnets."""
    describe = OpenSearchDomain.to_dict

    def to_dict(domain: OpenSearchDomain) -> dict[str, Any]:
        described = describe(domain)
        if options := described.get("VPCOptions"):
            described["VPCOptions"] = {"VPCId": "vpc-0123456789abcdef0", **options}
        return described

    OpenSearchDomain.to_dict = to_dict  # type: ignore[method-assign]


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
