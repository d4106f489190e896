"""What monitors the events of trails, by account: the filters of the CIS benchmark, and what is wrong with some of them.

A part without a filter here that works is a finding of `cloudtrail-alarm-missing`, in the account that owns the trail. Members
without a trail of their own have no verdict then: the owner has it.
"""

from kinds import Content, EventRule, MetricFilter, Monitoring

VIRGINIA = "us-east-1"


def any_event(*names: str, source: str = "") -> str:
    found = " || ".join(f"($.eventName = {name})" for name in names)
    return f"{{ ($.eventSource = {source}) && ({found}) }}" if source else f"{{ {found} }}"


IAM = tuple(
    f"{verb}{of}Policy" for of in ("Group", "Role", "User") for verb in ("Put", "Delete", "Attach", "Detach")
)
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

# The organization's trail: ten parts are monitored, and five are findings.
ORGANIZATION = Monitoring(
    "organization-trail",
    VIRGINIA,
    filters=(
        # As the benchmark writes it: without parentheses.
        MetricFilter(
            "unauthorized-api-calls",
            '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") && '
            '($.sourceIPAddress != "delivery.logs.amazonaws.com") && ($.eventName != "HeadBucket") }',
        ),
        MetricFilter("no-mfa", '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }'),
        # In another order.
        MetricFilter(
            "root",
            '{ $.eventType != "AwsServiceEvent" && $.userIdentity.invokedBy NOT EXISTS && $.userIdentity.type = "Root" }',
        ),
        # Two filters share the events.
        MetricFilter("iam-inline-and-attached", any_event(*IAM)),
        MetricFilter(
            "iam-policies",
            any_event("CreatePolicy", "DeletePolicy", "CreatePolicyVersion", "DeletePolicyVersion"),
        ),
        # Wider. A composite alarm notifies in place of its own.
        MetricFilter("cloudtrail", '{ ($.eventSource = "cloudtrail.amazonaws.com") }', notifies=False),
        MetricFilter(
            "failed-sign-ins", '{ ($.eventName=ConsoleLogin)&&($.errorMessage="Failed authentication") }', threshold=5
        ),
        MetricFilter("kms", any_event("DisableKey", "ScheduleKeyDeletion", source="kms.amazonaws.com")),
        # Finding: it misses a deletion.
        MetricFilter("buckets", any_event(*BUCKETS[:-1], source="s3.amazonaws.com")),
        # Finding: the average of ones is one.
        MetricFilter("config", any_event(*CONFIG, source="config.amazonaws.com"), statistic="Average", threshold=2),
        MetricFilter("security-groups", any_event(*GROUPS)),
        # Finding: nobody has confirmed the subscription.
        MetricFilter("network-acls", any_event(*ACLS), confirmed=False),
        MetricFilter("gateways", any_event(*GATEWAYS)),
        # Finding: the actions of its alarm are disabled.
        MetricFilter("routes", any_event(*ROUTES), enabled=False),
        # Finding: it has no alarm.
        MetricFilter("vpcs", any_event(*VPCS), alarm=False),
    ),
    composite=("cloudtrail",),
)

MONITORING: dict[str, tuple[Content, ...]] = {
    "management": (
        ORGANIZATION,
        # In place of a metric filter. Organizations is in this Region alone.
        EventRule(
            "organization-changes",
            VIRGINIA,
            '{"source": ["aws.organizations"], "detail-type": ["AWS API Call via CloudTrail"]}',
        ),
    ),
    # Its own trail has what the organization's lacks, but for changes of the organization: finding. The rule of the management
    # account gets the events of that account alone.
    "analytics": (
        Monitoring(
            "analytics-trail",
            VIRGINIA,
            filters=(
                MetricFilter("buckets", any_event(*BUCKETS, source="s3.amazonaws.com")),
                MetricFilter("config", any_event(*CONFIG)),
                MetricFilter("network", any_event(*ACLS, *ROUTES)),
                MetricFilter("vpcs", any_event(*VPCS)),
                MetricFilter("errors", "ERROR", alarm=False),  # of no part
            ),
        ),
        # What a filter has too.
        EventRule(
            "bucket-changes",
            VIRGINIA,
            '{"source": ["aws.s3"], "detail-type": ["AWS API Call via CloudTrail"]}',
        ),
    ),
}
