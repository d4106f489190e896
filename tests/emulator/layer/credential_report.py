"""The credential report as AWS writes it.

Moto's has no row for the root user, is dated 2015, says `not_supported` where AWS says `N/A`, dates the password of a
user who has none, and never says where a key was used. So the whole report is written here, from moto's users.
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
"""

import base64
import csv
import io
import re
from datetime import UTC, datetime

from moto.iam.models import AccessKey, User, iam_backends
from werkzeug.wrappers import Response

from .call import Call
from .clock import ago
from .iam import root_of

KEY_COLUMNS = ("active", "last_rotated", "last_used_date", "last_used_region", "last_used_service")
COLUMNS = (
    "user",
    "arn",
    "user_creation_time",
    "password_enabled",
    "password_last_used",
    "password_last_changed",
    "password_next_rotation",
    "mfa_active",
    *(f"access_key_1_{column}" for column in KEY_COLUMNS),
    *(f"access_key_2_{column}" for column in KEY_COLUMNS),
    "cert_1_active",
    "cert_1_last_rotated",
    "cert_2_active",
    "cert_2_last_rotated",
)
NO_KEY = ("false", "N/A", "N/A", "N/A", "N/A")
NO_CERTIFICATES = ("false", "N/A", "false", "N/A")
ROOT_AGE = 700
# Services without a Region: the column says N/A for them.
GLOBAL_SERVICES = ("iam", "s3", "organizations")


def amend(call: Call, answer: Response) -> Response:
    if answer.status_code != 200:
        return answer
    content = base64.b64encode(_report(call.account).encode()).decode()
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    text = re.sub(r"<Content>.*?</Content>", f"<Content>{content}</Content>", answer.get_data(as_text=True), flags=re.S)
    answer.set_data(re.sub(r"<GeneratedTime>.*?</", f"<GeneratedTime>{now}</", text))
    return answer


def _report(account: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerow(_root_row(account))
    writer.writerows(_user_row(user) for user in iam_backends[account]["aws"].users.values())
    return out.getvalue()


def _root_row(account: str) -> tuple[str, ...]:
    root = root_of(account)
    used = "no_information" if root.password_used is None else _time(root.password_used)
    password = ("true", used) if root.password else ("false", "N/A")
    identity = ("<root_account>", f"arn:aws:iam::{account}:root", _time(ago(ROOT_AGE)))
    mfa = "true" if root.mfa else "false"
    key_used = ("N/A", "N/A", "N/A") if root.key_used is None else (_time(root.key_used), "us-east-1", "ec2")
    keys = [("true", _time(ago(ROOT_AGE)), *key_used)] * root.keys + [NO_KEY, NO_KEY]
    return (*identity, *password, "not_supported", "not_supported", mfa, *keys[0], *keys[1], *NO_CERTIFICATES)


def _user_row(user: User) -> tuple[str, ...]:
    created = _time(user.create_date)
    used = "no_information" if user.password_last_used is None else _time(user.password_last_used)
    changed = _time(getattr(user, "password_changed", user.create_date))
    password = ("true", used, changed, "N/A") if user.password else ("false", "N/A", "N/A", "N/A")
    mfa = "true" if user.mfa_devices else "false"
    keys = [_key(key) for key in user.access_keys] + [NO_KEY, NO_KEY]
    return (user.name, user.arn, created, *password, mfa, *keys[0], *keys[1], *NO_CERTIFICATES)


def _key(key: AccessKey) -> tuple[str, ...]:
    active = "true" if key.status == "Active" else "false"
    rotated = _time(key.create_date)
    if key.last_used is None:
        return (active, rotated, "N/A", "N/A", "N/A")
    service = key.last_used.service
    region = "N/A" if service in GLOBAL_SERVICES else key.last_used.region
    return (active, rotated, _time(key.last_used.timestamp), region, service)


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S+00:00")
