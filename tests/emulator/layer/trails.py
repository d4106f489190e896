"""CloudTrail: trails of the organization, trails of other Regions, and what a trail delivered last.

Moto keeps each account to itself. On AWS a trail delivers to a bucket of any account, and every member of the organization
sees the trails of the management account that are for all. A member gets their settings and status by ARN, and not their
event selectors. What a delegated administrator creates for the organization is the management account's.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html
"""

import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from moto.cloudtrail.exceptions import S3BucketDoesNotExistException, TrailNotFoundException
from moto.cloudtrail.models import CloudTrailBackend, Trail, TrailStatus, cloudtrail_backends
from moto.cloudtrail.responses import CloudTrailResponse
from moto.organizations.models import organizations_backends
from moto.s3.models import s3_backends

from .clock import ago

# What every new trail logs.
# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html
FIRST_SELECTOR = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": True,
    "DataResources": [],
    "ExcludeManagementEventSources": [],
}
OF_THE_PAST = (
    "LatestDeliveryAttemptTime",
    "LatestNotificationAttemptTime",
    "LatestNotificationAttemptSucceeded",
    "LatestDeliveryAttemptSucceeded",
    "TimeLoggingStarted",
    "TimeLoggingStopped",
)
# The fields of GetTrailStatus for each delivery: the time, and the error.
DELIVERIES = {
    "log_files": ("LatestDeliveryTime", "LatestDeliveryError"),
    "digest_files": ("LatestDigestDeliveryTime", "LatestDigestDeliveryError"),
    "cloudwatch_logs": ("LatestCloudWatchLogsDeliveryTime", "LatestCloudWatchLogsDeliveryError"),
}
# Accounts, which a reset of the emulator leaves without any.
_administrators: set[str] = set()
_not_joined: set[str] = set()


def patch_moto() -> None:
    """Once, before the first request."""
    create = CloudTrailBackend.create_trail

    def create_for_owner(self: CloudTrailBackend, **named: Any) -> Trail:
        owner = management_of(self.account_id) if named["is_org_trail"] else self.account_id
        if owner != self.account_id and self.account_id not in _administrators:
            raise TrailNotFoundException(account_id=self.account_id, name=named["name"])
        made = create(cloudtrail_backends[owner][self.region_name], **named)
        made.event_selectors = [dict(FIRST_SELECTOR)]
        return made

    CloudTrailBackend.create_trail = _by_name(create_for_owner)  # type: ignore[method-assign, assignment]
    CloudTrailBackend.get_trail = _get_trail  # type: ignore[method-assign]
    CloudTrailBackend.get_trail_status = _get_trail_status  # type: ignore[method-assign]
    Trail.check_bucket_exists = _check_bucket_exists  # type: ignore[method-assign]
    Trail.put_event_selectors = _put_event_selectors  # type: ignore[method-assign]
    Trail.description = _description(Trail.description)  # type: ignore[method-assign]
    TrailStatus.description = _status(TrailStatus.description)  # type: ignore[method-assign, assignment]
    CloudTrailResponse.list_trails = _list_trails  # type: ignore[method-assign]
    CloudTrailResponse.describe_trails = _describe_trails  # type: ignore[method-assign]
    CloudTrailResponse.get_event_selectors = _get_event_selectors  # type: ignore[method-assign]


def reset() -> None:
    _administrators.clear()
    _not_joined.clear()


def set_administrator(account: str) -> None:
    """Makes an account the delegated administrator of CloudTrail."""
    _administrators.add(account)


def set_not_joined(account: str) -> None:
    """An account that the organization's trails have not reached: it takes some hours after it joins."""
    _not_joined.add(account)


def set_status(account: str, region: str, trail: str, **deliveries: dict[str, Any]) -> None:
    """What a trail delivered last: for each of `DELIVERIES` the days since then, `None` for never, and the error if any."""
    fields: dict[str, Any] = {}
    for kind, given in deliveries.items():
        time, error = DELIVERIES[kind]
        fields[time] = None if given["days"] is None else int(ago(given["days"]).replace(tzinfo=UTC).timestamp())
        fields[error] = given.get("error")
    found = cloudtrail_backends[account][region].get_trail(trail)
    found.status.deliveries = fields  # type: ignore[attr-defined]


def management_of(account: str) -> str:
    management, _ = organizations_backends.master_accounts.get(account, (account, "aws"))
    return management


