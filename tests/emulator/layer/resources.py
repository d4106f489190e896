"""Resources of stacks that moto has an API for, and that its CloudFormation leaves out.

Each is made by the same backend that answers the API, so that what a stack made can be read by any client.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.cloudformation import parsing
from moto.cloudwatch.models import Dimension, Metric, MetricDataQuery, MetricStat, cloudwatch_backends
from moto.core.common_models import CloudFormationModel
from moto.glue.models import glue_backends
from moto.iam.access_control import PermissionResult
from moto.s3.models import s3_backends
from moto.scheduler.models import scheduler_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

Properties = Mapping[str, Any]
PARTITION = "aws"


@dataclass(frozen=True)
class Place:
    account: str
    region: str

    def of(self, backends: Any) -> Any:
        return backends[self.account][self.region]


@dataclass(frozen=True)
class Made:
    id: str
    attributes: Mapping[str, str] = field(default_factory=dict)


Make = Callable[[Properties, Place], Made]
# Moto deletes resources in no order, so that what contains one may be gone before it.
Remove = Callable[[str, Properties, Place], None]

# moto finds them by their base class, which keeps weak references alone.
_KINDS: list[type[CloudFormationModel]] = []


def add() -> None:
    """Once, before the first stack."""
    _add("AWS::CloudWatch::Alarm", _make_alarm, _remove_alarm, ("Arn",))
    _add("AWS::Glue::Database", _make_database, _remove_database)
    _add("AWS::Glue::Table", _make_table, _remove_table)
    _add("AWS::Lambda::EventInvokeConfig", _make_invoke_config, _keep)
    _add("AWS::S3::BucketPolicy", _make_bucket_policy, _remove_bucket_policy)
    _add("AWS::SNS::Subscription", _make_subscription, _remove_subscription)
    _add("AWS::SNS::TopicPolicy", _make_topic_policy, _keep)
    _add("AWS::SQS::QueuePolicy", _make_queue_policy, _keep)
    _add("AWS::Scheduler::Schedule", _make_schedule, _remove_schedule, ("Arn",))
    _add("AWS::Scheduler::ScheduleGroup", _make_schedule_group, _remove_schedule_group, ("Arn",))
    parsing.get_model_list.cache_clear()
    parsing.get_model_map.cache_clear()
    parsing.get_name_type_map.cache_clear()


def _add(kind: str, make: Make, remove: Remove, attributes: tuple[str, ...] = ()) -> None:
    class Resource(CloudFormationModel):
        def __init__(self, properties: Properties, place: Place) -> None:
            self._properties, self._place = properties, place
            self._made = make(properties, place)

        def delete(self, _account_id: str, _region_name: str) -> None:
            remove(self._made.id, self._properties, self._place)

        @property
        def physical_resource_id(self) -> str:
            return self._made.id

        def get_cfn_attribute(self, name: str) -> str:
            return self._made.attributes[name]

        @staticmethod
        def cloudformation_name_type() -> str:
            return ""

        @staticmethod
        def cloudformation_type() -> str:
            return kind

        @classmethod
        def has_cfn_attr(cls, attr: str) -> bool:
            return attr in attributes

        @classmethod
        def create_from_cloudformation_json(  # type: ignore[misc]
            cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any
        ) -> Any:
            return cls(cloudformation_json["Properties"], Place(account_id, region_name))

        @classmethod
        def update_from_cloudformation_json(  # type: ignore[misc]
            cls,
            original_resource: Any,
            new_resource_name: str,
            cloudformation_json: Any,
            account_id: str,
            region_name: str,
        ) -> Any:
            # None where its condition did not hold before.
            if original_resource is not None:
                original_resource.delete(account_id, region_name)
            return cls(cloudformation_json["Properties"], Place(account_id, region_name))

        def is_created(self) -> bool:
            return True

    _KINDS.append(Resource)


def _keep(_id: str, _properties: Properties, _place: Place) -> None:
    """It goes with the resource that it is about."""


def document(policy: Any) -> str:
    """A policy as JSON, without the nulls that `AWS::NoValue` leaves in moto's lists."""
    return json.dumps(_without_nulls(policy))


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value if item is not None]
    return value


def _make_bucket_policy(properties: Properties, place: Place) -> Made:
    bucket = s3_backends[place.account][PARTITION].get_bucket(properties["Bucket"])
    bucket.policy = document(properties["PolicyDocument"]).encode()
    # Moto enforces bucket policies without their conditions. The layer does it with them.
    bucket.get_permission = lambda *_: PermissionResult.NEUTRAL
    return Made(bucket.name)


def _remove_bucket_policy(bucket: str, _properties: Properties, place: Place) -> None:
    s3_backends[place.account][PARTITION].get_bucket(bucket).policy = None


def _make_queue_policy(properties: Properties, place: Place) -> Made:
    for url in properties["Queues"]:
        queue = place.of(sqs_backends).get_queue(url.rsplit("/", 1)[-1])
        queue.policy = document(properties["PolicyDocument"])
    return Made(properties["Queues"][0])


