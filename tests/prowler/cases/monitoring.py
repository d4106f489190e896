"""What monitors the events of a trail: filters that mean the same, more or less than the benchmark's, and every link of the chain
from the trail to the subscription.

An account of a case has the benchmark's filters for all fifteen parts, and an alarm with a confirmed subscription, but for what the
case changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .model import Case, Table

ALARMS = "cloudtrail-alarm-missing"


def any_event(*names: str, source: str = "", between: str = " || ") -> str:
    found = between.join(f"($.eventName = {name})" for name in names)
    return f"{{ ($.eventSource = {source}) && ({found}) }}" if source else f"{{ {found} }}"


IAM_INLINE = tuple(f"{verb}{of}Policy" for verb in ("Delete", "Put") for of in ("Group", "Role", "User"))
IAM_MANAGED = (
    *("CreatePolicy", "DeletePolicy", "CreatePolicyVersion", "DeletePolicyVersion"),
    *(f"{verb}{of}Policy" for of in ("Role", "User", "Group") for verb in ("Attach", "Detach")),
)
TRAILS = ("CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging")
BUCKETS = (
    *("PutBucketAcl", "PutBucketPolicy", "PutBucketCors", "PutBucketLifecycle", "PutBucketReplication"),
    *("DeleteBucketPolicy", "DeleteBucketCors", "DeleteBucketLifecycle", "DeleteBucketReplication"),
)
CONFIG = ("StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel", "PutConfigurationRecorder")
GROUPS = (
    *("AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupIngress"),
    *("RevokeSecurityGroupEgress", "CreateSecurityGroup", "DeleteSecurityGroup", "ModifySecurityGroupRules"),
)
ACLS = (
    *("CreateNetworkAcl", "CreateNetworkAclEntry", "DeleteNetworkAcl", "DeleteNetworkAclEntry"),
    *("ReplaceNetworkAclEntry", "ReplaceNetworkAclAssociation"),
)
GATEWAYS = (
    *("CreateCustomerGateway", "DeleteCustomerGateway", "AttachInternetGateway"),
    *("CreateInternetGateway", "DeleteInternetGateway", "DetachInternetGateway"),
)
ROUTES = (
    *("CreateRoute", "CreateRouteTable", "ReplaceRoute", "ReplaceRouteTableAssociation"),
    *("DeleteRouteTable", "DeleteRoute", "DisassociateRouteTable"),
)
VPCS = (
    *("CreateVpc", "DeleteVpc", "ModifyVpcAttribute", "AcceptVpcPeeringConnection", "CreateVpcPeeringConnection"),
    *("DeleteVpcPeeringConnection", "RejectVpcPeeringConnection", "AttachClassicLinkVpc", "DetachClassicLinkVpc"),
    *("DisableVpcClassicLink", "EnableVpcClassicLink"),
)
ORGANIZATION = (
    *("AcceptHandshake", "AttachPolicy", "CreateAccount", "CreateOrganizationalUnit", "CreatePolicy", "DeclineHandshake"),
    *("DeleteOrganization", "DeleteOrganizationalUnit", "DeletePolicy", "DetachPolicy", "DisablePolicyType"),
    *("EnablePolicyType", "InviteAccountToOrganization", "LeaveOrganization", "MoveAccount"),
    *("RemoveAccountFromOrganization", "UpdatePolicy", "UpdateOrganizationalUnit"),
)
# What Prowler asks for beside the benchmark's.
MORE_OF_ORGANIZATION = ("CancelHandshake", "CreateOrganization", "EnableAllFeatures")
OF_ORGANIZATIONS = "organizations.amazonaws.com"

DENIED = '($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")'
EXCLUDED = '($.sourceIPAddress != "delivery.logs.amazonaws.com") && ($.eventName != "HeadBucket")'
ROOT = '$.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent"'
NO_MFA = '($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes")'

# By part of the check.
BENCHMARK = {
    "unauthorized-api-calls": f"{{ ({DENIED}) && {EXCLUDED} }}",
    "sign-in-without-mfa": f"{{ {NO_MFA} }}",
    "root-usage": f"{{ {ROOT} }}",
    "iam-policy-changes": any_event(*IAM_INLINE, *IAM_MANAGED),
    "cloudtrail-changes": any_event(*TRAILS),
    "console-authentication-failures": '{ ($.eventName = "ConsoleLogin") && ($.errorMessage = "Failed authentication") }',
    "kms-key-deletion": any_event("DisableKey", "ScheduleKeyDeletion", source="kms.amazonaws.com"),
    "s3-bucket-policy-changes": any_event(*BUCKETS, source="s3.amazonaws.com"),
    "config-changes": any_event(*CONFIG, source="config.amazonaws.com"),
    "security-group-changes": any_event(*GROUPS),
    "network-acl-changes": any_event(*ACLS),
    "network-gateway-changes": any_event(*GATEWAYS),
    "route-table-changes": any_event(*ROUTES, source="ec2.amazonaws.com"),
    "vpc-changes": any_event(*VPCS),
    "organizations-changes": any_event(*ORGANIZATION, *MORE_OF_ORGANIZATION, source=OF_ORGANIZATIONS),
}


@dataclass(frozen=True)
class Monitored:
    """Filters in place of the benchmark's by part, several if two share its events; `None` if there is no trail."""

    filters: Mapping[str, tuple[str, ...]] | None = field(default_factory=dict)
    logging: bool = True
    multi_region: bool = True
    selector: Mapping[str, Any] | None = None
    # Whether the trail delivers to the log group with the filters, to another one, or to none.
    group: str = "own"
    # Parameters of PutMetricAlarm; `None` if there is no alarm.
    alarm: Mapping[str, Any] | None = field(default_factory=dict)
    notifies: bool = True
    # `email` waits for somebody to confirm it.
    subscription: str | None = "sqs"
    # The rule of a composite alarm that notifies in place of the alarm.
    composite: str | None = None
    # Patterns of event rules by Region.
    rules: Mapping[str, str] = field(default_factory=dict)


