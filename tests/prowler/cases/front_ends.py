"""Load balancers, stages and domains of APIs, functions and distributions: access logs, plain HTTP, versions of TLS, web ACLs,
authentication, secrets and buckets that are gone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from .model import IRELAND, VIRGINIA, Bucket, Case, Table

BALANCER_LOGS, CLASSIC_PLAIN = "elb-logging-off", "elb-classic-plain"
LISTENER_PLAIN, LISTENER_TLS = "elb-listener-plain", "elb-tls-policy-old"
API_LOGS, API_WAF, DOMAIN_TLS = "api-logging-off", "api-waf-missing", "api-domain-tls-old"
URL, SECRET = "lambda-url-public", "lambda-environment-secret"
DANGLING = "cloudfront-origin-dangling"
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


# What the default action and the rules of an HTTP listener do, whether it serves plain HTTP, and why.
HTTP: Mapping[str, tuple[str, tuple[tuple[str, str], ...], bool, str]] = {
    "forward": ("forward", (), True, "everything is served"),
    "redirect": ("redirect", (), False, "everything is redirected"),
    "respond": ("respond", (), False, "nothing is served"),
    "rule-for-all": ("forward", (("/*", "redirect"),), False, "a rule redirects everything"),
    "rule-for-some": ("forward", (("/old/*", "redirect"),), True, "a rule redirects some requests, the others are served"),
    "rule-serves": ("respond", (("/api/*", "forward"),), True, "a rule serves some requests"),
    "rule-redirects": ("respond", (("/api/*", "redirect"),), False, "some requests are redirected, and none is served"),
    "rule-beside": ("redirect", (("/.well-known/*", "forward"),), False, "the default action redirects"),
}
# Security policies, and whether they accept TLS below 1.2.
POLICIES = {
    "ELBSecurityPolicy-2016-08": True,
    "ELBSecurityPolicy-TLS-1-1-2017-01": True,
    "ELBSecurityPolicy-TLS13-1-0-2021-06": True,
    "ELBSecurityPolicy-TLS13-1-1-2021-06": True,
    "ELBSecurityPolicy-TLS-1-2-2017-01": False,
    "ELBSecurityPolicy-TLS13-1-2-2021-06": False,
    "ELBSecurityPolicy-TLS13-1-3-2021-06": False,
}


def listeners() -> Iterator[Case]:
    for internal, (name, (action, rules, serves, why)) in product((False, True), HTTP.items()):
        settings = {"region": VIRGINIA, "action": action, "rules": rules, "internal": internal}
        thing = FrontEnd("LoadBalancer", settings)
        fails = (LISTENER_PLAIN,) * serves
        severity = ("low" if internal else "medium") if serves else ""
        yield Case(f"{'inside' if internal else 'http'}-{name}", thing, fails, why, severity)
    for number, (policy, is_old) in enumerate(POLICIES.items()):
        settings = {"region": IRELAND, "protocols": ("HTTPS",), "policy": policy}
        yield Case(f"https-{number}", FrontEnd("LoadBalancer", settings), (LISTENER_TLS,) * is_old, policy)
    for number, (policy, is_old) in enumerate(POLICIES.items()):
        settings = {"region": IRELAND, "type": "network", "protocols": ("TLS",), "policy": policy}
        yield Case(f"tls-{number}", FrontEnd("LoadBalancer", settings), (LISTENER_TLS,) * is_old, policy)
    for protocol in ("TCP", "UDP"):
        settings = {"region": IRELAND, "type": "network", "protocols": (protocol,)}
        yield Case(f"listener-{protocol.lower()}", FrontEnd("LoadBalancer", settings), (), "may pass TLS through")


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


def domains() -> Iterator[Case]:
    for rest, region, policy in product((True, False), (VIRGINIA, IRELAND), ("TLS_1_0", "TLS_1_2")):
        name = f"domain-{'rest' if rest else 'http'}-{region}-{policy[4:].replace('_', '-')}"
        settings = {"region": region, "policy": policy, "rest": rest}
        yield Case(name, FrontEnd("DomainName", settings), (DOMAIN_TLS,) * (policy == "TLS_1_0"), "by the security policy")
    settings = {"region": VIRGINIA, "policy": "SecurityPolicy_TLS13_1_3_2025_09"}
    yield Case("domain-enhanced", FrontEnd("DomainName", settings), (), "enhanced policies begin with TLS 1.2")


def function(name: str, fails: tuple[str, ...], why: str, severity: str = "", **settings: Any) -> Case:
    return Case(name, FrontEnd("Function", {"region": VIRGINIA} | settings), fails, why, severity)


# Made up, or examples of their issuers.
SECRETS = {
    "aws": "AKIAIOSFODNN7EXAMPLE",
    "github": "ghp_" + "0aB1" * 9,
    "gitlab": "glpat-" + "0aB1" * 5,
    "slack": "xoxb-" + "1234567890-" * 2 + "aB1c",
    "stripe": "sk_live_" + "0aB1" * 6,
    "npm": "npm_" + "0aB1" * 9,
    "key": "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----",
}
FUNCTIONS = (
    function("function-plain", (), "neither a URL nor variables"),
    function("function-settings", (), "no secret", environment={"TABLE": "orders", "STAGE": "prod"}),
    function("function-url-signed", (), "requires signatures", url="AWS_IAM"),
    function("function-url-granted", (URL,), "its policy lets everybody use it", "high", url="NONE", granted=True),
    function("function-url-bare", (URL,), "its policy grants nothing", "low", url="NONE"),
    function("function-url-shut", (), "requires signatures, whatever the policy grants", url="AWS_IAM", granted=True),
    *(
        function(f"function-secret-{kind}", (SECRET,), "a known prefix", environment={"VALUE": value})
        for kind, value in SECRETS.items()
    ),
)


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

ORIGIN = "front-origin-bucket"
ORIGINS = (
    distribution("origin-there", (), "a bucket of the account", bucket=ORIGIN),
    distribution("origin-gone", (DANGLING,), "a bucket that does not exist", bucket="front-origin-deleted"),
    distribution("origin-server", (), "a server"),
    distribution("origin-gone-disabled", (), "serves nothing", bucket="front-origin-deleted", enabled=False),
)

FAMILY = "web front ends"
BESIDE = ((ORIGIN, Bucket()),)
TABLES = (
    Table(FAMILY, "front-balancers", (BALANCER_LOGS, CLASSIC_PLAIN), (*balancers(), *classic())),
    Table(FAMILY, "front-listeners", (LISTENER_PLAIN, LISTENER_TLS), tuple(listeners())),
    Table(FAMILY, "front-domains", (DOMAIN_TLS,), tuple(domains())),
    Table(FAMILY, "front-functions", (URL, SECRET), FUNCTIONS),
    Table(FAMILY, "front-origins", (DANGLING,), ORIGINS),
    Table(FAMILY, "front-apis", (API_LOGS, API_WAF), tuple(apis())),
    Table(FAMILY, "front-distributions", (PLAIN, OLD, UNSIGNED, WAF, LOGS), (*distributions(), *OTHERS)),
)
