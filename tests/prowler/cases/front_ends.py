"""Load balancers, stages of APIs and distributions: access logs, plain HTTP, versions of TLS and web ACLs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from .model import IRELAND, VIRGINIA, Case, Table

BALANCER_LOGS, CLASSIC_PLAIN = "elb-logging-off", "elb-classic-plain"
API_LOGS, API_WAF = "api-logging-off", "api-waf-missing"
PLAIN, OLD = "cloudfront-plain-http", "cloudfront-tls-old"
UNSIGNED, WAF, LOGS = "cloudfront-origin-access-control-missing", "cloudfront-waf-missing", "cloudfront-logging-off"


@dataclass(frozen=True)
class FrontEnd:
    """One of the emulator's kinds, with its settings."""

    kind: str
    settings: Mapping[str, Any] = field(default_factory=dict)


def balancers() -> Iterator[Case]:
    for region, logs in product((VIRGINIA, IRELAND), ("front-logs", None)):
        name = f"alb-{region}-{'logs' if logs else 'none'}"
        yield balancer(name, (BALANCER_LOGS,) * (logs is None), "logs in a bucket or none", region=region, logs=logs)
    for protocol, logs in product(("TCP", "UDP"), ("front-logs", None)):
        name = f"nlb-{protocol.lower()}-{'logs' if logs else 'none'}"
        settings: dict[str, Any] = {"type": "network", "protocols": (protocol,), "region": VIRGINIA, "logs": logs}
        yield balancer(name, (), "without a TLS listener there are no access logs to keep", **settings)


def balancer(name: str, fails: tuple[str, ...], why: str, **settings: Any) -> Case:
    return Case(name, FrontEnd("LoadBalancer", settings), fails, why)


LISTENERS = {
    "http": (("HTTP", 80),),
    "tcp": (("TCP", 25),),
    "both": (("TCP", 25), ("HTTP", 8080)),
}


def classic() -> Iterator[Case]:
    for listeners, logs in product(LISTENERS, ("front-logs", None)):
        name = f"clb-{listeners}-{'logs' if logs else 'none'}"
        fails = (CLASSIC_PLAIN,) * (listeners != "tcp") + (BALANCER_LOGS,) * (logs is None)
        settings = {"region": VIRGINIA, "listeners": LISTENERS[listeners], "logs": logs}
        yield Case(name, FrontEnd("ClassicLoadBalancer", settings), fails, "any HTTP listener is plain")


def apis() -> Iterator[Case]:
    for endpoint, logs, web_acl in product(("REGIONAL", "EDGE", "PRIVATE"), (True, False), (True, False)):
        name = f"rest-{endpoint.lower()}{'-logs' * logs}{'-acl' * web_acl}"
        fails = (API_LOGS,) * (not logs) + (API_WAF,) * (not web_acl and endpoint != "PRIVATE")
        settings: dict[str, Any] = {"region": VIRGINIA, "endpoint": endpoint, "logs": logs, "web_acl": web_acl}
        yield Case(name, FrontEnd("Api", settings), fails, "private APIs need no web ACL")
    for protocol, logs in product(("HTTP", "WEBSOCKET"), (True, False)):
        name = f"{protocol.lower()}{'-logs' * logs}"
        settings = {"region": IRELAND, "protocol": protocol, "logs": logs}
        yield Case(name, FrontEnd("Api", settings), (API_LOGS,) * (not logs), "these APIs cannot have a web ACL")


def distribution(name: str, fails: tuple[str, ...], why: str, **settings: Any) -> Case:
    """In order, but for what the settings say."""
    return Case(name, FrontEnd("Distribution", {"web_acl": True, "logs": "bucket"} | settings), fails, why)


def distributions() -> Iterator[Case]:
    for viewers, protocol in product(
        ("allow-all", "https-only", "redirect-to-https"), ("http-only", "https-only", "match-viewer")
    ):
        is_plain = viewers == "allow-all" or protocol == "http-only"
        server = (protocol, ("TLSv1.2",))
        name = f"cdn-{viewers}-to-{protocol}"
        yield distribution(name, (PLAIN,) * is_plain, "HTTP for viewers or the origin", viewers=viewers, server=server)
    for policy in ("TLSv1", "TLSv1_2016", "TLSv1.1_2016"):
        yield distribution(f"cdn-{policy}", (OLD,), "the policy accepts TLS below 1.2", policy=policy)
    for policy in ("TLSv1.2_2018", "TLSv1.2_2019", "TLSv1.2_2021"):
        yield distribution(f"cdn-{policy}", (), "the policy begins with TLS 1.2", policy=policy)


OTHERS = (
    distribution("cdn-origin-tls-1-0", (OLD,), "TLS 1.0 to the origin", server=("https-only", ("TLSv1", "TLSv1.2"))),
    distribution("cdn-origin-tls-1-1", (OLD,), "TLS 1.1 to the origin", server=("https-only", ("TLSv1.1",))),
    distribution("cdn-origin-ssl-3", (OLD,), "SSL 3 to the origin", server=("match-viewer", ("SSLv3", "TLSv1.2"))),
    distribution("cdn-origin-http", (PLAIN,), "HTTP alone has no TLS", server=("http-only", ("SSLv3",))),
    distribution("cdn-bucket", (), "a bucket with an origin access control", bucket="cdn-content"),
    distribution("cdn-bucket-open", (UNSIGNED,), "a bucket without one", bucket="cdn-content", signed=False),
    distribution("cdn-no-acl", (WAF,), "no web ACL", web_acl=False),
    distribution("cdn-no-logs", (LOGS,), "no logs of either kind", logs=None),
    distribution("cdn-delivered", (), "logs that CloudWatch Logs delivers", logs="delivery"),
    distribution(
        "cdn-disabled",
        (),
        "serves nothing",
        viewers="allow-all",
        policy="TLSv1",
        web_acl=False,
        logs=None,
        enabled=False,
    ),
)

FAMILY = "web front ends"
TABLES = (
    Table(FAMILY, "front-balancers", (BALANCER_LOGS, CLASSIC_PLAIN), (*balancers(), *classic())),
    Table(FAMILY, "front-apis", (API_LOGS, API_WAF), tuple(apis())),
    Table(FAMILY, "front-distributions", (PLAIN, OLD, UNSIGNED, WAF, LOGS), (*distributions(), *OTHERS)),
)
