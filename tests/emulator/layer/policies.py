"""IAM policies: what a role's own policies do not allow is denied, and what a bucket's policy denies anybody, once
`POST /_emulator/policies` has said so.

Moto has an enforcement of its own, which knows neither resources nor conditions and asks for signatures that do not
survive the layer. Keys that are no session of a role are an administrator's.
"""

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from moto.iam.models import Role, iam_backends
from moto.organizations.models import organizations_backends
from moto.s3.models import s3_backends
from moto.sts.models import sts_backends
from werkzeug.wrappers import Response

from .call import Call
from .errors import error_of_kind, error_response

Statement = Mapping[str, Any]
# Anybody may ask who they are.
FREE = (None, "sts:GetCallerIdentity")


class Policies:
    def __init__(self) -> None:
        self._enforced = False

    def enforce(self, *, enforced: bool) -> None:
        self._enforced = enforced

    def refuse(self, call: Call) -> Response | None:
        if not self._enforced or call.action in FREE:
            return None
        context = context_of(call)
        if any(_concerns(one, call, context) for one in _denied_by_bucket(call)):
            return error_response(call, error_of_kind("resource_policy", call))
        role = role_of(call)
        if role is None:
            return None
        concerned = [one for one in _statements(role) if _concerns(one, call, context)]
        if any(one["Effect"] == "Deny" for one in concerned):
            return error_response(call, error_of_kind("identity_policy", call))
        return None if concerned else error_response(call, error_of_kind("permission", call))


def role_of(call: Call) -> Role | None:
    """The role whose session the key belongs to."""
    session = sts_backends[call.account]["aws"].get_assumed_role_from_access_key(call.access_key)
    if session is None:
        return None
    return iam_backends[call.account]["aws"].get_role_by_arn(session.role_arn)


def context_of(call: Call) -> dict[str, str]:
    """The condition keys that are known of a call. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"""
    role = role_of(call)
    owner = _owner(call)
    given = {
        "aws:PrincipalArn": role.arn if role else call.caller_arn,
        "aws:PrincipalAccount": call.account,
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalOrgID": _organization(call.account),
        "aws:ResourceAccount": owner,
        "aws:ResourceOrgID": _organization(owner),
        "aws:SecureTransport": "true",
        "cloudwatch:namespace": call.params.get("Namespace"),
        "s3:TlsVersion": "1.3",
        "s3:prefix": call.params.get("prefix"),
        "sts:ExternalId": call.params.get("ExternalId"),
    }
    return {key: value for key, value in given.items() if value is not None}


def holds(conditions: Mapping[str, Any], context: Mapping[str, str]) -> bool:
    """Whether all conditions of a statement hold. A key that is not there fails every operator but the negated ones."""
    return all(
        _holds(operator, [str(one) for one in _list(value)], context.get(key))
        for operator, keys in conditions.items()
        for key, value in keys.items()
    )


