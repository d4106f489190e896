"""Compares the two, resource by resource, and each case with what its table expects."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from counterparts import Counterpart
from differences import Documented
from verdicts import FAIL, PASS, SILENT, Key, Ours, Theirs, key


@dataclass(frozen=True)
class Difference:
    check: str
    case: str
    ours: str
    theirs: str
    says: str
    section: str | None


@dataclass
class Line:
    """One row of the table of agreement."""

    row: Counterpart
    cases: int = 0
    agree: int = 0
    # Of those that agree: orgscan objects to nothing, and the other says nothing.
    silent: int = 0
    differences: list[Difference] = field(default_factory=list)


class Names:
    """What is what: the case that a verdict is about."""

    def __init__(self, prepared: dict[str, Any]) -> None:
        self.cases: list[dict[str, Any]] = prepared["cases"]
        self._beside: dict[Key, str] = {}
        for account in prepared["accounts"].values():
            for name, arn in account["resources"].items():
                # The first name of the account as a whole is that of the case about root.
                self._beside.setdefault(key("resource", account["id"], arn, ""), name)

    def of(self, row: Counterpart) -> dict[Key, str]:
        """The cases that a check's table expects something of."""
        return {self.key(row.unit, case): case["name"] for case in self.cases if row.check in case["about"]}

    def key(self, unit: str, case: dict[str, Any]) -> Key:
        return key(unit, case["account"], case["arn"], case["arn"].split(":")[3])

    def beside(self, at: Key) -> str:
        """Something that is no case of this check: one of another, or what AWS itself makes."""
        return self._beside.get(at) or f"other/{at[1].partition('/')[0]}"


def compare(row: Counterpart, names: Names, ours: Ours, theirs: Theirs, known: list[Documented]) -> Line:
    cases, failing, verdicts = names.of(row), ours.failing(row), theirs.of(row)
    line = Line(row)
    for at in sorted({*cases, *failing, *verdicts}):
        our = FAIL if at in failing else PASS
        their, says = verdicts.get(at, (SILENT, ""))
        line.cases += 1
        if our == their or (our, their) == (PASS, SILENT):
            line.agree += 1
            line.silent += their == SILENT
            continue
        case = cases.get(at) or names.beside(at)
        sections = (one.section for one in known if one.covers(row.title, case, our, their))
        says = "; ".join(part for part in (failing.get(at, ""), says) if part)
        line.differences.append(Difference(row.title, case, our, their, says, next(sections, None)))
    return line


def unexpected(rows: list[Counterpart], names: Names, ours: Ours) -> Iterator[str]:
    """Cases in which orgscan does not say what the table expects."""
    for row in {row.check: replace(row, ports=(), part="") for row in rows}.values():
        failing = ours.failing(row, "severity")
        for case in names.cases:
            if row.check not in case["about"]:
                continue
            severity = failing.get(names.key(row.unit, case), "")
            if bool(severity) != (row.check in case["fails"]):
                yield f"{row.check} {'fails' if severity else 'passes'} {case['name']}: {case['why']}"
            elif severity and case["severity"] not in ("", severity):
                yield f"{row.check} says {severity} of {case['name']}: {case['why']}"
