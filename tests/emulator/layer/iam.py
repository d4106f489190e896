"""IAM, where moto has nothing to tell: the root user's credentials, ages, a few of AWS's policies, what the organization
does about root users, and when a server certificate expires.

Moto knows all of AWS's policies or none; a thousand for each account take longer than anything else here.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import (
    AccessKeyLastUsed,
    AccountSummary,
    AWSManagedPolicy,
    IAMBackend,
    ManagedPolicy,
    iam_backends,
)
from moto.organizations.models import organizations_backends
from werkzeug.wrappers import Response

from .call import Call
from .clock import ago
from .errors import AwsError, error_response

AWS_POLICIES = (
    "AWSCloudShellFullAccess",
    "AWSSupportAccess",
    "AdministratorAccess",
    "PowerUserAccess",
    "ReadOnlyAccess",
)
NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/"


@dataclass(frozen=True)
class Root:
    """The root user. `mfa` is None, "virtual" or "hardware"."""

    password: bool = False
    keys: int = 0
    mfa: str | None = None
    password_used: datetime | None = None
    key_used: datetime | None = None


def root_of(account: str) -> Root:
    """Members that Organizations created have no root credentials; the management account has a password."""
    root: Root = getattr(iam_backends[account]["aws"], "root", Root(password=account == DEFAULT_ACCOUNT_ID))
    return root


def set_root(account: str, password_used: int | None = None, key_used: int | None = None, **root: Any) -> None:
    """Password and keys were used so many days ago, if ever."""
    used = {"password_used": password_used, "key_used": key_used}
    dated = {what: None if days is None else ago(days) for what, days in used.items()}
    iam_backends[account]["aws"].root = Root(**root, **dated)  # type: ignore[attr-defined]


def set_ages(
    account: str,
    user: str,
    created: int,
    password_used: int | None,
    keys: list[list[int | None]],
    password_changed: int | None = None,
) -> None:
    """Days ago: when the user was made, when it signed in last and got its password, which is when it was made unless
    something is said, and for each key when it was made and used last."""
    made = iam_backends[account]["aws"].get_user(user)
    made.create_date = ago(created)
    made.password_last_used = None if password_used is None else ago(password_used)  # type: ignore[assignment]
    # Moto has no such thing; the report reads it.
    made.password_changed = ago(created if password_changed is None else password_changed)  # type: ignore[attr-defined]
    for key, (age, used) in zip(made.access_keys, keys, strict=True):
        key.create_date = ago(age or 0)
        key.last_used = None if used is None else AccessKeyLastUsed(ago(used), "s3", "us-east-1")


def patch_moto() -> None:
    """Once, before the first account."""
    parsed = json.loads(aws_managed_policies_data)
    known = {name: parsed[name] for name in AWS_POLICIES}
    summary = AccountSummary.summary_map.fget  # type: ignore[attr-defined]

    def aws_policies(backend: IAMBackend) -> list[ManagedPolicy]:
        made = known.items()
        return [AWSManagedPolicy.from_data(name, backend.account_id, backend.region_name, one) for name, one in made]

    def with_root(self: AccountSummary) -> dict[str, Any]:
        root = root_of(self._iam_backend.account_id)
        return summary(self) | {
            "AccountAccessKeysPresent": int(root.keys > 0),
            "AccountMFAEnabled": int(root.mfa is not None),
            "AccountPasswordPresent": int(root.password),
        }

    # Authorization details come without names otherwise.
    ManagedPolicy.policy_name = property(lambda self: self.name)  # type: ignore[attr-defined]
    IAMBackend._init_aws_policies = aws_policies  # type: ignore[method-assign]
    IAMBackend.get_account_authorization_details = _details  # type: ignore[method-assign]
    IAMBackend.list_virtual_mfa_devices = _devices  # type: ignore[method-assign, assignment]
    AccountSummary.summary_map = property(with_root)  # type: ignore[assignment]


def _details(backend: IAMBackend, policy_filter: list[str]) -> dict[str, Any]:
    """Moto's order changes from run to run, and it lists AWS's policies that nobody has."""

    def wanted(kind: str, entities: Any) -> list[Any]:
        return list(entities) if not policy_filter or kind in policy_filter else []

    policies = sorted(backend.managed_policies.values(), key=lambda policy: str(policy.arn))
    of_aws = [policy for policy in policies if isinstance(policy, AWSManagedPolicy)]
    return {
        "instance_profiles": backend.instance_profiles.values(),
        "users": wanted("User", backend.users.values()),
        "groups": wanted("Group", backend.groups.values()),
        "roles": wanted("Role", backend.roles.values()),
        "managed_policies": wanted("LocalManagedPolicy", [policy for policy in policies if policy not in of_aws])
        + wanted("AWSManagedPolicy", [policy for policy in of_aws if policy.attachment_count]),
    }


def _devices(
    backend: IAMBackend, assignment_status: str, _marker: str | None, _max_items: int
) -> tuple[list[dict[str, Any]], None]:
    """Without the seeds, which AWS tells only once, and with the root user's device."""
    listed = [
        {"SerialNumber": device.serial_number, "EnableDate": device.enable_date, "User": device.user_attribute}
        for device in backend.virtual_mfa_devices.values()
    ]
    if root_of(backend.account_id).mfa == "virtual":
        arn = f"arn:aws:iam::{backend.account_id}"
        user = {"UserName": "", "Path": "/", "UserId": backend.account_id, "Arn": f"{arn}:root", "CreateDate": ago(700)}
        listed.append({"SerialNumber": f"{arn}:mfa/root-account-mfa-device", "EnableDate": ago(700), "User": user})
    assigned = {"Assigned": (True,), "Unassigned": (False,), "Any": (True, False)}[assignment_status]
    return [device for device in listed if (device["EnableDate"] is not None) in assigned], None


