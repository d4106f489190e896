"""What an account or a Region has once."""

from cases.passwords import Passwords
from cases.root import Root
from cases.settings import Attached, IdentityCenter, RegionSettings, RootAccess

from .iam import grant, holder
from .site import Site, make


@make.register
def _(root: Root, name: str, site: Site) -> None:
    site.arns[name] = f"arn:aws:iam::{site.account_id}:root"
    site.tell("root", account=site.account_id, **vars(root))


@make.register
def _(passwords: Passwords, name: str, site: Site) -> None:
    site.arns[name] = f"arn:aws:iam::{site.account_id}:root"
    if passwords.parameters is not None:
        site.iam().update_account_password_policy(**passwords.parameters)


@make.register
def _(attached: Attached, name: str, site: Site) -> None:
    site.arns[name] = f"arn:aws:iam::{site.account_id}:root"
    for kind in attached.kinds:
        who = f"{name}-{kind}"
        site.arns[who] = holder(site, kind, who)
        grant(site.iam(), kind, who, (attached.policy,), {})


@make.register
def _(center: IdentityCenter, name: str, site: Site) -> None:
    site.arns[name] = f"arn:aws:sso:::instance/{name}"
    site.tell("identity-center", account=site.account_id, region=center.region)


@make.register
def _(access: RootAccess, name: str, site: Site) -> None:
    site.arns[name] = f"arn:aws:iam::{site.account_id}:root"
    site.tell("root-access", features=list(access.features))


@make.register
def _(settings: RegionSettings, name: str, site: Site) -> None:
    site.arns[name] = f"arn:aws:ec2:{settings.region}:{site.account_id}:account"
    ec2 = site.ec2(settings.region)
    if settings.encrypted:
        ec2.enable_ebs_encryption_by_default()
    if settings.snapshots != "unblocked":
        ec2.enable_snapshot_block_public_access(State=settings.snapshots)
    # AWS itself blocks images where none is public.
    if settings.images == "unblocked":
        ec2.disable_image_block_public_access()
    if settings.tokens:
        ec2.modify_instance_metadata_defaults(HttpTokens=settings.tokens)
