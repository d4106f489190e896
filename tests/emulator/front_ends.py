"""Load balancers, custom domains, functions and distributions: some are open, and others only look like it. What is a finding says
`finding`.

They are made after all else, so that everything before keeps the ids that the seed gives it.
"""

from collections.abc import Mapping

from kinds import Content, Distribution, DomainName, Function, LoadBalancer
from organization import FRANKFURT, IRELAND, VIRGINIA

# AWS's own example.
KEY_ID = "AKIAIOSFODNN7EXAMPLE"

FRONT_ENDS: Mapping[str, tuple[Content, ...]] = {
    "payments-api": (
        # In order: HTTP is redirected, and the security policy is new.
        LoadBalancer("payments-public", IRELAND, protocols=("HTTP", "HTTPS"), logs="front-logs", action="redirect"),
        DomainName("payments-domain", IRELAND),
        Function("payments-webhook", IRELAND, {"TABLE": "payments"}, url="AWS_IAM"),
    ),
    "storefront": (
        # In order: a rule redirects all requests.
        LoadBalancer(
            "storefront-rules",
            IRELAND,
            logs="front-logs",
            rules=(("/.well-known/*", "forward"), ("/*", "redirect")),
        ),
        # Finding: it forwards some requests, low, since it is internal.
        LoadBalancer(
            "storefront-inner", IRELAND, logs="front-logs", internal=True, action="respond", rules=(("/api/*", "forward"),)
        ),
        DomainName("storefront-domain", IRELAND, "TLS_1_0"),  # finding
    ),
    "media-library": (
        # Finding: a TLS listener with an old security policy.
        LoadBalancer("media-tls", FRANKFURT, "network", ("TCP", "TLS"), logs="front-logs", policy="ELBSecurityPolicy-2016-08"),
        Function("media-resize", FRANKFURT, {"BUCKET": "raw-footage"}),  # in order
        DomainName("media-domain", FRANKFURT, "TLS_1_0", rest=False),  # finding
    ),
    "staging-storefront": (
        # In order: its bucket is in another account.
        Distribution("staging-media", bucket="press-downloads", web_acl=True, logs="bucket"),
    ),
    "sandbox-alex": (
        # Two findings: everybody may call its URL, and may call it without the URL.
        Function("alex-bot", VIRGINIA, url="NONE", granted=True),
        # Two findings: no authentication, low, since its policy grants nothing; and a key, critical.
        Function("alex-cron", VIRGINIA, {"AWS_KEY": KEY_ID, "STAGE": "test"}, url="NONE"),
        Distribution("alex-site", bucket="alex-deleted-site", web_acl=True, logs="bucket"),  # finding: the bucket is gone
    ),
}
