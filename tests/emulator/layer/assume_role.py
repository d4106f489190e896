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
from moto.sts.models import sts_backends
from werkzeug.wrappers import Response

from .call import Call
from .errors import AwsError, error_response
from .policies import context_of, holds


def refuse(call: Call) -> Response | None:
    if (call.service, call.operation) != ("sts", "AssumeRole") or call.target_account is None:
        return None
    role_arn = call.params["RoleArn"]
    active = account_state(call.target_account) in (None, "ACTIVE")
    if active and _role_admits(call.target_account, role_arn, call):
        return None
    message = f"User: {call.caller_arn} is not authorized to perform: sts:AssumeRole on resource: {role_arn}"
    return error_response(call, AwsError(403, "AccessDenied", message))


def session(role_arn: str) -> dict[str, str]:
    """What a service gets that runs something in a role: Lambda for a function."""
    account_id = role_arn.split(":")[4]
    role = iam_backends[account_id]["aws"].get_role_by_arn(role_arn)
    made = sts_backends[account_id]["aws"].assume_role("us-east-1", "service", role.arn, "", 3600, "")
    return {
        "AWS_ACCESS_KEY_ID": made.access_key_id,
        "AWS_SECRET_ACCESS_KEY": made.secret_access_key,
        "AWS_SESSION_TOKEN": made.session_token,
    }


def account_state(account_id: str) -> str | None:
    """`None` if the account is in no organization."""
    management, partition = organizations_backends.master_accounts.get(account_id, (account_id, "aws"))
    accounts = organizations_backends[management][partition].accounts
    return next((account.state for account in accounts if account.id == account_id), None)


def _role_admits(account_id: str, role_arn: str, call: Call) -> bool:
    try:
        role = iam_backends[account_id]["aws"].get_role_by_arn(role_arn)
    except NotFoundException:
        return False
    statements = json.loads(role.assume_role_policy_document)["Statement"]
    statements = statements if isinstance(statements, list) else [statements]
    return any(_admits(statement, call) for statement in statements)


def _admits(statement: Mapping[str, Any], call: Call) -> bool:
    """Trust is in accounts here: which of their principals, conditions say."""
    trusted = statement["Principal"].get("AWS", [])
    accounts = [arn.split(":")[4] for arn in (trusted if isinstance(trusted, list) else [trusted])]
    return (
        statement["Effect"] == "Allow"
        and call.account in accounts
        and holds(statement.get("Condition", {}), context_of(call))
    )
