"""Load balancers, APIs and distributions, as the emulator makes them for its organization."""

import create_front_ends  # noqa: F401: importing it teaches `create` how
import kinds
from cases.front_ends import FrontEnd
from create import create

from .site import Site, make


@make.register
def _(front_end: FrontEnd, name: str, site: Site) -> None:
    create(getattr(kinds, front_end.kind)(name, **front_end.settings), site.scanned)
    site.arns[name] = site.scanned.resources[name]["arn"]
