"""Commands in Markdown files, as a JSON list of {file, line, block, command}: lines of code blocks, and code within sentences,
that begin with one of the programs. Pictures are no code. A command is a list of arguments; what is between `$(` and `)` is one of its own.
"""

import json
import re
import shlex
import sys
from pathlib import Path

PROGRAMS = ("aws", "orgscan", "infra/deploy.sh", "infra/remove.sh")
# Where the command ends: comments, pipes, redirections, lists. In quotes, these are text.
END = re.compile(r"\s(#|\||&&|>|<<<|;).*$", re.DOTALL)
QUOTED = re.compile(r"'[^']*'")


def code(text: str) -> list[tuple[int, bool, str]]:
    """Lines of code, and whether they are in a block, with lines that end with a backslash joined to the next."""
    found, fenced, drawn, open_line = [], False, False, None
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            drawn = not fenced and line.strip().endswith("mermaid")
            fenced = not fenced
        elif drawn:
            continue
        elif fenced or line.startswith("    "):
            part = line.strip().removeprefix("$ ")
            number, part = (open_line[0], open_line[1] + " " + part) if open_line else (number, part)
            open_line = (number, part[:-1].rstrip()) if part.endswith("\\") else None
            if not open_line:
                found.append((number, True, part))
        else:
            found += [(number, False, span) for span in re.findall(r"`([^`]+)`", line) if " " in span]
    return found


def commands(line: str) -> list[list[str]]:
    inner = re.findall(r"\$\(([^()]*)\)", line)
    outer = re.sub(r"\$\([^()]*\)", "VALUE", line)
    # Environment variables in front: VARIABLE=value command.
    outer = re.sub(r"^([A-Z_]+=\S+ )+", "", outer)
    end = END.search(QUOTED.sub(lambda quoted: "x" * len(quoted[0]), outer + " "))
    outer = outer[: end.start()].strip() if end else outer.strip()
    found = [command for one in inner for command in commands(one)]
    if outer.split(" ")[0] in PROGRAMS and "…" not in outer:
        found.append(shlex.split(outer))
    return found


def main() -> None:
    found = []
    for file in sys.argv[1:]:
        for number, block, line in code(Path(file).read_text()):
            found += [{"file": file, "line": number, "block": block, "command": command} for command in commands(line)]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
