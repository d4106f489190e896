"""CloudTrail: trails one by one, what those of an account log together, and the buckets that they deliver to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .buckets import EVERYBODY, allow
from .model import IRELAND, VIRGINIA, Bucket, Case, Table
from .places import one_in_each

MISSING = "cloudtrail-missing"
FAILING = "cloudtrail-delivery-failing"
VALIDATION = "cloudtrail-validation-off"
KEY = "cloudtrail-without-kms"
WRITES = "cloudtrail-write-data-events-off"
READS = "cloudtrail-read-data-events-off"
BUCKET_PUBLIC = "cloudtrail-bucket-public"
BUCKET_LOGGING = "cloudtrail-bucket-logging-off"

# The management account's, so that most trails deliver to another account.
LOGS = "trail-logs"


@dataclass(frozen=True)
class Trail:
    """Without selectors it logs what every new trail does. `status` has what it delivered last: for each kind of delivery
    the error, and the days since then, `None` for never."""

    multi_region: bool = True
    validation: bool = True
    key: bool = True
    logging: bool = True
    basic: tuple[Mapping[str, Any], ...] = ()
    advanced: tuple[Mapping[str, Any], ...] = ()
    status: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    log_group: bool = False
    bucket: str = LOGS
    region: str = VIRGINIA


@dataclass(frozen=True)
class Trails:
    """All trails of an account."""

    trails: tuple[Trail, ...]


@dataclass(frozen=True)
class TrailBucket:
    """A bucket, and the trails that deliver to it."""

    bucket: Bucket
    trails: tuple[Trail, ...] = (Trail(),)


def delivered(kind: str, days: int | None, error: str | None = "AccessDenied") -> Mapping[str, Mapping[str, Any]]:
    return {kind: {"days": days} | ({"error": error} if error else {})}


def since(days: int | None, error: str | None = "AccessDenied") -> Trail:
    return Trail(status=delivered("log_files", days, error))


ONE_BY_ONE = (
    Case("trail-in-order", Trail(), (), "validated, with a key"),
    Case("trail-not-validated", Trail(validation=False), (VALIDATION,), "no digests"),
    Case("trail-without-key", Trail(key=False), (KEY,), "S3's own keys"),
    Case("trail-without-either", Trail(validation=False, key=False), (VALIDATION, KEY), "neither"),
    Case("trail-of-one-region", Trail(multi_region=False), (), "judged like every other"),
    Case("trail-of-one-not-validated", Trail(multi_region=False, validation=False), (VALIDATION,), "in its Region, once"),
    Case("trail-of-ireland", Trail(region=IRELAND, key=False), (KEY,), "once, in its home Region"),
    Case("trail-of-one-in-ireland", Trail(False, False, region=IRELAND), (VALIDATION,), "only there"),
    Case("trail-stopped", Trail(logging=False), (), "its settings are in order"),
    Case("trail-stopped-not-validated", Trail(logging=False, validation=False), (VALIDATION,), "it may start again"),
    Case("trail-stopped-failing", Trail(logging=False, status=delivered("log_files", 90)), (), "nothing to deliver"),
    Case("trail-never-delivered", since(None), (FAILING,), "an error, and never a file", "high"),
    Case("trail-fixed", since(0), (), "the error is kept, and files arrive"),
    Case("trail-failing-1-day", since(1), (FAILING,), "a whole day", "high"),
    Case("trail-failing-10-days", since(10), (FAILING,), "for long", "high"),
    Case("trail-quiet", since(90, None), (), "nothing happened, and no error"),
    Case("trail-digests-failing", Trail(status=delivered("digest_files", 2)), (FAILING,), "no proof", "medium"),
    Case("trail-digests-fixed", Trail(status=delivered("digest_files", 0)), (), "the error is kept"),
    Case(
        "trail-old-digests-failing",
        Trail(validation=False, status=delivered("digest_files", 2)),
        (VALIDATION,),
        "an error of the time when it had digests",
    ),
    Case(
        "trail-log-group-failing",
        Trail(status=delivered("cloudwatch_logs", 2), log_group=True),
        (FAILING,),
        "no alarm sees the events",
        "medium",
    ),
    Case("trail-old-log-group-failing", Trail(status=delivered("cloudwatch_logs", 2)), (), "it has no log group any more"),
)


def basic(kinds: str = "All", management: bool = True, *, objects: tuple[str, ...] = (), **more: Any) -> Mapping[str, Any]:
    data = [{"Type": "AWS::S3::Object", "Values": list(objects)}] if objects else []
    return {"ReadWriteType": kinds, "IncludeManagementEvents": management, "DataResources": data, **more}


def advanced(category: str, *conditions: Mapping[str, Any], name: str = "Logged events") -> Mapping[str, Any]:
    of_category = {"Field": "eventCategory", "Equals": [category]}
    return {"Name": name, "FieldSelectors": [of_category, *conditions]}


def where(name: str, operator: str, *values: str) -> Mapping[str, Any]:
    return {"Field": name, operator: list(values)}


OBJECTS = where("resources.type", "Equals", "AWS::S3::Object")
ONLY_READS, ONLY_WRITES = where("readOnly", "Equals", "true"), where("readOnly", "Equals", "false")
NO_KMS = where("eventSource", "NotEquals", "kms.amazonaws.com")
# What the console calls it.
MANAGEMENT = advanced("Management", name="Management events selector")
DATA_OFF = (WRITES, READS)
ALL = (MISSING, *DATA_OFF)
EVERY_BUCKET, ONE_BUCKET = ("arn:aws:s3",), ("arn:aws:s3:::one/",)


def logs(name: str, fails: tuple[str, ...], why: str, *trails: Trail) -> Case:
    return Case(name, Trails(trails), fails, why)


def with_basic(*selectors: Mapping[str, Any], **more: Any) -> Trail:
    return Trail(basic=selectors, **more)


def with_advanced(*selectors: Mapping[str, Any]) -> Trail:
    return Trail(advanced=selectors)


def objects(*conditions: Mapping[str, Any]) -> Trail:
    return with_advanced(MANAGEMENT, advanced("Data", OBJECTS, *conditions))


MANAGEMENT_EVENTS = (
    logs("logs-nothing", ALL, "no trail"),
    logs("logs-management", DATA_OFF, "as AWS makes a trail", Trail()),
    logs("logs-one-region", ALL, "one Region", Trail(False)),
    logs("logs-each-region", ALL, "no Region that is new", Trail(False), Trail(False, region=IRELAND)),
    logs("logs-stopped", ALL, "stopped", Trail(logging=False)),
    logs("logs-reads", ALL, "no writes", with_basic(basic("ReadOnly"))),
    logs("logs-writes", ALL, "no reads", with_basic(basic("WriteOnly"))),
    logs("logs-in-two-selectors", DATA_OFF, "the selectors add up", with_basic(basic("ReadOnly"), basic("WriteOnly"))),
    logs("logs-in-two-trails", ALL, "trails do not add up", with_basic(basic("ReadOnly")), with_basic(basic("WriteOnly"))),
    logs(
        "logs-without-kms",
        DATA_OFF,
        "KMS may be left out",
        with_basic(basic(ExcludeManagementEventSources=["kms.amazonaws.com"])),
    ),
    logs("logs-advanced", DATA_OFF, "the same as an advanced selector", with_advanced(MANAGEMENT)),
    logs("logs-advanced-renamed", DATA_OFF, "a name means nothing", with_advanced(advanced("Management"))),
    logs(
        "logs-advanced-without-kms",
        DATA_OFF,
        "KMS may be left out",
        with_advanced(advanced("Management", NO_KMS, name="Management events selector")),
    ),
    logs(
        "logs-advanced-reads",
        ALL,
        "no writes",
        with_advanced(advanced("Management", ONLY_READS, name="Management events selector")),
    ),
    logs("logs-second-trail", DATA_OFF, "one of two is enough", Trail(logging=False), Trail(region=IRELAND)),
)

DATA_EVENTS = (
    logs("logs-objects-only", (MISSING,), "no management events", with_basic(basic("All", False, objects=EVERY_BUCKET))),
    logs("logs-objects", (), "all objects", with_basic(basic(objects=EVERY_BUCKET))),
    logs("logs-objects-by-prefix", (), "the other way to write it", with_basic(basic(objects=("arn:aws:s3:::",)))),
    logs("logs-objects-of-one", DATA_OFF, "one bucket", with_basic(basic(objects=ONE_BUCKET))),
    logs(
        "logs-object-writes",
        (READS,),
        "writes",
        with_basic(basic(), basic("WriteOnly", False, objects=EVERY_BUCKET)),
    ),
    logs(
        "logs-object-reads",
        (WRITES,),
        "reads",
        with_basic(basic(), basic("ReadOnly", False, objects=EVERY_BUCKET)),
    ),
    logs("logs-objects-of-one-region", ALL, "one Region", with_basic(basic(objects=EVERY_BUCKET), multi_region=False)),
    logs("logs-objects-stopped", ALL, "stopped", with_basic(basic(objects=EVERY_BUCKET), logging=False)),
    logs(
        "logs-functions",
        DATA_OFF,
        "of Lambda",
        with_basic(basic() | {"DataResources": [{"Type": "AWS::Lambda::Function", "Values": ["arn:aws:lambda"]}]}),
    ),
    logs("logs-advanced-objects", (), "all objects", objects()),
    logs("logs-advanced-object-writes", (READS,), "writes", objects(ONLY_WRITES)),
    logs("logs-advanced-object-reads", (WRITES,), "reads", objects(ONLY_READS)),
    logs("logs-advanced-of-one", DATA_OFF, "one bucket", objects(where("resources.ARN", "StartsWith", *ONE_BUCKET))),
    logs("logs-advanced-but-one", DATA_OFF, "all but one", objects(where("resources.ARN", "NotStartsWith", *ONE_BUCKET))),
    logs("logs-advanced-every", (), "narrows nothing", objects(where("resources.ARN", "StartsWith", "arn:aws:s3:::"))),
    logs("logs-advanced-deletes", DATA_OFF, "one operation", objects(where("eventName", "Equals", "DeleteObject"))),
)

PUBLIC = Bucket(statements=(allow(EVERYBODY),))
ACL = Bucket(acl={"ACL": "public-read"})
BLOCKED = Bucket(statements=(allow(EVERYBODY),), block=("RestrictPublicBuckets", "IgnorePublicAcls"))
BOTH = (BUCKET_PUBLIC, BUCKET_LOGGING)

BUCKETS = (
    Case("trail-bucket-plain", TrailBucket(Bucket()), (BUCKET_LOGGING,), "as AWS makes it"),
    Case("trail-bucket-logged", TrailBucket(Bucket(logging_to="trail-log-target")), (), "it has access logs"),
    Case("trail-bucket-public", TrailBucket(PUBLIC), BOTH, "public by policy"),
    Case("trail-bucket-public-acl", TrailBucket(ACL), BOTH, "public by ACL"),
    Case("trail-bucket-blocked", TrailBucket(BLOCKED), (BUCKET_LOGGING,), "a block makes up for it"),
    Case("trail-bucket-of-stopped", TrailBucket(PUBLIC, (Trail(logging=False),)), BOTH, "the old logs are there"),
    Case("trail-bucket-of-two", TrailBucket(PUBLIC, (Trail(), Trail(region=IRELAND))), BOTH, "once"),
    Case("trail-bucket-of-none", TrailBucket(PUBLIC, ()), (), "public, and no trail's"),
)

# Most trails deliver to it.
BESIDE = ((LOGS, Bucket()),)
TABLES = (
    Table("CloudTrail", "trails", (VALIDATION, KEY, FAILING), ONE_BY_ONE),
    Table("CloudTrail", "trail-buckets", BOTH, BUCKETS),
    *one_in_each("CloudTrail", ALL, (*MANAGEMENT_EVENTS, *DATA_EVENTS)),
)
