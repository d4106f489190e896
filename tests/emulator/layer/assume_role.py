"""AssumeRole denied. Moto hands out a session for any role in any account.

AWS says the same words whether the role is missing, does not trust the caller, wants another external id, or lies in
an account that is suspended or closed.
"""

import json
from collections.abc import Mapping
from typing import Any

from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends
from moto.organizations.models import organizations_backends
from werkzeug.wrappers import Response

from .call import Call
from .errors import AwsError, error_response


def refuse(call: Call) -> Response | None:
    if (call.service, call.operation) != ("sts", "AssumeRole") or call.target_account is None:
        return None
    role_arn = call.params["RoleArn"]
    active = account_state(call.target_account) in (None, "ACTIVE")
    if active and _role_admits(call.target_account, role_arn, call.params.get("ExternalId")):
        return None
    message = f"User: {call.caller_arn} is not authorized to perform: sts:AssumeRole on resource: {role_arn}"
    return error_response(call, AwsError(403, "AccessDenied", message))


def account_state(account_id: str) -> str | None:
    """`None` if the account is in no organization."""
    management, partition = organizations_backends.master_accounts.get(account_id, (account_id, "aws"))
    accounts = organizations_backends[management][partition].accounts
    return next((account.state for account in accounts if account.id == account_id), None)


def _role_admits(account_id: str, role_arn: str, external_id: str | None) -> bool:
    try:
        role = iam_backends[account_id]["aws"].get_role_by_arn(role_arn)
    except NotFoundException:
        return False
    statements = json.loads(role.assume_role_policy_document)["Statement"]
    statements = statements if isinstance(statements, list) else [statements]
    return any(_admits(statement, external_id) for statement in statements)


def _admits(statement: Mapping[str, Any], external_id: str | None) -> bool:
    wanted = statement.get("Condition", {}).get("StringEquals", {}).get("sts:ExternalId")
    if statement["Effect"] != "Allow":
        return False
    return wanted is None or external_id in (wanted if isinstance(wanted, list) else [wanted])
