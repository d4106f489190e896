"""Trails, and the buckets that they deliver to."""

from typing import Any

from cases.model import Bucket
from cases.trails import Trail, TrailBucket, Trails

from .s3 import bucket_called
from .site import Site, make


@make.register
def _(trail: Trail, name: str, site: Site) -> None:
    cloudtrail = site.clients.of("cloudtrail", trail.region)
    key = f"arn:aws:kms:{trail.region}:{site.account_id}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    log_group = f"arn:aws:logs:{trail.region}:{site.account_id}:log-group:trail:*"
    arn: str = cloudtrail.create_trail(
        Name=name,
        S3BucketName=bucket_called(trail.bucket),
        IsMultiRegionTrail=trail.multi_region,
        EnableLogFileValidation=trail.validation,
        **({"KmsKeyId": key} if trail.key else {}),
        **({"CloudWatchLogsLogGroupArn": log_group} if trail.log_group else {}),
    )["TrailARN"]
    selectors: dict[str, Any] = {}
    if trail.basic:
        selectors["EventSelectors"] = list(trail.basic)
    if trail.advanced:
        selectors["AdvancedEventSelectors"] = list(trail.advanced)
    if selectors:
        cloudtrail.put_event_selectors(TrailName=arn, **selectors)
    if trail.logging:
        cloudtrail.start_logging(Name=arn)
    if trail.status:
        site.tell("trail-status", account=site.account_id, region=trail.region, trail=name, **trail.status)
    site.arns[name] = arn


@make.register
def _(trails: Trails, name: str, site: Site) -> None:
    """What stands for them is the account."""
    for number, trail in enumerate(trails.trails, 1):
        make(trail, f"trail-{number}-{name}", site)
    site.arns[name] = f"arn:aws:cloudtrail::{site.account_id}:account"


@make.register
def _(made: TrailBucket, name: str, site: Site) -> None:
    if made.bucket.logging_to and made.bucket.logging_to not in site.arns:
        make(Bucket(acl={"ACL": "log-delivery-write"}), made.bucket.logging_to, site)
    make(made.bucket, name, site)
    for number, trail in enumerate(made.trails, 1):
        make(Trail(**{**vars(trail), "bucket": name}), f"trail-{number}-to-{name}", site)