def _holds(operator: str, wanted: list[str], given: str | None) -> bool:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"""
    match operator:
        case "StringEquals":
            return given in wanted
        case "StringNotEquals":
            return given not in wanted
        case "StringLike" | "ArnLike" | "ArnEquals":
            return given is not None and any(fnmatchcase(given, one) for one in wanted)
        case "Bool" | "BoolIfExists":
            return given.lower() == wanted[0].lower() if given is not None else operator == "BoolIfExists"
        case "NumericLessThan":
            return given is not None and float(given) < float(wanted[0])
    raise NotImplementedError(f"the condition operator {operator}")


def _denied_by_bucket(call: Call) -> Iterator[Statement]:
    """What the policy of the bucket denies to everybody. The layer is in place of TLS."""
    partition, owner = s3_backends.bucket_accounts.get(call.bucket, (None, None))
    bucket = s3_backends[owner][partition].buckets.get(call.bucket) if owner else None
    if bucket is not None and bucket.policy:
        statements = _list(json.loads(bucket.policy)["Statement"])
        yield from (one for one in statements if one["Effect"] == "Deny" and one["Principal"] == "*")


def _statements(role: Role) -> Iterator[Statement]:
    for document in role.policies.values():
        yield from _list(json.loads(document)["Statement"])
    for policy in role.managed_policies.values():
        yield from _list(json.loads(policy.document)["Statement"])


def _concerns(statement: Statement, call: Call, context: Mapping[str, str]) -> bool:
    resource = resource_of(call)
    return (
        # IAM does not tell capitals in actions.
        any(fnmatchcase((call.action or "").lower(), action.lower()) for action in _list(statement["Action"]))
        and any(fnmatchcase(resource, pattern) for pattern in _list(statement["Resource"]))
        and holds(statement.get("Condition", {}), context)
    )


def resource_of(call: Call) -> str:
    """The ARN that the call is about. Where an action knows none, a policy has to say `*`, which alone matches this."""
    given = call.params
    match call.service, call.operation:
        case "s3", _ if call.bucket:
            return f"arn:aws:s3:::{call.bucket}" + (f"/{call.key}" if call.key else "")
        case "iam", "GetLoginProfile" | "ListAccessKeys" | "ListMFADevices":
            return f"arn:aws:iam::{call.account}:user/{given.get('UserName')}"
        case "iam", "ListEntitiesForPolicy":
            return str(given.get("PolicyArn"))
        case "ec2", "GetManagedPrefixListEntries":
            return f"arn:aws:ec2:{call.region}:{call.account}:prefix-list/{given.get('PrefixListId')}"
        case "sts", "AssumeRole":
            return str(given.get("RoleArn"))
        case "cloudformation", "DescribeStackSet" | "ListStackInstances":
            return f"arn:aws:cloudformation:{call.region}:{call.account}:stackset/{given.get('StackSetName')}:id"
        case "sns", "Publish" | "GetTopicAttributes" | "ListSubscriptionsByTopic":
            return str(given.get("TopicArn"))
        case "kms", "GetPublicKey" | "Sign":
            return str(given.get("KeyId"))
        case "kms", "DescribeKey" | "GetKeyPolicy" | "GetKeyRotationStatus":
            return f"arn:aws:kms:{call.region}:{call.account}:key/{given.get('KeyId')}"
        case "elasticfilesystem", "DescribeFileSystems" | "DescribeFileSystemPolicy":
            return f"arn:aws:elasticfilesystem:{call.region}:{call.account}:file-system/*"
        case "rds", "DescribeDBInstances":
            return f"arn:aws:rds:{call.region}:{call.account}:db:*"
        case "rds", "DescribeDBClusters":
            return f"arn:aws:rds:{call.region}:{call.account}:cluster:*"
        case "rds", "DescribeDBSnapshots":
            return f"arn:aws:rds:{call.region}:{call.account}:snapshot:*"
        case "rds", "DescribeDBSnapshotAttributes":
            return f"arn:aws:rds:{call.region}:{call.account}:snapshot:{given.get('DBSnapshotIdentifier')}"
        case "rds", "DescribeDBClusterSnapshots":
            return f"arn:aws:rds:{call.region}:{call.account}:cluster-snapshot:*"
        case "rds", "DescribeDBClusterSnapshotAttributes":
            name = given.get("DBClusterSnapshotIdentifier")
            return f"arn:aws:rds:{call.region}:{call.account}:cluster-snapshot:{name}"
        case "guardduty", "GetDetector":
            return f"arn:aws:guardduty:{call.region}:{call.account}:detector/{call.detector}"
        case "securityhub", "DescribeHub":
            return f"arn:aws:securityhub:{call.region}:{call.account}:hub/default"
        case "securityhub", "DescribeSecurityHubV2":
            return f"arn:aws:securityhub:{call.region}:{call.account}:hubv2/{call.account}"
        case "logs", "DescribeDeliverySources":
            return f"arn:aws:logs:{call.region}:{call.account}:delivery-source:*"
        case "logs", "DescribeDeliveries":
            return f"arn:aws:logs:{call.region}:{call.account}:delivery:*"
        case "cloudfront", "GetDistributionConfig":
            return f"arn:aws:cloudfront::{call.account}:distribution/*"
        case "apigateway", "GetRestApis":
            return f"arn:aws:apigateway:{call.region}::/restapis"
        case "apigateway", "GetStages":
            return f"arn:aws:apigateway:{call.region}::/restapis/*/stages"
        case "apigateway", "GetApis":
            return f"arn:aws:apigateway:{call.region}::/apis"
        case "apigateway", "GetDomainNames":
            return f"arn:aws:apigateway:{call.region}::/domainnames"
        case "logs", "DescribeMetricFilters":
            return f"arn:aws:logs:{call.region}:{call.account}:log-group:{given.get('logGroupName')}"
        case "events", "ListTargetsByRule":
            return f"arn:aws:events:{call.region}:{call.account}:rule/{given.get('Rule')}"
        case "cloudtrail", "GetTrailStatus":
            return str(given.get("Name"))
        case "cloudtrail", "GetEventSelectors":
            return str(given.get("TrailName"))
        case "backup", "GetBackupVaultAccessPolicy":
            return f"arn:aws:backup:{call.region}:{call.account}:backup-vault:{call.vault}"
        case "ecr", "DescribeRepositories":
            return f"arn:aws:ecr:{call.region}:{call.account}:repository/*"
        case "ecr", "GetRepositoryPolicy":
            return f"arn:aws:ecr:{call.region}:{call.account}:repository/{given.get('repositoryName')}"
        case "es", "DescribeDomains":
            return f"arn:aws:es:{call.region}:{call.account}:domain/*"
        case "glacier", "GetVaultAccessPolicy":
            return f"arn:aws:glacier:{call.region}:{call.account}:vaults/{call.vault}"
        case "lambda", "GetPolicy" | "ListFunctionUrlConfigs":
            return f"arn:aws:lambda:{call.region}:{call.account}:function:*"
        case "secretsmanager", "GetResourcePolicy":
            return str(given.get("SecretId"))
        case "sqs", "GetQueueAttributes":
            return f"arn:aws:sqs:{call.region}:{call.account}:{str(given.get('QueueUrl')).rsplit('/', 1)[-1]}"
        case "access-analyzer", "ListFindings":
            return str(given.get("analyzerArn"))
        case "account", _:
            return f"arn:aws:account::{call.account}:account"
    return "no resource"


def _owner(call: Call) -> str:
    if call.target_account:
        return call.target_account
    if call.bucket in s3_backends.bucket_accounts:
        return str(s3_backends.bucket_accounts[call.bucket][1])
    return call.account


def _organization(account: str) -> str | None:
    management, partition = organizations_backends.master_accounts.get(account, (account, "aws"))
    organization = organizations_backends[management][partition].org
    return organization.id if organization else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
