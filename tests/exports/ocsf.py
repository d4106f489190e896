"""Validates lines of OCSF against the published schema: ocsf.py FILE.gz VERSION. Prints what it counted."""

import collections
import gzip
import importlib.resources
import json
import sys

import jsonschema
from ocsf_json_schema import embedded


def validator(version):
    package = importlib.resources.files("ocsf_json_schema")
    schema = json.loads((package / "ocsf" / f"{version}.json").read_text())
    classes = embedded.OcsfJsonSchemaEmbedded(schema)
    of_class = classes.get_class_schema("compliance_finding", ["cloud"])
    made = jsonschema.validators.validator_for(of_class)
    made.check_schema(of_class)
    return made(of_class)


def main():
    path, version = sys.argv[1:]
    judge = validator(version)
    # It has to be one that can say no.
    for wrong in [{}, {"class_uid": 2003, "surplus": 1}]:
        assert not judge.is_valid(wrong)
    counts = collections.Counter()
    for number, line in enumerate(gzip.open(path, "rt"), 1):
        event = json.loads(line)
        errors = [f"{error.json_path}: {error.message}" for error in judge.iter_errors(event)]
        if errors:
            sys.exit(f"line {number}: {errors}\n{line}")
        assert event["metadata"]["version"] == version
        assert not judge.is_valid({**event, "severity_id": 7})
        assert not judge.is_valid({**event, "surplus": 1})
        counts["events"] += 1
        closed = event["activity_id"] == 3
        kind = "closed" if closed else {0: "unknown", 1: "pass", 3: "fail"}[event["compliance"]["status_id"]]
        counts[kind] += 1
        if kind == "fail":
            word = "suppressed" if event["status_id"] == 3 else event["severity"].lower()
            counts[f"fail {word}"] += 1
            counts[f"account {event['cloud']['account']['uid']}"] += 1
            counts[f"check {event['metadata']['event_code']}"] += 1
        if kind == "unknown" and event["severity_id"] == 0:
            counts["unknown targets"] += 1
    print(json.dumps(counts))


if __name__ == "__main__":
    main()
