"""The Terraform module beside the template.

`variables` writes variables.tf as the template has its parameters. `compare` parses the module with an HCL parser and
compares it with the template and with the provider's schema (terraform_schema.json); it prints what differs.
"""

import json
import re
import sys
from pathlib import Path

import hcl2
from cfnlint.decode import cfn_yaml

ROOT = Path(__file__).parent.parent.parent
MODULE = ROOT / "infra/terraform"
TYPES = {"String": "string", "Number": "number"}

# What the module has beside the template's parameters.
OWN = '''# Generated from ../orgscan.yaml: ORGSCAN_BLESS=1 cargo test --features judges --test it terraform

variable "stack_name" {
  description = "The stack's name; names of other resources begin with it"
  type        = string
  default     = "orgscan"

  validation {
    condition     = can(regex("^[a-zA-Z][-a-zA-Z0-9]{0,49}$", var.stack_name))
    error_message = "Give a letter, then up to 49 letters, digits or hyphens."
  }
}

variable "zip" {
  description = "The file with the function's code, which is uploaded to code_bucket; null if code_key is there already"
  type        = string
  default     = null
}

variable "iam_role_arn" {
  description = "The service role that CloudFormation assumes; null for the caller's own permissions"
  type        = string
  default     = null
}

variable "notification_arns" {
  description = "Topics that get the events of the stack"
  type        = list(string)
  default     = []
}

variable "tags" {
  description = "Tags of the stack and of its resources"
  type        = map(string)
  default     = {}
}
'''


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def parameters() -> dict:
    return cfn_yaml.load(str(ROOT / "infra/orgscan.yaml"))["Parameters"]


def text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("${", "$${")


def default_of(name: str, parameter: dict) -> object:
    """None if it has to be given. The key of code that is uploaded follows from the file."""
    if name == "CodeKey":
        return ""
    default = parameter.get("Default")
    if default is not None and parameter["Type"] == "Number":
        return int(default)
    return default


def expression(pattern: str) -> str:
    """Terraform's regular expressions repeat 1,000 times at most, nested counts multiplied. CloudFormation checks the rest."""
    pattern = re.sub(r"\)\{0,\d+\}", ")*", pattern)
    return re.sub(r"\{(\d+),(\d{4,})\}", r"{\1,}", pattern)


def conditions(name: str, parameter: dict) -> list[tuple[str, str]]:
    """What a value has to be, each with what to give."""
    value = f"var.{snake(name)}"
    found = []
    if "AllowedValues" in parameter:
        allowed = parameter["AllowedValues"]
        stated = ", ".join(text(one) for one in allowed)
        found.append((f"contains([{stated}], {value})", f"give one of {', '.join(map(str, allowed))}"))
    if "AllowedPattern" in parameter and name != "CodeKey":
        pattern = text("^(?:" + expression(parameter["AllowedPattern"]) + ")$")
        found.append((f"can(regex({pattern}, {value}))", "give what the description says"))
    for key, sign, words in [("MinValue", ">=", "at least"), ("MaxValue", "<=", "at most")]:
        if key in parameter:
            found.append((f"{value} {sign} {parameter[key]}", f"give {words} {parameter[key]}"))
    if "MaxLength" in parameter:
        found.append((f"length({value}) <= {parameter['MaxLength']}", f"give at most {parameter['MaxLength']} characters"))
    return found


def variable(name: str, parameter: dict) -> str:
    lines = [f'variable "{snake(name)}" {{', f"  description = {text(' '.join(parameter['Description'].split()))}"]
    lines.append(f"  type        = {TYPES[parameter['Type']]}")
    default = default_of(name, parameter)
    if default is not None:
        lines.append(f"  default     = {text(default)}")
    for condition, otherwise in conditions(name, parameter):
        message = parameter.get("ConstraintDescription", otherwise)
        message = " ".join(str(message).split())
        lines += ["", "  validation {", f"    condition     = {condition}"]
        lines += [f"    error_message = {text(message[0].upper() + message[1:] + '.')}", "  }"]
    return "\n".join([*lines, "}", ""])


