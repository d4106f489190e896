"""IAM policies: what a role's own policies do not allow is denied, once `POST /_emulator/policies` has said so.

Moto has an enforcement of its own, which knows neither resources nor conditions and asks for signatures that do not
survive the layer. Keys that are no session of a role are an administrator's.
"""

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from moto.iam.models import Role, iam_backends
from moto.organizations.models import organizations_backends
from moto.s3.models import s3_backends
from moto.sts.models import sts_backends
from werkzeug.wrappers import Response

from .call import Call
from .errors import error_of_kind, error_response

Statement = Mapping[str, Any]
# Anybody may ask who they are.
FREE = (None, "sts:GetCallerIdentity")


class Policies:
    def __init__(self) -> None:
        self._enforced = False

    def enforce(self, *, enforced: bool) -> None:
        self._enforced = enforced

    def refuse(self, call: Call) -> Response | None:
        role = role_of(call) if self._enforced and call.action not in FREE else None
        if role is None:
            return None
        context = context_of(call)
        concerned = [one for one in _statements(role) if _concerns(one, call, context)]
        if any(one["Effect"] == "Deny" for one in concerned):
            return error_response(call, error_of_kind("identity_policy", call))
        return None if concerned else error_response(call, error_of_kind("permission", call))


def role_of(call: Call) -> Role | None:
    """The role whose session the key belongs to."""
    session = sts_backends[call.account]["aws"].get_assumed_role_from_access_key(call.access_key)
    if session is None:
        return None
    return iam_backends[call.account]["aws"].get_role_by_arn(session.role_arn)


def context_of(call: Call) -> dict[str, str]:
    """The condition keys that are known of a call. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"""
    role = role_of(call)
    owner = _owner(call)
    given = {
        "aws:PrincipalArn": role.arn if role else call.caller_arn,
        "aws:PrincipalOrgID": _organization(call.account),
        "aws:ResourceAccount": owner,
        "aws:ResourceOrgID": _organization(owner),
        "cloudwatch:namespace": call.params.get("Namespace"),
        "s3:prefix": call.params.get("prefix"),
        "sts:ExternalId": call.params.get("ExternalId"),
    }
    return {key: value for key, value in given.items() if value is not None}


def holds(conditions: Mapping[str, Any], context: Mapping[str, str]) -> bool:
    """Whether all conditions of a statement hold. A key that is not there fails every one of these operators."""
    return all(
        key in context and any(_compare(operator, wanted, context[key]) for wanted in _list(value))
        for operator, keys in conditions.items()
        for key, value in keys.items()
    )


def _compare(operator: str, wanted: str, given: str) -> bool:
    match operator:
        case "StringEquals":
            return wanted == given
        case "StringLike" | "ArnLike" | "ArnEquals":
            return fnmatchcase(given, wanted)
    raise NotImplementedError(f"the condition operator {operator}")


def _statements(role: Role) -> Iterator[Statement]:
    for document in role.policies.values():
        yield from _list(json.loads(document)["Statement"])
    for policy in role.managed_policies.values():
        yield from _list(json.loads(policy.document)["Statement"])


def _concerns(statement: Statement, call: Call, context: Mapping[str, str]) -> bool:
    resource = _resource(call)
    return (
        # IAM does not tell capitals in actions.
        any(fnmatchcase((call.action or "").lower(), action.lower()) for action in _list(statement["Action"]))
        and any(fnmatchcase(resource, pattern) for pattern in _list(statement["Resource"]))
        and holds(statement.get("Condition", {}), context)
    )


def _resource(call: Call) -> str:
    """The ARN that the call is about. Where an action knows none, a policy has to say `*`, which alone matches this."""
    match call.service, call.operation:
        case "s3", _ if call.bucket:
            return f"arn:aws:s3:::{call.bucket}" + (f"/{call.key}" if call.key else "")
        case "iam", "GetLoginProfile" | "ListAccessKeys" | "ListMFADevices":
            return f"arn:aws:iam::{call.account}:user/{call.params['UserName']}"
        case "iam", "ListEntitiesForPolicy":
            return call.params["PolicyArn"]
        case "ec2", "GetManagedPrefixListEntries":
            return f"arn:aws:ec2:{call.region}:{call.account}:prefix-list/{call.params['PrefixListId']}"
        case "sts", "AssumeRole":
            return call.params["RoleArn"]
        case "cloudformation", "DescribeStackSet" | "ListStackInstances":
            return f"arn:aws:cloudformation:{call.region}:{call.account}:stackset/{call.params['StackSetName']}:id"
        case "sns", "Publish":
            return call.params["TopicArn"]
        case "kms", "GetPublicKey" | "Sign":
            return call.params["KeyId"]
    return "no resource"


def _owner(call: Call) -> str:
    if call.target_account:
        return call.target_account
    if call.bucket in s3_backends.bucket_accounts:
        return str(s3_backends.bucket_accounts[call.bucket][1])
    return call.account


def _organization(account: str) -> str | None:
    management, partition = organizations_backends.master_accounts.get(account, (account, "aws"))
    organization = organizations_backends[management][partition].org
    return organization.id if organization else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
