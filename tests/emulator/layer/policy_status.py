"""Whether a bucket policy is public, as AWS says it. Moto takes every condition for one that narrows.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html, "The meaning of public":
a policy is public unless what it allows goes to fixed values only, values without a wildcard or a policy variable, of
a principal or of one of the keys below.
"""

import json
from collections.abc import Iterable, Mapping
from ipaddress import ip_network
from typing import Any

from moto.s3 import responses

FIXED_KEYS = {
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourcearn",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourceowner",
    "aws:sourceaccount",
    "aws:userid",
    "s3:dataaccesspointarn",
    "s3:dataaccesspointaccount",
}
# Of these alone a condition says what a value has to be; the others say what it must not be, or compare.
FIXING_OPERATORS = {"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"}
PRIVATE = [ip_network(cidr) for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]
# Wider ranges of public addresses count as public.
WIDEST = {4: 8, 6: 32}


def patch_moto() -> None:
    responses.bucket_policy_is_public = is_public  # type: ignore[attr-defined]


def is_public(policy: bytes | str) -> bool:
    return any(_lets_the_public_in(statement) for statement in _items(json.loads(policy).get("Statement")))


def _lets_the_public_in(statement: Mapping[str, Any]) -> bool:
    if statement["Effect"] != "Allow" or not _is_everybody(statement.get("Principal")):
        return False
    return not any(
        _narrows(operator, key.lower(), list(_items(values)))
        for operator, keys in statement.get("Condition", {}).items()
        for key, values in keys.items()
    )


def _is_everybody(principal: Any) -> bool:
    if isinstance(principal, dict):
        return "*" in _items(principal.get("AWS"))
    # Without a principal there is NotPrincipal: everybody but some.
    return principal in (None, "*")


def _narrows(operator: str, key: str, values: list[str]) -> bool:
    operator = operator.lower().rpartition(":")[2]
    if key == "aws:sourceip":
        return operator == "ipaddress" and all(_is_narrow(value) for value in values)
    return key in FIXED_KEYS and operator in FIXING_OPERATORS and all(_is_fixed(value) for value in values)


def _is_narrow(cidr: str) -> bool:
    network = ip_network(cidr)
    if network.version == 4 and any(network.subnet_of(private) for private in PRIVATE):  # type: ignore[arg-type]
        return True
    return network.prefixlen >= WIDEST[network.version]


def _is_fixed(value: str) -> bool:
    return not any(sign in value for sign in ("*", "?", "${"))


def _items(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
