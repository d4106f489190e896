"""Sets up the destinations of a run on emulators, and reads back what arrived there.

    destinations.py setup --receiver URL --organization URL
    destinations.py topic --receiver URL --organization URL --name NAME
    destinations.py queue --receiver URL --organization URL --name NAME --topic ARN --policy JSON
    destinations.py messages --receiver URL --organization URL --queue URL
    destinations.py read  --receiver URL --organization URL --queue URL

The receiver has CloudWatch, SNS and SQS; the report bucket lies in the organization's management
account. All subcommands print JSON.
"""

from __future__ import annotations

import argparse
import datetime
import json
from typing import Any

import boto3
from botocore.config import Config

TOPIC = "orgscan-alerts"
BUCKET = "acme-orgscan-reports"
NAMESPACE = "OrgScan"
CREDENTIALS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}


def client(service: str, endpoint: str) -> Any:
    """A client of one emulator."""
    config = Config(s3={"addressing_style": "path"}, retries={"max_attempts": 2})
    return boto3.client(service, endpoint_url=endpoint, region_name="us-east-1", config=config, **CREDENTIALS)


def setup(receiver: str, organization: str) -> dict[str, str]:
    """Makes the topic, a queue that is subscribed to it, and the bucket."""
    made = new_topic(receiver, TOPIC)
    client("s3", organization).create_bucket(Bucket=BUCKET)
    return {**made, "bucket": BUCKET}


def new_topic(receiver: str, name: str) -> dict[str, str]:
    """Makes a topic and a queue that is subscribed to all of it."""
    topic = client("sns", receiver).create_topic(Name=name)["TopicArn"]
    return {"topic": topic, **new_queue(receiver, name, topic, "")}


def new_queue(receiver: str, name: str, topic: str, policy: str) -> dict[str, str]:
    """Makes a queue that is subscribed to a topic, with a filter policy if there is one."""
    sqs = client("sqs", receiver)
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    client("sns", receiver).subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=attributes["Attributes"]["QueueArn"],
        Attributes={"FilterPolicy": policy} if policy else {},
    )
    return {"queue": queue}


def messages(receiver: str, queue: str) -> list[dict[str, Any]]:
    """All messages in the queue."""
    sqs = client("sqs", receiver)
    found: list[dict[str, Any]] = []
    while True:
        answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        if not answer.get("Messages"):
            return found
        for message in answer["Messages"]:
            found.append(json.loads(message["Body"]))
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])


def series(receiver: str) -> list[dict[str, Any]]:
    """All series of the namespace, with the largest value of the last day."""
    cloudwatch = client("cloudwatch", receiver)
    listed: list[dict[str, Any]] = []
    for page in cloudwatch.get_paginator("list_metrics").paginate(Namespace=NAMESPACE):
        listed.extend(page["Metrics"])
    return [{**metric, "values": values(cloudwatch, metric)} for metric in listed]


def values(cloudwatch: Any, metric: dict[str, Any]) -> list[float]:
    """The values of one series over the last day."""
    now = datetime.datetime.now(datetime.timezone.utc)
    query = {
        "Id": "m",
        "MetricStat": {
            "Metric": {key: metric[key] for key in ("Namespace", "MetricName", "Dimensions")},
            "Period": 86400,
            "Stat": "Maximum",
        },
    }
    answer = cloudwatch.get_metric_data(
        MetricDataQueries=[query],
        StartTime=now - datetime.timedelta(days=1),
        EndTime=now + datetime.timedelta(hours=1),
    )
    return [float(value) for value in answer["MetricDataResults"][0]["Values"]]


def objects(organization: str) -> dict[str, str]:
    """All objects of the report bucket, by key."""
    s3 = client("s3", organization)
    found: dict[str, str] = {}
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET):
        for entry in page.get("Contents", []):
            body = s3.get_object(Bucket=BUCKET, Key=entry["Key"])["Body"]
            found[entry["Key"]] = body.read().decode("utf-8", "replace")
    return found


def main() -> None:
    """Runs the subcommand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["setup", "topic", "queue", "messages", "read"])
    parser.add_argument("--receiver", required=True)
    parser.add_argument("--organization", required=True)
    for option in ("--queue", "--name", "--topic", "--policy"):
        parser.add_argument(option, default="")
    arguments = parser.parse_args()
    if arguments.command == "setup":
        answer: dict[str, Any] = dict(setup(arguments.receiver, arguments.organization))
    elif arguments.command == "topic":
        answer = dict(new_topic(arguments.receiver, arguments.name))
    elif arguments.command == "queue":
        name, topic, policy = arguments.name, arguments.topic, arguments.policy
        answer = dict(new_queue(arguments.receiver, name, topic, policy))
    elif arguments.command == "messages":
        answer = {"messages": messages(arguments.receiver, arguments.queue)}
    else:
        answer = {
            "messages": messages(arguments.receiver, arguments.queue),
            "series": series(arguments.receiver),
            "objects": objects(arguments.organization),
        }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
