"""An account in which cases are made."""

from dataclasses import dataclass, field
from functools import cache, singledispatch
from typing import Any

from clients import Clients

DAY = 24 * 3600


@dataclass
class Site:
    """`arns` leads from a case's name to the ARN of what was made for it; `ids` to the id that EC2 gave."""

    account_id: str
    clients: Clients
    arns: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    places: dict[tuple[str, ...], Any] = field(default_factory=dict)

    def ec2(self, region: str) -> Any:
        return self.clients.of("ec2", region)

    def iam(self) -> Any:
        return self.clients.of("iam", "us-east-1")

    def record_ec2(self, name: str, region: str, kind: str, resource_id: str) -> str:
        self.ids[name] = resource_id
        self.arns[name] = f"arn:aws:ec2:{region}:{self.account_id}:{kind}/{resource_id}"
        return resource_id

    def date(self, what: dict[str, Any]) -> None:
        """Has the emulator date something in IAM back; see `layer/iam_past.py` of the emulator."""
        self.clients.control("POST", "/_emulator/iam", {"account": self.account_id, **what})


@singledispatch
def make(thing: Any, name: str, site: Site) -> None:
    """Makes a thing, and records what came of it under the case's name."""
    raise NotImplementedError(f"no way to make {thing!r}, for {name}, in {site.account_id}")


@cache
def password() -> str:
    return "Nobody-signs-in-here-7"
