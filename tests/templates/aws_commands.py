"""Whether commands of the AWS CLI would be accepted: service, operation, options, and values by botocore's models.

It reads a JSON list of commands, each a list of arguments without `aws`, from the standard input, and prints what is wrong
with each. Nothing is sent.
"""

import contextlib
import io
import json
import os
import sys
from types import SimpleNamespace

from awscli.clidriver import create_clidriver
from awscli.customizations.commands import BasicCommand
from awscli.customizations.waiters import WaiterCaller

# Options that version 2 of the CLI has and version 1, which is here, does not; each has a value.
VERSION_2 = ("--cli-binary-format",)

# Commands that only version 2 has, with the options that they may have here, each with a value.
# https://docs.aws.amazon.com/cli/latest/reference/login/, .../sso/login.html, .../configure/sso.html and
# .../configure/export-credentials.html
VERSION_2_COMMANDS = {
    ("login",): {"--profile"},
    ("sso", "login"): {"--profile"},
    ("configure", "sso"): {"--profile"},
    ("configure", "export-credentials"): {"--profile", "--format"},
}

# What stands for shell variables whose values have to have a form.
STANDS_FOR = {"$region": "eu-west-1", "$WEB_ACL_ARN": "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/example/id"}

# The parsed answer. No customization of the CLI reads anything out of one that is not successful.
UNREAD = {"ResponseMetadata": {"HTTPStatusCode": 500}}


def subclasses(kind: type) -> list[type]:
    return [kind, *(deeper for one in kind.__subclasses__() for deeper in subclasses(one))]


def checkable(args: list[str]) -> list[str]:
    """Without options of version 2; files and shell variables, which are not here, stand for an empty object, or an ARN."""
    kept, skip = [], False
    for one in args:
        if not skip and one not in VERSION_2:
            kept.append(STANDS_FOR.get(one, "{}" if one.startswith(("file://", "$")) else one))
        skip = one in VERSION_2
    return kept


def is_version_2(args: list[str]) -> bool:
    for command, options in VERSION_2_COMMANDS.items():
        more = args[len(command) :]
        if tuple(args[: len(command)]) == command and len(more) % 2 == 0 and options.issuperset(more[::2]):
            return True
    return False


def complaint(args: list[str]) -> str:
    """What the CLI prints about a command that it does not accept; empty if it does."""
    if is_version_2(args):
        return ""
    driver = create_clidriver()
    # An answer before the call is sent: botocore has checked the parameters by then.
    driver.session.register("before-call", lambda **_: (SimpleNamespace(status_code=200), dict(UNREAD)))
    for kind in subclasses(BasicCommand):
        kind._run_main = lambda *_: 0
    WaiterCaller.invoke = lambda *_: 0
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        try:
            code = driver.main(checkable(args))
        except SystemExit as stop:
            code = stop.code
    # A command that is only named lacks the options that are required, and a shell variable what is in it.
    named = len(args) == 2 and "the following arguments are required" in said.getvalue()
    named |= any(one.startswith("$") for one in args) and "Missing required parameter" in said.getvalue()
    return "" if code == 0 or named else f"{code}: {said.getvalue().strip()}"


def main() -> None:
    os.environ |= {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "eu-west-1"}
    found = {" ".join(args): complaint(args) for args in json.load(sys.stdin)}
    json.dump({command: wrong for command, wrong in found.items() if wrong}, sys.stdout)


if __name__ == "__main__":
    main()
