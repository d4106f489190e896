"""Organizations: the resource policy, which moto does not have, and services that moto does not delegate."""

import json
import secrets

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.organizations.models import FakeDelegatedAdministrator, organizations_backends
from werkzeug.wrappers import Response

from .call import Call
from .errors import AwsError, error_response

# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html
DELEGATED = (
    "auditmanager.amazonaws.com",
    "backup.amazonaws.com",
    "cloudtrail.amazonaws.com",
    "config.amazonaws.com",
    "detective.amazonaws.com",
    "fms.amazonaws.com",
    "inspector2.amazonaws.com",
    "securityhub.amazonaws.com",
    "securitylake.amazonaws.com",
    "sso.amazonaws.com",
)


def patch_moto() -> None:
    """Once, before the first request."""
    known = FakeDelegatedAdministrator.SUPPORTED_SERVICES
    known.extend(service for service in DELEGATED if service not in known)


class ResourcePolicy:
    def __init__(self) -> None:
        self._content: str | None = None
        self._id = f"rp-{secrets.token_hex(8)}"

    def put(self, call: Call) -> Response:
        self._content = call.params["Content"]
        return self.describe(call)

    def describe(self, call: Call) -> Response:
        if call.account != DEFAULT_ACCOUNT_ID:
            message = "You don't have permissions to access this resource."
            return error_response(call, AwsError(400, "AccessDeniedException", message))
        if self._content is None:
            message = "We can't find a resource policy in the organization."
            return error_response(call, AwsError(400, "ResourcePolicyNotFoundException", message))
        organization = organizations_backends[call.account]["aws"].describe_organization()["Organization"]["Id"]
        arn = f"arn:aws:organizations::{call.account}:resourcepolicy/{organization}/{self._id}"
        policy = {"ResourcePolicySummary": {"Id": self._id, "Arn": arn}, "Content": self._content}
        return Response(json.dumps({"ResourcePolicy": policy}), content_type="application/x-amz-json-1.1")
