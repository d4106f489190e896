"""An account in which cases are made."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cache, singledispatch
from typing import Any

from clients import Clients
from create import Site as Scanned


@dataclass
class Site:
    """`scanned` is the emulator's own kind of it. `arns` leads from a case's name to the ARN of what was made for it; `ids` to the id that EC2 gave.
    `members` are accounts that a case made, by name."""

    scanned: Scanned
    arns: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    places: dict[tuple[Hashable, ...], Any] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)

    @property
    def account_id(self) -> str:
        return self.scanned.account_id

    @property
    def clients(self) -> Clients:
        return self.scanned.clients

    def ec2(self, region: str) -> Any:
        return self.clients.of("ec2", region)

    def iam(self) -> Any:
        return self.clients.of("iam", "us-east-1")

    def record_ec2(self, name: str, region: str, kind: str, resource_id: str) -> str:
        self.ids[name] = resource_id
        self.arns[name] = f"arn:aws:ec2:{region}:{self.account_id}:{kind}/{resource_id}"
        return resource_id

    def tell(self, what: str, **more: Any) -> None:
        """Has the emulator set what no API of AWS sets."""
        self.clients.control("POST", f"/_emulator/{what}", more)


@singledispatch
def make(thing: Any, name: str, site: Site) -> None:
    """Makes a thing, and records what came of it under the case's name."""
    raise NotImplementedError(f"no way to make {thing!r}, for {name}, in {site.account_id}")


@cache
def password() -> str:
    return "Nobody-signs-in-here-7"
