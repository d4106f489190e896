"""Detection services in a Region."""

from cases.detection import Analyzers, Detector, Hub, Inspector, Macie

from .site import Site, make


def record(site: Site, name: str, service: str, region: str) -> None:
    site.arns[name] = f"arn:aws:{service}:{region}:{site.account_id}:account"


@make.register
def _(analyzers: Analyzers, name: str, site: Site) -> None:
    record(site, name, "access-analyzer", analyzers.region)
    made = [
        {"name": f"{kind.lower()}-{status.lower()}", "type": kind, "status": status}
        for kind, status in analyzers.analyzers
    ]
    site.tell("analyzers", account=site.account_id, region=analyzers.region, analyzers=made)


@make.register
def _(detector: Detector, name: str, site: Site) -> None:
    record(site, name, "guardduty", detector.region)
    if detector.enabled is not None:
        site.clients.of("guardduty", detector.region).create_detector(Enable=detector.enabled)


@make.register
def _(hub: Hub, name: str, site: Site) -> None:
    record(site, name, "securityhub", hub.region)
    if hub.cspm:
        site.clients.of("securityhub", hub.region).enable_security_hub()
    if hub.v2:
        site.tell("hub-v2", account=site.account_id, region=hub.region)


@make.register
def _(inspector: Inspector, name: str, site: Site) -> None:
    record(site, name, "inspector2", inspector.region)
    if inspector.scanned:
        site.clients.of("inspector2", inspector.region).enable(
            accountIds=[site.account_id], resourceTypes=list(inspector.scanned)
        )


@make.register
def _(macie: Macie, name: str, site: Site) -> None:
    record(site, name, "macie2", macie.region)
    if macie.status is not None:
        site.clients.of("macie2", macie.region).enable_macie(status=macie.status)
