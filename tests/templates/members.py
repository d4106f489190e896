"""Deploys the member role to accounts of the emulated organization, as the stack set would: one stack in each, in
place of the one that is there.

It runs in the emulator's Python, beside its scripts, with a JSON object of the template's parameters as the argument.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "emulator"))

from clients import MANAGEMENT_KEYS, Clients  # noqa: E402
from populate import HOME, clients_in  # noqa: E402

STACK = "orgscan-member-role"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--template", type=Path, required=True)
    parser.add_argument("--parameters", type=json.loads, required=True)
    parser.add_argument("accounts", nargs="+")
    args = parser.parse_args()
    management = Clients(args.endpoint, MANAGEMENT_KEYS)
    parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in args.parameters.items()]
    for account in args.accounts:
        stacks = clients_in(args.endpoint, management, account).of("cloudformation", HOME)
        stacks.delete_stack(StackName=STACK)
        stacks.create_stack(
            StackName=STACK,
            TemplateBody=args.template.read_text(),
            Parameters=parameters,
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )


if __name__ == "__main__":
    main()
