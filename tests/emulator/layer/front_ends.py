"""Load balancers and distributions, where moto goes wrong."""

from typing import Any

from moto.cloudfront.models import Origin, ViewerCertificate
from moto.elbv2.models import ELBv2Backend

# What ARNs of other types than `application` have.
PATHS = {"network": "net", "gateway": "gwy"}


def patch_moto() -> None:
    """Once, before the first request."""
    create, make_origin, make_certificate = (
        ELBv2Backend.create_load_balancer,
        Origin.__init__,
        ViewerCertificate.__init__,
    )

    def create_load_balancer(backend: ELBv2Backend, *given: Any, **named: Any) -> Any:
        """AWS has the setting of logs from the beginning, and the type in the ARN."""
        made = create(backend, *given, **named)
        made.attrs = {"access_logs.s3.enabled": "false"} | made.attrs
        if path := PATHS.get(made.type):
            del backend.load_balancers[made.arn]
            made.arn = made.arn.replace(":loadbalancer/app/", f":loadbalancer/{path}/")
            backend.load_balancers[made.arn] = made
        return made

    def origin(made: Any, given: dict[str, Any]) -> None:
        """Moto drops how requests to a bucket are signed."""
        make_origin(made, given)
        made.origin_access_control_id = given.get("OriginAccessControlId", "")
        if "S3OriginConfig" in given:
            made.s3_origin_config = {"OriginAccessIdentity": given["S3OriginConfig"].get("OriginAccessIdentity", "")}

    def certificate(made: Any, given: dict[str, Any]) -> None:
        """Moto takes every certificate for CloudFront's own."""
        make_certificate(made, given)
        made.cloud_front_default_certificate = not (made.acm_certificate_arn or made.iam_certificate_id)

    ELBv2Backend.create_load_balancer = create_load_balancer  # type: ignore[method-assign]
    Origin.__init__ = origin  # type: ignore[method-assign]
    ViewerCertificate.__init__ = certificate  # type: ignore[method-assign]
