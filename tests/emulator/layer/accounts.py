"""Organizations as of November 2026: an account has State and Paths, and no Status any more. Moto lacks the paths."""

import json
from collections.abc import Callable
from typing import Any

from moto.organizations.models import OrganizationsBackend, organizations_backends
from werkzeug.wrappers import Response

from .call import Call


def amend_account(paths: bool, call: Call, answer: Response) -> Response:
    return _amend(paths, call, answer, lambda body: [body["Account"]])


def amend_accounts(paths: bool, call: Call, answer: Response) -> Response:
    return _amend(paths, call, answer, lambda body: body["Accounts"])


def _amend(paths: bool, call: Call, answer: Response, accounts_of: Callable[[Any], list[Any]]) -> Response:
    if answer.status_code != 200:
        return answer
    body = json.loads(answer.get_data())
    backend = organizations_backends[call.account]["aws"]
    for account in accounts_of(body):
        account.pop("Status", None)
        if paths:
            account["Paths"] = [_path(backend, account["Id"])]
    answer.set_data(json.dumps(body))
    return answer


def _path(backend: OrganizationsBackend, account_id: str) -> str:
    """`o-../r-../ou-../ou-../123456789012/`"""
    parents = {unit.id: unit.parent_id for unit in backend.ou}
    steps = [account_id]
    above: str | None = backend.get_account_by_id(account_id).parent_id
    while above:
        steps.insert(0, above)
        above = parents[above]
    organization_id = backend.describe_organization()["Organization"]["Id"]
    return "/".join([organization_id, *steps, ""])
