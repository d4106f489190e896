"""Makes resources with policies in an account. Importing it teaches `create` how."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile, ZipInfo

from create import Site, create
from kinds import Policed

# Stands for the id that a client makes up for each request.
REQUEST = "00000000-0000-4000-8000-000000000000"
# What a statement allows, by the kind of resource.
ACTIONS = {
    "queue": "sqs:SendMessage",
    "topic": "sns:Publish",
    "function": "lambda:InvokeFunction",
    "secret": "secretsmanager:GetSecretValue",
    "repository": "ecr:BatchGetImage",
    "key": "kms:Decrypt",
    "vault": "backup:CopyIntoBackupVault",
    "file system": "elasticfilesystem:ClientMount",
    "glacier vault": "glacier:InitiateJob",
    "event bus": "events:PutEvents",
    "domain": "es:ESHttp*",
    "log policy": "logs:PutLogEvents",
}


def document(policed: Policed, arn: str) -> str:
    """The policy: one statement about the resource. Conditions name its account, or a topic with its name, in braces."""
    condition = json.dumps(policed.condition)
    condition = condition.replace("{account}", arn.split(":")[4]).replace("{topic}", arn.replace(":sqs:", ":sns:"))
    statement: dict[str, Any] = {
        "Sid": "Share",
        "Effect": policed.effect,
        "Principal": policed.principal,
        "Action": ACTIONS[policed.kind],
    }
    if policed.kind != "repository":
        statement["Resource"] = {"domain": f"{arn}/*", "key": "*", "secret": "*", "log policy": "*"}.get(policed.kind, arn)
    if policed.condition:
        statement["Condition"] = json.loads(condition)
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@create.register
def _(policed: Policed, site: Site) -> None:
    MAKERS[policed.kind](policed, site)


def queue(one: Policed, site: Site) -> None:
    sqs = site.clients.of("sqs", one.region)
    url = sqs.create_queue(QueueName=one.name)["QueueUrl"]
    arn = recorded(one, site, f"arn:aws:sqs:{one.region}:{site.account_id}:{one.name}")
    if one.principal:
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": document(one, arn)})


def topic(one: Policed, site: Site) -> None:
    sns = site.clients.of("sns", one.region)
    arn = recorded(one, site, sns.create_topic(Name=one.name)["TopicArn"])
    if one.principal:
        sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=document(one, arn))


def function(one: Policed, site: Site) -> None:
    """Lambda takes statements, and no policy: a principal alone, or with the account or the ARN that it acts for."""
    code = BytesIO()
    with ZipFile(code, "w") as archive:
        archive.writestr(ZipInfo("main.py"), "def handler(event, context): pass\n")
    client = site.clients.of("lambda", one.region)
    made = client.create_function(
        FunctionName=one.name,
        Runtime="python3.13",
        Role=f"arn:aws:iam::{site.account_id}:role/OrgScanMember",
        Handler="main.handler",
        Code={"ZipFile": code.getvalue()},
    )
    recorded(one, site, made["FunctionArn"])
    if one.principal:
        principal = one.principal if isinstance(one.principal, str) else next(iter(one.principal.values()))
        client.add_permission(
            FunctionName=one.name, StatementId="Share", Action=ACTIONS["function"], Principal=principal, **one.permission
        )


def secret(one: Policed, site: Site) -> None:
    client = site.clients.of("secretsmanager", one.region)
    arn = recorded(one, site, client.create_secret(Name=one.name, SecretString="none", ClientRequestToken=REQUEST)["ARN"])
    if one.principal:
        client.put_resource_policy(SecretId=arn, ResourcePolicy=document(one, arn))


def repository(one: Policed, site: Site) -> None:
    ecr = site.clients.of("ecr", one.region)
    arn = recorded(one, site, ecr.create_repository(repositoryName=one.name)["repository"]["repositoryArn"])
    if one.principal:
        ecr.set_repository_policy(repositoryName=one.name, policyText=document(one, arn))


def key(one: Policed, site: Site) -> None:
    """A key that the account has already."""
    arn = site.resources[one.name]["arn"]
    site.clients.of("kms", one.region).put_key_policy(KeyId=arn, PolicyName="default", Policy=document(one, arn))


def file_system(one: Policed, site: Site) -> None:
    """A file system that the account has already."""
    arn = site.resources[one.name]["arn"]
    efs = site.clients.of("efs", one.region)
    efs.put_file_system_policy(FileSystemId=arn.rsplit("/", 1)[-1], Policy=document(one, arn))


def vault(one: Policed, site: Site) -> None:
    backup = site.clients.of("backup", one.region)
    made = backup.create_backup_vault(BackupVaultName=one.name, CreatorRequestId=REQUEST)
    put_vault_policy(one, site, "backup", recorded(one, site, made["BackupVaultArn"]))


def glacier_vault(one: Policed, site: Site) -> None:
    site.clients.of("glacier", one.region).create_vault(accountId="-", vaultName=one.name)
    arn = recorded(one, site, f"arn:aws:glacier:{one.region}:{site.account_id}:vaults/{one.name}")
    put_vault_policy(one, site, "glacier", arn)


def put_vault_policy(one: Policed, site: Site, service: str, arn: str) -> None:
    if one.principal:
        place = {"account": site.account_id, "region": one.region, "service": service, "vault": one.name}
        site.clients.control("POST", "/_emulator/vault-policy", place | {"policy": document(one, arn)})


def event_bus(one: Policed, site: Site) -> None:
    events = site.clients.of("events", one.region)
    arn = recorded(one, site, events.create_event_bus(Name=one.name)["EventBusArn"])
    if one.principal:
        events.put_permission(EventBusName=one.name, Policy=document(one, arn))


def domain(one: Policed, site: Site) -> None:
    arn = recorded(one, site, f"arn:aws:es:{one.region}:{site.account_id}:domain/{one.name}")
    inside = {"VPCOptions": {"SubnetIds": ["subnet-0123456789abcdef0"]}} if one.in_vpc else {}
    policy = {"AccessPolicies": document(one, arn)} if one.principal else {}
    site.clients.of("opensearch", one.region).create_domain(
        DomainName=one.name,
        EngineVersion="OpenSearch_2.19",
        AdvancedSecurityOptions={
            "Enabled": one.authenticates is not None,
            "InternalUserDatabaseEnabled": False,
            "AnonymousAuthEnabled": one.authenticates is False,
        },
        **inside,
        **policy,
    )


def log_policy(one: Policed, site: Site) -> None:
    """It has no ARN."""
    arn = f"arn:aws:logs:{one.region}:{site.account_id}:account"
    site.clients.of("logs", one.region).put_resource_policy(policyName=one.name, policyDocument=document(one, arn))


def recorded(one: Policed, site: Site, arn: str) -> str:
    site.record(one.name, one.region, arn)
    return arn


MAKERS: dict[str, Callable[[Policed, Site], None]] = {
    "queue": queue,
    "topic": topic,
    "function": function,
    "secret": secret,
    "repository": repository,
    "key": key,
    "vault": vault,
    "file system": file_system,
    "glacier vault": glacier_vault,
    "event bus": event_bus,
    "domain": domain,
    "log policy": log_policy,
}
