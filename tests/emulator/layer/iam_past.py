"""What lies behind an account's IAM and no API of AWS sets: when credentials were made and used, root, and expiry.

Moto has no root user at all, and one and the same expiry for all certificates.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.models import AccessKeyLastUsed, User, iam_backends
from werkzeug.wrappers import Response

from .call import Call


@dataclass(frozen=True)
class RootKey:
    created: datetime
    used: datetime | None = None


@dataclass(frozen=True)
class Root:
    """`mfa` is `virtual`, `hardware` or nothing."""

    password: bool = False
    password_used: datetime | None = None
    mfa: str | None = None
    keys: tuple[RootKey, ...] = ()


class IamPast:
    def __init__(self) -> None:
        self._roots: dict[str, Root] = {}
        self._expiry: dict[tuple[str, str], str] = {}

    def root(self, account: str) -> Root:
        """Members that Organizations created have no root password; the management account has one. No MFA anywhere."""
        return self._roots.get(account) or Root(password=account == DEFAULT_ACCOUNT_ID)

    def set(
        self,
        account: str,
        root: Mapping[str, Any] | None = None,
        user: Mapping[str, Any] | None = None,
        certificate: Mapping[str, str] | None = None,
    ) -> None:
        if root is not None:
            keys = tuple(RootKey(**_times(key)) for key in root.get("keys", []))
            self._roots[account] = Root(**_times(root) | {"keys": keys})
        if user is not None:
            _date(iam_backends[account]["aws"].get_user(user["name"]), user)
        if certificate is not None:
            self._expiry[account, certificate["name"]] = certificate["expires"]

    def amend_summary(self, call: Call, answer: Response) -> Response:
        """https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html"""
        root = self.root(call.account)
        text = answer.get_data(as_text=True)
        for name, value in {
            "AccountMFAEnabled": root.mfa is not None,
            "AccountAccessKeysPresent": bool(root.keys),
            "AccountPasswordPresent": root.password,
        }.items():
            text = _with_entry(text, name, int(value))
        answer.set_data(text)
        return answer

    def amend_devices(self, call: Call, answer: Response) -> Response:
        """https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListVirtualMFADevices.html"""
        wanted = call.params.get("AssignmentStatus", "Any")
        if answer.status_code != 200 or self.root(call.account).mfa != "virtual" or wanted == "Unassigned":
            return answer
        account = call.account
        device = (
            f"<member><SerialNumber>arn:aws:iam::{account}:mfa/root-account-mfa-device</SerialNumber>"
            "<EnableDate>2024-01-01T00:00:00Z</EnableDate>"
            f"<User><Path>/</Path><UserName></UserName><UserId>{account}</UserId>"
            f"<Arn>arn:aws:iam::{account}:root</Arn><CreateDate>2024-01-01T00:00:00Z</CreateDate></User></member>"
        )
        text = answer.get_data(as_text=True).replace("<VirtualMFADevices/>", "<VirtualMFADevices></VirtualMFADevices>")
        answer.set_data(text.replace("<VirtualMFADevices>", f"<VirtualMFADevices>{device}", 1))
        return answer

    def amend_certificates(self, call: Call, answer: Response) -> Response:
        text = answer.get_data(as_text=True)
        for (account, name), expires in self._expiry.items():
            if account == call.account:
                found = rf"(<ServerCertificateName>{re.escape(name)}</ServerCertificateName>(?:(?!</member>).)*?<Expiration>)[^<]*"
                text = re.sub(found, rf"\g<1>{expires}", text, flags=re.S)
        answer.set_data(text)
        return answer


def _with_entry(text: str, name: str, value: int) -> str:
    """Replaces an entry of the summary's map, or adds it."""
    entry = f"<entry><key>{name}</key><value>{value}</value></entry>"
    text = re.sub(rf"<entry>\s*<key>{name}</key>.*?</entry>", "", text, flags=re.S)
    return text.replace("<SummaryMap>", f"<SummaryMap>{entry}", 1)


def _times(what: Mapping[str, Any]) -> dict[str, Any]:
    dated = {"created", "used", "password_used"}
    return {key: datetime.fromisoformat(value) if key in dated and value else value for key, value in what.items()}


def _date(user: User, past: Mapping[str, Any]) -> None:
    if created := past.get("created"):
        user.create_date = datetime.fromisoformat(created)
    if changed := past.get("password_changed"):
        # Moto keeps no such date; the report of `credential_report.py` reads it.
        user.password_changed = datetime.fromisoformat(changed)  # type: ignore[attr-defined]
    if used := past.get("password_used"):
        user.password_last_used = datetime.fromisoformat(used)  # type: ignore[assignment]
    for key, dates in zip(user.access_keys, past.get("keys", []), strict=True):
        key.create_date = datetime.fromisoformat(dates["created"])
        if used := dates.get("used"):
            key.last_used = AccessKeyLastUsed(datetime.fromisoformat(used), "s3", "us-east-1")
