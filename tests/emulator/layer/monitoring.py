"""What monitors the events of a trail, where moto goes wrong: metric filters of a log group that does not exist, composite
alarms, and subscriptions by email, which somebody has to confirm.
"""

from copy import copy
from typing import Any

from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.models import LogsBackend
from moto.sns.models import SNSBackend, Subscription

# Topics whose subscriptions by email are confirmed, by ARN.
_confirmed: set[str] = set()


def patch_moto() -> None:
    """Once, before the first request."""
    describe = LogsBackend.describe_metric_filters

    def of_a_group(self: LogsBackend, *given: Any, **named: Any) -> list[dict[str, Any]]:
        group = named.get("log_group_name") or (given[1] if len(given) > 1 else None)
        if group and group not in self.groups:
            raise ResourceNotFoundException()
        return describe(self, *given, **named)

    listed = SNSBackend.list_subscriptions_by_topic

    def with_pending(
        self: SNSBackend, topic_arn: str, next_token: str | None = None
    ) -> tuple[list[Subscription], int | None]:
        subscriptions, token = listed(self, topic_arn, next_token)
        return [_as_aws_lists(one, topic_arn) for one in subscriptions], token

    LogsBackend.describe_metric_filters = of_a_group  # type: ignore[method-assign]
    SNSBackend.list_subscriptions_by_topic = with_pending  # type: ignore[method-assign]
    CloudWatchResponse.put_composite_alarm = _put_composite_alarm  # type: ignore[attr-defined]


def reset() -> None:
    _confirmed.clear()


def confirm(topic: str) -> None:
    """Somebody has followed the links in the mails about a topic."""
    _confirmed.add(topic)


def _as_aws_lists(subscription: Subscription, topic: str) -> Subscription:
    """https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html"""
    if subscription.protocol != "email" or topic in _confirmed:
        return subscription
    pending = copy(subscription)
    pending.arn = "PendingConfirmation"
    return pending


def _put_composite_alarm(self: CloudWatchResponse) -> ActionResult:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html"""
    enabled = self._get_param("ActionsEnabled")
    self.cloudwatch_backend.put_metric_alarm(
        name=self._get_param("AlarmName"),
        rule=self._get_param("AlarmRule"),
        actions_enabled=True if enabled is None else enabled,
        alarm_actions=self._get_param("AlarmActions", []),
        description=self._get_param("AlarmDescription"),
        dimensions=[],
        **dict.fromkeys(
            ("namespace", "metric_name", "comparison_operator", "evaluation_periods", "period", "threshold", "statistic")
        ),  # type: ignore[arg-type]
    )
    return EmptyResult()
