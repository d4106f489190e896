"""Failures on request: a rule names whose calls fail, and how."""

import time
from dataclasses import asdict, dataclass, fields
from fnmatch import fnmatchcase
from threading import Lock
from typing import Any

from werkzeug.wrappers import Response

from .call import Call
from .errors import KINDS, error_of_kind, error_response

HANG_SECONDS = 60


class BadRule(ValueError):
    pass


@dataclass
class Rule:
    """`None` for account or Region means any; `times` is how many requests it hits, `None` without end.

    An AssumeRole is made in the caller's account; a rule for `sts:AssumeRole` may name the role's account as well.
    """

    action: str
    error: str
    account: str | None = None
    region: str | None = None
    times: int | None = None
    hits: int = 0

    @classmethod
    def parse(cls, data: Any) -> "Rule":
        known = {field.name for field in fields(cls)}
        if not isinstance(data, dict) or not {"action", "error"} <= data.keys() <= known:
            raise BadRule(f"a rule has action, error, and optionally account, region, times; got {data!r}")
        if data["error"] not in (*KINDS, "hang"):
            raise BadRule(f"unknown error {data['error']!r}; known: {', '.join([*KINDS, 'hang'])}")
        return cls(**{**data, "hits": 0})

    def matches(self, call: Call) -> bool:
        return (
            call.action is not None
            and fnmatchcase(call.action, self.action)
            and self._concerns(call)
            and self.region in (None, call.region)
            and (self.times is None or self.hits < self.times)
        )

    def _concerns(self, call: Call) -> bool:
        if self.account in (None, call.account):
            return True
        return self.action.startswith("sts:") and self.account == call.target_account


class RuleBook:
    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._lock = Lock()

    def replace(self, data: Any) -> None:
        if not isinstance(data, list):
            raise BadRule("rules are a JSON list")
        rules = [Rule.parse(item) for item in data]
        with self._lock:
            self._rules = rules

    def show(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(rule) for rule in self._rules]

    def refuse(self, call: Call) -> Response | None:
        """The first rule that matches decides. A call that hangs is answered as usual in the end."""
        rule = self._take(call)
        if rule is None:
            return None
        if rule.error == "hang":
            time.sleep(HANG_SECONDS)
            return None
        return error_response(call, error_of_kind(rule.error, call))

    def _take(self, call: Call) -> Rule | None:
        with self._lock:
            rule = next((rule for rule in self._rules if rule.matches(call)), None)
            if rule:
                rule.hits += 1
            return rule
