"""What a released program is made of: the licenses of its dependencies, and its bill of materials.

`infra/package.sh` calls it, with the packages of `infra/requirements.txt`. Both come from Cargo.lock and the packages'
own files, so the same commit gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tomllib
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# The scripts of the report's page, each in a folder with its license.
VENDORED = ROOT / "src/report/html/vendor"

# What packages call the files that have to come with copies of them.
LICENSE_FILES = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE", "COPYRIGHT")


class Graph:
    """The packages that are linked into the program. `cargo tree` knows them; what they depend on is in the metadata."""

    def __init__(self, target: str):
        metadata = json.loads(cargo("metadata", "--format-version", "1", "--filter-platform", target))
        tree = cargo("tree", "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}", "--target", target)
        there = {tuple(line.split(" ")[:2]) for line in tree.splitlines()}
        self.root = metadata["resolve"]["root"]
        self.packages = {
            package["id"]: package
            for package in metadata["packages"]
            if (package["name"], f"v{package['version']}") in there
        }
        self.edges = {node["id"]: self.known(node) for node in metadata["resolve"]["nodes"] if node["id"] in self.packages}
        self.join(metadata["workspace_members"])

    def join(self, members: list[str]) -> None:
        """The crates of the workspace are one program: what one of them depends on, the program does."""
        own = set(members)
        edges = {edge for one in own for edge in self.edges.pop(one, ())} - own
        self.packages = {one: package for one, package in self.packages.items() if one == self.root or one not in own}
        self.edges[self.root] = sorted(edges)

    def known(self, node: dict) -> list[str]:
        return [edge["pkg"] for edge in node["deps"] if edge["pkg"] in self.packages]

    def dependencies(self) -> list[dict]:
        """All but the program itself, by name and version."""
        found = (package for one, package in self.packages.items() if one != self.root)
        return sorted(found, key=lambda package: (package["name"], package["version"]))


def cargo(*arguments: str) -> str:
    """What Cargo prints. It builds nothing, and says itself what fails."""
    command = ["cargo", *arguments[:1], "--locked", *arguments[1:]]
    return subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout


def title(package: dict) -> str:
    return f"{package['name']} {package['version']}"


def license_files(package: dict) -> list[Path]:
    folder = Path(package["manifest_path"]).parent
    return sorted(path for path in folder.iterdir() if path.is_file() and path.name.upper().startswith(LICENSE_FILES))


def vendored() -> list[dict]:
    """The scripts that are in the report's page."""
    return json.loads((VENDORED / "vendored.json").read_text("utf-8"))


def licenses(graph: Graph) -> str:
    """Every license text once, with the packages that have it."""
    texts: dict[str, list[str]] = {}
    for package in graph.dependencies():
        name = f"{title(package)} ({package['license']})"
        found = [path.read_text("utf-8", errors="replace") for path in license_files(package)]
        if not found:
            authors = ", ".join(package["authors"]) or "its contributors"
            found = [f"The package has no license file. It is by {authors}, under {package['license']}; {package['repository']}"]
        for text in found:
            texts.setdefault(text.strip(), []).append(name)
    for script in vendored():
        text = (VENDORED / script["name"] / "LICENSE").read_text("utf-8")
        texts.setdefault(text.strip(), []).append(f"{title(script)} ({script['license']}), in the report's page")
    rule = "=" * 100
    parts = ["orgscan contains the packages below, and Rust's standard library (MIT OR Apache-2.0, https://www.rust-lang.org).\n"]
    for text, names in sorted(texts.items(), key=lambda entry: (entry[1][0], entry[0])):
        listed = "\n".join(dict.fromkeys(names))
        parts.append(f"{rule}\n{listed}\n{'-' * 100}\n{text}\n")
    return "\n".join(parts)


def checksums() -> dict[tuple[str, str], str]:
    """The SHA-256 sums of the packages, which Cargo compares with what it downloads."""
    locked = tomllib.loads((ROOT / "Cargo.lock").read_text("utf-8"))["package"]
    return {(one["name"], one["version"]): one["checksum"] for one in locked if "checksum" in one}


def purl(package: dict) -> str:
    return f"pkg:cargo/{package['name']}@{package['version']}"


def component(package: dict, sums: dict[tuple[str, str], str]) -> dict:
    # SPDX 2.1 and later have no slash; old packages write one for OR.
    expression = package["license"].replace(" / ", " OR ").replace("/", " OR ")
    entry = {
        "type": "library",
        "bom-ref": purl(package),
        "name": package["name"],
        "version": package["version"],
        "licenses": [{"expression": expression}],
        "purl": purl(package),
    }
    checksum = sums.get((package["name"], package["version"]))
    if checksum:
        entry["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    return entry


def script_component(entry: dict) -> dict:
    ref = f"pkg:npm/{entry['name']}@{entry['version']}"
    return {
        "type": "library",
        "bom-ref": ref,
        "name": entry["name"],
        "version": entry["version"],
        "licenses": [{"license": {"id": entry["license"]}}],
        "purl": ref,
        "hashes": [{"alg": "SHA-256", "content": entry["sha256"]}],
    }


def bill(graph: Graph, target: str) -> str:
    """The bill of materials: CycloneDX 1.6, https://cyclonedx.org/docs/1.6/json/."""
    sums = checksums()
    refs = {one: purl(graph.packages[one]) for one in graph.edges}
    edges = sorted((refs[one], sorted({refs[to] for to in ends})) for one, ends in graph.edges.items())
    root = component(graph.packages[graph.root], {}) | {"type": "application"}
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        # No time of building: it would differ between two builds of one commit.
        "metadata": {"component": root | {"properties": [{"name": "orgscan:target", "value": target}]}},
        "components": [component(package, sums) for package in graph.dependencies()] + [script_component(one) for one in vendored()],
        "dependencies": [{"ref": ref, "dependsOn": ends} for ref, ends in edges],
    }
    content = json.dumps(document, indent=1)
    document["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, content)}"
    return json.dumps(document, indent=1, sort_keys=True) + "\n"


def check(text: str) -> None:
    """Raises ValueError where it is not CycloneDX."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if error is not None:
        raise ValueError(f"the bill of materials is not valid CycloneDX 1.6: {error}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("licenses", "sbom"))
    parser.add_argument("target", help="a Rust target, such as x86_64-unknown-linux-gnu")
    arguments = parser.parse_args()
    graph = Graph(arguments.target)
    if arguments.what == "licenses":
        sys.stdout.write(licenses(graph))
        return
    text = bill(graph, arguments.target)
    check(text)
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
