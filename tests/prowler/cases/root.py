"""The root user: what it signs in with, its second factor, and when it was there."""

from dataclasses import dataclass

from .model import Case
from .places import one_in_each

KEY = "root-access-key"
MFA = "root-without-mfa"
HARDWARE = "root-without-hardware-mfa"
USED = "root-used-recently"


@dataclass(frozen=True)
class Root:
    """`used` are days; `mfa` is `virtual` or `hardware`."""

    password: bool = True
    keys: int = 0
    mfa: str | None = None
    password_used: int | None = None
    key_used: int | None = None


NO_MFA = (MFA, HARDWARE)


def signed_in(days: int) -> Root:
    return Root(mfa="hardware", password_used=days)


def called(days: int, password_used: int | None = None) -> Root:
    return Root(keys=1, mfa="hardware", password_used=password_used, key_used=days)


CREDENTIALS = (
    Case("root-fresh", Root(), NO_MFA, "a password and nothing else"),
    Case("root-hardware", Root(mfa="hardware"), (), "as it should be"),
    Case("root-virtual", Root(mfa="virtual"), (HARDWARE,), "a virtual device"),
    Case("root-one-key", Root(keys=1, mfa="hardware"), (KEY,), "a key"),
    Case("root-two-keys", Root(keys=2, mfa="hardware"), (KEY,), "two keys"),
    Case("root-key-virtual", Root(keys=1, mfa="virtual"), (KEY, HARDWARE), "a key, and a virtual device"),
    Case("root-two-keys-virtual", Root(keys=2, mfa="virtual"), (KEY, HARDWARE), "two keys, and a virtual device"),
    Case("root-key-without-mfa", Root(keys=1), (KEY, *NO_MFA), "a key, and no MFA"),
    Case("root-two-keys-without-mfa", Root(keys=2), (KEY, *NO_MFA), "two keys, and no MFA"),
    Case("root-none", Root(False), (), "no credentials: managed centrally"),
    Case("root-none-but-virtual", Root(False, mfa="virtual"), (), "nothing left that the device is for"),
    Case("root-none-but-hardware", Root(False, mfa="hardware"), (), "nothing left that the device is for"),
    Case("root-key-only", Root(False, 1), (KEY, *NO_MFA), "a key without a password"),
    Case("root-key-only-virtual", Root(False, 1, "virtual"), (KEY, HARDWARE), "a key without a password"),
    Case("root-key-only-hardware", Root(False, 1, "hardware"), (KEY,), "a key without a password"),
    Case("root-two-keys-only", Root(False, 2), (KEY, *NO_MFA), "keys without a password"),
)

USES = (
    Case("root-used-today", signed_in(0), (USED,), "signed in today"),
    Case("root-used-yesterday", signed_in(1), (USED,), "signed in yesterday"),
    Case("root-used-2-days-ago", signed_in(2), (USED,), "signed in this week"),
    Case("root-used-29-days-ago", signed_in(29), (USED,), "the last of the 30 days"),
    Case("root-used-30-days-ago", signed_in(30), (), "a day longer"),
    Case("root-used-31-days-ago", signed_in(31), (), "more than a month"),
    Case("root-used-91-days-ago", signed_in(91), (), "long ago"),
    Case("root-used-today-virtual", Root(mfa="virtual", password_used=0), (HARDWARE, USED), "by a virtual device"),
    Case("root-used-today-without-mfa", Root(password_used=0), (*NO_MFA, USED), "and no MFA"),
    Case("root-key-used-today", called(0), (KEY, USED), "its key is in use"),
    Case("root-key-used-yesterday", called(1), (KEY, USED), "its key is in use"),
    Case("root-key-used-29-days-ago", called(29), (KEY, USED), "the last of the 30 days"),
    Case("root-key-used-30-days-ago", called(30), (KEY,), "a day longer"),
    Case("root-key-used-long-ago", called(400, 400), (KEY,), "long ago"),
    Case("root-key-used-and-password-not", called(0, 400), (KEY, USED), "either counts"),
    Case("root-password-used-and-key-not", called(400, 0), (KEY, USED), "either counts"),
)

TABLES = tuple(one_in_each("root and account", (KEY, MFA, HARDWARE, USED), CREDENTIALS + USES))
