"""Makes a stack set in the emulated management account, with a stack in each of the accounts given.

Moto takes a stack set with self-managed permissions at its word, and reports every stack as current; of drift and of
targets it knows nothing.
"""

import argparse
import json

from clients import MANAGEMENT_KEYS, Clients
from populate import HOME

# CloudFormation wants a resource.
TEMPLATE = {"Resources": {"Nothing": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("accounts", nargs="+")
    args = parser.parse_args()
    stacks = Clients(args.endpoint, MANAGEMENT_KEYS).of("cloudformation", HOME)
    stacks.create_stack_set(StackSetName=args.name, TemplateBody=json.dumps(TEMPLATE))
    stacks.create_stack_instances(StackSetName=args.name, Accounts=args.accounts, Regions=[HOME])


if __name__ == "__main__":
    main()
