"""Compares orgscan with Prowler: both scan the same emulated organization, and each verdict is held against the other.

    cargo build && python3 tests/prowler/compare.py

Prints how far the two agree, check by check, and the differences that docs/differences.md documents. Fails on any other
difference, on one that is documented and gone, and where orgscan does not say what a case expects.
"""

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from itertools import groupby
from pathlib import Path

from comparison import Difference, Line, Names, compare, unexpected
from counterparts import Counterpart, counterparts
from differences import Documented, documented
from machine import EMULATOR, ROOT, emulator, python, run
from verdicts import Ours, Theirs

HERE = Path(__file__).parent
TARGET = ROOT / "target"


def main() -> None:
    args = parse_args()
    orgscan = args.orgscan.resolve()
    if not orgscan.exists():
        sys.exit(f"{orgscan} is not there: `cargo build` makes it")
    work = TARGET / "prowler" / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    known = known_checks(orgscan)
    rows = counterparts(known)
    if missing := sorted(known - {row.check for row in rows}):
        sys.exit(f"counterparts.csv has no row for {', '.join(missing)}")
    gather(orgscan, rows, work, args.account)
    names = Names(json.loads((work / "cases.json").read_text()))
    ours, theirs, listed = Ours(work / "orgscan"), Theirs(work / "prowler"), documented()
    lines = [compare(row, names, ours, theirs, listed) for row in rows if row.prowler]
    show(lines, names, listed)
    # With a part of the accounts a part of the differences is not there.
    gone = [] if args.account else [one for one in listed if not is_seen(one, lines, known)]
    sys.exit(1 if problems(lines, gone, [*unexpected(rows, names, ours)], ours) else 0)


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orgscan", type=Path, default=TARGET / "debug" / "orgscan", help="the program to compare")
    parser.add_argument("--account", action="append", default=[], help="only this account's cases; may be given again")
    return parser.parse_args()


def known_checks(orgscan: Path) -> set[str]:
    listed = subprocess.run([orgscan, "checks", "--format", "json"], capture_output=True, check=True).stdout
    return {check["id"] for check in json.loads(listed)}


def gather(orgscan: Path, rows: list[Counterpart], work: Path, accounts: list[str]) -> None:
    """Has both scan a fresh organization."""
    judge = python(TARGET / "prowler", HERE / "requirements.txt")
    interpreter = python(TARGET / "emulator", EMULATOR / "requirements.txt")
    cases = work / "cases.json"
    with emulator(interpreter, work) as url:
        only = [word for account in accounts for word in ("--account", account)]
        timed("the organization", [interpreter, HERE / "prepare.py", "--endpoint", url, "--out", cases, *only])
        regions = [word for region in json.loads(cases.read_text())["regions"] for word in ("--region", region)]
        checks = [word for check in sorted({row.check for row in rows}) for word in ("--check", check)]
        keys = {"AWS_ACCESS_KEY_ID": "management", "AWS_SECRET_ACCESS_KEY": "management", "AWS_ENDPOINT_URL": url}
        scan = [orgscan, "--config", HERE / "orgscan.yaml", "scan", *regions, *checks, "--output", work / "orgscan"]
        timed("orgscan", scan, work / "orgscan.log", **keys, HOME=str(work))
        theirs = [word for check in sorted({one for row in rows for one in row.prowler}) for word in ("--check", check)]
        prowler = [judge, HERE / "judge.py", "--cases", cases, *theirs, "--out", work / "prowler"]
        if timed("Prowler", prowler, work / "prowler.log", AWS_ENDPOINT_URL=url):
            sys.exit(f"Prowler failed: see {work / 'prowler.log'}")


def timed(what: str, command: list[str | Path], log: Path | None = None, **environment: str) -> int:
    began = time.monotonic()
    code = run(command, log, **environment)
    print(f"{what}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    return code


def show(lines: list[Line], names: Names, listed: list[Documented]) -> None:
    families = Counter(case["family"] for case in names.cases)
    print("cases: " + ", ".join(f"{count} {family}" for family, count in sorted(families.items())) + "\n")
    width = max(len(line.row.title) for line in lines)
    print(f"{'check':{width}} {'compared':>8} {'agree':>6} {'differ':>6}")
    for line in lines:
        print(f"{line.row.title:{width}} {line.cases:>8} {line.agree:>6} {len(line.differences):>6}")
    total = [sum(line.cases for line in lines), sum(line.agree for line in lines)]
    print(f"{'all':{width}} {total[0]:>8} {total[1]:>6} {total[0] - total[1]:>6}\n")
    found = [one for line in lines for one in line.differences if one.section]
    if found:
        print("Documented differences, see docs/differences.md")
    order = {one.section: position for position, one in enumerate(listed)}
    found.sort(key=lambda one: (order[one.section or ""], one.check, one.case))
    for section, differences in groupby(found, key=lambda one: one.section):
        print(f"  {section}")
        for check, those in groupby(differences, key=lambda one: one.check):
            print(f"    {check}: {in_short([one.case for one in those])}")


def in_short(cases: list[str], shown: int = 6) -> str:
    more = len(cases) - shown
    return ", ".join(cases[:shown]) + (f" and {more} more" if more > 0 else "")


def is_seen(one: Documented, lines: list[Line], known: set[str]) -> bool:
    if one.check.split()[0] not in known:
        return True
    return any(
        one.covers(difference.check, difference.case, difference.ours, difference.theirs)
        for line in lines
        for difference in line.differences
    )


def problems(lines: list[Line], gone: list[Documented], wrong: list[str], ours: Ours) -> bool:
    """Prints what must not be, and says whether there is any."""
    new = [one for line in lines for one in line.differences if one.section is None]
    report("Differences that docs/differences.md does not list", [in_words(one) for one in new])
    report("Differences that it lists and that are not there", [f"{one.section}: {one.check} {one.cases}" for one in gone])
    report("Cases in which orgscan does not say what they expect", wrong)
    unknown = [f"{row['account_name']} {row['region']} {row['check']}: {row['detail']}" for row in ours.unknown]
    report("What orgscan does not know", unknown)
    return bool(new or gone or wrong or unknown)


def in_words(one: Difference) -> str:
    return f"{one.check}: {one.case}: orgscan {one.ours}, Prowler {one.theirs}: {one.says}"


def report(title: str, items: list[str]) -> None:
    if items:
        print(f"\n{title}\n  " + "\n  ".join(items))


if __name__ == "__main__":
    main()
