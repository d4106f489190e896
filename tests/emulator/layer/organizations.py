"""Organizations: the resource policy, which moto does not have, and services and policies that moto does not know."""

import json
import secrets
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.organizations.models import (
    FakeDelegatedAdministrator,
    FakeOrganization,
    FakePolicy,
    FakeRoot,
    organizations_backends,
)
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
DECLARATIVE = "DECLARATIVE_POLICY_EC2"


def patch_moto() -> None:
    """Once, before the first request."""
    known = FakeDelegatedAdministrator.SUPPORTED_SERVICES
    known.extend(service for service in DELEGATED if service not in known)
    for types in (FakePolicy.SUPPORTED_POLICY_TYPES, FakeRoot.SUPPORTED_POLICY_TYPES):
        if DECLARATIVE not in types:
            types.append(DECLARATIVE)
    if FakePolicy.__init__ is not _policy:
        FakePolicy.__init__ = _policy  # type: ignore[method-assign]


_moto_policy = FakePolicy.__init__


def _policy(self: FakePolicy, organization: FakeOrganization, **kwargs: Any) -> None:
    """A declarative policy is made as one for tags, of which moto knows the ARN."""
    kind = kwargs.get("Type", "")
    of_moto = "TAG_POLICY" if kind == DECLARATIVE else kind
    _moto_policy(self, organization, **{**kwargs, "Type": of_moto})
    self.type = kind
    if kind == DECLARATIVE:
        self._arn_format = self._arn_format.replace("tag_policy", kind.lower())


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