def variables() -> str:
    every = parameters()
    width = max(map(len, every))
    pairs = "".join(f"    {name:{width}} = var.{snake(name)}\n" for name in every)
    local = f"locals {{\n  parameters = {{\n{pairs}  }}\n}}\n"
    return "\n".join([OWN, *(variable(name, one) for name, one in every.items()), local])


def blocks(kind: str) -> dict:
    """Blocks of this kind in all files of the module, by their labels, with each value as it is written there."""
    found = {}
    for file in sorted(MODULE.glob("*.tf")):
        for block in hcl2.loads(file.read_text()).get(kind, []):
            for label, body in block.items():
                if kind in ("resource", "data"):
                    found |= {(label, name): plain(inner) for name, inner in body.items()}
                else:
                    found[label] = plain(body)
    return found


def plain(body: dict) -> dict:
    """The parser has each value in a list, and the lines where a block is."""
    lines = {"__start_line__", "__end_line__"}
    return {name: value[0] if isinstance(value, list) and len(value) == 1 else value for name, value in body.items() if name not in lines}


def compare_variables() -> list[str]:
    wrong, every, declared = [], parameters(), blocks("variable")
    own = set(re.findall(r'^variable "(\w+)"', OWN, re.MULTILINE))
    wrong += [f"variables: {name}" for name in (set(declared) - own) ^ {snake(name) for name in every}]
    for name, parameter in every.items():
        declaration = declared.get(snake(name), {})
        if declaration.get("type", "").strip("${}") != TYPES[parameter["Type"]]:
            wrong.append(f"{name}: type {declaration.get('type')}")
        if declaration.get("default") != default_of(name, parameter):
            wrong.append(f"{name}: default {declaration.get('default')!r}")
        allowed = re.search(r"contains\(\[(.*?)\]", json.dumps(declaration.get("validation", "")).replace('\\"', '"'))
        allowed = allowed and [one.strip(' "\'') for one in allowed.group(1).split(",")]
        if allowed != (parameter.get("AllowedValues") and [str(one) for one in parameter["AllowedValues"]]):
            wrong.append(f"{name}: allowed {allowed}")
    return wrong


def compare_arguments() -> list[str]:
    schema, wrong = json.loads((ROOT / "tests/templates/terraform_schema.json").read_text())["resources"], []
    meta = {"count", "lifecycle", "depends_on", "provider", "for_each"}
    for kind in ("resource", "data"):
        for (kind_of, label), body in blocks(kind).items():
            known = schema[kind_of if kind == "resource" else f"data.{kind_of}"]
            given = set(body) - meta
            wrong += [f"{kind_of}.{label} has no argument {name}" for name in given - {*known["required"], *known["optional"]}]
            wrong += [f"{kind_of}.{label} lacks {name}" for name in set(known["required"]) - given]
            timeouts = plain(body.get("timeouts", {}))
            wrong += [f"{kind_of}.{label} has no timeout {name}" for name in set(timeouts) - set(known.get("timeouts", []))]
    return wrong


def compare_references() -> list[str]:
    """Each parameter is passed on, each variable is used and declared, and each output of the template is one of the module."""
    text_of_all = "\n".join(file.read_text() for file in MODULE.glob("*.tf"))
    wrong = [f"undeclared: var.{name}" for name in set(re.findall(r"\bvar\.(\w+)", text_of_all)) ^ set(blocks("variable"))]
    passed = re.findall(r"^    (\w+) += var\.(\w+)$", (MODULE / "variables.tf").read_text(), re.MULTILINE)
    wrong += [f"not passed: {name}" for name in set(parameters()) ^ {name for name, var in passed if snake(name) == var}]
    outputs = cfn_yaml.load(str(ROOT / "infra/orgscan.yaml"))["Outputs"]
    wrong += [f"outputs: {name}" for name in {snake(name) for name in outputs} ^ set(blocks("output"))]
    for name in outputs:
        if f'"{name}"' not in json.dumps(blocks("output").get(snake(name), "")).replace('\\"', '"'):
            wrong.append(f"the output {snake(name)} is not {name}")
    return wrong


if __name__ == "__main__":
    if sys.argv[1] == "variables":
        sys.stdout.write(variables())
    else:
        json.dump(compare_variables() + compare_arguments() + compare_references(), sys.stdout)
