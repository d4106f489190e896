"""IAM users: MFA, the age and the use of credentials, and what policies they hold.

Days are counted back from when the case is made: a key of 90 days is some minutes older when the scanners look.
"""

from .model import IRELAND, Case, Holder, Key, Table, User
from .settings import IdentityCenter

MFA = "iam-user-without-mfa"
ROTATION = "iam-access-key-not-rotated"
UNUSED = "iam-credentials-unused"
TWO_KEYS = "iam-user-two-active-keys"
NEVER = "iam-user-key-never-used"
DIRECT = "iam-user-policy-attached"
CENTER = "iam-user-beside-identity-center"

OFF = Key(active=False)


def case(name: str, fails: tuple[str, ...], why: str, user: User) -> Case:
    return Case(name, user, fails, why)


FACTORS = (
    case("no-credentials", (MFA,), "counts, with severity low", User()),
    case("password", (MFA,), "one phished password away", User(password=True)),
    case("password-with-mfa", (), "as it should be", User(password=True, mfa=True)),
    case("key", (MFA,), "counts, with severity medium", User(keys=(Key(),))),
    case("key-with-mfa", (), "has a device", User(keys=(Key(),), mfa=True)),
    case("inactive-key", (MFA,), "counts, with severity low", User(keys=(OFF,))),
    case("password-and-key", (MFA,), "counts once", User(password=True, keys=(Key(),))),
    case("all-with-mfa", (), "as it should be", User(password=True, mfa=True, keys=(Key(), OFF))),
    case("mfa-only", (), "nothing to sign in with", User(mfa=True)),
)

KEY_COUNTS = (
    case("keys-none", (), "none", User(mfa=True)),
    case("keys-one", (), "one", User(mfa=True, keys=(Key(),))),
    case("keys-two", (TWO_KEYS,), "two", User(mfa=True, keys=(Key(), Key()))),
    case("keys-second-inactive", (), "one works", User(mfa=True, keys=(Key(), OFF))),
    case("keys-first-inactive", (), "one works", User(mfa=True, keys=(OFF, Key()))),
    case("keys-both-inactive", (), "none works", User(mfa=True, keys=(OFF, OFF))),
)


def aged(*ages: int, active: bool = True) -> User:
    """Used today, so that their age is all that is wrong with them."""
    return User(mfa=True, age=400, keys=tuple(Key(active=active, age=age, used=0) for age in ages))


AGES = (
    case("key-89-days", (), "below the limit", aged(89)),
    case("key-90-days", (), "the last day of the 90", aged(90)),
    case("key-91-days", (ROTATION,), "a day late", aged(91)),
    case("key-new", (), "made today", aged(0)),
    case("key-a-year", (ROTATION,), "a year old", aged(365)),
    case("second-key-90-days", (), "both are young enough", aged(1, 90)),
    case("second-key-91-days", (ROTATION,), "the second counts too", aged(1, 91)),
    case("both-keys-91-days", (ROTATION,), "both are late", aged(91, 91)),
    case("inactive-key-91-days", (), "it does not work", aged(91, active=False)),
    case("old-key-inactive", (), "only the young one works", User(mfa=True, keys=(Key(False, 400), Key(age=1, used=0)))),
    case("young-key-inactive", (ROTATION,), "only the old one works", User(mfa=True, keys=(OFF, Key(age=400, used=0)))),
)


def used(days: int | None, age: int = 80) -> User:
    return User(mfa=True, age=400, keys=(Key(age=age, used=days),))


def signed_in(days: int | None, changed: int = 80) -> User:
    return User(mfa=True, age=400, password=True, password_age=changed, password_used=days)


