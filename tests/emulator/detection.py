"""In which Regions detection services are on. Most are on in most accounts; what is a finding says `finding`.

It is made after all else, so that everything before keeps the ids that the seed gives it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from create import Site
from governance import DELEGATED_TO
from kinds import Role
from organization import CAPE_TOWN, FRANKFURT, IRELAND, REGIONS, VIRGINIA

# The Regions with an analyzer of the organization, in the account of the delegated administrator.
ORGANIZATION_ANALYZERS = (VIRGINIA, IRELAND)
ACTIVE = ({"name": "external", "type": "ACCOUNT", "status": "ACTIVE"},)

# Analyzers in Regions without one of the organization, where they are other ones than an active one of the account.
ANALYZERS: Mapping[tuple[str, str], tuple[Mapping[str, str], ...]] = {
    ("media-library", FRANKFURT): (),  # finding: none
    # Finding: it does not work.
    ("sandbox-alex", FRANKFURT): ({"name": "external", "type": "ACCOUNT", "status": "FAILED"},),
    # Finding: it is about unused access.
    ("sandbox-networking", FRANKFURT): ({"name": "unused", "type": "ACCOUNT_UNUSED_ACCESS", "status": "ACTIVE"},),
}
# Findings: False is a suspended detector, None is no detector.
DETECTORS: Mapping[tuple[str, str], bool | None] = {
    ("media-library", IRELAND): False,
    ("sandbox-alex", FRANKFURT): None,
    ("capetown-branch", CAPE_TOWN): None,
}
# Findings.
WITHOUT_HUB = {("analytics", IRELAND), ("sandbox-networking", FRANKFURT)}
# It has the new Security Hub, which passes.
HUB_V2 = "staging-storefront"
# Findings: what Inspector scans, where that is not everything.
SCANNED: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("network-hub", IRELAND): ("EC2", "LAMBDA"),
    ("sandbox-networking", VIRGINIA): (),
}
ALL_SCANNED = ("EC2", "ECR", "LAMBDA")
# Findings: Macie suspended, or None for off.
MACIE: Mapping[tuple[str, str], str | None] = {
    ("payments-api", FRANKFURT): "PAUSED",
    ("analytics", FRANKFURT): None,
    ("sandbox-alex", VIRGINIA): None,
}


# What the analyzers of the organization report. No emulator has that, so the answers are written by hand, in AWS's form. The
# resources are of the account in the first column.
OUTSIDE = "999988887777"
FINDINGS: Mapping[str, tuple[tuple[str, str, str, Mapping[str, Any]], ...]] = {
    VIRGINIA: (
        # Finding: everybody.
        ("sandbox-alex", "AWS::SNS::Topic", "sns:{region}:{account}:alex-alerts", {"isPublic": True, "principal": {"AWS": "*"}}),
        # Finding: a partner, by two statements.
        ("analytics", "AWS::SQS::Queue", "sqs:{region}:{account}:partner-events", {"principal": {"AWS": OUTSIDE}}),
        ("analytics", "AWS::SQS::Queue", "sqs:{region}:{account}:partner-events", {"principal": {"AWS": "888877776666"}}),
    ),
    IRELAND: (
        # Finding: archived, and shared all the same.
        ("payments-api", "AWS::KMS::Key", "kms:{region}:{account}:key/{key}", {"status": "ARCHIVED", "principal": {"AWS": OUTSIDE}}),
        # Finding: a resource control policy may deny it.
        (
            "payments-ledger",
            "AWS::SecretsManager::Secret",
            "secretsmanager:{region}:{account}:secret:ledger-feed-AbCdEf",
            {"principal": {"AWS": OUTSIDE}, "resourceControlPolicyRestriction": "APPLICABLE"},
        ),
        # None: the check of public buckets reports it.
        ("storefront", "AWS::S3::Bucket", "s3:::storefront-media", {"isPublic": True, "principal": {"AWS": "*"}}),
    ),
}


def report(site: Site, region: str, accounts: Mapping[str, str]) -> None:
    """What the organization's analyzer of a Region reports."""
    findings = [
        {
            "owner": accounts[name],
            "resource": "arn:aws:" + arn.format(region=region, account=accounts[name], key="5e1f0c3a-0b7d-4c59-9f1e-3d2a61c7b8e4"),
            "resourceType": kind,
            **fields,
        }
        for name, kind, arn, fields in FINDINGS[region]
    ]
    place = {"account": site.account_id, "region": region}
    site.clients.control("POST", "/_emulator/findings", {**place, "findings": findings})


def detect(sites: Iterable[Site]) -> None:
    sites = list(sites)
    accounts = {site.account.name: site.account_id for site in sites}
    for site in sites:
        if site.account.name == DELEGATED_TO:
            for region in ORGANIZATION_ANALYZERS:
                report(site, region, accounts)
        if site.account.role is Role.TRUSTED and not site.account.suspended:
            elsewhere = {"account": site.account_id, "but_in": list(REGIONS)}
            site.clients.control("POST", "/_emulator/detection", elsewhere)
            for region in REGIONS:
                if region != CAPE_TOWN or region in site.account.opted_in:
                    enable(site, region)


def enable(site: Site, region: str) -> None:
    at = (site.account.name, region)
    place = {"account": site.account_id, "region": region}
    site.clients.control("POST", "/_emulator/analyzers", {**place, "analyzers": list(analyzers(*at))})
    enabled = DETECTORS.get(at, True)
    if enabled is not None:
        site.clients.of("guardduty", region).create_detector(Enable=enabled)
    if site.account.name == HUB_V2:
        site.clients.control("POST", "/_emulator/hub-v2", place)
    elif at not in WITHOUT_HUB:
        site.clients.of("securityhub", region).enable_security_hub()
    if scanned := SCANNED.get(at, ALL_SCANNED):
        site.clients.of("inspector2", region).enable(accountIds=[site.account_id], resourceTypes=list(scanned))
    if status := MACIE.get(at, "ENABLED"):
        site.clients.of("macie2", region).enable_macie(status=status)


def analyzers(account: str, region: str) -> Iterable[Mapping[str, Any]]:
    if region not in ORGANIZATION_ANALYZERS:
        return ANALYZERS.get((account, region), ACTIVE)
    of_all = {"name": "organization", "type": "ORGANIZATION", "status": "ACTIVE"}
    return (of_all,) if account == DELEGATED_TO else ()
