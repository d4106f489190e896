"""Policies that give full administration, in every form, and server certificates."""

from typing import Any

from .model import Case, Certificate, Inline, OfAws, Policy, Table

ADMIN = "iam-policy-full-admin"
EXPIRED = "iam-server-certificate-expired"

DAY = 24 * 3600


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: Any = "*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def without(not_action: Any, resource: Any = "*") -> dict[str, Any]:
    return {"Effect": "Allow", "NotAction": not_action, "Resource": resource}


DENY_IAM = {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}
DENY_ALL = {"Effect": "Deny", "Action": "*", "Resource": "*"}
WITH_MFA = {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}
READ = document(allow("s3:GetObject"))

# A form: its name, its policy, whether it is full administration, and why.
FORMS: tuple[tuple[str, dict[str, Any], bool, str], ...] = (
    ("star", document(allow()), True, "all actions on all resources"),
    ("star-lists", document(allow(["*"], ["*"])), True, "the same in lists"),
    ("star-among-others", document(allow(["s3:GetObject", "*"])), True, "one of the actions is all"),
    ("star-of-stars", document(allow("*:*")), True, "all actions of all services"),
    ("two-statements", document(allow("s3:GetObject"), allow()), True, "the second statement"),
    ("single-statement", {"Version": "2012-10-17", "Statement": allow()}, True, "a statement that is no list"),
    ("with-mfa", document(allow(**WITH_MFA)), True, "anybody with MFA still may do everything"),
    ("and-deny-iam", document(allow(), DENY_IAM), True, "full but for a service"),
    ("all-but-iam", document(without("iam:*")), False, "all actions but a service's"),
    ("all-but-iam-and-more", document(without(["iam:*", "organizations:*", "account:*"])), False, "as PowerUserAccess has it"),
    ("all-but-one-action", document(without("s3:DeleteBucket")), True, "IAM is among the rest"),
    ("all-but-one-of-iam", document(without("iam:DeleteUser")), True, "the rest of IAM is enough"),
    ("resources-but-one", {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::secret"}]}, True, "IAM is among the rest"),
    ("every-action-on-a-bucket", document(allow("*", "arn:aws:s3:::one/*")), False, "on one resource"),
    ("a-whole-service", document(allow("iam:*")), False, "one service"),
    ("two-whole-services", document(allow(["iam:*", "s3:*"])), False, "two services"),
    ("deny-all", document(DENY_ALL), False, "denies"),
    ("read", READ, False, "one action"),
    ("reads-of-services", document(allow(["s3:Get*", "ec2:Describe*"])), False, "reads"),
    ("every-aws-arn", document(allow("*", "arn:aws:*")), False, "IAM takes no wildcard for the service"),
)

CUSTOMER = tuple(
    Case(f"customer-{name}", Policy(policy), (ADMIN,) if full else (), why) for name, policy, full, why in FORMS
)
INLINE = tuple(
    Case(f"inline-{name}", Inline(policy, "user" if full else "role"), (), "the check is about managed policies")
    for name, policy, full, _ in FORMS
)

# AWS's own. The emulator knows these.
OF_AWS = (
    Case("aws-administrator", OfAws("AdministratorAccess"), (ADMIN,), "all actions on all resources"),
    Case("aws-power-user", OfAws("PowerUserAccess"), (), "all actions but those of IAM"),
    Case("aws-read-only", OfAws("ReadOnlyAccess"), (), "reads"),
    Case("aws-support", OfAws("AWSSupportAccess"), (), "one service"),
    Case("aws-cloudshell", OfAws("AWSCloudShellFullAccess"), (), "one service"),
)

FULL = document(allow())
ATTACHMENTS = (
    Case("admin-on-user", Policy(FULL, "user"), (ADMIN,), "attached to a user"),
    Case("admin-on-group", Policy(FULL, "group"), (ADMIN,), "attached to a group"),
    Case("admin-on-nobody", Policy(FULL, None), (), "attached to nothing"),
    Case("inline-in-group", Inline(FULL, "group"), (), "the check is about managed policies"),
    Case("inline-in-role", Inline(FULL, "role"), (), "the check is about managed policies"),
)

CERTIFICATES = (
    Case("expired-a-year-ago", Certificate(-365 * DAY), (EXPIRED,), "long gone"),
    Case("expired-yesterday", Certificate(-DAY), (EXPIRED,), "gone"),
    Case("expired-just-now", Certificate(-60), (EXPIRED,), "gone for a minute"),
    Case("expires-within-the-day", Certificate(DAY // 2), (), "still valid"),
    Case("expires-tomorrow", Certificate(DAY + 3600), (), "still valid"),
    Case("expires-in-a-year", Certificate(365 * DAY), (), "valid"),
)

TABLES = (
    Table("IAM policies", "people", (ADMIN,), CUSTOMER + INLINE + OF_AWS + ATTACHMENTS),
    Table("IAM users and credentials", "people", (EXPIRED,), CERTIFICATES),
)
