"""Stands in for the AWS CLI, for states of a stack that no emulator can be in.

FAKE_AWS names a folder. `answers.json` in it has, by service and operation, what each call gets in turn; the last one stays.
An answer is {"json": what AWS returns}, {"text": what a command of the CLI's own prints} or {"error": its message}.
With "file" beside it, that file is copied to the last argument. `--query` is applied as the CLI does. The arguments of every call go to `calls.jsonl`.
"""

import json
import os
import shutil
import sys
from pathlib import Path

import jmespath
from awscli.text import format_text

# Options of the CLI itself that stand before the service.
GLOBAL = ("--region", "--output")


def operation(args: list[str]) -> str:
    while args[0] in GLOBAL:
        args = args[2:]
    return " ".join(args[:2])


def main() -> int:
    folder, args = Path(os.environ["FAKE_AWS"]), sys.argv[1:]
    calls = folder / "calls.jsonl"
    before = [json.loads(line) for line in calls.read_text().splitlines()] if calls.exists() else []
    with calls.open("a") as file:
        file.write(json.dumps(args) + "\n")
    wanted = operation(args)
    answers = json.loads((folder / "answers.json").read_text()).get(wanted)
    if answers is None:
        print(f"\n{wanted} is not in the answers of this test", file=sys.stderr)
        return 254
    times = sum(operation(call) == wanted for call in before)
    answer = answers[min(times, len(answers) - 1)]
    if "error" in answer:
        print("\n" + answer["error"], file=sys.stderr)
        return 254
    if "text" in answer:
        print(answer["text"])
        return 0
    if "file" in answer:
        shutil.copyfile(answer["file"], args[-1])
    result = answer["json"]
    if "--query" in args:
        result = jmespath.search(args[args.index("--query") + 1], result)
    format_text(result, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
