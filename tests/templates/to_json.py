"""Writes a template as JSON: `!Ref` and its like in their long form, as CloudFormation itself reads them."""

import json
import sys

from cfnlint.decode import cfn_yaml

json.dump(cfn_yaml.load(sys.argv[1]), sys.stdout)
