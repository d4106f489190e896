"""The password policy: length, reuse, and kinds of characters in every combination."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from .model import Case
from .places import one_in_each

LENGTH = "iam-password-policy-short"
REUSE = "iam-password-policy-reuse"
KINDS = "iam-password-policy-weak"
ALL = (LENGTH, REUSE, KINDS)

CHARACTERS = ("RequireUppercaseCharacters", "RequireLowercaseCharacters", "RequireNumbers", "RequireSymbols")
EVERY_KIND = dict.fromkeys(CHARACTERS, True)


@dataclass(frozen=True)
class Passwords:
    """Parameters of UpdateAccountPasswordPolicy; `None` if the account has no policy."""

    parameters: Mapping[str, Any] | None


def policy(length: int | None, reuse: int | None, **kinds: bool) -> Passwords:
    """What is `None` goes unsaid."""
    said = {"MinimumPasswordLength": length, "PasswordReusePrevention": reuse}
    return Passwords({name: value for name, value in said.items() if value is not None} | kinds)


LIMITS = (
    Case("passwords-unset", Passwords(None), ALL, "no policy: AWS's own wants 8 characters of three kinds"),
    Case("passwords-as-awss-own", policy(8, None, **EVERY_KIND | {"RequireSymbols": False}), ALL, "the same in words"),
    Case("passwords-nothing", policy(None, None, RequireNumbers=True), ALL, "says next to nothing"),
    Case("passwords-13", policy(13, 24, **EVERY_KIND), (LENGTH,), "one too short"),
    Case("passwords-15", policy(15, 24, **EVERY_KIND), (), "longer"),
    Case("passwords-128", policy(128, 24, **EVERY_KIND), (), "the longest"),
    Case("passwords-8", policy(8, 24, **EVERY_KIND), (LENGTH,), "the least that every kind takes"),
    Case("passwords-7", policy(7, 24, **EVERY_KIND), (LENGTH, KINDS), "one less"),
    Case("passwords-6", policy(6, 24, **EVERY_KIND), (LENGTH, KINDS), "the shortest"),
    Case("passwords-default-length", policy(None, 24, **EVERY_KIND), (LENGTH, KINDS), "6 characters unless it says so"),
    Case("passwords-reuse-23", policy(14, 23, **EVERY_KIND), (REUSE,), "one too few"),
    Case("passwords-reuse-1", policy(14, 1, **EVERY_KIND), (REUSE,), "the last one only"),
    Case("passwords-reuse-any", policy(14, None, **EVERY_KIND), (REUSE,), "says nothing of reuse"),
    Case("passwords-13-23", policy(13, 23, **EVERY_KIND), (LENGTH, REUSE), "both too low"),
)


def kinds() -> Iterator[Case]:
    """`passwords-kinds-1010`: which of the four, in their order, are asked for."""
    for bits in product((False, True), repeat=len(CHARACTERS)):
        name = "".join("1" if bit else "0" for bit in bits)
        fails = () if all(bits) else (KINDS,)
        asked = dict(zip(CHARACTERS, bits, strict=True))
        yield Case(f"passwords-kinds-{name}", policy(14, 24, **asked), fails, "all four, or not")


TABLES = tuple(one_in_each("password policy", ALL, (*LIMITS, *kinds())))
