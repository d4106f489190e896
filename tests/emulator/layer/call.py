"""What a request asks for: account, Region, service, operation and IAM action."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

from moto.core.request import Request
from moto.core.routing import get_service_router
from moto.iam.models import get_account_id_from
from moto.sts.models import sts_backends
from werkzeug.exceptions import NotFound
from werkzeug.wsgi import get_input_stream

Environ = dict[str, Any]

CREDENTIAL = re.compile(r"Credential=(?P<key>[^/]+)/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/")
ROLE_ACCOUNT = re.compile(r"^arn:[^:]+:iam::(\d{12}):role/")

# Services whose IAM prefix is not their name in the credential scope.
IAM_PREFIX = {"s3control": "s3", "monitoring": "cloudwatch"}

# Services whose operations follow from method and path, by their names in the credential scope and for moto.
ROUTED = {
    "s3": "s3",
    "s3control": "s3control",
    "elasticfilesystem": "efs",
    "backup": "backup",
    "glacier": "glacier",
    "es": "opensearch",
    "cloudfront": "cloudfront",
    "access-analyzer": "accessanalyzer",
    "guardduty": "guardduty",
    "inspector2": "inspector2",
    "macie2": "macie2",
    "securityhub": "securityhub",
}

# Operations whose IAM action has another name, from the Service Authorization Reference.
IAM_ACTION = {
    ("apigateway", "GetRestApis"): "GET",
    ("apigateway", "GetStages"): "GET",
    ("apigateway", "GetApis"): "GET",
    ("apigateway", "GetDomainNames"): "GET",
    ("s3", "ListBuckets"): "ListAllMyBuckets",
    ("s3", "HeadBucket"): "ListBucket",
    ("s3", "ListObjects"): "ListBucket",
    ("s3", "ListObjectsV2"): "ListBucket",
    ("s3", "ListObjectVersions"): "ListBucketVersions",
    ("s3", "HeadObject"): "GetObject",
    ("s3", "CopyObject"): "PutObject",
    ("s3", "CreateMultipartUpload"): "PutObject",
    ("s3", "UploadPart"): "PutObject",
    ("s3", "CompleteMultipartUpload"): "PutObject",
    ("s3", "DeleteObjects"): "DeleteObject",
    ("s3", "GetBucketEncryption"): "GetEncryptionConfiguration",
    ("s3", "PutBucketEncryption"): "PutEncryptionConfiguration",
    ("s3", "GetBucketLifecycleConfiguration"): "GetLifecycleConfiguration",
    ("s3", "PutBucketLifecycleConfiguration"): "PutLifecycleConfiguration",
    ("s3", "GetPublicAccessBlock"): "GetBucketPublicAccessBlock",
    ("s3", "PutPublicAccessBlock"): "PutBucketPublicAccessBlock",
    ("s3", "DeletePublicAccessBlock"): "PutBucketPublicAccessBlock",
    ("s3control", "GetPublicAccessBlock"): "GetAccountPublicAccessBlock",
    ("s3control", "PutPublicAccessBlock"): "PutAccountPublicAccessBlock",
    ("s3control", "DeletePublicAccessBlock"): "PutAccountPublicAccessBlock",
}


@dataclass(frozen=True)
class Call:
    account: str
    region: str
    service: str
    operation: str | None
    params: Mapping[str, str]
    access_key: str = field(repr=False)
    bucket: str | None = None
    key: str | None = None
    detector: str | None = None
    vault: str | None = None
    function: str | None = None

    @property
    def action(self) -> str | None:
        if self.operation is None:
            return None
        name = IAM_ACTION.get((self.service, self.operation), self.operation)
        return f"{IAM_PREFIX.get(self.service, self.service)}:{name}"

    @property
    def caller_arn(self) -> str:
        arn = sts_backends[self.account]["aws"].get_caller_identity(self.access_key, self.region)[1]
        # Moto's stand-in for keys that it does not know is a user, but of STS.
        return arn.replace(":sts:", ":iam:") if ":user/" in arn else arn

    @property
    def target_account(self) -> str | None:
        """The account of the role that an AssumeRole asks for."""
        found = ROLE_ACCOUNT.match(self.params.get("RoleArn", ""))
        return found.group(1) if found else None


def buffer_body(environ: Environ) -> None:
    """Reads the whole body, so that it can be read twice and a kept-alive connection stays in step."""
    body = get_input_stream(environ).read()
    environ["wsgi.input"] = BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ.pop("wsgi.input_terminated", None)


def body_of(environ: Environ) -> bytes:
    """`buffer_body` comes first."""
    buffer: BytesIO = environ["wsgi.input"]
    return buffer.getvalue()


def read_call(environ: Environ) -> Call:
    """`buffer_body` comes first."""
    scope = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    access_key, region, service = scope.groups() if scope else ("", "us-east-1", "s3")
    if service == "s3" and environ["PATH_INFO"].startswith("/v20180820/"):
        service = "s3control"
    params = _params(environ, service)
    operation, labels = _operation(environ, service, params)
    account = get_account_id_from(access_key)
    vault = labels.get("backupVaultName") or labels.get("vaultName")
    named = (labels.get("Bucket"), labels.get("Key"), labels.get("DetectorId"), vault, labels.get("FunctionName"))
    return Call(account, region, service, operation, params, access_key, *named)


def _params(environ: Environ, service: str) -> dict[str, str]:
    """From the query string, and for EC2, IAM, STS and services that speak JSON from the body."""
    query = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    content_type = environ.get("CONTENT_TYPE", "")
    if content_type.startswith("application/x-www-form-urlencoded"):
        query += parse_qsl(body_of(environ).decode(), keep_blank_values=True)
    params = dict(query)
    # Objects in S3 may be JSON too.
    is_rest = service != "s3" and content_type.startswith("application/json")
    if is_rest or content_type.startswith("application/x-amz-json"):
        given = json.loads(body_of(environ) or b"{}")
        plain = {name: value for name, value in given.items() if isinstance(value, str | int) and not isinstance(value, bool)}
        params.update({name: str(value) for name, value in plain.items()})
    return params


def _operation(
    environ: Environ, service: str, params: Mapping[str, str]
) -> tuple[str | None, Mapping[str, str]]:
    """The operation, and what its path names: the bucket and the key of one of S3's, the detector of one of GuardDuty's,
    the vault of one of AWS Backup's or S3 Glacier's, the function of one of Lambda's."""
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return target.rsplit(".", 1)[-1], {}
    if action := params.get("Action"):
        return action, {}
    if service == "account":
        # Each operation is a path: /listRegions, /getAlternateContact.
        name = environ["PATH_INFO"].strip("/")
        return name[:1].upper() + name[1:], {}
    if service == "apigateway":
        # Two APIs with one name.
        routed = "apigatewayv2" if environ["PATH_INFO"].startswith("/v2/") else "apigateway"
    elif service == "lambda" and environ["REQUEST_METHOD"] == "GET":
        routed = "lambda"
    elif service in ROUTED:
        routed = ROUTED[service]
    else:
        return None, {}
    try:
        operation, labels = get_service_router(routed).match(Request(dict(environ)))
    except NotFound:
        return None, {}
    return operation.name, labels
