"""The documented differences: the tables of docs/differences.md."""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "differences.md"
ROW = re.compile(r"\| `(?P<check>[^`]+)` \| (?P<ours>pass|fail) \| (?P<theirs>pass|fail|silent) \| (?P<cases>.+) \|")


@dataclass(frozen=True)
class Documented:
    """`case` is a name, with `*` for what is the same in many. `section` is the heading that it stands under."""

    section: str
    check: str
    ours: str
    theirs: str
    case: str

    def covers(self, check: str, case: str, ours: str, theirs: str) -> bool:
        says = (self.ours, self.theirs) == (ours, theirs)
        return says and fnmatchcase(check, self.check) and fnmatchcase(case, self.case)


def has_figures(agree: int, compared: int, path: Path = DOCUMENT) -> bool:
    """Whether the document says how far the two agree."""
    return f"agree on {agree:,} of {compared:,} verdicts, and differ on {compared - agree:,}," in path.read_text()


def documented(path: Path = DOCUMENT) -> list[Documented]:
    found, section = [], ""
    for line in path.read_text().splitlines():
        if line.startswith("## "):
            section = line.removeprefix("## ")
        elif match := ROW.fullmatch(line):
            verdicts = match["check"], match["ours"], match["theirs"]
            found += [Documented(section, *verdicts, case) for case in re.findall(r"`([^`]+)`", match["cases"])]
    return found
