"""What else an account has once: who holds certain policies, and what the organization does about root users; and
what a Region has once."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from .model import MANAGEMENT, REGIONS, Case, Table
from .places import ACCOUNTS, one_in_each

SUPPORT = "iam-support-role-missing"
CLOUDSHELL = "iam-cloudshell-full-access"
CENTRAL = "organization-root-access-not-central"
ENCRYPTION = "ebs-encryption-by-default-off"
SNAPSHOTS = "ebs-snapshot-block-public-access-off"
IMAGES = "ami-block-public-access-off"
TOKENS = "ec2-imdsv2-account-default-off"


@dataclass(frozen=True)
class Attached:
    """A policy of AWS's that is attached to one of each of these kinds: role, group, user."""

    policy: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class RegionSettings:
    region: str
    encrypted: bool = False
    snapshots: str = "unblocked"
    images: str = "unblocked"
    tokens: str | None = None


@dataclass(frozen=True)
class IdentityCenter:
    """The organization's IAM Identity Center."""

    region: str


@dataclass(frozen=True)
class RootAccess:
    """What the organization does about its members' root users. There is one organization."""

    features: tuple[str, ...]


SUPPORT_POLICY = "arn:aws:iam::aws:policy/AWSSupportAccess"
CLOUDSHELL_POLICY = "arn:aws:iam::aws:policy/AWSCloudShellFullAccess"
HOLDERS = ("role", "group", "user")


def held(name: str, policy: str, check: str, *, by_role_is_right: bool) -> Iterator[Case]:
    """Every combination of who has the policy."""
    for bits in product((False, True), repeat=len(HOLDERS)):
        kinds = tuple(kind for kind, has in zip(HOLDERS, bits, strict=True) if has)
        fails = "role" not in kinds if by_role_is_right else bool(kinds)
        who = "-".join(kinds) or "nobody"
        yield Case(f"{name}-{who}", Attached(policy, kinds), (check,) if fails else (), f"attached to {who}")


CENTRALLY = (
    Case("root-credentials-only", RootAccess(("RootCredentialsManagement",)), (CENTRAL,), "without root sessions it is half"),
)

SNAPSHOT_STATES = ("unblocked", "block-new-sharing", "block-all-sharing")
IMAGE_STATES = ("unblocked", "block-new-sharing")
TOKEN_STATES = (None, "optional", "required")
# More than there are accounts: the second Region goes on where the first ends.
STATES = tuple(product((False, True), SNAPSHOT_STATES, IMAGE_STATES, TOKEN_STATES))


def region_case(position: int, region: str) -> Case:
    encrypted, snapshots, images, tokens = STATES[position % len(STATES)]
    fails = (
        *(() if encrypted else (ENCRYPTION,)),
        # New public shares alone are blocked by block-new-sharing: what was shared before stays public.
        *(() if snapshots == "block-all-sharing" else (SNAPSHOTS,)),
        *(() if images == "block-new-sharing" else (IMAGES,)),
        *(() if tokens == "required" else (TOKENS,)),
    )
    says = f"encrypted {encrypted}, {snapshots}, images {images}, tokens {tokens}"
    return Case(f"region-{position:02}", RegionSettings(region, encrypted, snapshots, images, tokens), fails, says)


TABLES = (
    *one_in_each("root and account", (SUPPORT,), held("support", SUPPORT_POLICY, SUPPORT, by_role_is_right=True)),
    *one_in_each("root and account", (CLOUDSHELL,), held("cloudshell", CLOUDSHELL_POLICY, CLOUDSHELL, by_role_is_right=False)),
    Table("root and account", MANAGEMENT, (CENTRAL,), CENTRALLY),
    *(
        Table("EC2 settings", account, (ENCRYPTION, SNAPSHOTS, IMAGES, TOKENS), (region_case(position, region),))
        for place, region in enumerate(REGIONS)
        for position, account in enumerate(ACCOUNTS, start=place * len(ACCOUNTS))
    ),
)
