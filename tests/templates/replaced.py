"""Prints, as JSON, what decides whether each resource of a template is another one after an update: the names of the
parameters and resources behind its condition, and behind the properties that CloudFormation cannot change in place.

Which properties those are is in CloudFormation's own resource schemas, which cfn-lint carries.
"""

import json
import re
import sys
from typing import Any

from cfnlint.decode import cfn_yaml
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

REGION = "us-east-1"
VARIABLE = re.compile(r"\$\{([^!}:]+)\}")

template = json.loads(json.dumps(cfn_yaml.load(sys.argv[1])))


def behind(value: Any) -> set[str]:
    """Parameters and resources that a value comes from."""
    if isinstance(value, list):
        return set().union(*map(behind, value))
    if not isinstance(value, dict):
        return set()
    found: set[str] = set()
    for key, inner in value.items():
        match key, inner:
            case "Ref", name:
                found |= set() if name.startswith("AWS::") else {name}
            case "Condition", str(name):
                found |= behind(template["Conditions"][name])
            case "Fn::If", [name, *values]:
                found |= behind(template["Conditions"][name]) | behind(values)
            case "Fn::GetAtt", [name, _]:
                found.add(name)
            case "Fn::Sub", [str(text), dict(own)]:
                found |= variables(text) - own.keys() | behind(own)
            case "Fn::Sub", str(text):
                found |= variables(text)
            case _:
                found |= behind(inner)
    return found


def variables(text: str) -> set[str]:
    return {name.split(".")[0] for name in VARIABLE.findall(text)}


def fixed(resource: dict[str, Any]) -> dict[str, Any]:
    """The properties that a resource keeps for life, as the template has them."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, resource["Type"]).schema
    found = {}
    for path in schema.get("createOnlyProperties", []):
        value = resource["Properties"]
        names = path.removeprefix("/properties/").split("/")
        for name in names:
            value = value.get(name) if isinstance(value, dict) else None
        if value is not None:
            found["/".join(names)] = value
    return found


decided = {}
for name, resource in template["Resources"].items():
    given = fixed(resource)
    if "Condition" in resource:
        given["Condition"] = {"Condition": resource["Condition"]}
    from_others = {key: sorted(behind(value)) for key, value in given.items()}
    decided[name] = {key: names for key, names in from_others.items() if names}
json.dump(decided, sys.stdout)
