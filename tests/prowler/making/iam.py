"""Users, roles, groups, policies and certificates."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from cases.model import Certificate, Holder, Inline, Key, Policy, User

from .site import Site, make, password

# A day begins an hour before, so that no clock doubts how many whole days it is.
SLACK = timedelta(hours=1)
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)


def days_ago(days: int) -> str:
    return (datetime.now(UTC) - timedelta(days=days) - SLACK).isoformat(timespec="seconds")


def dated(**days: int | None) -> dict[str, str]:
    return {name: days_ago(ago) for name, ago in days.items() if ago is not None}


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
    site.date({"user": {"name": name, **past(user)}})


def past(user: User) -> dict[str, Any]:
    oldest = max([user.age, user.password_age or 0, *(key.age for key in user.keys)])
    return {
        **dated(created=oldest, password_changed=user.password_age, password_used=user.password_used),
        "keys": [key_past(key) for key in user.keys],
    }


def key_past(key: Key) -> dict[str, str]:
    return dated(created=key.age, used=key.used)


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
        holder(site, policy.attached_to, f"{name}-holder")
        grant(site.iam(), policy.attached_to, f"{name}-holder", (made,), {})


@make.register
def _(inline: Inline, name: str, site: Site) -> None:
    site.arns[name] = holder(site, inline.within, name)
    grant(site.iam(), inline.within, name, (), {"inline": inline.document})


@make.register
def _(certificate: Certificate, name: str, site: Site) -> None:
    pem = {"CertificateBody": "not looked at", "PrivateKey": "not looked at"}
    made = site.iam().upload_server_certificate(ServerCertificateName=name, **pem)
    site.arns[name] = made["ServerCertificateMetadata"]["Arn"]
    expires = datetime.now(UTC) + timedelta(seconds=certificate.expires_in)
    site.date({"certificate": {"name": name, "expires": expires.strftime("%Y-%m-%dT%H:%M:%SZ")}})
