"""What moto has not of a Region's settings: Block Public Access for snapshots and images, and defaults for metadata.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableSnapshotBlockPublicAccess.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableImageBlockPublicAccess.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataDefaults.html
"""

from collections import defaultdict
from collections.abc import Callable

from werkzeug.wrappers import Response

from .call import Call
from .ec2_xml import ec2_response

OFF = "unblocked"
# The defaults for metadata, and their names in answers.
METADATA = {
    "HttpTokens": "httpTokens",
    "HttpPutResponseHopLimit": "httpPutResponseHopLimit",
    "HttpEndpoint": "httpEndpoint",
    "InstanceMetadataTags": "instanceMetadataTags",
}
# What takes a default back.
NO_PREFERENCE = ("no-preference", "-1")


class RegionSettings:
    def __init__(self) -> None:
        self._snapshots: dict[tuple[str, str], str] = {}
        self._images: dict[tuple[str, str], str] = {}
        self._metadata: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)

    def answers(self) -> dict[str, Callable[[Call], Response]]:
        """By operation."""
        return {
            "EnableSnapshotBlockPublicAccess": self._enable_snapshots,
            "DisableSnapshotBlockPublicAccess": self._disable_snapshots,
            "GetSnapshotBlockPublicAccessState": self._get_snapshots,
            "EnableImageBlockPublicAccess": self._enable_images,
            "DisableImageBlockPublicAccess": self._disable_images,
            "GetImageBlockPublicAccessState": self._get_images,
            "ModifyInstanceMetadataDefaults": self._modify_metadata,
            "GetInstanceMetadataDefaults": self._get_metadata,
        }

    def _enable_snapshots(self, call: Call) -> Response:
        self._snapshots[_place(call)] = call.params["State"]
        return ec2_response(call.operation or "", f"<state>{call.params['State']}</state>")

    def _disable_snapshots(self, call: Call) -> Response:
        self._snapshots.pop(_place(call), None)
        return ec2_response(call.operation or "", f"<state>{OFF}</state>")

    def _get_snapshots(self, call: Call) -> Response:
        state = self._snapshots.get(_place(call), OFF)
        return ec2_response(call.operation or "", f"<state>{state}</state><managedBy>account</managedBy>")

    def _enable_images(self, call: Call) -> Response:
        state = call.params["ImageBlockPublicAccessState"]
        self._images[_place(call)] = state
        return ec2_response(call.operation or "", f"<imageBlockPublicAccessState>{state}</imageBlockPublicAccessState>")

    def _disable_images(self, call: Call) -> Response:
        self._images.pop(_place(call), None)
        return ec2_response(call.operation or "", f"<imageBlockPublicAccessState>{OFF}</imageBlockPublicAccessState>")

    def _get_images(self, call: Call) -> Response:
        state = self._images.get(_place(call), OFF)
        inner = f"<imageBlockPublicAccessState>{state}</imageBlockPublicAccessState><managedBy>account</managedBy>"
        return ec2_response(call.operation or "", inner)

    def _modify_metadata(self, call: Call) -> Response:
        defaults = self._metadata[_place(call)]
        for name in METADATA:
            value = call.params.get(name)
            if value in NO_PREFERENCE:
                defaults.pop(name, None)
            elif value is not None:
                defaults[name] = value
        return ec2_response(call.operation or "", "<return>true</return>")

    def _get_metadata(self, call: Call) -> Response:
        defaults = self._metadata[_place(call)]
        items = "".join(f"<{METADATA[name]}>{value}</{METADATA[name]}>" for name, value in defaults.items())
        return ec2_response(call.operation or "", f"<accountLevel>{items}<managedBy>account</managedBy></accountLevel>")


def _place(call: Call) -> tuple[str, str]:
    return call.account, call.region
