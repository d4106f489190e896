"""Detection services, where moto has nothing to tell or tells it wrongly."""

import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from moto.guardduty.models import guardduty_backends
from moto.inspector2.models import inspector2_backends
from moto.macie2.models import MacieBackend, macie2_backends
from moto.securityhub.models import securityhub_backends
from werkzeug.wrappers import Response

from .call import Call
from .errors import AwsError, error_response
from .regions import ON_BY_DEFAULT

CREATED = "2025-11-03T09:15:27Z"
MACIE_IS_OFF = AwsError(403, "AccessDeniedException", "Macie is not enabled.")
NOT_SUBSCRIBED = "Account {} is not subscribed to AWS Security Hub"
NO_HUB = AwsError(404, "ResourceNotFoundException", "The request was rejected because we can't find the specified resource.")
OFF = {"status": "DISABLED"}


def patch_moto() -> None:
    """Macie is off in a new account. Moto has it on."""
    original = MacieBackend.__init__

    def make(self: MacieBackend, region_name: str, account_id: str) -> None:
        original(self, region_name, account_id)
        self.macie_session = None

    MacieBackend.__init__ = make  # type: ignore[method-assign]


class Detection:
    def __init__(self) -> None:
        self._analyzers: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self._findings: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self._hubs: set[tuple[str, str]] = set()

    def set_analyzers(self, account: str, region: str, analyzers: list[Mapping[str, str]]) -> None:
        """All analyzers of the Region, each with name, type and status."""
        self._analyzers[account, region] = [_analyzer(account, region, **one) for one in analyzers]

    def set_findings(self, account: str, region: str, findings: list[Mapping[str, Any]]) -> None:
        """All findings of the account's analyzers in the Region."""
        numbered = enumerate(findings)
        self._findings[account, region] = [_finding(region, number, **one) for number, one in numbered]

    def enable_all(self, account: str, but_in: Iterable[str]) -> None:
        """All services in all Regions that are on by default, but in these: as a central configuration does it."""
        for region in sorted(ON_BY_DEFAULT.difference(but_in)):
            self.set_analyzers(account, region, [{"name": "external", "type": "ACCOUNT", "status": "ACTIVE"}])
            guardduty_backends[account][region].create_detector(True, "SIX_HOURS", {}, {}, [])
            securityhub_backends[account][region].enable_security_hub()
            inspector2_backends[account][region].enable([account], ["EC2", "ECR", "LAMBDA"])
            macie2_backends[account][region].enable_macie()

    def enable_hub_v2(self, account: str, region: str) -> None:
        self._hubs.add((account, region))

    def answers(self) -> dict[tuple[str, str], Callable[[Call], Response]]:
        """What is answered instead of moto."""
        return {
            ("access-analyzer", "ListFindings"): self._list_findings,
            ("securityhub", "DescribeSecurityHubV2"): self._describe_hub_v2,
        }

    def handlers(self) -> dict[tuple[str, str], Callable[[Call, Response], Response]]:
        """What is amended after moto."""
        return {
            ("inspector2", "BatchGetAccountStatus"): _inspector,
            ("macie2", "GetMacieSession"): _macie,
            ("securityhub", "DescribeHub"): _hub,
        }

    def analyzers(self, call: Call) -> Response:
        return _json({"analyzers": self._analyzers.get((call.account, call.region), [])})

    def _list_findings(self, call: Call) -> Response:
        return _json({"findings": self._findings.get((call.account, call.region), [])})

    def _describe_hub_v2(self, call: Call) -> Response:
        if (call.account, call.region) not in self._hubs:
            return error_response(call, NO_HUB)
        arn = f"arn:aws:securityhub:{call.region}:{call.account}:hubv2/{call.account}"
        return _json({"HubV2Arn": arn, "SubscribedAt": CREATED})


def _analyzer(account: str, region: str, name: str, type: str, status: str) -> dict[str, Any]:
    arn = f"arn:aws:access-analyzer:{region}:{account}:analyzer/{name}"
    return {"arn": arn, "name": name, "type": type, "createdAt": CREATED, "status": status}


def _finding(region: str, number: int, owner: str, resource: str, **fields: Any) -> dict[str, Any]:
    """A finding in the form of AWS's API reference. Moto has none."""
    finding_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{region}/{number}/{resource}"))
    times = {"createdAt": CREATED, "analyzedAt": CREATED, "updatedAt": CREATED}
    plain = {"condition": {}, "isPublic": False, "status": "ACTIVE", "resourceControlPolicyRestriction": "NOT_APPLICABLE"}
    return {"id": finding_id, **times, **plain, "resource": resource, "resourceOwnerAccount": owner, **fields}


def _inspector(call: Call, answer: Response) -> Response:
    """AWS answers about an account that never enabled it, too. A member may ask about itself alone."""
    body = json.loads(answer.get_data())
    if answer.status_code == 200 and not body["accounts"]:
        resources = {one: OFF for one in ("ec2", "ecr", "lambda", "lambdaCode")}
        body["accounts"] = [{"accountId": call.account, "resourceState": resources, "state": OFF}]
    return _json({**body, "failedAccounts": []}) if answer.status_code == 200 else answer


def _macie(call: Call, answer: Response) -> Response:
    return error_response(call, MACIE_IS_OFF) if answer.status_code == 404 else answer


def _hub(call: Call, answer: Response) -> Response:
    if answer.status_code == 200:
        return answer
    return error_response(call, AwsError(403, "InvalidAccessException", NOT_SUBSCRIBED.format(call.account)))


def _json(data: Any) -> Response:
    return Response(json.dumps(data), content_type="application/json")
