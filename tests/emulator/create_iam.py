"""Makes what there is of IAM in an account. Importing it teaches `create` how."""

import json
import secrets
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from create import Site, create
from kinds import IamRole, IdentityCenter, PasswordPolicy, Policy, Root, RootAccess, ServerCertificate, User

BASELINE = (PasswordPolicy(), IamRole("aws-support", ("AWSSupportAccess",)))
# AWS's own policies that are findings; one account has each, since the ARN does not tell accounts apart.
NAMED = ("AWSCloudShellFullAccess", "AdministratorAccess")
TRUST = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
ISSUED = datetime(2020, 1, 1, tzinfo=UTC)


def document(statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def iam_of(site: Site) -> Any:
    return site.clients.of("iam", "us-east-1")


@create.register
def _(user: User, site: Site) -> None:
    iam = iam_of(site)
    arn = iam.create_user(UserName=user.name)["User"]["Arn"]
    if user.password:
        iam.create_login_profile(UserName=user.name, Password=secrets.token_urlsafe(16))
    for status in user.keys:
        key = iam.create_access_key(UserName=user.name)["AccessKey"]["AccessKeyId"]
        iam.update_access_key(UserName=user.name, AccessKeyId=key, Status=status)
    if user.mfa:
        device = iam.create_virtual_mfa_device(VirtualMFADeviceName=user.name)["VirtualMFADevice"]["SerialNumber"]
        codes = {"AuthenticationCode1": "123456", "AuthenticationCode2": "654321"}
        iam.enable_mfa_device(UserName=user.name, SerialNumber=device, **codes)
    for policy in user.attached:
        iam.attach_user_policy(UserName=user.name, PolicyArn=policy_arn(policy, site))
    for policy in user.inline:
        statement = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}
        iam.put_user_policy(UserName=user.name, PolicyName=policy, PolicyDocument=document(statement))
    ages = {"created": user.created, "password_used": user.password_used}
    keys = user.key_ages or ((0, None),) * len(user.keys)
    of = {"account": site.account_id, "user": user.name}
    site.clients.control("POST", "/_emulator/ages", {**of, **ages, "keys": keys})
    site.record(user.name, "global", arn)


@create.register
def _(root: Root, site: Site) -> None:
    site.clients.control("POST", "/_emulator/root", {"account": site.account_id, **vars(root)})


@create.register
def _(policy: PasswordPolicy, site: Site) -> None:
    iam_of(site).update_account_password_policy(
        MinimumPasswordLength=policy.length,
        PasswordReusePrevention=policy.remembered,
        RequireSymbols=policy.symbols,
        RequireNumbers=True,
        RequireUppercaseCharacters=True,
        RequireLowercaseCharacters=True,
    )


@create.register
def _(role: IamRole, site: Site) -> None:
    iam = iam_of(site)
    iam.create_role(RoleName=role.name, AssumeRolePolicyDocument=document(TRUST))
    for policy in role.policies:
        iam.attach_role_policy(RoleName=role.name, PolicyArn=policy_arn(policy, site))
        if policy in NAMED:
            site.record(policy, "global", policy_arn(policy, site))


def policy_arn(name: str, site: Site) -> str:
    """Of the account's own policy of that name, or else of AWS's."""
    return site.ids.get(name, f"arn:aws:iam::aws:policy/{name}")


@create.register
def _(policy: Policy, site: Site) -> None:
    made = iam_of(site).create_policy(PolicyName=policy.name, PolicyDocument=document(policy.statement))
    site.ids[policy.name] = made["Policy"]["Arn"]
    site.record(policy.name, "global", site.ids[policy.name])


@create.register
def _(certificate: ServerCertificate, site: Site) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{certificate.name}.example.com")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(ISSUED)
        .not_valid_after(datetime.fromisoformat(certificate.expires).replace(tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    uploaded = iam_of(site).upload_server_certificate(
        ServerCertificateName=certificate.name,
        CertificateBody=made.public_bytes(pem).decode(),
        PrivateKey=private.decode(),
    )
    site.record(certificate.name, "global", uploaded["ServerCertificateMetadata"]["Arn"])


@create.register
def _(center: IdentityCenter, site: Site) -> None:
    setting = {"account": site.account_id, "region": center.region}
    site.clients.control("POST", "/_emulator/identity-center", setting)


@create.register
def _(access: RootAccess, site: Site) -> None:
    site.clients.control("POST", "/_emulator/root-access", {"features": access.features})
