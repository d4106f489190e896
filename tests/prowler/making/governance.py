"""AWS Config, contacts, and what the organization has once."""

import json
from typing import Any

from cases.governance import (
    REQUIRED,
    Aggregator,
    Contacts,
    Delegations,
    NoRecorder,
    Recorder,
    Recorders,
    Types,
    Unit,
    Workload,
)
from cases.model import VIRGINIA
from create import Site as Scanned
from kinds import Account
from populate import clients_in, create_scan_role

from .site import Site, make, password

KINDS = {
    "scp": ("SERVICE_CONTROL_POLICY", {"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}),
    "rcp": ("RESOURCE_CONTROL_POLICY", {"Effect": "Deny", "Principal": "*", "Action": "s3:PutBucketAcl", "Resource": "*"}),
    "declarative": ("DECLARATIVE_POLICY_EC2", {}),
}


def document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def group(types: Types) -> dict[str, Any]:
    if types.only:
        return {"allSupported": False, "resourceTypes": list(types.only)}
    if types.without:
        return {
            "allSupported": False,
            "exclusionByResourceTypes": {"resourceTypes": list(types.without)},
            "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"},
        }
    return {"allSupported": True, "includeGlobalResourceTypes": types.with_global}


@make.register
def _(recorder: Recorder, name: str, site: Site) -> None:
    region = recorder.region
    site.arns[name] = f"arn:aws:config:{region}:{site.account_id}:account"
    config = site.clients.of("config", region)
    role = f"arn:aws:iam::{site.account_id}:role/config"
    config.put_configuration_recorder(
        ConfigurationRecorder={"name": name, "roleARN": role, "recordingGroup": group(recorder.types)}
    )
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "config-history"})
    if recorder.state != "stopped":
        config.start_configuration_recorder(ConfigurationRecorderName=name)
    if recorder.state in ("failing", "undelivered"):
        failing = {"failing": "recording", "undelivered": "delivery"}[recorder.state]
        site.tell("config-failure", account=site.account_id, region=region, failing=failing)


@make.register
def _(nothing: NoRecorder, name: str, site: Site) -> None:
    site.arns[name] = f"arn:aws:config:{nothing.region}:{site.account_id}:account"


@make.register
def _(_recorders: Recorders, name: str, site: Site) -> None:
    site.arns[name] = f"arn:aws:config::{site.account_id}:account"


@make.register
def _(contacts: Contacts, name: str, site: Site) -> None:
    site.arns[name] = f"arn:aws:account::{site.account_id}:account"
    for kind in contacts.alternate:
        site.clients.of("account", VIRGINIA).put_alternate_contact(
            AlternateContactType=kind, EmailAddress="nobody@example.com", Name="x", PhoneNumber="+1", Title="x"
        )
    details = None
    if contacts.lacks is not None:
        details = {one: "x" for one in REQUIRED if one not in contacts.lacks}
        details |= {contacts.empty: ""} if contacts.empty else {}
    site.tell("contact-details", account=site.account_id, details=details)


@make.register
def _(unit: Unit, name: str, site: Site) -> None:
    """The account in it can be scanned, or orgscan would have a gap."""
    organizations = site.clients.of("organizations", VIRGINIA)
    root = organizations.list_roots()["Roots"][0]
    ou = organizations.create_organizational_unit(ParentId=root["Id"], Name=name)["OrganizationalUnit"]
    site.arns[name] = ou["Arn"]
    account = organizations.create_account(AccountName=name, Email=f"{name}@example.com")
    account_id = account["CreateAccountStatus"]["AccountId"]
    organizations.move_account(AccountId=account_id, SourceParentId=root["Id"], DestinationParentId=ou["Id"])
    clients = clients_in(site.clients.endpoint, site.clients, account_id)
    scanned = Scanned(Account(name, ou="", environment="comparison", owner="nobody"), account_id, clients)
    create_scan_role(scanned, site.account_id)
    site.members[name] = account_id
    targets = {"": None, "ou": ou["Id"], "account": account_id}
    for kind in KINDS:
        if target := targets[getattr(unit, kind)]:
            attach(organizations, root, kind, f"{name}-{kind}", target)


def attach(organizations: Any, root: dict[str, Any], kind: str, name: str, target: str) -> None:
    type_name, statement = KINDS[kind]
    enabled = organizations.list_roots()["Roots"][0]["PolicyTypes"]
    if type_name not in {one["Type"] for one in enabled}:
        organizations.enable_policy_type(RootId=root["Id"], PolicyType=type_name)
    made = organizations.create_policy(Content=document(statement), Description=name, Name=name, Type=type_name)
    organizations.attach_policy(PolicyId=made["Policy"]["PolicySummary"]["Id"], TargetId=target)


@make.register
def _(delegations: Delegations, name: str, site: Site) -> None:
    organizations = site.clients.of("organizations", VIRGINIA)
    site.arns[name] = organizations.describe_organization()["Organization"]["Arn"]
    for service in delegations.trusted:
        organizations.enable_aws_service_access(ServicePrincipal=service)
    if delegations.resource_policy:
        organizations.put_resource_policy(Content=document({"Effect": "Allow", "Action": "organizations:*", "Resource": "*"}))


@make.register
def _(aggregator: Aggregator, name: str, site: Site) -> None:
    site.arns[name] = f"arn:aws:config::{site.account_id}:account"
    source: dict[str, Any] = {"RoleArn": f"arn:aws:iam::{site.account_id}:role/aggregator"}
    source |= {"AwsRegions": list(aggregator.regions)} if aggregator.regions else {"AllAwsRegions": True}
    site.clients.of("config", VIRGINIA).put_configuration_aggregator(
        ConfigurationAggregatorName=name, OrganizationAggregationSource=source
    )


@make.register
def _(workload: Workload, name: str, site: Site) -> None:
    site.arns[name] = f"arn:aws:account::{site.account_id}:account"
    site.clients.of("rds", workload.region).create_db_instance(
        DBInstanceIdentifier=name,
        DBInstanceClass="db.t4g.medium",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="nobody",
        MasterUserPassword=password(),
        StorageEncrypted=True,
        PubliclyAccessible=False,
        MultiAZ=True,
        DeletionProtection=True,
        BackupRetentionPeriod=30,
        AutoMinorVersionUpgrade=True,
        CopyTagsToSnapshot=True,
    )
