"""Imports the lines of an ASFF export into Security Hub: asff.py FILE.gz. Prints what is there then.

Each line goes to moto over the wire as it is. botocore checks it against the service's model first.
"""

import collections
import gzip
import json
import sys

import boto3
from moto.server import ThreadedMotoServer

LIMIT = 6_000_000


def batches(path):
    for number, line in enumerate(gzip.open(path, "rt"), 1):
        assert len(line) < LIMIT, f"line {number} is too long"
        request = json.loads(line)
        assert list(request) == ["Findings"], f"line {number}: {list(request)}"
        where = {(finding["AwsAccountId"], finding["Region"]) for finding in request["Findings"]}
        assert len(where) == 1, f"line {number} is for {where}"
        yield number, where.pop()[1], request


def main():
    (path,) = sys.argv[1:]
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    clients, imported = {}, 0
    for number, region, request in batches(path):
        if region not in clients:
            clients[region] = boto3.client(
                "securityhub",
                region_name=region,
                endpoint_url=endpoint,
                aws_access_key_id="management",
                aws_secret_access_key="management",
            )
        answer = clients[region].batch_import_findings(**request)
        assert answer["FailedCount"] == 0, f"line {number}: {answer}"
        imported += answer["SuccessCount"]
    counts = collections.Counter()
    for client in clients.values():
        for page in client.get_paginator("get_findings").paginate():
            for finding in page["Findings"]:
                count(counts, finding)
    counts["imported"] = imported
    server.stop()
    print(json.dumps(counts))


def count(counts, finding):
    status = finding["Compliance"]["Status"]
    counts["there"] += 1
    counts[finding["RecordState"]] += 1
    if finding["RecordState"] == "ACTIVE" and status == "FAILED":
        severity = finding["FindingProviderFields"]["Severity"]["Label"]
        word = "suppressed" if finding["Workflow"]["Status"] == "SUPPRESSED" else severity.lower()
        counts["fail"] += 1
        counts[f"fail {word}"] += 1
        counts[f"account {finding['AwsAccountId']}"] += 1
        counts[f"check {finding['GeneratorId']}"] += 1
    if status == "NOT_AVAILABLE" and finding["Resources"][0]["Id"].startswith("AWS::::Account:"):
        counts["unknown targets"] += 1


main()
