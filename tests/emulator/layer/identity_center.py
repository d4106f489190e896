"""IAM Identity Center: the organization's instance. Moto gives every account one of its own."""

import json

from werkzeug.wrappers import Response

from .call import Call

ID = "0123456789abcdef"


class IdentityCenter:
    def __init__(self) -> None:
        self._regions: dict[str, str] = {}

    def set(self, account: str, region: str) -> None:
        """The management account's instance, in its primary Region."""
        self._regions[account] = region

    def list(self, call: Call) -> Response:
        """ListInstances, of all Regions or of the one that is asked. Other accounts see none."""
        region = self._regions.get(call.account)
        is_seen = region is not None and (call.params.get("RegionScope") == "ALL_REGIONS" or region == call.region)
        instance = {
            "InstanceArn": f"arn:aws:sso:::instance/ssoins-{ID}",
            "IdentityStoreId": f"d-{ID[:10]}",
            "OwnerAccountId": call.account,
            "CreatedDate": 1735732800.0,
            "Status": "ACTIVE",
            "PrimaryRegion": region,
        }
        body = json.dumps({"Instances": [instance] if is_seen else []})
        return Response(body, content_type="application/x-amz-json-1.1")
