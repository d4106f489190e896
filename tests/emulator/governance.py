"""What the organization as a whole is like: policies, delegated administrators, contacts, and AWS Config.

It is made after all else, so that everything before keeps the ids that the seed gives it. What is a finding says
`finding` in its comment, and has its line in `tests/expected`.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from create import Site
from kinds import Role
from organization import CAPE_TOWN, FRANKFURT, IRELAND, REGIONS, VIRGINIA

GLOBAL_TYPES = ["AWS::IAM::Group", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::User"]
BUCKET = "acme-config-history"


@dataclass(frozen=True)
class Recorder:
    """Of all types, unless `only` or `without` some. `fails` is "recording" or "delivery"."""

    with_global: bool = False
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    stopped: bool = False
    fails: str | None = None
    name: str = "default"

    def group(self) -> dict[str, Any]:
        if self.only:
            return {"allSupported": False, "resourceTypes": list(self.only)}
        if self.without:
            return {
                "allSupported": False,
                "exclusionByResourceTypes": {"resourceTypes": list(self.without)},
                "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"},
            }
        return {"allSupported": True, "includeGlobalResourceTypes": self.with_global}


# In an account of which nothing else is said.
RECORDERS: Mapping[str, Recorder] = {
    VIRGINIA: Recorder(with_global=True),
    IRELAND: Recorder(),
    FRANKFURT: Recorder(),
    CAPE_TOWN: Recorder(),
}


@dataclass(frozen=True)
class Account:
    """What differs from an account in good order. None for a Region is no recorder there."""

    recorders: Mapping[str, Recorder | None] = field(default_factory=dict)
    has_security_contact: bool = True
    # What lacks of the contact details: nothing, a field, or all of them.
    lacks: tuple[str, ...] | None = ()


ACCOUNTS: Mapping[str, Account] = {
    # Finding: no Region records the global types.
    "log-archive": Account(recorders={VIRGINIA: Recorder()}),
    # Another Region records the global types.
    "network-hub": Account(recorders={VIRGINIA: Recorder(), IRELAND: Recorder(with_global=True)}),
    # The global types are excluded in all Regions except one: all of each Region is recorded.
    "payments-api": Account(recorders={region: Recorder(without=tuple(GLOBAL_TYPES)) for region in (IRELAND, FRANKFURT)}),
    # Finding: no recorder.
    "analytics": Account(recorders={FRANKFURT: None}),
    # Finding, low: two types are excluded.
    "storefront": Account(recorders={FRANKFURT: Recorder(without=("AWS::EC2::NetworkInterface", "AWS::EC2::Volume"))}),
    # Finding: nothing arrives. And no security contact: finding.
    "media-library": Account(recorders={IRELAND: Recorder(fails="delivery")}, has_security_contact=False),
    # Finding: recording fails.
    "staging-storefront": Account(recorders={FRANKFURT: Recorder(fails="recording")}),
    # Findings: stopped where the global types are recorded, so that they are not, and no security contact.
    "sandbox-alex": Account(recorders={VIRGINIA: Recorder(with_global=True, stopped=True)}, has_security_contact=False),
    # Findings: only two types; and no contact details.
    "sandbox-networking": Account(
        recorders={IRELAND: Recorder(only=("AWS::EC2::SecurityGroup", "AWS::EC2::VPC"))}, lacks=None
    ),
    # Finding: contact details without a phone number.
    "capetown-branch": Account(lacks=("PhoneNumber",)),
}

# Findings of the policies: OUs and accounts below none of these.
SCP_TARGETS = ("Security", "Infrastructure", "Workloads/Production")
RCP_TARGETS = ("Workloads",)
DECLARATIVE_TARGETS = ("Workloads", "Sandbox", "Infrastructure")
# Findings: Macie and Security Hub have no delegated administrator.
TRUSTED = (
    "access-analyzer.amazonaws.com",
    "config.amazonaws.com",
    "guardduty.amazonaws.com",
    "macie.amazonaws.com",
    "ram.amazonaws.com",
    "securityhub.amazonaws.com",
)
DELEGATED_TO = "security-audit"
DELEGATED = ("access-analyzer.amazonaws.com", "config.amazonaws.com", "guardduty.amazonaws.com")
# Finding: it is the organization's only aggregator, and has two Regions.
AGGREGATED = (VIRGINIA, IRELAND)


def govern(organization: Any, sites: Iterable[Site]) -> None:
    sites = list(sites)
    management = sites[0]
    management.record("organization", "global", organization.api.describe_organization()["Organization"]["Arn"])
    attach(organization, management)
    by_name = {site.account.name: site for site in sites}
    for service in TRUSTED:
        organization.api.enable_aws_service_access(ServicePrincipal=service)
    for service in DELEGATED:
        account = by_name[DELEGATED_TO].account_id
        organization.api.register_delegated_administrator(AccountId=account, ServicePrincipal=service)
    for site in sites:
        if site.account.role is Role.TRUSTED and not site.account.suspended:
            furnish(site, ACCOUNTS.get(site.account.name, Account()))
    by_name[DELEGATED_TO].clients.of("config", IRELAND).put_configuration_aggregator(
        ConfigurationAggregatorName="acme",
        OrganizationAggregationSource={
            "RoleArn": f"arn:aws:iam::{by_name[DELEGATED_TO].account_id}:role/aggregator",
            "AwsRegions": list(AGGREGATED),
        },
    )


def attach(organization: Any, management: Site) -> None:
    """Policies with names of their own, and the names of the OUs that findings are about."""
    deny = document({"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"})
    foreign = document(
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": "*",
            "Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": organization.id}},
        }
    )
    declared = {"ec2_attributes": {"serial_console_access": {"status": {"@@assign": "disabled"}}}}
    kinds = (
        ("SERVICE_CONTROL_POLICY", "stay-here", deny, SCP_TARGETS),
        ("RESOURCE_CONTROL_POLICY", "own-principals", foreign, RCP_TARGETS),
        ("DECLARATIVE_POLICY_EC2", "no-serial-console", declared, DECLARATIVE_TARGETS),
    )
    for kind, name, content, targets in kinds:
        organization.api.enable_policy_type(RootId=organization.root, PolicyType=kind)
        made = organization.api.create_policy(Content=json.dumps(content), Description=name, Name=name, Type=kind)
        for target in targets:
            policy = made["Policy"]["PolicySummary"]["Id"]
            organization.api.attach_policy(PolicyId=policy, TargetId=organization.unit(target))
    for path in ("Security", "Infrastructure", "Sandbox", "Workloads/Staging"):
        described = organization.api.describe_organizational_unit(OrganizationalUnitId=organization.unit(path))
        management.record(f"ou-{path.lower().replace('/', '-')}", "global", described["OrganizationalUnit"]["Arn"])
    in_root = organization.api.list_accounts_for_parent(ParentId=organization.root)["Accounts"]
    for account in (one for one in in_root if one["Id"] != organization.management_id):
        management.record(f"{account['Name']}-account", "global", account["Arn"])


def document(statement: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [statement]}


def furnish(site: Site, account: Account) -> None:
    if account.has_security_contact:
        site.clients.of("account", VIRGINIA).put_alternate_contact(
            AlternateContactType="SECURITY",
            EmailAddress="security@example.com",
            Name="Example Security",
            PhoneNumber="+1 555 0100",
            Title="Security team",
        )
    if account.lacks != ():
        site.clients.control("POST", "/_emulator/contact-details", contact_details(site.account_id, account.lacks))
    for region in REGIONS:
        if region == CAPE_TOWN and region not in site.account.opted_in:
            continue
        recorder = account.recorders.get(region, RECORDERS[region])
        if recorder is not None:
            record(site.clients.of("config", region), recorder, site, region)


def contact_details(account_id: str, lacks: tuple[str, ...] | None) -> dict[str, Any]:
    fields = ("FullName", "AddressLine1", "City", "PostalCode", "CountryCode", "PhoneNumber")
    details = {name: "example" for name in fields if name not in (lacks or ())}
    return {"account": account_id, "details": None if lacks is None else details}


def record(config: Any, recorder: Recorder, site: Site, region: str) -> None:
    role = f"arn:aws:iam::{site.account_id}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
    config.put_configuration_recorder(
        ConfigurationRecorder={"name": recorder.name, "roleARN": role, "recordingGroup": recorder.group()}
    )
    config.put_delivery_channel(DeliveryChannel={"name": recorder.name, "s3BucketName": BUCKET})
    if not recorder.stopped:
        config.start_configuration_recorder(ConfigurationRecorderName=recorder.name)
    if recorder.fails:
        failure = {"account": site.account_id, "region": region, "failing": recorder.fails}
        site.clients.control("POST", "/_emulator/config-failure", failure)
