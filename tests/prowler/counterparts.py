"""Which checks of Prowler are compared with a check of orgscan: the rows of `counterparts.csv`, which is generated."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

PART = re.compile(r"(?P<protocol>all|tcp)(?: (?P<first>\d+)(?:-(?P<last>\d+))?)? from ")


@dataclass(frozen=True)
class Counterpart:
    """`unit` is what a verdict is about: a resource, an account, or a Region of an account."""

    check: str
    unit: str
    ports: tuple[int, ...]
    part: str
    prowler: tuple[str, ...]
    why: str

    @property
    def title(self) -> str:
        about = "/".join(map(str, self.ports)) or self.part
        return f"{self.check} {about}" if about else self.check

    def is_about(self, part: str) -> bool:
        """Whether a finding's part is that of the row, or reaches one of the TCP ports that the row is about."""
        if self.part:
            return part == self.part
        if not self.ports:
            return True
        found = PART.match(part)
        if not found or found["protocol"] == "tcp" and not found["first"]:
            return False
        first = int(found["first"] or 0)
        last = int(found["last"] or first) if found["first"] else 65535
        return any(first <= port <= last for port in self.ports)


def counterparts(known: set[str]) -> list[Counterpart]:
    """The rows of the checks that are known; without a check of Prowler in them where there is none."""
    with (Path(__file__).parent / "counterparts.csv").open(newline="") as file:
        rows = [
            Counterpart(
                check=row["check"],
                unit=row["unit"],
                ports=tuple(int(port) for port in row["ports"].split()),
                part=row["part"],
                prowler=tuple(row["prowler"].split()),
                why=row["why"],
            )
            for row in csv.DictReader(file)
        ]
    return [row for row in rows if row.check in known]
