"""Asks a replay with boto3 for every recorded operation, and compares with what was recorded.

    replayed.py URL ROLE < exchanges.jsonl

Prints one line of JSON: how many questions of each operation were asked, and what came otherwise.
"""

import collections
import datetime
import json
import socket
import sys
import urllib.parse

import boto3
import botocore.parsers
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

# How often each kind of question is asked, in different accounts and Regions.
TIMES = 3
# What names of parameters on the wire are in boto3, where they differ.
PARAMETERS = {
    "Owner.1": {"DescribeImages": "Owners", "DescribeSnapshots": "OwnerIds"},
    "ExecutableBy.1": {"DescribeImages": "ExecutableUsers"},
    "RestorableBy.1": {"DescribeSnapshots": "RestorableByUserIds"},
}
# Parameters in paths, where boto3 has other capitals.
CAPITALS = {"RestApiId": "restApiId"}
# What orgscan asks beside, and others do not; and the version of an API, which boto3 has by the client.
LEFT_OUT = {"IncludeManagedResources", "Version"}
# orgscan reads alarms as JSON. boto3 reads them as CBOR, which a recording of texts cannot have.
OTHER_PROTOCOL = {"cloudwatch:DescribeAlarms"}
# Sessions and reports are made, not replayed.
MADE = {"AssumeRole", "GetCallerIdentity", "GenerateCredentialReport"}

# Services that boto3 has under another name than their endpoints.
CLIENTS = {
    "access-analyzer": "accessanalyzer",
    "elasticfilesystem": "efs",
    "es": "opensearch",
    "sso": "sso-admin",
}

real = socket.getaddrinfo


def resolve(host, *args, **kwargs):
    """S3 Control's hosts begin with the account: 111122223333.localhost is this machine, as RFC 6761 has it."""
    if isinstance(host, str) and host.endswith(".localhost"):
        host = "localhost"
    return real(host, *args, **kwargs)


socket.getaddrinfo = resolve


class Asker:
    def __init__(self, url, role):
        self.url = url
        self.role = role
        self.keys = {}
        self.clients = {}
        own = self.make("sts", "us-east-1", {"aws_access_key_id": "own", "aws_secret_access_key": "own"})
        self.own = own.get_caller_identity()["Account"]
        self.sts = own

    def make(self, service, region, keys):
        config = Config(retries={"total_max_attempts": 2})
        name = CLIENTS.get(service, service)
        return boto3.client(name, region_name=region, endpoint_url=self.url, config=config, **keys)

    def client(self, service, account, region):
        if account not in self.keys:
            keys = {"aws_access_key_id": "own", "aws_secret_access_key": "own"}
            if account != self.own:
                arn = f"arn:aws:iam::{account}:role/{self.role}"
                session = self.sts.assume_role(RoleArn=arn, RoleSessionName="boto3")["Credentials"]
                keys = {
                    "aws_access_key_id": session["AccessKeyId"],
                    "aws_secret_access_key": session["SecretAccessKey"],
                    "aws_session_token": session["SessionToken"],
                }
            self.keys[account] = keys
        key = (service, account, region)
        if key not in self.clients:
            self.clients[key] = self.make(service, region, self.keys[account])
        return self.clients[key]


def service(exchange):
    """The name of the API. Two load balancing APIs share a name, and two of API Gateway."""
    given = exchange["parameters"]
    match exchange["service"]:
        case "elasticloadbalancing":
            return "elb" if given["Version"] == "2012-06-01" else "elbv2"
        case "apigateway" if exchange["operation"] == "GetApis" or "ApiId" in given or "Version" in given:
            return "apigatewayv2"
        case name:
            return name


def parameters(exchange):
    found = {}
    if exchange["operation"] == "AssumeRole":
        return {"RoleArn": exchange["parameters"]["RoleArn"], "RoleSessionName": "boto3"}
    for name, value in exchange["parameters"].items():
        if name in LEFT_OUT:
            continue
        operation = exchange["operation"]
        if name in PARAMETERS:
            found[PARAMETERS[name][operation]] = [value]
        elif value in ("true", "false"):
            found[name] = value == "true"
        elif value.startswith(("[", "{")):
            found[name] = json.loads(value)
        else:
            found[CAPITALS.get(name, name)] = value
    return found


def plain(value):
    """Without what differs from answer to answer: dates, tokens and headers."""
    if isinstance(value, dict):
        gone = {"ResponseMetadata", "NextToken", "Marker", "NextMarker", "IsTruncated", "Truncated", "ContinuationToken"}
        return {k: plain(v) for k, v in value.items() if k not in gone}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, str) and value.startswith("%7B"):
        # boto3 decodes policies, its parser alone does not.
        return json.loads(urllib.parse.unquote(value))
    return None if isinstance(value, datetime.datetime) else value


def recorded(client, exchange):
    service = client.meta.service_model
    protocol = service.resolved_protocol
    parser = botocore.parsers.create_parser(protocol)
    response = {
        "status_code": exchange["status"],
        "headers": {"content-type": exchange["content_type"]},
        "body": exchange["body"].encode(),
        "context": {},
    }
    parsed = parser.parse(response, service.operation_model(exchange["operation"]).output_shape)
    return parsed if exchange["status"] < 300 else parsed["Error"]["Code"]


