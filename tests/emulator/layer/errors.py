"""AWS's errors: which code, text and HTTP status, in the wire format of the service that is called.

Codes and texts: EC2's and IAM's "common errors", S3's "list of error codes", and IAM's "troubleshoot access
denied error messages", which gives the sentence for every kind of policy.
"""

import json
import secrets
from dataclasses import dataclass
from xml.sax.saxutils import escape

from werkzeug.wrappers import Response

from .call import Call


@dataclass(frozen=True)
class AwsError:
    status: int
    code: str
    message: str


SCP_ARN = "arn:aws:organizations::123456789012:policy/o-exampleorgid/service_control_policy/p-examplescp"

# Why a request is denied, in the words that follow "User: .. is not authorized to perform: .."
DENIALS = {
    "scp": f"with an explicit deny in a service control policy: {SCP_ARN}",
    "scp_implicit": "because no service control policy allows the {action} action",
    "rcp": "with an explicit deny in a resource control policy",
    "permission": "because no identity-based policy allows the {action} action",
    "identity_policy": "with an explicit deny in an identity-based policy",
    "boundary": "because no permissions boundary allows the {action} action",
    "session_policy": "because no session policy allows the {action} action",
    "resource_policy": "with an explicit deny in a resource-based policy",
    "vpc_endpoint": "because no VPC endpoint policy allows the {action} action",
}

DENIED_CODE = {
    "ec2": (403, "UnauthorizedOperation"),
    "query": (403, "AccessDenied"),
    "s3": (403, "AccessDenied"),
    "s3control": (403, "AccessDenied"),
    "json": (400, "AccessDeniedException"),
}

TOO_MANY = "You have sent too many requests in too short a period of time."
ORGANIZATIONS_INTERNAL = "AWS Organizations can't complete your request because of an internal service error."
SLOW_DOWN = AwsError(503, "SlowDown", "Please reduce your request rate.")
S3_INTERNAL = AwsError(500, "InternalError", "We encountered an internal error. Please try again.")
S3_EXPIRED = AwsError(400, "ExpiredToken", "The provided token has expired.")
S3_INVALID_TOKEN = AwsError(400, "InvalidToken", "The provided token is malformed or otherwise invalid.")
NOT_SUBSCRIBED = "You are not subscribed to this service. Please go to http://aws.amazon.com to subscribe."
WRONG_ACCOUNT = "The account is neither the management account nor the delegated administrator for IAM."
BLOCKED = "This account is currently blocked and not recognized as a valid account."
STS_OFF = (
    "STS is not activated in this region for account:{account}. "
    "Your account administrator can activate STS in this region using the IAM Console."
)

# kind -> wire format -> error; None stands for every format that is not named.
FAILURES: dict[str, dict[str | None, AwsError]] = {
    "throttle": {
        "ec2": AwsError(503, "RequestLimitExceeded", "Request limit exceeded."),
        "query": AwsError(400, "Throttling", "Rate exceeded"),
        "json": AwsError(400, "TooManyRequestsException", TOO_MANY),
        None: SLOW_DOWN,
    },
    "expired": {
        "ec2": AwsError(400, "RequestExpired", "Request has expired."),
        "query": AwsError(403, "ExpiredToken", "The security token included in the request is expired"),
        "json": AwsError(400, "ExpiredTokenException", "The security token included in the request is expired"),
        None: S3_EXPIRED,
    },
    "server_error": {
        "ec2": AwsError(500, "InternalError", "An internal error has occurred"),
        "query": AwsError(500, "InternalFailure", "The request processing has failed because of an unknown error."),
        "json": AwsError(500, "ServiceException", ORGANIZATIONS_INTERNAL),
        None: S3_INTERNAL,
    },
    "unavailable": {
        "ec2": AwsError(503, "Unavailable", "The service is unavailable. Please try again shortly."),
        None: AwsError(503, "ServiceUnavailable", "Service is unable to handle request."),
    },
    "region_disabled": {
        "ec2": AwsError(401, "AuthFailure", "AWS was not able to validate the provided access credentials"),
        "query": AwsError(403, "InvalidClientTokenId", "The security token included in the request is invalid"),
        "json": AwsError(400, "UnrecognizedClientException", "The security token included in the request is invalid"),
        None: S3_INVALID_TOKEN,
    },
    "opt_in_required": {
        "ec2": AwsError(401, "OptInRequired", NOT_SUBSCRIBED),
        None: AwsError(403, "OptInRequired", NOT_SUBSCRIBED),
    },
    "sts_region_off": {None: AwsError(403, "RegionDisabledException", STS_OFF)},
    "blocked": {None: AwsError(403, "Blocked", BLOCKED)},
    "wrong_account": {None: AwsError(400, "AccountNotManagementOrDelegatedAdministrator", WRONG_ACCOUNT)},
}

# Denials whose text names no policy: what an account sees that may not be told why.
UNEXPLAINED = {"ec2": "You are not authorized to perform this operation.", None: "Access Denied"}

KINDS = sorted([*DENIALS, *FAILURES, "unexplained"])


def error_of_kind(kind: str, call: Call) -> AwsError:
    """One of `KINDS`, as the called service words it."""
    wire = wire_format(call)
    if kind in DENIALS:
        return _denial(call, DENIALS[kind].format(action=call.action))
    if kind == "unexplained":
        return AwsError(*DENIED_CODE[wire], UNEXPLAINED.get(wire, UNEXPLAINED[None]))
    by_format = FAILURES[kind]
    error = by_format.get(wire, by_format[None])
    return AwsError(error.status, error.code, error.message.format(account=call.account))


def _denial(call: Call, because: str) -> AwsError:
    wire = wire_format(call)
    sentence = f"User: {call.caller_arn} is not authorized to perform: {call.action}{_on_resource(call)} {because}"
    if wire == "ec2":
        sentence = f"{UNEXPLAINED['ec2']} {sentence}"
    return AwsError(*DENIED_CODE[wire], sentence)


def _on_resource(call: Call) -> str:
    if call.bucket:
        return f' on resource: "arn:aws:s3:::{call.bucket}"'
    if "RoleArn" in call.params:
        return f" on resource: {call.params['RoleArn']}"
    return " on resource: *" if call.service == "iam" else ""


def wire_format(call: Call) -> str:
    if call.service in ("ec2", "s3", "s3control"):
        return call.service
    return "query" if "Action" in call.params else "json"


def error_response(call: Call, error: AwsError) -> Response:
    wire = wire_format(call)
    request_id = secrets.token_hex(16)
    if wire == "json":
        body = json.dumps({"__type": error.code, "Message": error.message})
        return Response(body, error.status, content_type="application/x-amz-json-1.1")
    inner = f"<Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>"
    typed = f"<Type>{'Sender' if error.status < 500 else 'Receiver'}</Type>{inner}"
    body = {
        "ec2": f"<Response><Errors><Error>{inner}</Error></Errors><RequestID>{request_id}</RequestID></Response>",
        "query": f"<ErrorResponse><Error>{typed}</Error><RequestId>{request_id}</RequestId></ErrorResponse>",
        "s3": f"<Error>{inner}<RequestId>{request_id}</RequestId><HostId>emulator</HostId></Error>",
        "s3control": f"<ErrorResponse><Error>{inner}</Error><RequestId>{request_id}</RequestId></ErrorResponse>",
    }[wire]
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{body}', error.status, content_type="text/xml")
