"""Packs what was built: the Lambda's zip and the release archive, and looks at what the programs need.

`infra/package.sh` calls it, with the packages of `infra/requirements.txt`; all but zips needs the standard library only.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import re
import struct
import sys
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path

# What the runtime provided.al2023 has: glibc 2.34 and GCC 11's support library.
# https://docs.aws.amazon.com/linux/al2023/ug/core-glibc.html
NEWEST = {"GLIBC": (2, 34), "GCC": (11,)}
LIBRARIES = re.compile(
    r"(libc|libm|libdl|libpthread|librt)\.so\.\d+|libgcc_s\.so\.1|ld-linux-[a-z0-9-]+\.so\.\d+"
)

# The unpacked size that Lambda takes, in bytes.
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
LARGEST = 250 * 1024 * 1024

MACHINES = {0x3E: "x86_64", 0xB7: "arm64"}


class Unfit(Exception):
    """A program that would not start."""


@dataclass
class Section:
    """A section of an ELF file."""

    kind: int
    offset: int
    size: int
    link: int
    entries: int


class Elf:
    """A 64-bit little-endian ELF file, as far as its dynamic symbols go.

    Source: https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html
    """

    DYNAMIC, DYNSYM, VERSYM, VERNEED = 6, 11, 0x6FFFFFFF, 0x6FFFFFFE

    def __init__(self, path: Path):
        self.bytes = path.read_bytes()
        if self.bytes[:6] != b"\x7fELF\x02\x01":
            raise Unfit(f"{path} is no 64-bit little-endian ELF program; build it for Linux")
        self.machine = MACHINES.get(self.read("<H", 18)[0], "unknown")
        start, size, count = self.read("<Q", 40)[0], self.read("<H", 58)[0], self.read("<H", 60)[0]
        self.sections = [self.section(start + n * size) for n in range(count)]

    def read(self, form: str, offset: int) -> tuple:
        return struct.unpack_from(form, self.bytes, offset)

    def section(self, at: int) -> Section:
        _, kind, _, _, offset, size, link, info = self.read("<IIQQQQII", at)
        return Section(kind, offset, size, link, info)

    def of_kind(self, kind: int) -> Section | None:
        return next((one for one in self.sections if one.kind == kind), None)

    def text(self, table: Section, offset: int) -> str:
        begin = table.offset + offset
        return self.bytes[begin : self.bytes.index(b"\0", begin)].decode()

    def libraries(self) -> list[str]:
        """The shared libraries that it is linked to."""
        dynamic = self.of_kind(self.DYNAMIC)
        if dynamic is None:
            return []
        names = self.sections[dynamic.link]
        entries = (
            self.read("<QQ", dynamic.offset + n) for n in range(0, dynamic.size, 16)
        )
        return [self.text(names, value) for tag, value in entries if tag == 1]

    def versions(self) -> dict[int, str]:
        """The versions that it needs of its libraries' symbols, by their index."""
        needs = self.of_kind(self.VERNEED)
        found: dict[int, str] = {}
        if needs is None:
            return found
        names, at = self.sections[needs.link], needs.offset
        for _ in range(needs.entries):
            _, count, _, aux, following = self.read("<HHIII", at)
            entry = at + aux
            for _ in range(count):
                _, _, index, name, further = self.read("<IHHII", entry)
                found[index] = self.text(names, name)
                entry += further
            at += following
        return found

    def symbols(self) -> dict[str, list[str]]:
        """The symbols that it needs, by version."""
        table, indexes, versions = self.of_kind(self.DYNSYM), self.of_kind(self.VERSYM), self.versions()
        found: dict[str, list[str]] = {version: [] for version in versions.values()}
        if table is None or indexes is None:
            return found
        for n in range(table.size // 24):
            (name,) = self.read("<I", table.offset + 24 * n)
            (index,) = self.read("<H", indexes.offset + 2 * n)
            version = versions.get(index & 0x7FFF)
            if version is not None:
                found[version].append(self.text(self.sections[table.link], name))
        return found


def number(version: str) -> tuple[str, tuple[int, ...]]:
    family, _, rest = version.partition("_")
    return family, tuple(int(part) for part in re.findall(r"\d+", rest))


def is_there(version: str) -> bool:
    family, found = number(version)
    return family in NEWEST and found <= NEWEST[family]


def check(path: Path, machine: str | None) -> str:
    """What a program needs, in words; raises Unfit where provided.al2023 does not have it."""
    elf = Elf(path)
    if machine is not None and elf.machine != machine:
        raise Unfit(f"{path} is for {elf.machine}; build it for {machine}")
    strangers = [name for name in elf.libraries() if not LIBRARIES.fullmatch(name)]
    if strangers:
        raise Unfit(
            f"{path} needs {', '.join(strangers)}, which provided.al2023 does not have; link it statically"
        )
    symbols = elf.symbols()
    newer = {version: names for version, names in symbols.items() if not is_there(version)}
    if newer:
        listed = "; ".join(f"{version}: {', '.join(sorted(newer[version]))}" for version in sorted(newer))
        raise Unfit(
            f"{path} needs symbols that provided.al2023 does not have ({listed}); build it with "
            "infra/package.sh without --from, which links against glibc 2.34"
        )
    glibc = [version for version in symbols if version.startswith("GLIBC_")]
    if not glibc:
        return f"{elf.machine}, needs no glibc"
    return f"{elf.machine}, needs {max(glibc, key=number)}"


def make_zip(program: Path, to: Path, machine: str | None) -> str:
    """The Lambda's zip, with the program as `bootstrap`."""
    needs = check(program, machine)
    data = program.read_bytes()
    if len(data) > LARGEST:
        raise Unfit(f"{program} has {len(data)} bytes and Lambda takes {LARGEST}; strip it")
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(zipped("bootstrap", data))
    return needs


def zipped(name: str, data: bytes) -> bytes:
    """A zip with one program in it, the same bytes for the same program.

    Compressors differ between the versions of zlib that machines have, so a pinned one does it, which
    the standard library's module for zip files has no place for.

    Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3
    """
    from zopfli import zopfli  # Only zips need it, and what looks at programs runs anywhere.

    # Without zlib's header and checksum; more iterations save a fifth of a percent and take minutes.
    deflated = zopfli.compress(data, numiterations=1)[2:-4]
    # Version 2.0, deflate, midnight of 1980-01-01.
    both = struct.pack(
        "<HHHHHIIIHH", 20, 0, 8, 0, 0x21, zlib.crc32(data), len(deflated), len(data), len(name), 0
    )
    local = b"PK\3\4" + both + name.encode() + deflated
    # Made on Unix, where a program has its mode.
    central = b"PK\1\2" + struct.pack("<H", 3 << 8 | 20) + both
    central += struct.pack("<HHHII", 0, 0, 0, 0o100755 << 16, 0) + name.encode()
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end


def make_archive(folder: Path, to: Path) -> None:
    """The folder as a tar.gz: the same files give the same bytes with the same zlib."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = tarfile.TarInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}")
                entry.mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
                entry.size = path.stat().st_size
                with path.open("rb") as file:
                    tar.addfile(entry, file)
    to.parent.mkdir(parents=True, exist_ok=True)
    with to.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(content.getvalue())


def write_sums(folder: Path, files: list[str]) -> Path:
    """The files' SHA-256 sums, as `sha256sum --check` reads them in `folder`."""
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in sorted(files)]
    to = folder / "dist" / "SHA256SUMS"
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text("".join(lines))
    return to


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("check", "zip"):
        command = commands.add_parser(name)
        command.add_argument("program", type=Path)
        command.add_argument("--machine", choices=sorted(MACHINES.values()))
        if name == "zip":
            command.add_argument("to", type=Path)
    command = commands.add_parser("archive")
    command.add_argument("folder", type=Path)
    command.add_argument("to", type=Path)
    command = commands.add_parser("sums")
    command.add_argument("folder", type=Path)
    command.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    try:
        if arguments.command == "check":
            print(f"{arguments.program}: {check(arguments.program, arguments.machine)}")
        elif arguments.command == "zip":
            needs = make_zip(arguments.program, arguments.to, arguments.machine)
            print(f"{arguments.to}: {needs}")
        elif arguments.command == "sums":
            print(write_sums(arguments.folder, arguments.files))
        else:
            make_archive(arguments.folder, arguments.to)
            print(arguments.to)
    except (OSError, Unfit) as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
