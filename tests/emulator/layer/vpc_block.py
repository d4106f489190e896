"""VPC Block Public Access, which moto does not have: one mode per account and Region, and exclusions from it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from werkzeug.wrappers import Response

from .call import Call
from .ec2_xml import ec2_response, numbered

MODES = ("off", "block-bidirectional", "block-ingress")
EXCLUSION_MODES = ("allow-bidirectional", "allow-egress")


@dataclass(frozen=True)
class Exclusion:
    id: str
    resource_arn: str
    mode: str


@dataclass(frozen=True)
class Setting:
    mode: str
    exclusions: tuple[Exclusion, ...]
    changed: str


UNTOUCHED = Setting("off", (), "")


class VpcBlocks:
    def __init__(self) -> None:
        self._settings: dict[tuple[str, str], Setting] = {}

    def set(self, account: str, region: str, mode: str, exclusions: list[dict[str, Any]] | None = None) -> None:
        parsed = tuple(Exclusion(**exclusion) for exclusion in exclusions or [])
        if mode not in MODES:
            raise ValueError(f"mode is one of {', '.join(MODES)}; got {mode!r}")
        if wrong := [exclusion.mode for exclusion in parsed if exclusion.mode not in EXCLUSION_MODES]:
            raise ValueError(f"an exclusion's mode is one of {', '.join(EXCLUSION_MODES)}; got {wrong[0]!r}")
        changed = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        self._settings[account, region] = Setting(mode, parsed, changed)

    def describe_options(self, call: Call) -> Response:
        setting = self._setting(call)
        changed = f"<lastUpdateTimestamp>{setting.changed}</lastUpdateTimestamp>" if setting.changed else ""
        options = (
            f"<awsAccountId>{call.account}</awsAccountId><awsRegion>{call.region}</awsRegion>"
            f"<state>{'update-complete' if setting.changed else 'default-state'}</state>"
            f"<internetGatewayBlockMode>{setting.mode}</internetGatewayBlockMode>"
            f"{changed}<managedBy>account</managedBy><exclusionsAllowed>allowed</exclusionsAllowed>"
        )
        inner = f"<vpcBlockPublicAccessOptions>{options}</vpcBlockPublicAccessOptions>"
        return ec2_response("DescribeVpcBlockPublicAccessOptions", inner)

    def describe_exclusions(self, call: Call) -> Response:
        setting = self._setting(call)
        wanted = numbered(call, "ExclusionId")
        items = "".join(
            f"<item><exclusionId>{escape(exclusion.id)}</exclusionId>"
            f"<internetGatewayExclusionMode>{exclusion.mode}</internetGatewayExclusionMode>"
            f"<resourceArn>{escape(exclusion.resource_arn)}</resourceArn><state>create-complete</state>"
            f"<creationTimestamp>{setting.changed}</creationTimestamp>"
            f"<lastUpdateTimestamp>{setting.changed}</lastUpdateTimestamp></item>"
            for exclusion in setting.exclusions
            if not wanted or exclusion.id in wanted
        )
        inner = f"<vpcBlockPublicAccessExclusionSet>{items}</vpcBlockPublicAccessExclusionSet>"
        return ec2_response("DescribeVpcBlockPublicAccessExclusions", inner)

    def _setting(self, call: Call) -> Setting:
        return self._settings.get((call.account, call.region), UNTOUCHED)
