"""What an account has once: root, the password policy, who holds certain policies; and what a Region has once.

The accounts are those of `blocks.py`: one case of each kind in each of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .blocks import COMBINATIONS, account_name
from .model import REGIONS, Case, Table

ROOT_KEY = "root-access-key"
ROOT_MFA = "root-without-mfa"
ROOT_HARDWARE = "root-without-hardware-mfa"
ROOT_USED = "root-used-recently"
LENGTH = "iam-password-policy-short"
REUSE = "iam-password-policy-reuse"
SUPPORT = "iam-support-role-missing"
CLOUDSHELL = "iam-cloudshell-full-access"
ENCRYPTION = "ebs-encryption-by-default-off"
SNAPSHOTS = "ebs-snapshot-block-public-access-off"
IMAGES = "ami-block-public-access-off"
TOKENS = "ec2-imdsv2-account-default-off"


@dataclass(frozen=True)
class Root:
    """`used` are days; `mfa` is `virtual` or `hardware`."""

    password: bool = True
    keys: int = 0
    mfa: str | None = None
    password_used: int | None = None
    key_used: int | None = None


@dataclass(frozen=True)
class Passwords:
    """Parameters of UpdateAccountPasswordPolicy; `None` if the account has no policy."""

    parameters: Mapping[str, Any] | None


@dataclass(frozen=True)
class Attached:
    """A policy of AWS's that is attached to a role, a group or a user; to nothing if there is no kind."""

    policy: str
    kind: str | None


@dataclass(frozen=True)
class RegionSettings:
    region: str
    encrypted: bool = False
    snapshots: str = "unblocked"
    images: str = "unblocked"
    tokens: str | None = None


NO_MFA = (ROOT_MFA, ROOT_HARDWARE)

ROOTS = (
    ("root-fresh", Root(), NO_MFA, "a password and nothing else"),
    ("root-hardware", Root(mfa="hardware"), (), "as it should be"),
    ("root-virtual", Root(mfa="virtual"), (ROOT_HARDWARE,), "a virtual device"),
    ("root-one-key", Root(keys=1, mfa="hardware"), (ROOT_KEY,), "a key"),
    ("root-two-keys", Root(keys=2, mfa="hardware"), (ROOT_KEY,), "two keys"),
    ("root-key-without-mfa", Root(keys=1), (ROOT_KEY, *NO_MFA), "a key, and no MFA"),
    ("root-none", Root(password=False), (), "no credentials: managed centrally"),
    ("root-none-but-mfa", Root(password=False, mfa="virtual"), (), "nothing left that the device is for"),
    ("root-key-only", Root(password=False, keys=1), (ROOT_KEY, *NO_MFA), "a key without a password"),
    ("root-used-today", Root(mfa="hardware", password_used=0), (ROOT_USED,), "signed in today"),
    ("root-used-yesterday", Root(mfa="hardware", password_used=1), (ROOT_USED,), "signed in yesterday"),
    ("root-used-3-days-ago", Root(mfa="hardware", password_used=3), (ROOT_USED,), "signed in this week"),
    ("root-used-29-days-ago", Root(mfa="hardware", password_used=29), (ROOT_USED,), "within the month"),
    ("root-used-91-days-ago", Root(mfa="hardware", password_used=91), (), "long ago"),
    ("root-key-used-today", Root(keys=1, mfa="hardware", key_used=0), (ROOT_KEY, ROOT_USED), "its key is in use"),
    ("root-key-used-long-ago", Root(keys=1, mfa="hardware", password_used=400, key_used=400), (ROOT_KEY,), "long ago"),
)


def passwords(**parameters: Any) -> Passwords:
    return Passwords(parameters)


WEAK = (LENGTH, REUSE)

