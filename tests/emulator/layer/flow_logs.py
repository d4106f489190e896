"""Flow logs go to a bucket of any account. Moto takes the account's own only."""

from typing import Any

from moto.ec2.models.flow_logs import FlowLogs, FlowLogsBackend


def patch_moto() -> None:
    """Once, before the first request."""
    create = FlowLogsBackend.create_flow_logs

    def to_any_bucket(self: FlowLogsBackend, **named: Any) -> tuple[list[FlowLogs], list[Any]]:
        if named["log_destination_type"] != "s3":
            return create(self, **named)
        # Of a destination that it does not know moto asks nothing.
        logs, unsuccessful = create(self, **{**named, "log_destination_type": "any bucket"})
        for log in logs:
            log.log_destination_type = "s3"
        return logs, unsuccessful

    FlowLogsBackend.create_flow_logs = to_any_bucket  # type: ignore[method-assign, assignment]
