"""Accounts for what an account has once, such as its root user: each takes one case of each kind.

The first are those of `blocks.py`.
"""

from collections.abc import Iterable, Iterator

from .blocks import COMBINATIONS, account_name
from .model import Case, Table

MORE = 16
ACCOUNTS = (*map(account_name, COMBINATIONS), *(f"more-{number:02}" for number in range(MORE)))


def one_in_each(family: str, about: tuple[str, ...], cases: Iterable[Case]) -> Iterator[Table]:
    cases = tuple(cases)
    if len(cases) > len(ACCOUNTS):
        raise ValueError(f"{family} has {len(cases)} cases, for {len(ACCOUNTS)} accounts")
    for account, case in zip(ACCOUNTS, cases, strict=False):
        yield Table(family, account, about, (case,))