PASSWORDS = (
    ("passwords-unset", Passwords(None), WEAK, "no policy: AWS's own wants 8 characters"),
    ("passwords-14-24", passwords(MinimumPasswordLength=14, PasswordReusePrevention=24), (), "as CIS has it"),
    ("passwords-13", passwords(MinimumPasswordLength=13, PasswordReusePrevention=24), (LENGTH,), "one too short"),
    ("passwords-15", passwords(MinimumPasswordLength=15, PasswordReusePrevention=24), (), "longer"),
    ("passwords-128", passwords(MinimumPasswordLength=128, PasswordReusePrevention=24), (), "the longest"),
    ("passwords-6", passwords(MinimumPasswordLength=6, PasswordReusePrevention=24), (LENGTH,), "the shortest"),
    ("passwords-default-length", passwords(PasswordReusePrevention=24), (LENGTH,), "6 characters unless it says so"),
    ("passwords-reuse-23", passwords(MinimumPasswordLength=14, PasswordReusePrevention=23), (REUSE,), "one too few"),
    ("passwords-reuse-1", passwords(MinimumPasswordLength=14, PasswordReusePrevention=1), (REUSE,), "the last one only"),
    ("passwords-reuse-any", passwords(MinimumPasswordLength=14), (REUSE,), "says nothing of reuse"),
    ("passwords-nothing", passwords(RequireNumbers=True), WEAK, "says nothing of either"),
    ("passwords-13-23", passwords(MinimumPasswordLength=13, PasswordReusePrevention=23), WEAK, "both too low"),
)

SUPPORT_POLICY = "arn:aws:iam::aws:policy/AWSSupportAccess"
CLOUDSHELL_POLICY = "arn:aws:iam::aws:policy/AWSCloudShellFullAccess"

SUPPORTS = (
    ("support-nobody", Attached(SUPPORT_POLICY, None), (SUPPORT,), "attached to nothing"),
    ("support-role", Attached(SUPPORT_POLICY, "role"), (), "a role has it"),
    ("support-user", Attached(SUPPORT_POLICY, "user"), (SUPPORT,), "a user, and no role"),
    ("support-group", Attached(SUPPORT_POLICY, "group"), (SUPPORT,), "a group, and no role"),
)
SHELLS = (
    ("cloudshell-nobody", Attached(CLOUDSHELL_POLICY, None), (), "attached to nothing"),
    ("cloudshell-role", Attached(CLOUDSHELL_POLICY, "role"), (CLOUDSHELL,), "a role has it"),
    ("cloudshell-user", Attached(CLOUDSHELL_POLICY, "user"), (CLOUDSHELL,), "a user has it"),
    ("cloudshell-group", Attached(CLOUDSHELL_POLICY, "group"), (CLOUDSHELL,), "a group has it"),
)

SNAPSHOT_STATES = ("unblocked", "block-new-sharing", "block-all-sharing")
IMAGE_STATES = ("unblocked", "block-new-sharing")
TOKEN_STATES = (None, "optional", "required")


def region_case(position: int, region: str) -> Case:
    """Every combination of what the settings can be comes up, over the accounts and Regions."""
    settings = RegionSettings(
        region,
        encrypted=position % 2 == 1,
        snapshots=SNAPSHOT_STATES[position % 3],
        images=IMAGE_STATES[position // 2 % 2],
        tokens=TOKEN_STATES[position // 3 % 3],
    )
    fails = (
        *(() if settings.encrypted else (ENCRYPTION,)),
        # New public shares alone are blocked by block-new-sharing: what was shared before stays public.
        *(() if settings.snapshots == "block-all-sharing" else (SNAPSHOTS,)),
        *(() if settings.images == "block-new-sharing" else (IMAGES,)),
        *(() if settings.tokens == "required" else (TOKENS,)),
    )
    says = f"encrypted {settings.encrypted}, {settings.snapshots}, images {settings.images}, tokens {settings.tokens}"
    return Case(f"region-{position:02}", settings, fails, says)


KINDS = (
    ((ROOT_KEY, ROOT_MFA, ROOT_HARDWARE, ROOT_USED), ROOTS),
    ((LENGTH, REUSE), PASSWORDS),
    ((SUPPORT,), SUPPORTS),
    ((CLOUDSHELL,), SHELLS),
)

TABLES = (
    *(
        Table("IAM", account_name(account), about, (Case(*row),))
        for about, rows in KINDS
        for account, row in zip(COMBINATIONS, rows, strict=False)
    ),
    *(
        Table("EC2", account_name(account), (ENCRYPTION, SNAPSHOTS, IMAGES, TOKENS), (region_case(position, region),))
        for place, region in enumerate(REGIONS)
        for position, account in enumerate(COMBINATIONS, start=place * len(COMBINATIONS))
    ),
)