USES = (
    case("key-used-44-days-ago", (), "below the limit", used(44)),
    case("key-used-45-days-ago", (UNUSED,), "45 days are too many", used(45)),
    case("key-used-46-days-ago", (UNUSED,), "a day late", used(46)),
    case("key-used-today", (), "in use", used(0)),
    case("key-never-used-44-days", (), "young, and not used yet", used(None, 44)),
    case("key-never-used-45-days", (UNUSED,), "45 days are too many", used(None, 45)),
    case("key-never-used-46-days", (UNUSED,), "nobody has needed it", used(None, 46)),
    case("second-key-unused", (UNUSED,), "the second counts too", User(mfa=True, keys=(Key(used=0), Key(age=80, used=46)))),
    case("inactive-key-unused", (), "it does not work", User(mfa=True, keys=(Key(False, 80, 46),))),
    case("password-used-44-days-ago", (), "below the limit", signed_in(44)),
    case("password-used-45-days-ago", (UNUSED,), "45 days are too many", signed_in(45)),
    case("password-used-46-days-ago", (UNUSED,), "a day late", signed_in(46)),
    case("password-used-today", (), "in use", signed_in(0)),
    case("password-never-used-44-days", (), "set lately, and not used yet", signed_in(None, 44)),
    case("password-never-used-45-days", (UNUSED,), "45 days are too many", signed_in(None, 45)),
    case("password-never-used-46-days", (UNUSED,), "nobody has needed it", signed_in(None, 46)),
    case("no-password-no-key", (), "nothing that could be used", User(mfa=True, age=400)),
    case("password-unused-key-used", (UNUSED,), "each counts by itself", User(True, True, (Key(used=0),), 400, 80, 46)),
)

# A console user's key that was never used.
INITIAL = (
    case("initial-key", (NEVER,), "as old as its user", User(True, True, (Key(age=400),), 400)),
    case("initial-key-later", (NEVER,), "made later, and not used either", User(True, True, (Key(age=1),), 400)),
    case("initial-key-today", (NEVER,), "the user is new", User(True, True, (Key(),))),
    case("initial-key-used", (), "a program needs it", User(True, True, (Key(age=400, used=300),), 400)),
    case("initial-key-used-today", (), "a program needs it", User(True, True, (Key(used=0),))),
    case("initial-key-inactive", (), "it does not work", User(True, True, (OFF,))),
    case("initial-key-second", (NEVER,), "the second counts too", User(True, True, (Key(used=0), Key()))),
    case("initial-key-second-inactive", (), "only the used one works", User(True, True, (Key(used=0), OFF))),
    case("initial-key-both", (NEVER,), "two findings of one user", User(True, True, (Key(), Key()))),
    case("initial-key-program", (), "no password", User(mfa=True, keys=(Key(),))),
    case("initial-key-none", (), "no key", User(True, True)),
)

READ = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"

POLICIES = (
    case("policies-none", (), "none", User(mfa=True)),
    case("policies-by-group", (), "through a group", User(mfa=True, groups=("readers",))),
    case("policies-managed", (DIRECT,), "one of AWS's", User(mfa=True, managed=(READ_ONLY,))),
    case("policies-inline", (DIRECT,), "within the user", User(mfa=True, inline={"read": READ})),
    case("policies-both", (DIRECT,), "counts, however many", User(mfa=True, managed=(READ_ONLY,), inline={"read": READ})),
    case("policies-group-and-inline", (DIRECT,), "the group does not make up for it", User(mfa=True, groups=("readers",), inline={"r": READ})),
)

# The organization has Identity Center, by `ORGANIZATION`.
BESIDE_CENTER = (
    case("beside-center-password", (CENTER,), "a person", User(True, True)),
    case("beside-center-key", (CENTER,), "a program", User(mfa=True, keys=(Key(),))),
    case("beside-center-both", (CENTER,), "counts once", User(True, True, (Key(), Key()))),
    case("beside-center-inactive-key", (), "nobody signs in", User(mfa=True, keys=(Key(False),))),
    case("beside-center-nothing", (), "nobody signs in", User(mfa=True)),
    case("ses-smtp-user.20260101-090000", (), "it sends mail by SMTP", User(mfa=True, keys=(Key(),))),
)

TABLES = (
    Table("IAM users and credentials", "people", (CENTER,), BESIDE_CENTER),
    Table("IAM users and credentials", "people", (MFA,), FACTORS),
    Table("IAM users and credentials", "people", (TWO_KEYS,), KEY_COUNTS),
    Table("IAM users and credentials", "people", (ROTATION,), AGES),
    Table("IAM users and credentials", "people", (UNUSED,), USES),
    Table("IAM users and credentials", "people", (NEVER,), INITIAL),
    Table("IAM users and credentials", "people", (DIRECT,), POLICIES),
)
ORGANIZATION = (("identity-center", IdentityCenter(IRELAND)),)
BESIDE = (("readers", Holder("group", managed=(READ_ONLY,))),)
