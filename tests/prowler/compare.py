"""Compares orgscan with Prowler: both scan the same emulated organization, and each verdict is held against the other.

    cargo build && python3 tests/prowler/compare.py

Prints how far the two agree, check by check, and the differences that docs/differences.md documents. Fails on any other
difference, on one that is documented and gone, and where orgscan does not say what a case expects. With --alone orgscan
is held against what the cases expect, and against nothing else.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from itertools import groupby
from pathlib import Path

from cases import LEAST, too_few, without_case
from comparison import Difference, Line, Names, compare, unexpected
from counterparts import Counterpart, counterparts
from differences import Documented, documented, has_figures
from machine import EMULATOR, ROOT, emulator, python, run
from verdicts import Ours, Theirs

HERE = Path(__file__).parent
# An exit code of orgscan.
INCOMPLETE = 3
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()


def main() -> None:
    args = parse_args()
    orgscan = args.orgscan.resolve()
    if not orgscan.exists():
        sys.exit(f"{orgscan} is not there: `cargo build` makes it")
    work = emptied(args.work)
    known = known_checks(orgscan)
    rows = counterparts(known)
    require_all(known, rows)
    gather(orgscan, rows, work, args.account, args.alone)
    names, ours = Names(json.loads((work / "cases.json").read_text())), Ours(work / "orgscan")
    show_cases(names)
    lines: list[Line] = []
    gone: list[str] = []
    if not args.alone:
        theirs, listed = Theirs(work / "prowler"), documented()
        lines = [compare(row, names, ours, theirs, listed) for row in rows if row.prowler]
        show(lines, listed)
        # With a part of the accounts a part of the differences is not there.
        gone = [] if args.account else stale(lines, listed, known)
    sys.exit(1 if problems(lines, gone, [*unexpected(rows, names, ours)], ours) else 0)


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orgscan", type=Path, default=TARGET / "debug" / "orgscan", help="the program to compare")
    parser.add_argument("--work", type=Path, help="an empty folder for what the two say")
    parser.add_argument("--alone", action="store_true", help="without Prowler, which is not installed then")
    parser.add_argument("--account", action="append", default=[], help="only this account's cases; may be given again")
    return parser.parse_args()


def emptied(work: Path | None) -> Path:
    """The folder for what the two say: one below `target/`, or an empty one that the caller names."""
    if work is None:
        work = TARGET / "prowler" / "work"
        shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True, exist_ok=True)
    if any(work.iterdir()):
        sys.exit(f"{work} is not empty: name another folder")
    return work.resolve()


def require_all(known: set[str], rows: list[Counterpart]) -> None:
    """Ends everything where a check is missing, or has hardly any cases."""
    if missing := sorted(known - {row.check for row in rows}):
        sys.exit(f"counterparts.csv has no row for {', '.join(missing)}: `ORGSCAN_BLESS=1 cargo test -p orgscan-core fresh`")
    if missing := without_case(known):
        sys.exit(f"no case is about {', '.join(missing)}")
    if few := too_few():
        sys.exit(f"fewer than {LEAST} cases: {', '.join(few)}")


def known_checks(orgscan: Path) -> set[str]:
    listed = subprocess.run([orgscan, "checks", "--format", "json"], capture_output=True, check=True).stdout
    return {check["id"] for check in json.loads(listed)}


def gather(orgscan: Path, rows: list[Counterpart], work: Path, accounts: list[str], alone: bool) -> None:
    """Has both scan a fresh organization; or orgscan alone."""
    judge = None if alone else python(TARGET / "prowler", HERE / "requirements.txt")
    interpreter = python(TARGET / "emulator", EMULATOR / "requirements.txt")
    cases = work / "cases.json"
    with emulator(interpreter, work) as url:
        only = [word for account in accounts for word in ("--account", account)] + ["--alone"] * alone
        timed("the organization", [interpreter, HERE / "prepare.py", "--endpoint", url, "--out", cases, *only])
        regions = [word for region in json.loads(cases.read_text())["regions"] for word in ("--region", region)]
        checks = [word for check in sorted({row.check for row in rows}) for word in ("--check", check)]
        keys = {"AWS_ACCESS_KEY_ID": "management", "AWS_SECRET_ACCESS_KEY": "management", "AWS_ENDPOINT_URL": url}
        scan = [orgscan, "--config", HERE / "orgscan.yaml", "scan", *regions, *checks, "--report", work / "orgscan"]
        # Where it could not look at something it says so in the report, which is judged like the rest.
        if timed("orgscan", scan, work / "orgscan.log", **keys, HOME=str(work)) not in (0, INCOMPLETE):
            sys.exit(f"orgscan failed:\n{(work / 'orgscan.log').read_text()}")
        if not judge:
            return
        theirs = [word for check in sorted({one for row in rows for one in row.prowler}) for word in ("--check", check)]
        prowler = [judge, HERE / "judge.py", "--cases", cases, *theirs, "--out", work / "prowler"]
        if timed("Prowler", prowler, work / "prowler.log", AWS_ENDPOINT_URL=url):
            sys.exit(f"Prowler failed: see {work / 'prowler.log'}")


def timed(what: str, command: list[str | Path], log: Path | None = None, **environment: str) -> int:
    began = time.monotonic()
    code = run(command, log, **environment)
    print(f"{what}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    return code


def show_cases(names: Names) -> None:
    families = Counter(case["family"] for case in names.cases)
    each = ", ".join(f"{family} {count}" for family, count in sorted(families.items()))
    print(f"{families.total()} cases: {each}\n")


def show(lines: list[Line], listed: list[Documented]) -> None:
    width = max(len(line.row.title) for line in lines)
    print(f"{'check':{width}} {'compared':>8} {'agree':>6} {'(silent)':>8} {'differ':>6}")
    figures = [(line.cases, line.agree, line.silent, len(line.differences)) for line in lines]
    titles = [*(line.row.title for line in lines), "all"]
    for title, (compared, agree, silent, differ) in zip(titles, [*figures, map(sum, zip(*figures, strict=True))], strict=True):
        print(f"{title:{width}} {compared:>8} {agree:>6} {silent:>8} {differ:>6}")
    print()
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


def stale(lines: list[Line], listed: list[Documented], known: set[str]) -> list[str]:
    """What docs/differences.md says and does not hold any more."""
    gone = [f"{one.section}: {one.check}: {one.case}" for one in listed if not is_seen(one, lines, known)]
    agree, compared = sum(line.agree for line in lines), sum(line.cases for line in lines)
    return gone if has_figures(agree, compared) else [*gone, f"not {agree:,} of {compared:,} agree"]


def is_seen(one: Documented, lines: list[Line], known: set[str]) -> bool:
    if one.check.split()[0] not in known:
        return True
    return any(
        one.covers(difference.check, difference.case, difference.ours, difference.theirs)
        for line in lines
        for difference in line.differences
    )


def problems(lines: list[Line], gone: list[str], wrong: list[str], ours: Ours) -> bool:
    """Prints what must not be, and says whether there is any."""
    new = [one for line in lines for one in line.differences if one.section is None]
    report("Differences that docs/differences.md does not list", [in_words(one) for one in new])
    report("What it says and what is not so", gone)
    report("Cases in which orgscan does not say what they expect", wrong)
    unknown = [f"{row['account_name']} {row['region']} {row['check_id']}: {row['detail']}" for row in ours.unknown]
    report("What orgscan does not know", unknown)
    return bool(new or gone or wrong or unknown)


def in_words(one: Difference) -> str:
    return f"{one.check}: {one.case}: orgscan {one.ours}, Prowler {one.theirs}: {one.says}"


def report(title: str, items: list[str]) -> None:
    if items:
        print(f"\n{title}\n  " + "\n  ".join(items))


if __name__ == "__main__":
    main()
