"""Pages. Of the listings below moto pages DescribeInstances and DescribeFileSystems only; it ignores the size on the
others, and cuts ListBuckets short without a token. So moto is asked for everything, and the page is cut here.

`--page-size` makes pages smaller than was asked for, as AWS may, so that a handful of resources already needs several.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from werkzeug.wrappers import Response

from .call import Call

# Sends the call on to moto, with other parameters if given.
Forward = Callable[[Mapping[str, str] | None], Response]

EVERYTHING = "100000"


@dataclass(frozen=True)
class Listing:
    """Where the items are in the answer, and what the parameters and the answer's token are called."""

    items: str
    size: str = "MaxResults"
    token: str = "NextToken"
    next_token: str = "nextToken"


EC2_LISTINGS = {
    "DescribeVolumes": Listing("volumeSet"),
    "DescribeInstances": Listing("reservationSet"),
    "DescribeSecurityGroups": Listing("securityGroupInfo"),
    "DescribeManagedPrefixLists": Listing("prefixListSet"),
    "GetManagedPrefixListEntries": Listing("entrySet"),
    "DescribeRouteTables": Listing("routeTableSet"),
    "DescribeSubnets": Listing("subnetSet"),
    "DescribeVpcs": Listing("vpcSet"),
    "DescribeNetworkInterfaces": Listing("networkInterfaceSet"),
    "DescribeNetworkAcls": Listing("networkAclSet"),
    "DescribeFlowLogs": Listing("flowLogSet"),
    "DescribeVpcPeeringConnections": Listing("vpcPeeringConnectionSet"),
    "DescribeVpcEndpoints": Listing("vpcEndpointSet"),
    "DescribeSnapshots": Listing("snapshotSet"),
    "DescribeImages": Listing("imagesSet"),
}


@dataclass(frozen=True)
class JsonListing:
    """The same of a service that speaks JSON, and pages whether it is asked to or not."""

    items: str
    size: str
    token: str
    next_token: str
    default: int
    # Whether size and token are in the query, and whether moto pages.
    in_query: bool = False
    # Whether a field of its own says that there are more.
    truncated: bool = False


JSON_LISTINGS = {
    ("kms", "ListKeys"): JsonListing("Keys", "Limit", "Marker", "NextMarker", 100, truncated=True),
    ("kms", "ListAliases"): JsonListing("Aliases", "Limit", "Marker", "NextMarker", 50, truncated=True),
    ("elasticfilesystem", "DescribeFileSystems"): JsonListing(
        "FileSystems", "MaxItems", "Marker", "NextMarker", 100, in_query=True
    ),
}
ANALYZERS = JsonListing("analyzers", "maxResults", "nextToken", "nextToken", 100)
PROTECTED_RESOURCES = JsonListing("Results", "maxResults", "nextToken", "NextToken", 1000)
BUCKETS = Listing("Buckets", "max-buckets", "continuation-token", "ContinuationToken")


class Pager:
    def __init__(self, page_size: int | None) -> None:
        self._page_size = page_size

    def page(self, listing: Listing, call: Call, forward: Forward) -> Response:
        """AWS pages only when asked to: without size or token the answer is moto's, and whole."""
        if not {listing.size, listing.token} & call.params.keys():
            return forward(None)
        params = {key: value for key, value in call.params.items() if key != listing.token}
        answer = forward({**params, listing.size: EVERYTHING})
        if answer.status_code == 200:
            start = int(call.params.get(listing.token, "page-0").removeprefix("page-"))
            _cut(answer, listing, start, self._size(call.params.get(listing.size, EVERYTHING)))
        return answer

    def page_json(self, listing: JsonListing, call: Call, forward: Forward) -> Response:
        params = {key: value for key, value in call.params.items() if key != listing.token}
        answer = forward({**params, listing.size: EVERYTHING} if listing.in_query else None)
        if answer.status_code == 200:
            body = json.loads(answer.get_data())
            start = int(call.params.get(listing.token, "page-0").removeprefix("page-"))
            end = start + self._size(call.params.get(listing.size, str(listing.default)))
            more = len(body[listing.items]) > end
            body[listing.items] = body[listing.items][start:end]
            body |= {listing.next_token: f"page-{end}"} if more else {}
            body |= {"Truncated": more} if listing.truncated else {}
            answer.set_data(json.dumps({key: value for key, value in body.items() if value is not None}))
        return answer

    def _size(self, asked: str) -> int:
        return min(int(asked), self._page_size or int(asked))


def _cut(answer: Response, listing: Listing, start: int, size: int) -> None:
    root = ElementTree.fromstring(answer.get_data())
    namespace = root.tag[1:].partition("}")[0]
    items = root.find(f"{{{namespace}}}{listing.items}")
    if items is None:
        return
    everything = list(items)
    for item in everything[:start] + everything[start + size :]:
        items.remove(item)
    if len(everything) > start + size:
        ElementTree.SubElement(root, f"{{{namespace}}}{listing.next_token}").text = f"page-{start + size}"
    answer.set_data(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True, default_namespace=namespace))
