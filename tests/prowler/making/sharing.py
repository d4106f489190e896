"""Resources with policies, as the emulator makes them for its organization."""

import create_data  # noqa: F401: importing it teaches `create` how
import create_policies  # noqa: F401: the same
import kinds
from cases.sharing import Shared
from create import create

from .site import Site, make


@make.register
def _(shared: Shared, name: str, site: Site) -> None:
    scanned, region = site.scanned, shared.region
    match shared.kind:
        case "key":
            create(kinds.Key(name, region, rotation=True), scanned)
        case "file system":
            create(kinds.FileSystem(name, region, last_backup="9999-01-01"), scanned)
    policed = kinds.Policed(shared.kind, name, region, **shared.settings)
    if policed.principal or shared.kind not in ("key", "file system"):
        create(policed, scanned)
    if shared.kind == "log policy":
        site.arns[name] = f"arn:aws:logs:{region}:{site.account_id}:account"
    else:
        site.arns[name] = scanned.resources[name]["arn"]
