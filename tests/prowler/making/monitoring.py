"""Trails with a log group, metric filters, an alarm and a topic, and event rules."""

from typing import Any

from cases.model import VIRGINIA
from cases.monitoring import BENCHMARK, Monitored
from cases.trails import LOGS

from .s3 import bucket_called
from .site import Site, make

GROUP, NAMESPACE, METRIC = "cloudtrail", "CISBenchmark", "cis"


@make.register
def _(monitored: Monitored, name: str, site: Site) -> None:
    site.arns[name] = f"arn:aws:cloudtrail::{site.account_id}:account"
    if monitored.filters is None:
        return
    logs = site.clients.of("logs", VIRGINIA)
    logs.create_log_group(logGroupName=GROUP)
    logs.create_log_group(logGroupName="other")
    create_trail(monitored, site)
    for part, pattern in BENCHMARK.items():
        for number, one in enumerate(monitored.filters.get(part, (pattern,))):
            logs.put_metric_filter(
                logGroupName=GROUP,
                filterName=f"{part}-{number}",
                filterPattern=one,
                metricTransformations=[{"metricName": METRIC, "metricNamespace": NAMESPACE, "metricValue": "1"}],
            )
    put_alarms(monitored, site)
    for region, pattern in monitored.rules.items():
        events = site.clients.of("events", region)
        events.put_rule(Name="monitored", EventPattern=pattern)
        queue = f"arn:aws:sqs:{region}:{site.account_id}:security"
        events.put_targets(Rule="monitored", Targets=[{"Id": "queue", "Arn": queue}])


def create_trail(monitored: Monitored, site: Site) -> None:
    group = {"own": GROUP, "other": "other"}.get(monitored.group)
    deliver: dict[str, Any] = {}
    if group:
        deliver["CloudWatchLogsLogGroupArn"] = f"arn:aws:logs:{VIRGINIA}:{site.account_id}:log-group:{group}:*"
        deliver["CloudWatchLogsRoleArn"] = f"arn:aws:iam::{site.account_id}:role/cloudtrail-to-logs"
    trail = site.clients.of("cloudtrail", VIRGINIA)
    trail.create_trail(Name="monitored", S3BucketName=bucket_called(LOGS), IsMultiRegionTrail=monitored.multi_region, **deliver)
    if monitored.selector:
        selector = {"ReadWriteType": "All", "IncludeManagementEvents": True, **monitored.selector}
        trail.put_event_selectors(TrailName="monitored", EventSelectors=[selector])
    if monitored.logging:
        trail.start_logging(Name="monitored")


def put_alarms(monitored: Monitored, site: Site) -> None:
    if monitored.alarm is None:
        return
    cloudwatch = site.clients.of("cloudwatch", VIRGINIA)
    actions = [topic(monitored, site)]
    usual: dict[str, Any] = {
        "AlarmName": "cis",
        "Namespace": NAMESPACE,
        "MetricName": METRIC,
        "Statistic": "Sum",
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "AlarmActions": actions if monitored.notifies else [],
    }
    cloudwatch.put_metric_alarm(**usual | monitored.alarm)
    if monitored.composite:
        rule = monitored.composite
        cloudwatch.put_composite_alarm(AlarmName="composite", AlarmRule=rule, AlarmActions=actions)


def topic(monitored: Monitored, site: Site) -> str:
    sns = site.clients.of("sns", VIRGINIA)
    arn: str = sns.create_topic(Name="security")["TopicArn"]
    queue = f"arn:aws:sqs:{VIRGINIA}:{site.account_id}:security"
    endpoints = {"sqs": queue, "email": "security@example.com"}
    if monitored.subscription:
        endpoint = endpoints[monitored.subscription]
        sns.subscribe(TopicArn=arn, Protocol=monitored.subscription, Endpoint=endpoint)
    return arn
