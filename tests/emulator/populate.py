"""Creates the organization of `organization.py` in a fresh emulator, and writes down which id each name got.

Everything is created in one fixed order from one seed, so that two runs give the same ids.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

import create_data  # noqa: F401: importing it teaches `create` how
import create_front_ends  # noqa: F401: the same
import create_monitoring  # noqa: F401: the same
import create_policies  # noqa: F401: the same
import create_rds  # noqa: F401: the same
from clients import MANAGEMENT_KEYS, Clients
from create import Site, create
from create_iam import BASELINE
from detection import detect
from front_ends import FRONT_ENDS
from governance import govern
from kinds import Account, Role
from monitoring import MONITORING
from organization import CAPE_TOWN, MANAGEMENT, MEMBERS, REGIONS
from sharing import SHARED

SEED = 42
SCAN_ROLE = "OrgScanMember"
# The role that Organizations makes in each new account, for the management account.
ADMIN_ROLE = "OrganizationAccountAccessRole"
HOME = "us-east-1"


class Organization:
    def __init__(self, clients: Clients) -> None:
        self.api = clients.of("organizations", HOME)
        made = self.api.create_organization(FeatureSet="ALL")["Organization"]
        self.id: str = made["Id"]
        self.management_id: str = made["MasterAccountId"]
        self.root: str = self.api.list_roots()["Roots"][0]["Id"]
        self._units: dict[str, str] = {"": self.root}

    def unit(self, path: str) -> str:
        """The id of an OU, which is made, with those above it, if it is not there yet."""
        if path not in self._units:
            above, _, name = path.rpartition("/")
            made = self.api.create_organizational_unit(ParentId=self.unit(above), Name=name)
            self._units[path] = made["OrganizationalUnit"]["Id"]
        return self._units[path]

    def create_member(self, account: Account) -> str:
        status = self.api.create_account(
            AccountName=account.name, Email=f"aws+{account.name}@example.com", RoleName=ADMIN_ROLE, Tags=tags(account)
        )["CreateAccountStatus"]
        account_id: str = status["AccountId"]
        parent = self.unit(account.ou)
        if parent != self.root:
            self.api.move_account(AccountId=account_id, SourceParentId=self.root, DestinationParentId=parent)
        return account_id


def tags(account: Account) -> list[dict[str, str]]:
    return [{"Key": "environment", "Value": account.environment}, {"Key": "owner", "Value": account.owner}]


def populate(endpoint: str) -> dict[str, Any]:
    management = Clients(endpoint, MANAGEMENT_KEYS)
    management.control("POST", f"/moto-api/seed?a={SEED}")
    organization = Organization(management)
    organization.api.tag_resource(ResourceId=organization.management_id, Tags=tags(MANAGEMENT))
    sites = [Site(MANAGEMENT, organization.management_id, management)]
    for account in MEMBERS:
        account_id = organization.create_member(account)
        sites.append(Site(account, account_id, clients_in(endpoint, management, account_id)))
    for site in sites:
        furnish(site, organization.management_id)
    for site in sites:
        for content in site.account.later:
            create(content, site)
    for site in sites:
        for trail in site.account.trails:
            create(trail, site)
    govern(organization, sites)
    for site in sites:
        for content in MONITORING.get(site.account.name, ()):
            create(content, site)
    detect(sites)
    for site in sites:
        for content in SHARED.get(site.account.name, ()):
            create(content, site)
    for site in sites:
        for content in FRONT_ENDS.get(site.account.name, ()):
            create(content, site)
    rules = [rule for site in sites for rule in denials(site)]
    management.control("POST", "/_emulator/rules", rules)
    for site in sites:
        if site.account.suspended:
            organization.api.close_account(AccountId=site.account_id)
    management.control("DELETE", "/_emulator/log")
    return summary(organization, sites, rules)


def clients_in(endpoint: str, management: Clients, account_id: str) -> Clients:
    keys = management.of("sts", HOME).assume_role(
        RoleArn=f"arn:aws:iam::{account_id}:role/{ADMIN_ROLE}", RoleSessionName="populate"
    )["Credentials"]
    return Clients(
        endpoint,
        {
            "aws_access_key_id": keys["AccessKeyId"],
            "aws_secret_access_key": keys["SecretAccessKey"],
            "aws_session_token": keys["SessionToken"],
        },
    )


def furnish(site: Site, management_id: str) -> None:
    account = site.account
    for region in account.opted_in:
        status = {"account": site.account_id, "region": region, "opt_in_status": "opted-in"}
        site.clients.control("POST", "/_emulator/regions", status)
    if account.joined_today:
        site.clients.control("POST", "/_emulator/trails-not-joined", {"account": site.account_id})
    if account.role is not Role.MISSING:
        create_scan_role(site, management_id)
    for region in REGIONS:
        if region != CAPE_TOWN or region in account.opted_in:
            # Moto makes a Region's default VPC at the first call: now, and not in whatever order a scan comes by.
            site.ec2(region).describe_vpcs()
    site.record(f"{account.name}-root", "global", f"arn:aws:iam::{site.account_id}:root")
    for content in (*(BASELINE if account.has_baseline else ()), *account.contents):
        create(content, site)


def create_scan_role(site: Site, management_id: str) -> None:
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{management_id}:root"},
        "Action": "sts:AssumeRole",
    }
    if site.account.role is Role.FOREIGN_EXTERNAL_ID:
        statement["Condition"] = {"StringEquals": {"sts:ExternalId": "another-scanner"}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    site.clients.of("iam", HOME).create_role(RoleName=SCAN_ROLE, AssumeRolePolicyDocument=document)


def denials(site: Site) -> list[dict[str, Any]]:
    return [
        {"account": site.account_id, "region": region, "action": "*", "error": "scp"}
        for region in site.account.denied_regions
    ]


def summary(organization: Organization, sites: list[Site], rules: list[dict[str, Any]]) -> dict[str, Any]:
    resources: dict[str, Any] = {}
    for site in sites:
        if twice := resources.keys() & site.resources.keys():
            raise ValueError(f"{site.account.name} has a name of another account's: {', '.join(twice)}")
        resources |= site.resources
    return {
        "management_account": organization.management_id,
        "organization_id": organization.id,
        "regions": list(REGIONS),
        "accounts": {site.account.name: {"id": site.account_id, "ou_path": site.account.ou} for site in sites},
        "resources": resources,
        "rules": rules,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--endpoint", required=True, help="what serve.py printed: http://127.0.0.1:PORT")
    parser.add_argument("--out", type=Path, required=True, help="the JSON file to write")
    args = parser.parse_args()
    try:
        made = populate(args.endpoint)
    except OSError as error:
        sys.exit(f"nothing serves at {args.endpoint}: {error}")
    except ClientError as error:
        if error.response["Error"]["Code"] != "AlreadyInOrganizationException":
            raise
        sys.exit("there is an organization already: start a fresh emulator, or POST /moto-api/reset")
    args.out.write_text(json.dumps(made, indent=2) + "\n")


if __name__ == "__main__":
    main()
