"""Runs a state machine and its function on ministack.

    machine.py zip --binary PATH --zip PATH
    machine.py setup --receiver URL --zip PATH --definition PATH --variables JSON [--timeout N] [--reserved N]
    machine.py run --receiver URL --input JSON
    machine.py schedule --receiver URL --input JSON

`setup` makes the report bucket, the function `orgscan` and the state machine of the same name; in the
definition `${FunctionArn}` stands for the function. `run` starts an execution, `schedule` has
EventBridge Scheduler start one; both wait for its end and print it, with its Map run and children.
"""

from __future__ import annotations

import argparse
import json
import time
import zipfile
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

NAME = "orgscan"
BUCKET = "orgscan-reports"
CODE = "orgscan-code"
ROLE = "arn:aws:iam::000000000000:role/orgscan"
MACHINE = f"arn:aws:states:us-east-1:000000000000:stateMachine:{NAME}"
CREDENTIALS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
PATIENCE = 400


def client(service: str, endpoint: str) -> Any:
    """A client of ministack."""
    config = Config(s3={"addressing_style": "path"}, retries={"max_attempts": 2}, read_timeout=300)
    return boto3.client(service, endpoint_url=endpoint, region_name="us-east-1", config=config, **CREDENTIALS)


def make_zip(binary: Path, target: Path) -> None:
    """The binary as a custom runtime wants it: executable, and named bootstrap."""
    entry = zipfile.ZipInfo("bootstrap")
    entry.external_attr = 0o755 << 16
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(entry, binary.read_bytes(), zipfile.ZIP_DEFLATED, compresslevel=1)


def setup(arguments: argparse.Namespace) -> dict[str, str]:
    """Makes buckets, function and state machine."""
    s3, functions = client("s3", arguments.receiver), client("lambda", arguments.receiver)
    for bucket in (BUCKET, CODE):
        s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=CODE, Key="orgscan.zip", Body=Path(arguments.zip).read_bytes())
    function = functions.create_function(
        FunctionName=NAME,
        Runtime="provided.al2023",
        Handler="bootstrap",
        Role=ROLE,
        Timeout=arguments.timeout,
        MemorySize=512,
        Code={"S3Bucket": CODE, "S3Key": "orgscan.zip"},
        Environment={"Variables": json.loads(arguments.variables)},
    )["FunctionArn"]
    if arguments.reserved:
        functions.put_function_concurrency(FunctionName=NAME, ReservedConcurrentExecutions=arguments.reserved)
    definition = Path(arguments.definition).read_text("utf-8").replace("${FunctionArn}", function)
    machine = client("stepfunctions", arguments.receiver).create_state_machine(
        name=NAME, definition=definition, roleArn=ROLE, type="STANDARD"
    )["stateMachineArn"]
    if machine != MACHINE:
        raise SystemExit(f"the state machine is {machine}")
    return {"function": function, "machine": machine}


def pages(call: Any, key: str, **parameters: Any) -> list[dict[str, Any]]:
    """All entries of a list in pages."""
    found: list[dict[str, Any]] = []
    token = {}
    while True:
        answer = call(**parameters, **token)
        found.extend(answer[key])
        if not answer.get("nextToken"):
            return found
        token = {"nextToken": answer["nextToken"]}


def failures(states: Any, execution: str) -> list[str]:
    """The errors of an execution's attempts, in order."""
    events = pages(states.get_execution_history, "events", executionArn=execution)
    return [event["taskFailedEventDetails"]["error"] for event in events if "taskFailedEventDetails" in event]


def wait(states: Any, execution: str) -> dict[str, Any]:
    """Waits for an execution's end. What it came to."""
    end = time.monotonic() + PATIENCE
    while (found := states.describe_execution(executionArn=execution))["status"] == "RUNNING":
        if time.monotonic() > end:
            raise SystemExit(f"{execution} does not end")
        time.sleep(0.5)
    kept = ("status", "error", "cause", "input", "output")
    ended = {name: found[name] for name in kept if name in found}
    runs = states.list_map_runs(executionArn=execution)["mapRuns"]
    ended["runs"] = [run_of(states, run["mapRunArn"]) for run in runs]
    ended["failures"] = failures(states, execution)
    return ended


def run_of(states: Any, arn: str) -> dict[str, Any]:
    """A Map run with its children."""
    found = states.describe_map_run(mapRunArn=arn)
    children = pages(states.list_executions, "executions", mapRunArn=arn)
    return {
        "status": found["status"],
        "counts": found["executionCounts"],
        "children": [child_of(states, child["executionArn"]) for child in children],
    }


def child_of(states: Any, arn: str) -> dict[str, Any]:
    """A child, with the errors of its attempts."""
    found = states.describe_execution(executionArn=arn)
    kept = {name: found[name] for name in ("status", "error", "cause") if name in found}
    for name in ("input", "output"):
        if found.get(name):
            kept[name] = json.loads(found[name])
    return {**kept, "failures": failures(states, arn)}


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Starts an execution and waits for its end."""
    states = client("stepfunctions", arguments.receiver)
    started = states.start_execution(stateMachineArn=MACHINE, input=arguments.input)
    return wait(states, started["executionArn"])


def schedule(arguments: argparse.Namespace) -> dict[str, Any]:
    """Has the scheduler start an execution, and waits for its end."""
    states = client("stepfunctions", arguments.receiver)
    client("scheduler", arguments.receiver).create_schedule(
        Name="nightly",
        ScheduleExpression=time.strftime("at(%Y-%m-%dT%H:%M:%S)", time.gmtime()),
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": MACHINE, "RoleArn": ROLE, "Input": arguments.input},
    )
    end = time.monotonic() + PATIENCE
    while not (found := states.list_executions(stateMachineArn=MACHINE)["executions"]):
        if time.monotonic() > end:
            raise SystemExit("the schedule starts nothing")
        time.sleep(0.5)
    return wait(states, found[0]["executionArn"])


def main() -> None:
    """Runs the subcommand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["zip", "setup", "run", "schedule"])
    for text in ("binary", "receiver", "zip", "definition", "variables", "input"):
        parser.add_argument(f"--{text}", default="")
    for number in ("timeout", "reserved"):
        parser.add_argument(f"--{number}", type=int, default=0)
    arguments = parser.parse_args()
    if arguments.command == "zip":
        make_zip(Path(arguments.binary), Path(arguments.zip))
        return
    commands = {"setup": setup, "run": run, "schedule": schedule}
    print(json.dumps(commands[arguments.command](arguments)))


if __name__ == "__main__":
    main()