def with_filter(part: str, *patterns: str, **more: Any) -> Monitored:
    return Monitored(filters={part: patterns}, **more)


FAILS = (ALARMS,)
EVENT = "AWS API Call via CloudTrail"
RULE = f'{{"source": ["aws.%s"], "detail-type": ["{EVENT}"]}}'

CHAIN = (
    Case("monitored-complete", Monitored(), (), "all fifteen filters of the benchmark"),
    Case("monitored-no-trail", Monitored(filters=None), FAILS, "nothing at all"),
    Case("monitored-trail-stopped", Monitored(logging=False), FAILS, "the trail does not log"),
    Case("monitored-one-region", Monitored(multi_region=False), FAILS, "the trail logs one Region"),
    Case("monitored-writes", Monitored(selector={"ReadWriteType": "WriteOnly"}), FAILS, "reads are not logged"),
    Case(
        "monitored-without-kms",
        Monitored(selector={"ExcludeManagementEventSources": ["kms.amazonaws.com"]}),
        FAILS,
        "events of KMS are not logged",
    ),
    Case("monitored-no-log-group", Monitored(group="none"), FAILS, "the trail delivers to no log group"),
    Case("monitored-other-log-group", Monitored(group="other"), FAILS, "the filters are in another log group"),
    Case("monitored-no-alarm", Monitored(alarm=None), FAILS, "nothing counts what the filters match"),
    Case("monitored-other-namespace", Monitored(alarm={"Namespace": "Other"}), FAILS, "the alarm is on another metric"),
    Case("monitored-other-metric", Monitored(alarm={"MetricName": "Other"}), FAILS, "the alarm is on another metric"),
    Case("monitored-actions-disabled", Monitored(alarm={"ActionsEnabled": False}), FAILS, "the alarm does nothing"),
    Case("monitored-no-action", Monitored(notifies=False), FAILS, "the alarm notifies nobody"),
    Case("monitored-unconfirmed", Monitored(subscription="email"), FAILS, "nobody has confirmed the subscription"),
    Case("monitored-no-subscription", Monitored(subscription=None), FAILS, "the topic has no subscription"),
    Case(
        "monitored-unreachable",
        Monitored(alarm={"Statistic": "Average", "Threshold": 2}),
        FAILS,
        "the average of ones is one",
    ),
    Case(
        "monitored-low-values",
        Monitored(alarm={"ComparisonOperator": "LessThanThreshold"}),
        FAILS,
        "it alarms where nothing happens",
    ),
    Case("monitored-five", Monitored(alarm={"Threshold": 5}), (), "five events in a period"),
    Case("monitored-composite", Monitored(notifies=False, composite='ALARM("cis")'), (), "a composite alarm notifies"),
    Case(
        "monitored-composite-of-two",
        Monitored(notifies=False, composite='ALARM("cis") AND ALARM("other")'),
        FAILS,
        "the composite alarm waits for another one",
    ),
)

