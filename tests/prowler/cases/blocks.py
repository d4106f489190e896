"""S3 Block Public Access: every combination of the account's settings with a bucket's, sixteen by sixteen.

Each account-level combination is an account of its own. In it each bucket-level combination is two buckets, one that is
public by policy and one by ACL.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from .buckets import ALL_USERS, EVERYBODY, PUBLIC, allow
from .model import Bucket, Case, Table

SETTINGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
BUCKET_BLOCK = "s3-bucket-public-access-block-off"
ACCOUNT_BLOCK = "s3-account-public-access-block-off"


@dataclass(frozen=True)
class AccountBlock:
    """The account's settings; `None` if it never had any."""

    settings: tuple[str, ...] | None


def code(settings: tuple[str, ...]) -> str:
    """`1010`: which of the four, in their order, are on."""
    return "".join("1" if setting in settings else "0" for setting in SETTINGS)


COMBINATIONS = tuple(
    tuple(setting for setting, on in zip(SETTINGS, bits, strict=True) if on) for bits in product((False, True), repeat=4)
)


def account_name(settings: tuple[str, ...]) -> str:
    return f"blocks-{code(settings)}"


def cases(account: tuple[str, ...]) -> Iterator[Case]:
    """What takes effect on what is there: IgnorePublicAcls and RestrictPublicBuckets, at either level."""
    for bucket in COMBINATIONS:
        on = {*account, *bucket}
        off = () if on == set(SETTINGS) else (BUCKET_BLOCK,)
        name = f"{code(account)}-{code(bucket)}"
        by_policy = Bucket(statements=(allow(EVERYBODY),), block=bucket)
        fails = off + (() if "RestrictPublicBuckets" in on else (PUBLIC,))
        yield Case(f"policy-{name}", by_policy, fails, "public by policy, unless it is restricted")
        by_acl = Bucket(acl={"GrantRead": ALL_USERS}, block=bucket)
        fails = off + (() if "IgnorePublicAcls" in on else (PUBLIC,))
        yield Case(f"acl-{name}", by_acl, fails, "public by ACL, unless that is ignored")


def account_case(account: tuple[str, ...]) -> Case:
    # No setting on is the account that never had any.
    fails = () if len(account) == len(SETTINGS) else (ACCOUNT_BLOCK,)
    return Case(f"account-block-{code(account)}", AccountBlock(account or None), fails, "all four settings, or not")


TABLES = tuple(
    table
    for account in COMBINATIONS
    for table in (
        Table("S3 Block Public Access", account_name(account), (ACCOUNT_BLOCK,), (account_case(account),)),
        Table("S3 Block Public Access", account_name(account), (PUBLIC, BUCKET_BLOCK), tuple(cases(account)), only_compared=True),
    )
)