def variants(asker, volumes):
    """What clients do that orgscan does not."""
    account, region, recorded_volumes = volumes
    ec2 = asker.client("ec2", account, region)
    yield "DescribeVolumes with MaxResults", len(ec2.describe_volumes(MaxResults=5)["Volumes"]), min(5, recorded_volumes)
    yield "DescribeVolumes with DryRun", len(ec2.describe_volumes(DryRun=False)["Volumes"]), recorded_volumes
    asked = ec2.describe_volumes(IncludeManagedResources=True)["Volumes"]
    yield "DescribeVolumes with managed ones", len(asked), recorded_volumes
    every = ec2.describe_regions(AllRegions=True)["Regions"]
    enabled = [one for one in every if one["OptInStatus"] != "not-opted-in"]
    yield "Regions that are on", ec2.describe_regions()["Regions"], enabled
    yield "Some are off", len(enabled) < len(every), True
    try:
        ec2.describe_volumes(Filters=[{"Name": "encrypted", "Values": ["false"]}])
        refused = "answered"
    except ClientError as error:
        refused = error.response["Error"]["Code"]
    yield "A filter", refused, "NotRecorded"


def lists(value):
    return {k: v for k, v in value.items() if isinstance(v, list)}


def pages(client, method, given, size):
    """All pages together, of so many items each."""
    together = collections.defaultdict(list)
    count = 0
    paginator = client.get_paginator(method)
    # Few lists have no parameter for the size of a page; boto3 refuses one for them.
    limited = paginator._pagination_cfg.get("limit_key")
    config = {"PageSize": size} if limited else {}
    for page in paginator.paginate(**given, PaginationConfig=config):
        count += 1
        for name, items in lists(plain(page)).items():
            together[name].extend(items)
    return dict(together), count


def ask(asker, exchange):
    """What came otherwise than it was recorded; nothing where all is the same."""
    client = asker.client(service(exchange), exchange["account"], exchange["region"])
    operation = exchange["operation"]
    method, given = xform_name(operation), parameters(exchange)
    expected = recorded(client, exchange)
    if operation == "GetCredentialReport":
        while client.generate_credential_report()["State"] != "COMPLETE":
            pass
    try:
        answer = getattr(client, method)(**given)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        return None if code == expected else f"{code} {error} instead of {str(expected)[:200]}"
    if isinstance(expected, str):
        return f"an answer instead of {expected}"
    if operation == "GetCredentialReport":
        users = [report["Content"].count(b"\n") for report in (expected, answer)]
        return None if users[0] == users[1] else f"lines of users: {users}"
    if operation in MADE:
        return None
    expected, answer = plain(expected), plain(answer)
    if answer != expected:
        return f"{str(answer)[:500]} instead of {str(expected)[:500]}"
    if client.can_paginate(method):
        size = 5 if exchange["service"] == "ec2" else 1
        together, _ = pages(client, method, given, size)
        if together != {k: v for k, v in lists(expected).items() if k in together}:
            return f"other pages: {str(together)[:500]} instead of {str(expected)[:500]}"
    return None


def main():
    asker = Asker(sys.argv[1], sys.argv[2])
    kinds = collections.Counter()
    asked, wrong = collections.Counter(), []
    # The longest first, which have the most items.
    exchanges = sorted(map(json.loads, sys.stdin), key=lambda one: -len(one["body"]))
    for exchange in exchanges:
        name = f"{exchange['service']}:{exchange['operation']}"
        kind = (name, exchange["status"], tuple(sorted(exchange["parameters"])))
        # What cannot be asked: an account whose role cannot be assumed, and the role itself.
        if kinds[kind] >= TIMES or exchange["status"] == 401 or name in OTHER_PROTOCOL:
            continue
        kinds[kind] += 1
        asked[name] += 1
        try:
            problem = ask(asker, exchange)
        except Exception as error:  # Every one is a finding of the test.
            problem = f"{type(error).__name__}: {error}"
        if problem:
            wrong.append(f"{name} in {exchange['account']} {exchange['region']}: {problem}")
        if name == "s3:GetBucketVersioning" and not problem:
            # As in AWS, the client is sent to the Region of the bucket.
            other = {**exchange, "region": "us-west-2" if exchange["region"] != "us-west-2" else "us-east-1"}
            problem = ask(asker, other)
            asked["s3:another Region"] += 1
            if problem:
                wrong.append(f"another Region than {exchange['region']}: {problem}")
    longest = next(one for one in exchanges if one["operation"] == "DescribeVolumes" and one["status"] == 200)
    ec2 = asker.client("ec2", longest["account"], longest["region"])
    volumes = longest["account"], longest["region"], len(recorded(ec2, longest)["Volumes"])
    for what, found, expected in variants(asker, volumes):
        asked[what] += 1
        if found != expected:
            wrong.append(f"{what}: {found} instead of {expected}")
    print(json.dumps({"asked": asked, "wrong": wrong}))


if __name__ == "__main__":
    main()