def _make_topic_policy(properties: Properties, place: Place) -> Made:
    for arn in properties["Topics"]:
        place.of(sns_backends).get_topic(arn).policy = document(properties["PolicyDocument"])
    return Made(properties["Topics"][0])


def _make_subscription(properties: Properties, place: Place) -> Made:
    sns = place.of(sns_backends)
    made = sns.subscribe(properties["TopicArn"], properties["Endpoint"], properties["Protocol"])
    return Made(made.arn)


def _remove_subscription(arn: str, _properties: Properties, place: Place) -> None:
    place.of(sns_backends).unsubscribe(arn)


def _query(query: Properties) -> MetricDataQuery:
    stat = query.get("MetricStat")
    metric_stat = None
    if stat:
        metric = stat["Metric"]
        dimensions = [Dimension(one["Name"], one["Value"]) for one in metric.get("Dimensions", [])]
        named = Metric(metric["MetricName"], metric["Namespace"], dimensions)
        metric_stat = MetricStat(named, stat["Period"], stat["Stat"], stat.get("Unit"))
    return MetricDataQuery(
        query_id=query["Id"],
        label=query.get("Label"),
        period=query.get("Period"),
        return_data=query.get("ReturnData"),
        expression=query.get("Expression"),
        metric_stat=metric_stat,
    )


def _make_alarm(properties: Properties, place: Place) -> Made:
    given = properties.get
    alarm = place.of(cloudwatch_backends).put_metric_alarm(
        name=properties["AlarmName"],
        namespace=given("Namespace"),
        metric_name=given("MetricName"),
        metric_data_queries=[_query(one) for one in given("Metrics", [])] or None,
        comparison_operator=properties["ComparisonOperator"],
        evaluation_periods=int(properties["EvaluationPeriods"]),
        period=given("Period"),
        threshold=float(properties["Threshold"]),
        statistic=given("Statistic"),
        description=given("AlarmDescription"),
        dimensions=[dict(one) for one in given("Dimensions", [])],
        alarm_actions=given("AlarmActions", []),
        ok_actions=given("OKActions", []),
        insufficient_data_actions=[],
        treat_missing_data=given("TreatMissingData"),
        tags=given("Tags", []),
    )
    return Made(alarm.name, {"Arn": alarm.alarm_arn})


def _remove_alarm(name: str, _properties: Properties, place: Place) -> None:
    place.of(cloudwatch_backends).delete_alarms([name])


def _make_database(properties: Properties, place: Place) -> Made:
    given = properties["DatabaseInput"]
    place.of(glue_backends).create_database(given["Name"], given, {})
    return Made(given["Name"])


def _remove_database(name: str, _properties: Properties, place: Place) -> None:
    place.of(glue_backends).delete_database(name)


def _make_table(properties: Properties, place: Place) -> Made:
    given = properties["TableInput"]
    place.of(glue_backends).create_table(properties["DatabaseName"], given["Name"], given)
    return Made(given["Name"])


def _remove_table(name: str, properties: Properties, place: Place) -> None:
    database = place.of(glue_backends).databases.get(properties["DatabaseName"])
    if database is not None:
        database.tables.pop(name, None)


def _make_invoke_config(properties: Properties, place: Place) -> Made:
    names = ("MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")
    config = {name: properties[name] for name in names}
    functions = place.of(lambda_backends)
    functions.get_function(properties["FunctionName"]).event_invoke_config.clear()
    functions.put_function_event_invoke_config(properties["FunctionName"], config)
    return Made(f"{properties['FunctionName']}|{properties['Qualifier']}")


def _make_schedule(properties: Properties, place: Place) -> Made:
    schedule = place.of(scheduler_backends).create_schedule(
        description=properties.get("Description"),
        end_date=None,
        flexible_time_window=properties["FlexibleTimeWindow"],
        group_name=properties.get("GroupName"),
        kms_key_arn=None,
        name=properties["Name"],
        schedule_expression=properties["ScheduleExpression"],
        schedule_expression_timezone=properties.get("ScheduleExpressionTimezone"),
        start_date=None,
        state=properties.get("State"),
        target=properties["Target"],
        action_after_completion=None,
    )
    return Made(schedule.name, {"Arn": schedule.arn})


def _remove_schedule(name: str, properties: Properties, place: Place) -> None:
    group = place.of(scheduler_backends).schedule_groups.get(properties["GroupName"])
    if group is not None:
        group.schedules.pop(name, None)


def _make_schedule_group(properties: Properties, place: Place) -> Made:
    group = place.of(scheduler_backends).create_schedule_group(properties["Name"], properties.get("Tags", []))
    return Made(group.name, {"Arn": group.arn})


def _remove_schedule_group(name: str, _properties: Properties, place: Place) -> None:
    place.of(scheduler_backends).delete_schedule_group(name)
