"""Makes what monitors the events of trails: log groups with metric filters, alarms and topics, and event rules."""

from typing import Any

from create import Site, create
from kinds import EventRule, MetricFilter, Monitoring

NAMESPACE = "CISBenchmark"


@create.register
def _(monitoring: Monitoring, site: Site) -> None:
    logs = site.clients.of("logs", monitoring.region)
    group = f"cloudtrail/{monitoring.trail}"
    logs.create_log_group(logGroupName=group)
    site.clients.of("cloudtrail", monitoring.region).update_trail(
        Name=monitoring.trail,
        CloudWatchLogsLogGroupArn=f"arn:aws:logs:{monitoring.region}:{site.account_id}:log-group:{group}:*",
        CloudWatchLogsRoleArn=f"arn:aws:iam::{site.account_id}:role/cloudtrail-to-logs",
    )
    for one in monitoring.filters:
        logs.put_metric_filter(
            logGroupName=group,
            filterName=one.name,
            filterPattern=one.pattern,
            metricTransformations=[{"metricName": one.name, "metricNamespace": NAMESPACE, "metricValue": "1"}],
        )
        put_alarm(one, monitoring, site)
    if monitoring.composite:
        site.clients.of("cloudwatch", monitoring.region).put_composite_alarm(
            AlarmName="security",
            AlarmRule=" OR ".join(f'ALARM("{name}")' for name in monitoring.composite),
            AlarmActions=[topic(site, monitoring.region, confirmed=True)],
        )


def put_alarm(one: MetricFilter, monitoring: Monitoring, site: Site) -> None:
    if not one.alarm:
        return
    actions = [topic(site, monitoring.region, confirmed=one.confirmed)] if one.notifies else []
    site.clients.of("cloudwatch", monitoring.region).put_metric_alarm(
        AlarmName=one.name,
        MetricName=one.name,
        Namespace=NAMESPACE,
        Statistic=one.statistic,
        Period=300,
        EvaluationPeriods=1,
        Threshold=one.threshold,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="notBreaching",
        ActionsEnabled=one.enabled,
        AlarmActions=actions,
    )


def topic(site: Site, region: str, *, confirmed: bool) -> str:
    """A topic with a subscription by email, which somebody has confirmed, or nobody."""
    name = "security-alarms" if confirmed else "security-drafts"
    sns = site.clients.of("sns", region)
    arn: str = sns.create_topic(Name=name)["TopicArn"]
    if not sns.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"]:
        sns.subscribe(TopicArn=arn, Protocol="email", Endpoint=f"{name}@example.com")
    if confirmed:
        site.clients.control("POST", "/_emulator/confirm", {"topic": arn})
    return arn


@create.register
def _(rule: EventRule, site: Site) -> None:
    events = site.clients.of("events", rule.region)
    state = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" if rule.reads else "ENABLED"
    events.put_rule(Name=rule.name, EventPattern=rule.pattern, State=state)
    target: dict[str, Any] = {"Id": "topic", "Arn": topic(site, rule.region, confirmed=True)}
    events.put_targets(Rule=rule.name, Targets=[target])
