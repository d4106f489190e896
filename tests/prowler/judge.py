"""Runs checks of Prowler in the accounts of an emulator, and writes down each verdict. Runs on Prowler's own Python.

Prowler is used as a library: its command line would load every compliance framework again for each account.
"""

import argparse
import json
import os
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

from botocore import handlers
from botocore.awsrequest import AWSRequest


def without_account_in_host(request: AWSRequest, **_: Any) -> None:
    """S3 Control puts the account id before the host, which an IP address does not take."""
    _, _, path = request.url.partition("/v20180820/")
    request.url = f"{os.environ['AWS_ENDPOINT_URL']}/v20180820/{path}"


handlers.BUILTIN_HANDLERS.append(("before-sign.s3-control", without_account_in_host))

from prowler.lib.check.models import Check_Report_AWS  # noqa: E402
from prowler.providers.aws.aws_provider import AwsProvider  # noqa: E402
from prowler.providers.aws.models import AWSSession  # noqa: E402, F401: fails here if this is no Prowler of that age
from prowler.providers.common.models import Audit_Metadata  # noqa: E402
from prowler.providers.common.provider import Provider  # noqa: E402


def judge(checks: list[str], regions: list[str]) -> list[dict[str, str]]:
    """The verdicts in the account whose credentials are in the environment."""
    # Without `scan_unused_services` it says nothing of groups that nothing uses.
    provider = AwsProvider(regions=set(regions), scan_unused_services=True, config_content={"aws": {}})
    provider.audit_metadata = Audit_Metadata(
        services_scanned=0, expected_checks=checks, completed_checks=0, audit_progress=0
    )
    Provider.set_global_provider(provider)
    return [row(check, report) for check in checks for report in reports(check) if report.status != "MANUAL"]


def reports(check: str) -> list[Check_Report_AWS]:
    """None from a check that fails: on Prowler's command line that is a line in the log, too."""
    try:
        return instance(check).execute()
    except Exception:
        print(f"{check} failed", file=sys.stderr)
        traceback.print_exc()
        return []


def instance(check: str) -> Any:
    service = check.split("_")[0]
    module = import_module(f"prowler.providers.aws.services.{service}.{check}.{check}")
    return getattr(module, check)()


def row(check: str, report: Check_Report_AWS) -> dict[str, str]:
    return {
        "check": check,
        "status": report.status,
        "region": report.region,
        "arn": report.resource_arn,
        "says": report.status_extended,
    }


def in_a_process_of_its_own(out: Path, environment: dict[str, str], checks: list[str], regions: list[str]) -> bool:
    """Prowler keeps one provider and one client of a service for the whole process."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.environ |= environment
            out.write_text(json.dumps(judge(checks, regions)))
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return status == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=Path, required=True, help="what prepare.py wrote")
    parser.add_argument("--check", action="append", required=True, help="a check of Prowler")
    parser.add_argument("--out", type=Path, required=True, help="the folder for a file of verdicts for each account")
    args = parser.parse_args()
    prepared = json.loads(args.cases.read_text())
    args.out.mkdir(parents=True, exist_ok=True)
    for account in prepared["accounts"].values():
        verdicts = args.out / f"{account['id']}.json"
        if not in_a_process_of_its_own(verdicts, account["session"], args.check, prepared["regions"]):
            sys.exit(f"Prowler failed in account {account['id']}")


if __name__ == "__main__":
    main()
