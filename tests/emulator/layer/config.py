"""AWS Config, where moto has nothing to tell: whether recording and delivery work."""

import json
from typing import Any

from moto.config.models import config_backends
from werkzeug.wrappers import Response

from .call import Call

ERROR = "AccessDenied"
AT = 1764540000


class Recorders:
    def __init__(self) -> None:
        self._undelivered: set[tuple[str, str]] = set()

    def fail(self, account: str, region: str, failing: str) -> None:
        """`recording` or `delivery` fails from now on."""
        if failing == "delivery":
            self._undelivered.add((account, region))
            return
        if failing != "recording":
            raise ValueError(f"recording or delivery fails; got {failing!r}")
        for recorder in config_backends[account][region].recorders.values():
            recorder.status.last_status = "Failure"
            recorder.status.last_error_code = ERROR

    def delivery(self, call: Call) -> Response:
        fails = (call.account, call.region) in self._undelivered
        channels = config_backends[call.account][call.region].delivery_channels
        return _json({"DeliveryChannelsStatus": [_status(name, fails) for name in channels]})


def _status(name: str, fails: bool) -> dict[str, Any]:
    history: dict[str, Any] = {"lastStatus": "SUCCESS", "lastAttemptTime": AT, "lastSuccessfulTime": AT}
    if fails:
        history = {"lastStatus": "FAILURE", "lastErrorCode": ERROR, "lastAttemptTime": AT}
    return {
        "name": name,
        "configSnapshotDeliveryInfo": {"lastStatus": "NOT_APPLICABLE"},
        "configHistoryDeliveryInfo": history,
        "configStreamDeliveryInfo": {"lastStatus": "NOT_APPLICABLE"},
    }


def _json(data: Any) -> Response:
    return Response(json.dumps(data), content_type="application/x-amz-json-1.1")