PATTERNS = (
    Case(
        "monitored-other-order",
        with_filter(
            "root-usage",
            '{ $.eventType != "AwsServiceEvent" && $.userIdentity.invokedBy NOT EXISTS && $.userIdentity.type = "Root" }',
        ),
        (),
        "the same in another order",
    ),
    Case(
        "monitored-spaces",
        with_filter("cloudtrail-changes", any_event(*reversed(TRAILS)).replace(" ", "")),
        (),
        "the same without spaces, backwards",
    ),
    Case(
        "monitored-wildcards",
        with_filter("cloudtrail-changes", '{ ($.eventName = "*Trail") || ($.eventName = "*Logging") }'),
        (),
        "wider, by wildcards",
    ),
    Case(
        "monitored-whole-service",
        with_filter("kms-key-deletion", '{ $.eventSource = "kms.amazonaws.com" }'),
        (),
        "wider: all that KMS does",
    ),
    Case(
        "monitored-two-filters",
        with_filter("iam-policy-changes", any_event(*IAM_INLINE), any_event(*IAM_MANAGED)),
        (),
        "two filters share the events",
    ),
    Case(
        "monitored-successes",
        with_filter("root-usage", f"{{ {ROOT} && $.errorCode NOT EXISTS }}"),
        FAILS,
        "narrower: without what fails",
    ),
    Case("monitored-one-less", with_filter("vpc-changes", any_event(*VPCS[1:])), FAILS, "narrower: one event is missing"),
    Case(
        "monitored-all-at-once",
        with_filter("config-changes", any_event(*CONFIG, source="config.amazonaws.com", between=" && ")),
        FAILS,
        "it matches nothing: no event has four names",
    ),
    Case(
        "monitored-single-sign-on",
        with_filter(
            "sign-in-without-mfa",
            f'{{ {NO_MFA} && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }}',
        ),
        (),
        "the benchmark's other filter",
    ),
    Case(
        "monitored-as-written",
        Monitored(
            filters={
                "unauthorized-api-calls": (f"{{ {DENIED} && {EXCLUDED} }}",),
                "organizations-changes": (any_event(*ORGANIZATION, source=OF_ORGANIZATIONS),),
            }
        ),
        (),
        "as the benchmark writes it, without parentheses",
    ),
    Case(
        "monitored-by-rule",
        with_filter("iam-policy-changes", rules={"us-east-1": RULE % "iam"}),
        (),
        "an event rule in the Region of IAM",
    ),
    Case(
        "monitored-by-half-a-rule",
        with_filter("vpc-changes", rules={"us-east-1": RULE % "ec2"}),
        FAILS,
        "an event rule in one of two Regions",
    ),
)

# Each in an account without other trails.
TABLES = tuple(Table("monitoring", case.name, (ALARMS,), (case,)) for case in (*CHAIN, *PATTERNS))
