"""Settings of an account in a Region that moto does not have: block public access for snapshots and images, and the
defaults of instance metadata. And snapshots by who may use them, which moto does not ask for.

Nobody has set anything at first, as in an account of before these settings. Images are blocked: AWS does that itself
where none is public.
"""

from moto.core.responses import ActionResult
from moto.ec2.responses.elastic_block_store import ElasticBlockStore
from werkzeug.wrappers import Response

from .call import Call
from .ec2_xml import ec2_response

OFF = "unblocked"
SNAPSHOT_STATES = ("block-all-sharing", "block-new-sharing")
IMAGE_STATES = ("block-new-sharing",)
DEFAULTS = {
    "HttpTokens": "httpTokens",
    "HttpPutResponseHopLimit": "httpPutResponseHopLimit",
    "HttpEndpoint": "httpEndpoint",
    "InstanceMetadataTags": "instanceMetadataTags",
}
NO_PREFERENCE = ("no-preference", "-1")
ACCOUNT = "<managedBy>account</managedBy>"


def patch_moto() -> None:
    """Once, before the first request: DescribeSnapshots with RestorableBy."""
    ElasticBlockStore.describe_snapshots = _describe_snapshots  # type: ignore[method-assign]


def _describe_snapshots(self: ElasticBlockStore) -> ActionResult:
    snapshots = self.ec2_backend.describe_snapshots(
        snapshot_ids=self._get_param("SnapshotIds", []), filters=self._filters_from_querystring()
    )
    if users := self._get_param("RestorableByUserIds", []):
        snapshots = [
            snapshot
            for snapshot in snapshots
            if ("all" in users and "all" in snapshot.create_volume_permission_groups)
            or snapshot.create_volume_permission_userids & set(users)
        ]
    return ActionResult({"Snapshots": snapshots})


class Settings:
    def __init__(self) -> None:
        self._snapshots: dict[tuple[str, str], str] = {}
        self._images: dict[tuple[str, str], str] = {}
        self._metadata: dict[tuple[str, str], dict[str, str]] = {}

    def get_snapshot_block(self, call: Call) -> Response:
        state = self._snapshots.get(_place(call), OFF)
        return ec2_response("GetSnapshotBlockPublicAccessState", f"<state>{state}</state>{ACCOUNT}")

    def enable_snapshot_block(self, call: Call) -> Response:
        state = _one_of(call.params["State"], SNAPSHOT_STATES)
        self._snapshots[_place(call)] = state
        return ec2_response("EnableSnapshotBlockPublicAccess", f"<state>{state}</state>")

    def get_image_block(self, call: Call) -> Response:
        state = self._images.get(_place(call), IMAGE_STATES[0])
        inner = f"<imageBlockPublicAccessState>{state}</imageBlockPublicAccessState>{ACCOUNT}"
        return ec2_response("GetImageBlockPublicAccessState", inner)

    def disable_image_block(self, call: Call) -> Response:
        self._images[_place(call)] = OFF
        inner = f"<imageBlockPublicAccessState>{OFF}</imageBlockPublicAccessState>"
        return ec2_response("DisableImageBlockPublicAccess", inner)

    def get_metadata_defaults(self, call: Call) -> Response:
        values = self._metadata.get(_place(call), {})
        items = "".join(f"<{DEFAULTS[name]}>{value}</{DEFAULTS[name]}>" for name, value in values.items())
        return ec2_response("GetInstanceMetadataDefaults", f"<accountLevel>{items}{ACCOUNT}</accountLevel>")

    def modify_metadata_defaults(self, call: Call) -> Response:
        values = self._metadata.setdefault(_place(call), {})
        for name in DEFAULTS.keys() & call.params.keys():
            if call.params[name] in NO_PREFERENCE:
                values.pop(name, None)
            else:
                values[name] = call.params[name]
        return ec2_response("ModifyInstanceMetadataDefaults", "<return>true</return>")


def _place(call: Call) -> tuple[str, str]:
    return call.account, call.region


def _one_of(value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise ValueError(f"State is one of {', '.join(known)}; got {value!r}")
    return value
