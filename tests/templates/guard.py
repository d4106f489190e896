"""Checks a template against a file of cfn-guard's rules, with cfn-guard's own engine.

Prints, as JSON, the rules by what became of them: PASS, FAIL, or SKIP where nothing in the template concerns them.
"""

import json
import sys
from pathlib import Path

from cfn_guard_rs.cfn_guard_rs import run_checks_rs
from cfnlint.decode import cfn_yaml

template, rules = sys.argv[1:]
# The whole record: the engine cuts off the beginning of some summaries.
record = json.loads(run_checks_rs(json.dumps(cfn_yaml.load(template)), Path(rules).read_text(), True))
found: dict[str, list[str]] = {"PASS": [], "FAIL": [], "SKIP": []}
for child in record["children"]:
    if rule := child["container"].get("RuleCheck"):
        found[rule["status"]].append(rule["name"])
json.dump(found, sys.stdout)
