"""Load balancers, APIs and distributions, as the emulator makes them for its organization."""

import create_front_ends  # noqa: F401: importing it teaches `create` how
import kinds
from cases.front_ends import FrontEnd
from create import create

from .s3 import bucket_called
from .site import Site, make


@make.register
def _(front_end: FrontEnd, name: str, site: Site) -> None:
    settings = dict(front_end.settings)
    if bucket := settings.get("bucket"):
        settings["bucket"] = bucket_called(bucket)
    create(getattr(kinds, front_end.kind)(name, **settings), site.scanned)
    site.arns[name] = site.scanned.resources[name]["arn"]
