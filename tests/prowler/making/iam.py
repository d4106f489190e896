"""Users, roles, groups, policies and certificates."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import create_iam  # noqa: F401: teaches `create`
from cases.model import Certificate, Holder, Inline, OfAws, Policy, User
from create import create
from kinds import ServerCertificate

from .site import Site, make, password

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)


@make.register
def _(user: User, name: str, site: Site) -> None:
    iam = site.iam()
    site.arns[name] = iam.create_user(UserName=name)["User"]["Arn"]
    if user.password:
        iam.create_login_profile(UserName=name, Password=password())
    if user.mfa:
        device = iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]["SerialNumber"]
        codes = {"AuthenticationCode1": "123456", "AuthenticationCode2": "654321"}
        iam.enable_mfa_device(UserName=name, SerialNumber=device, **codes)
    for key in user.keys:
        made = iam.create_access_key(UserName=name)["AccessKey"]["AccessKeyId"]
        iam.update_access_key(UserName=name, AccessKeyId=made, Status="Active" if key.active else "Inactive")
    for group in user.groups:
        iam.add_user_to_group(GroupName=group, UserName=name)
    grant(iam, "user", name, user.managed, user.inline)
    oldest = max([user.age, user.password_age or 0, *(key.age for key in user.keys)])
    site.tell(
        "ages",
        account=site.account_id,
        user=name,
        created=oldest,
        password_used=user.password_used,
        password_changed=user.password_age,
        keys=[(key.age, key.used) for key in user.keys],
    )


def grant(iam: Any, kind: str, name: str, managed: tuple[str, ...], inline: Any) -> None:
    who = {f"{kind.capitalize()}Name": name}
    for arn in managed:
        getattr(iam, f"attach_{kind}_policy")(PolicyArn=arn, **who)
    for policy, document in inline.items():
        getattr(iam, f"put_{kind}_policy")(PolicyName=policy, PolicyDocument=json.dumps(document), **who)


def holder(site: Site, kind: str, name: str) -> str:
    """Makes a user, a group or a role, and gives its ARN."""
    trust = {"AssumeRolePolicyDocument": TRUST} if kind == "role" else {}
    made = getattr(site.iam(), f"create_{kind}")(**{f"{kind.capitalize()}Name": name}, **trust)
    arn: str = made[kind.capitalize()]["Arn"]
    return arn


@make.register
def _(wanted: Holder, name: str, site: Site) -> None:
    site.arns[name] = holder(site, wanted.kind, name)
    grant(site.iam(), wanted.kind, name, wanted.managed, wanted.inline)


@make.register
def _(policy: Policy, name: str, site: Site) -> None:
    made = site.iam().create_policy(PolicyName=name, PolicyDocument=json.dumps(policy.document))["Policy"]["Arn"]
    site.arns[name] = made
    if policy.attached_to:
        who = f"{name}-{policy.attached_to}"
        site.arns[who] = holder(site, policy.attached_to, who)
        grant(site.iam(), policy.attached_to, who, (made,), {})


@make.register
def _(policy: OfAws, name: str, site: Site) -> None:
    site.arns[name] = f"arn:aws:iam::aws:policy/{policy.name}"
    who = f"{name}-role"
    site.arns[who] = holder(site, "role", who)
    grant(site.iam(), "role", who, (site.arns[name],), {})


@make.register
def _(inline: Inline, name: str, site: Site) -> None:
    site.arns[name] = holder(site, inline.within, name)
    grant(site.iam(), inline.within, name, (), {"inline": inline.document})


@make.register
def _(certificate: Certificate, name: str, site: Site) -> None:
    expires = datetime.now(UTC) + timedelta(seconds=certificate.expires_in)
    create(ServerCertificate(name, expires.strftime("%Y-%m-%dT%H:%M:%S")), site.scanned)
    site.arns[name] = site.scanned.resources[name]["arn"]
