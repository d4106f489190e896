"""Keys of KMS: whether they are rotated, and whether they are going to be deleted."""

from collections.abc import Iterator
from dataclasses import dataclass

from .model import IRELAND, VIRGINIA, Case, Table

ROTATION = "kms-key-rotation-off"
DELETION = "kms-key-pending-deletion"
# A Region that nobody scans here.
FRANKFURT = "eu-central-1"


@dataclass(frozen=True)
class Key:
    """`steps` are what is done with it, one after the other: operations of KMS. A multi-Region key may have a replica in
    another Region."""

    spec: str = "SYMMETRIC_DEFAULT"
    usage: str = "ENCRYPT_DECRYPT"
    origin: str = "AWS_KMS"
    steps: tuple[str, ...] = ()
    region: str = VIRGINIA
    alias: str | None = None
    multi_region: bool = False
    replica: str | None = None


@dataclass(frozen=True)
class Replica:
    """The replica of a key in a Region that nobody scans. `steps` are of the primary key, `own_steps` of the replica."""

    steps: tuple[str, ...] = ()
    own_steps: tuple[str, ...] = ()
    region: str = IRELAND


@dataclass(frozen=True)
class ManagedKey:
    """A key that AWS manages."""

    alias: str
    region: str = VIRGINIA


ON, OFF, DISABLE, ENABLE = "enable_key_rotation", "disable_key_rotation", "disable_key", "enable_key"
DELETE, CANCEL = "schedule_key_deletion", "cancel_key_deletion"

ROTATED = (
    Case("key-rotated", Key(steps=(ON,)), (), "rotated"),
    Case("key-not-rotated", Key(), (ROTATION,), "AWS rotates no key unless told to"),
    Case("key-rotated-ireland", Key(steps=(ON,), region=IRELAND), (), "rotated, in another Region"),
    Case("key-not-rotated-ireland", Key(region=IRELAND), (ROTATION,), "not rotated, in another Region"),
    Case("key-rotated-no-more", Key(steps=(ON, OFF)), (ROTATION,), "it was rotated"),
    Case("key-rotated-again", Key(steps=(ON, OFF, ON)), (), "rotated again"),
    Case("key-with-alias", Key(alias="alias/orders"), (ROTATION,), "an alias changes nothing"),
    Case("key-with-alias-like-aws", Key(alias="alias/aws-data"), (ROTATION,), "only alias/aws/ is reserved"),
)

SPECS = (
    ("RSA_2048", "SIGN_VERIFY"),
    ("RSA_2048", "ENCRYPT_DECRYPT"),
    ("RSA_3072", "SIGN_VERIFY"),
    ("ECC_NIST_P256", "SIGN_VERIFY"),
    ("ECC_NIST_P384", "SIGN_VERIFY"),
    ("ECC_NIST_P521", "SIGN_VERIFY"),
    ("ECC_SECG_P256K1", "SIGN_VERIFY"),
    ("HMAC_224", "GENERATE_VERIFY_MAC"),
    ("HMAC_256", "GENERATE_VERIFY_MAC"),
    ("HMAC_384", "GENERATE_VERIFY_MAC"),
    ("HMAC_512", "GENERATE_VERIFY_MAC"),
)


def specs() -> Iterator[Case]:
    for spec, usage in SPECS:
        name = f"key-{spec.lower().replace('_', '-')}-{usage.split('_')[0].lower()}"
        yield Case(name, Key(spec, usage), (), "KMS rotates symmetric encryption keys only")


ORIGINS = (
    Case("key-imported", Key(origin="EXTERNAL"), (), "its owner imports new material"),
    Case("key-imported-deleted", Key(origin="EXTERNAL", steps=(DELETE,)), (DELETION,), "deleted like any other"),
    Case("key-of-cloudhsm", Key(origin="AWS_CLOUDHSM"), (), "of a custom key store"),
    Case("key-of-external-store", Key(origin="EXTERNAL_KEY_STORE"), (), "of an external key store"),
)

STATES = (
    Case("key-disabled", Key(steps=(DISABLE,)), (), "KMS rotates no disabled key"),
    Case("key-rotated-disabled", Key(steps=(ON, DISABLE)), (), "disabled, with rotation"),
    Case("key-enabled-again", Key(steps=(DISABLE, ENABLE)), (ROTATION,), "enabled, without rotation"),
    Case("key-deleted", Key(steps=(DELETE,)), (DELETION,), "no rotation any more"),
    Case("key-rotated-deleted", Key(steps=(ON, DELETE)), (DELETION,), "with rotation"),
    Case("key-disabled-deleted", Key(steps=(DISABLE, DELETE)), (DELETION,), "disabled before"),
    Case("key-deleted-ireland", Key(steps=(DELETE,), region=IRELAND), (DELETION,), "in another Region"),
    Case("key-rsa-deleted", Key("RSA_2048", "SIGN_VERIFY", steps=(DELETE,)), (DELETION,), "asymmetric"),
    Case("key-kept", Key(steps=(DELETE, CANCEL)), (), "kept, and disabled since"),
    Case("key-kept-enabled", Key(steps=(DELETE, CANCEL, ENABLE)), (ROTATION,), "in use again, without rotation"),
    Case("key-kept-rotated", Key(steps=(ON, DELETE, CANCEL, ENABLE)), (), "in use again, with rotation"),
)

# A replica has the id of its primary key, so that here no two of them are in scanned Regions and differ.
MULTI_REGION = (
    Case("primary-rotated", Key(steps=(ON,), multi_region=True), (), "rotated, without a replica"),
    Case("primary-not-rotated", Key(multi_region=True), (ROTATION,), "not rotated, without a replica"),
    Case("primary-rotated-pair", Key(steps=(ON,), multi_region=True, replica=IRELAND), (), "rotated with its replica"),
    Case("primary-not-rotated-far", Key(multi_region=True, replica=FRANKFURT), (ROTATION,), "the replica is elsewhere"),
    Case("primary-deleted", Key(steps=(ON, DELETE), multi_region=True), (DELETION,), "without a replica"),
    Case(
        "primary-waits",
        Key(steps=(ON, DELETE), multi_region=True, replica=FRANKFURT),
        (DELETION,),
        "deleted after its replica",
    ),
    Case("replica-rotated", Replica((ON,)), (), "its primary key is rotated"),
    Case("replica-not-rotated", Replica(), (), "the finding is the primary key's"),
    Case("replica-deleted", Replica((ON,), (DELETE,)), (DELETION,), "deleted without its primary key"),
    Case("replica-disabled", Replica((), (DISABLE,)), (), "disabled"),
)

MANAGED = (
    Case("key-of-ebs", ManagedKey("alias/aws/ebs"), (), "AWS rotates it"),
    Case("key-of-s3", ManagedKey("alias/aws/s3"), (), "AWS rotates it"),
    Case("key-of-rds-ireland", ManagedKey("alias/aws/rds", IRELAND), (), "AWS rotates it"),
)

TABLES = (
    Table(
        "KMS",
        "keys",
        (ROTATION, DELETION),
        (*ROTATED, *specs(), *ORIGINS, *STATES, *MULTI_REGION, *MANAGED),
    ),
)
