"""Private Python environments below `target/`, and the emulator as a process."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
EMULATOR = ROOT / "tests" / "emulator"
# Nothing of this machine's own configuration, and no way to AWS.
ISOLATED = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
}


def python(folder: Path, requirements: Path) -> Path:
    """The interpreter of an environment with these packages. The tests make theirs in the same way."""
    folder.mkdir(parents=True, exist_ok=True)
    interpreter = folder / "venv" / "bin" / "python"
    stamp = folder / "installed.txt"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = requirements.read_text()
        if not stamp.exists() or stamp.read_text() != wanted:
            print(f"installing {requirements.relative_to(ROOT)} below {folder}", file=sys.stderr)
            run([sys.executable, "-m", "venv", "--clear", folder / "venv"])
            # Some of Prowler's packages come as source only.
            install = ["install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r"]
            run([interpreter, "-m", "pip", *install, requirements])
            stamp.write_text(wanted)
    return interpreter


def run(command: list[str | Path], log: Path | None = None, **environment: str) -> int:
    """Runs a program, with what it prints in a log if there is one. Ends everything where it cannot be run."""
    out = log.open("w") if log else None
    variables = os.environ | ISOLATED | environment
    done = subprocess.run(command, env=variables, stdout=out, stderr=subprocess.STDOUT if out else None, check=False)
    if out:
        out.close()
    elif done.returncode != 0:
        sys.exit(f"{command[0]} failed with {done.returncode}")
    return done.returncode


@contextmanager
def emulator(interpreter: Path, work: Path) -> Iterator[str]:
    """A fresh emulator's URL. It ends when its standard input does."""
    command: list[str | Path] = [interpreter, EMULATOR / "serve.py", "--log", work / "requests.jsonl"]
    with (work / "emulator.log").open("w") as log:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": log}
        server = subprocess.Popen(command, text=True, **pipes)
    assert server.stdin and server.stdout
    try:
        ready = server.stdout.readline()
        if not ready.startswith("ready "):
            sys.exit(f"the emulator does not start: see {work / 'emulator.log'}")
        yield ready.removeprefix("ready ").strip()
    finally:
        server.stdin.close()
        server.wait()