def _by_name(create: Any) -> Any:
    """Moto passes all parameters by position."""
    names = (
        "name",
        "bucket_name",
        "s3_key_prefix",
        "sns_topic_name",
        "is_global",
        "is_multi_region",
        "log_validation",
        "is_org_trail",
        "cw_log_group_arn",
        "cw_role_arn",
        "kms_key_id",
        "tags_list",
    )
    return lambda self, *given: create(self, **dict(zip(names, given, strict=True)))


def _of_account(account: str) -> Iterator[Trail]:
    for backend in cloudtrail_backends[account].values():
        yield from backend.trails.values()


def _seen_by(account: str) -> list[Trail]:
    """The account's own trails in every Region, then those of the organization."""
    owner = management_of(account)
    is_member = owner != account and account not in _not_joined
    of_organization = [trail for trail in _of_account(owner) if trail.is_org_trail] if is_member else []
    return [*_of_account(account), *of_organization]


def _check_bucket_exists(self: Trail) -> None:
    if self.bucket_name not in s3_backends.bucket_accounts:
        raise S3BucketDoesNotExistException(f"S3 bucket {self.bucket_name} does not exist!")


def _get_trail(self: CloudTrailBackend, name_or_arn: str) -> Trail:
    """A trail that the account may change: of this Region, its own or as the organization's administrator."""
    may_change = [*_of_account(self.account_id)]
    if self.account_id in _administrators:
        may_change = _seen_by(self.account_id)
    for trail in may_change:
        if trail.region_name == self.region_name and name_or_arn in (trail.trail_name, trail.arn):
            return trail
    raise TrailNotFoundException(account_id=self.account_id, name=name_or_arn)


def _get_trail_status(self: CloudTrailBackend, name: str) -> TrailStatus:
    """By name in the home Region; by ARN also of a copy, which another Region or a member has."""
    for trail in _seen_by(self.account_id):
        is_own = trail.account_id == self.account_id
        is_here = trail.region_name == self.region_name
        if name == trail.arn and (is_here or trail.is_multi_region) or name == trail.trail_name and is_own and is_here:
            return trail.status
    raise TrailNotFoundException(account_id=self.account_id, name=name)


def _put_event_selectors(self: Trail, event_selectors: Any, advanced_event_selectors: Any) -> None:
    """A trail has one kind of selectors. CloudTrail answers with every field of a basic one."""
    self.event_selectors = [{**FIRST_SELECTOR, **selector} for selector in event_selectors or []]
    self.advanced_event_selectors = advanced_event_selectors or []


def _description(of_moto: Any) -> Any:
    def described(self: Trail, include_region: bool = False) -> dict[str, Any]:
        """Texts only where there are any."""
        return {name: value for name, value in of_moto(self, include_region).items() if value is not None}

    return described


def _status(of_moto: Any) -> Any:
    def described(self: TrailStatus) -> dict[str, Any]:
        answer: dict[str, Any] = of_moto(self)
        for name in OF_THE_PAST:
            answer.pop(name)
        answer |= getattr(self, "deliveries", {})
        return {name: value for name, value in answer.items() if value is not None}

    return described


def _list_trails(self: CloudTrailResponse) -> str:
    """Of every Region, whichever is asked."""
    return json.dumps({"Trails": [trail.short() for trail in _seen_by(self.current_account)]})


def _describe_trails(self: CloudTrailResponse) -> str:
    given = json.loads(self.body or "{}")
    wanted, with_copies = given.get("trailNameList") or [], given.get("includeShadowTrails", True)
    found = []
    for trail in _seen_by(self.current_account):
        is_original = trail.region_name == self.region and trail.account_id == self.current_account
        is_here = trail.region_name == self.region or trail.is_multi_region
        is_wanted = not wanted or trail.arn in wanted or (is_original and trail.trail_name in wanted)
        if is_here and is_wanted and (is_original or with_copies):
            found.append(trail.description(include_region=True))
    return json.dumps({"trailList": found})


def _get_event_selectors(self: CloudTrailResponse) -> str:
    """By ARN also of a copy in another Region, but never in a member."""
    name = json.loads(self.body)["TrailName"]
    trail = next(
        (one for one in _of_account(self.current_account) if name == one.arn and one.is_multi_region), None
    ) or self.cloudtrail_backend.get_trail(name)
    basic, advanced = trail.get_event_selectors()
    selectors = {"AdvancedEventSelectors": advanced} if advanced else {"EventSelectors": basic}
    return json.dumps({"TrailARN": trail.arn, **selectors})
