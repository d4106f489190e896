"""A bucket's Region and its MFA delete, where moto leaves them out, who may know the Region, and the name of its answer on
versioning.

ListBuckets names each bucket's Region only if the request has at least one parameter, and a bucket that is called in
another Region redirects there. Moto's list has no Regions, and it serves every bucket everywhere.
"""

import re

from moto.s3.models import FakeBucket, s3_backends
from werkzeug.wrappers import Response

from .call import Call
from .errors import AwsError, error_of_kind, error_response
from .paging import BUCKETS, Forward, Pager

LIST_PARAMETERS = {"max-buckets", "prefix", "bucket-region", "continuation-token"}
# Answered from everywhere on AWS: what a caller asks who does not know the Region yet.
ANYWHERE = ("GetBucketLocation", "CreateBucket")


def list_buckets(pager: Pager, call: Call, forward: Forward) -> Response:
    answer = pager.page(BUCKETS, call, forward)
    if answer.status_code == 200 and LIST_PARAMETERS & call.params.keys():
        answer.set_data(re.sub(r"<Name>(?P<name>[^<]+)</Name>", _with_region, answer.get_data(as_text=True)))
    return answer


def _with_region(found: re.Match[str]) -> str:
    bucket = _bucket(found["name"])
    return f"{found[0]}<BucketRegion>{bucket.region_name}</BucketRegion>" if bucket else found[0]


class MfaDelete:
    """Buckets with MFA delete, which moto does not keep. On AWS only root switches it on, with its second factor."""

    def __init__(self) -> None:
        self._buckets: set[str] = set()

    def set(self, bucket: str) -> None:
        self._buckets.add(bucket)

    def amend(self, call: Call, answer: Response) -> Response:
        if answer.status_code == 200:
            # On AWS the element is called otherwise, and SDKs hold answers to that.
            text = answer.get_data(as_text=True).replace("GetBucketVersioningResponse", "VersioningConfiguration")
            if call.bucket in self._buckets:
                text = text.replace("</VersioningConfiguration>", "<MfaDelete>Enabled</MfaDelete></VersioningConfiguration>")
            answer.set_data(text)
        return answer


def redirect(call: Call) -> Response | None:
    if call.service != "s3" or call.bucket is None or call.operation in ANYWHERE:
        return None
    bucket = _bucket(call.bucket)
    if bucket is None or bucket.region_name == call.region:
        return None
    message = "The bucket you are attempting to access must be addressed using the specified endpoint."
    response = error_response(call, AwsError(301, "PermanentRedirect", message))
    response.headers["x-amz-bucket-region"] = bucket.region_name
    return response


def deny_location(call: Call) -> Response | None:
    """The location of another account's bucket is denied. For moto there is no such bucket."""
    if (call.service, call.operation) != ("s3", "GetBucketLocation") or call.bucket not in s3_backends.bucket_accounts:
        return None
    _, account = s3_backends.bucket_accounts[call.bucket]
    return None if account == call.account else error_response(call, error_of_kind("unexplained", call))


def _bucket(name: str) -> FakeBucket | None:
    if name not in s3_backends.bucket_accounts:
        return None
    partition, account = s3_backends.bucket_accounts[name]
    return s3_backends[account][partition].buckets.get(name)
