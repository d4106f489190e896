"""Regions that are off. Moto lists a fixed status for every account, some of them wrong, and serves every Region.

On AWS an account has the Regions of before March 2019 from the start, and opts in to the others one by one.
DescribeRegions gives only those that are on, or with AllRegions all of them. A Region that is off knows none of the
account's credentials.
"""

import json
from xml.sax.saxutils import escape

from boto3 import Session
from werkzeug.wrappers import Response

from .call import Call
from .ec2_xml import ec2_response, filters, numbered
from .errors import error_of_kind, error_response

# https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
ON_BY_DEFAULT = frozenset(
    "ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 "
    "eu-north-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2".split()
)
ALL = sorted(Session().get_available_regions("ec2"))
STATUSES = ("opted-in", "not-opted-in")


class Regions:
    def __init__(self) -> None:
        self._chosen: dict[tuple[str, str], str] = {}

    def set(self, account: str, region: str, opt_in_status: str) -> None:
        if region in ON_BY_DEFAULT or region not in ALL:
            raise ValueError(f"{region} is not a Region to opt in to")
        if opt_in_status not in STATUSES:
            raise ValueError(f"opt_in_status is one of {', '.join(STATUSES)}; got {opt_in_status!r}")
        self._chosen[account, region] = opt_in_status

    def status(self, account: str, region: str) -> str:
        if region in ON_BY_DEFAULT:
            return "opt-in-not-required"
        return self._chosen.get((account, region), "not-opted-in")

    def refuse(self, call: Call) -> Response | None:
        if call.region not in ALL or self.status(call.account, call.region) != "not-opted-in":
            return None
        return error_response(call, error_of_kind("region_disabled", call))

    def describe(self, call: Call) -> Response:
        wanted = numbered(call, "RegionName")
        by_name, by_status = filters(call, "region-name"), filters(call, "opt-in-status")
        everything = call.params.get("AllRegions", "").lower() == "true"
        items = ""
        for name in wanted or ALL:
            status = self.status(call.account, name)
            off = status == "not-opted-in" and not everything
            if off or (by_name and name not in by_name) or (by_status and status not in by_status):
                continue
            items += _item(escape(name), status)
        return ec2_response("DescribeRegions", f"<regionInfo>{items}</regionInfo>")


    def list(self, call: Call) -> Response:
        """Account Management's, all on one page."""
        statuses = {"opt-in-not-required": "ENABLED_BY_DEFAULT", "opted-in": "ENABLED", "not-opted-in": "DISABLED"}
        regions = [
            {"RegionName": name, "RegionOptStatus": statuses[self.status(call.account, name)]} for name in ALL
        ]
        return Response(json.dumps({"Regions": regions}), content_type="application/json")


def _item(name: str, status: str) -> str:
    return (
        f"<item><regionName>{name}</regionName><regionEndpoint>ec2.{name}.amazonaws.com</regionEndpoint>"
        f"<optInStatus>{status}</optInStatus></item>"
    )
