"""Creates the organization that the cases need in a fresh emulator, and writes down what came of each case."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1] / "emulator"))

from cases import BESIDE, TABLES, twice
from cases.model import MANAGEMENT, REGIONS, Table
from clients import MANAGEMENT_KEYS, Clients
from create import Site as Scanned
from kinds import Account
from making import Site, make
from populate import ADMIN_ROLE, HOME, SEED, Organization, clients_in, create_scan_role


def prepare(endpoint: str, only: list[str], alone: bool) -> dict[str, Any]:
    if names := twice():
        sys.exit(f"more than one case has the name {', '.join(names)}")
    wanted = [table for table in TABLES if not (alone and table.only_compared)]
    management = Clients(endpoint, MANAGEMENT_KEYS)
    management.control("POST", f"/moto-api/seed?a={SEED}")
    organization = Organization(management)
    accounts: dict[str, dict[str, Any]] = {}
    cases: list[dict[str, Any]] = []
    # The management account is in every organization, whatever is asked for.
    for name in dict.fromkeys([MANAGEMENT, *(only or (table.account for table in wanted))]):
        account = Account(name, ou="", environment="comparison", owner="nobody")
        if name == MANAGEMENT:
            site = Site(Scanned(account, organization.management_id, management))
            keys = environment(MANAGEMENT_KEYS)
        else:
            account_id = organization.create_member(account)
            site = Site(Scanned(account, account_id, clients_in(endpoint, management, account_id)))
            create_scan_role(site.scanned, organization.management_id)
            keys = session(management, account_id)
        cases += furnish(site, name, [table for table in wanted if table.account == name])
        accounts[name] = {"id": site.account_id, "resources": site.arns, "session": keys}
        for member, account_id in site.members.items():
            accounts[member] = {"id": account_id, "resources": {}, "session": session(management, account_id)}
    management.control("DELETE", "/_emulator/log")
    return {"regions": REGIONS, "accounts": accounts, "cases": cases}


def furnish(site: Site, account: str, tables: list[Table]) -> list[dict[str, Any]]:
    for region in REGIONS:
        # Moto makes a Region's default VPC at the first call.
        site.ec2(region).describe_vpcs()
    beside = BESIDE.get(account, ()) + tuple((one.name, one) for table in tables for one in table.beside)
    for name, thing in beside:
        make(thing, name, site)
    return [row for table in tables for row in make_table(site, table)]


def make_table(site: Site, table: Table) -> list[dict[str, Any]]:
    # A bucket that takes logs is there before those that send them.
    for case in sorted(table.cases, key=lambda case: bool(getattr(case.thing, "logging_to", None))):
        make(case.thing, case.name, site)
    return [
        {
            "name": case.name,
            "family": table.family,
            "account": site.account_id,
            "arn": site.arns[case.name],
            "about": table.about,
            "fails": case.fails,
            "severity": case.severity,
            "why": case.why,
        }
        for case in table.cases
    ]


def session(management: Clients, account_id: str) -> dict[str, str]:
    """Credentials for the other scanner, as environment variables."""
    role = f"arn:aws:iam::{account_id}:role/{ADMIN_ROLE}"
    made = management.of("sts", HOME).assume_role(RoleArn=role, RoleSessionName="compare")["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": made["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": made["SecretAccessKey"],
        "AWS_SESSION_TOKEN": made["SessionToken"],
    }


def environment(keys: dict[str, str]) -> dict[str, str]:
    return {name.upper(): value for name, value in keys.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endpoint", required=True, help="what serve.py printed: http://127.0.0.1:PORT")
    parser.add_argument("--out", type=Path, required=True, help="the JSON file to write")
    parser.add_argument("--account", action="append", default=[], help="only this account's cases; may be given again")
    parser.add_argument("--alone", action="store_true", help="without cases that are there to be compared only")
    args = parser.parse_args()
    args.out.write_text(json.dumps(prepare(args.endpoint, args.account, args.alone), indent=1) + "\n")


if __name__ == "__main__":
    main()