def certificates(call: Call, answer: Response) -> Response:
    """Every certificate of moto's expired in 2012."""
    text = answer.get_data(as_text=True)
    for made in iam_backends[call.account]["aws"].certificates.values():
        expires = x509.load_pem_x509_certificate(made.cert_body.encode()).not_valid_after_utc
        before, after = text.split(f"<Arn>{made.arn}</Arn>")
        rest = after.split("</Expiration>", 1)[1]
        text = f"{before}<Arn>{made.arn}</Arn><Expiration>{expires:%Y-%m-%dT%H:%M:%SZ}</Expiration>{rest}"
    answer.set_data(text)
    return answer


class RootAccess:
    """ListOrganizationsFeatures: what is on, for the organization of the management account."""

    def __init__(self) -> None:
        self._features: list[str] | None = None

    def set(self, features: list[str]) -> None:
        self._features = features

    def describe(self, call: Call) -> Response:
        if call.account != DEFAULT_ACCOUNT_ID:
            code = "AccountNotManagementOrDelegatedAdministratorException"
            return error_response(call, AwsError(403, code, "This account may not ask for organizations features."))
        if self._features is None:
            message = "IAM is not a trusted service of your organization."
            return error_response(call, AwsError(403, "ServiceAccessNotEnabledException", message))
        organization = organizations_backends[call.account]["aws"].describe_organization()["Organization"]["Id"]
        members = "".join(f"<member>{feature}</member>" for feature in self._features)
        return Response(
            f'<ListOrganizationsFeaturesResponse xmlns="{NAMESPACE}"><ListOrganizationsFeaturesResult>'
            f"<OrganizationId>{organization}</OrganizationId><EnabledFeatures>{members}</EnabledFeatures>"
            f"</ListOrganizationsFeaturesResult><ResponseMetadata><RequestId>{secrets.token_hex(16)}</RequestId>"
            f"</ResponseMetadata></ListOrganizationsFeaturesResponse>",
            content_type="text/xml",
        )
