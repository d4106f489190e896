"""Resources with policies: some are for everybody, and others only look like it. What is a finding says `finding`.

They are made after all else, so that everything before keeps the ids that the seed gives it.
"""

from collections.abc import Mapping

from kinds import Content, Policed
from organization import CAPE_TOWN, FRANKFURT, IRELAND, VIRGINIA

ORGANIZATION_ONLY = {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
PARTNER = {"AWS": "arn:aws:iam::444455556666:root"}
HALVES = {"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}}

SHARED: Mapping[str, tuple[Content, ...]] = {
    "storefront": (
        Policed("event bus", "storefront-events", IRELAND, "*", ORGANIZATION_ONLY),
        Policed("domain", "storefront-search", IRELAND, "*", in_vpc=True),
        Policed("queue", "storefront-jobs", IRELAND, "*", {"ArnEquals": {"aws:SourceArn": "{topic}"}}),
        Policed("topic", "storefront-news", IRELAND),  # the default policy
        Policed("file system", "storefront-uploads", IRELAND, "*"),  # finding
    ),
    "media-library": (
        # Fine-grained access control authenticates every request.
        Policed("domain", "media-search", FRANKFURT, "*", authenticates=True),
        Policed("vault", "media-backups", FRANKFURT, "*"),  # finding
        Policed("glacier vault", "media-archive", FRANKFURT, PARTNER),
    ),
    "analytics": (
        Policed("event bus", "analytics-events", VIRGINIA, PARTNER),
        Policed("domain", "analytics-search", VIRGINIA, "*", HALVES),  # finding: the halves of the internet
        Policed("key", "warehouse-key", VIRGINIA, {"AWS": "*"}, {"StringEquals": {"kms:CallerAccount": "{account}"}}),
        Policed("glacier vault", "analytics-archive", VIRGINIA, "*"),  # finding
    ),
    "sandbox-alex": (
        Policed("event bus", "alex-events", VIRGINIA, "*"),  # finding
        Policed("domain", "alex-search", VIRGINIA, "*", authenticates=False),  # finding: anonymous access is on
        Policed("queue", "alex-jobs", VIRGINIA, "*"),  # finding
        Policed("topic", "alex-news", VIRGINIA, "*"),  # finding
        Policed("function", "alex-hook", VIRGINIA, "*"),  # finding
        Policed("secret", "alex-token", VIRGINIA, "*"),  # finding
        Policed("repository", "alex/images", VIRGINIA, "*"),  # finding
        Policed("key", "alex-key", VIRGINIA, "*"),  # finding
        Policed("log policy", "alex-logs", VIRGINIA, "*"),  # finding
    ),
    "staging-storefront": (
        Policed("queue", "staging-orders", IRELAND),  # no policy
        Policed("function", "staging-hook", IRELAND, {"Service": "apigateway.amazonaws.com"}),
        Policed("secret", "staging-token", IRELAND, PARTNER),
        Policed("repository", "staging/shop", IRELAND, "*", ORGANIZATION_ONLY),
        Policed("vault", "staging-backups", IRELAND, "*", effect="Deny"),
        Policed("log policy", "staging-dns", IRELAND, {"Service": "route53.amazonaws.com"}),
    ),
    "capetown-branch": (
        Policed("event bus", "branch-events", CAPE_TOWN, "*"),  # finding
    ),
}
