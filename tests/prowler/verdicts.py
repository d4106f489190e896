"""What each of the two says of each resource, account or Region."""

import csv
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from counterparts import Counterpart

PASS, FAIL, SILENT = "pass", "fail", "silent"
# An account, and what in it: the part of an ARN behind the account, a Region, or nothing for the account as a whole.
Key = tuple[str, str]


def key(unit: str, account: str, arn: str, region: str) -> Key:
    """ARNs of snapshots and images have no account in them, or have one; what counts is what follows."""
    return account, {"resource": arn.split(":", 5)[-1], "region": region, "account": ""}[unit]


class Ours:
    """orgscan's report."""

    def __init__(self, folder: Path) -> None:
        self._findings = rows(folder, "findings.csv")
        self.unknown = [row for row in rows(folder, "coverage.csv") if row["outcome"] in ("unknown", "failed")]

    def failing(self, row: Counterpart, field: str = "message") -> dict[Key, str]:
        """What a check objects to, with what it says; or with another field of the finding."""
        return {
            key(row.unit, finding["account_id"], finding["resource"], finding["region"]): finding[field]
            for finding in self._findings
            if finding["check_id"] == row.check and row.is_about(finding["part"])
        }


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    [path] = folder.rglob(name)
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


class Theirs:
    """Prowler's verdicts, as `judge.py` wrote them."""

    def __init__(self, folder: Path) -> None:
        self._verdicts: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
        for path in sorted(folder.glob("*.json")):
            for verdict in json.loads(path.read_text()):
                self._verdicts[verdict["check"]].append((path.stem, verdict))

    def of(self, row: Counterpart) -> dict[Key, tuple[str, str]]:
        """The verdict and what it says: one check of several that objects is enough."""
        found: dict[Key, tuple[str, str]] = {}
        for check in row.prowler:
            for account, verdict in self._verdicts[check]:
                at = key(row.unit, account, verdict["arn"], verdict["region"])
                status = FAIL if verdict["status"] == "FAIL" else PASS
                if at not in found or status == FAIL:
                    found[at] = (status, verdict["says"])
        return found
