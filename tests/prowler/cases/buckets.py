"""Buckets of an account without a block of its own: policies, ACLs, HTTPS, versioning, encryption, logging."""

from typing import Any

from .model import Bucket, Case, Table

PUBLIC = "s3-bucket-public"
HTTP = "s3-bucket-http-allowed"
VERSIONING = "s3-bucket-versioning-off"
MFA_DELETE = "s3-bucket-mfa-delete-off"
LOGGING = "s3-bucket-logging-off"
ENCRYPTION = "s3-bucket-encryption-type"

ALL_USERS = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'
SIGNED_IN = 'uri="http://acs.amazonaws.com/groups/global/AuthenticatedUsers"'
LOG_DELIVERY = 'uri="http://acs.amazonaws.com/groups/s3/LogDelivery"'
SOMEBODY = 'id="79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"'
EVERYBODY = "*"
OTHER_ACCOUNT = "arn:aws:iam::999988887777:root"
# Stands for the bucket's own ARN.
BUCKET, OBJECTS = "BUCKET", "BUCKET/*"


def acl(name: str, fails: tuple[str, ...], why: str, **grants: str) -> Case:
    return Case(name, Bucket(acl=grants), fails, why)


ACLS = (
    Case("acl-none", Bucket(), (), "as AWS makes it"),
    acl("acl-private", (), "the owner only", ACL="private"),
    acl("acl-public-read", (PUBLIC,), "everybody lists", ACL="public-read"),
    acl("acl-signed-in-read", (PUBLIC,), "anybody with an AWS account", ACL="authenticated-read"),
    acl("acl-log-delivery", (), "a service's group", ACL="log-delivery-write"),
    acl("acl-everybody-writes", (PUBLIC,), "everybody writes", GrantWrite=ALL_USERS),
    acl("acl-signed-in-write", (PUBLIC,), "anybody with an AWS account writes", GrantWrite=SIGNED_IN),
    acl("acl-everybody-reads-acl", (PUBLIC,), "everybody sees the ACL", GrantReadACP=ALL_USERS),
    acl("acl-everybody-writes-acl", (PUBLIC,), "everybody gives themselves the rest", GrantWriteACP=ALL_USERS),
    acl("acl-everybody-full", (PUBLIC,), "everybody does everything", GrantFullControl=ALL_USERS),
    acl("acl-somebody", (), "one other account", GrantRead=SOMEBODY),
    acl("acl-log-delivery-grant", (), "a service's group", GrantWrite=LOG_DELIVERY),
    acl("acl-somebody-and-everybody", (PUBLIC,), "one grant is enough", GrantRead=SOMEBODY, GrantReadACP=ALL_USERS),
)


def allow(principal: Any, action: Any = "s3:GetObject", resource: Any = OBJECTS, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource, **more}


def deny(**condition: Any) -> dict[str, Any]:
    return {
        "Effect": "Deny",
        "Principal": EVERYBODY,
        "Action": "s3:*",
        "Resource": [BUCKET, OBJECTS],
        "Condition": condition,
    }


def policy(name: str, fails: tuple[str, ...], why: str, *statements: dict[str, Any]) -> Case:
    return Case(name, Bucket(statements=statements), fails, why)


def narrowed(name: str, fails: tuple[str, ...], why: str, condition: dict[str, Any]) -> Case:
    return policy(name, fails, why, allow(EVERYBODY, Condition=condition))


NOT_PUBLIC, IS_PUBLIC = (), (PUBLIC,)

PRINCIPALS = (
    policy("policy-star", IS_PUBLIC, "everybody", allow(EVERYBODY)),
    policy("policy-aws-star", IS_PUBLIC, "everybody, in the other way to write it", allow({"AWS": "*"})),
    policy("policy-aws-star-list", IS_PUBLIC, "everybody, in a list", allow({"AWS": [OTHER_ACCOUNT, "*"]})),
    policy("policy-other-account", NOT_PUBLIC, "one account", allow({"AWS": OTHER_ACCOUNT})),
    policy("policy-service", NOT_PUBLIC, "a service", allow({"Service": "cloudfront.amazonaws.com"})),
    policy("policy-deny-everybody", NOT_PUBLIC, "denies", allow(EVERYBODY) | {"Effect": "Deny"}),
    policy("policy-second-statement", IS_PUBLIC, "one is enough", allow({"AWS": OTHER_ACCOUNT}), allow(EVERYBODY)),
    policy("policy-everybody-writes", IS_PUBLIC, "everybody writes", allow(EVERYBODY, "s3:PutObject")),
    policy("policy-everybody-does-all", IS_PUBLIC, "everybody does everything", allow(EVERYBODY, "s3:*")),
)

CONDITIONS = (
    narrowed("if-organization", NOT_PUBLIC, "one organization", {"StringEquals": {"aws:PrincipalOrgID": "o-0123456789"}}),
    narrowed("if-endpoint", NOT_PUBLIC, "one endpoint", {"StringEquals": {"aws:SourceVpce": "vpce-0123456789abcdef0"}}),
    narrowed("if-vpc", NOT_PUBLIC, "one VPC", {"StringEquals": {"aws:SourceVpc": "vpc-0123456789abcdef0"}}),
    narrowed("if-source-account", NOT_PUBLIC, "one account", {"StringEquals": {"aws:SourceAccount": "999988887777"}}),
    narrowed("if-principal-account", NOT_PUBLIC, "one account", {"StringEquals": {"aws:PrincipalAccount": "999988887777"}}),
    narrowed("if-principal-arn", NOT_PUBLIC, "one role", {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::999988887777:role/x"}}),
    narrowed("if-source-arn", NOT_PUBLIC, "one resource", {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:us-east-1:999988887777:x"}}),
    narrowed("if-network", NOT_PUBLIC, "one network", {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}),
    narrowed("if-private-network", NOT_PUBLIC, "private addresses", {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
    narrowed("if-widest-network", NOT_PUBLIC, "a /8 is the widest that counts as narrow", {"IpAddress": {"aws:SourceIp": "8.0.0.0/8"}}),
    narrowed("if-wider-network", IS_PUBLIC, "wider than /8", {"IpAddress": {"aws:SourceIp": "8.0.0.0/7"}}),
    narrowed("if-widest-ipv6", NOT_PUBLIC, "a /32 is the widest that counts as narrow", {"IpAddress": {"aws:SourceIp": "2600:1f00::/32"}}),
    narrowed("if-wider-ipv6", IS_PUBLIC, "wider than /32", {"IpAddress": {"aws:SourceIp": "2600:1f00::/31"}}),
    narrowed("if-any-of-networks", IS_PUBLIC, "one of the two is every address", {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "0.0.0.0/0"]}}),
    narrowed("if-user", NOT_PUBLIC, "one user", {"StringEquals": {"aws:userid": "AIDACKCEVSQ6C2EXAMPLE"}}),
    narrowed("if-variable", IS_PUBLIC, "a variable, no fixed value", {"StringEquals": {"aws:PrincipalArn": "${aws:PrincipalArn}"}}),
    narrowed("if-vpc-and-referer", NOT_PUBLIC, "one of the two narrows", {
        "StringEquals": {"aws:SourceVpc": "vpc-0123456789abcdef0"}, "StringLike": {"aws:Referer": "*"}}),
    narrowed("if-any-address", IS_PUBLIC, "every address", {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}),
    narrowed("if-half-of-addresses", IS_PUBLIC, "wider than /8", {"IpAddress": {"aws:SourceIp": "0.0.0.0/1"}}),
    narrowed("if-tls", IS_PUBLIC, "everybody can use TLS", {"Bool": {"aws:SecureTransport": "true"}}),
    narrowed("if-referer", IS_PUBLIC, "anybody can send it", {"StringLike": {"aws:Referer": "https://example.com/*"}}),
    narrowed("if-user-agent", IS_PUBLIC, "anybody can send it", {"StringEquals": {"aws:UserAgent": "secret"}}),
    narrowed("if-early", IS_PUBLIC, "a date narrows nobody", {"DateLessThan": {"aws:CurrentTime": "2099-01-01T00:00:00Z"}}),
    narrowed("if-any-organization", IS_PUBLIC, "a pattern, no fixed value", {"StringLike": {"aws:PrincipalOrgID": "o-*"}}),
    narrowed("if-not-organization", IS_PUBLIC, "all but one", {"StringNotEquals": {"aws:PrincipalOrgID": "o-0123456789"}}),
    narrowed("if-any-vpc", IS_PUBLIC, "a pattern, no fixed value", {"StringLike": {"aws:SourceVpc": "vpc-*"}}),
)

SECURE = {"Bool": {"aws:SecureTransport": "false"}}

HTTPS = (
    Case("http-no-policy", Bucket(), (HTTP,), "nothing denies it"),
    policy("http-denied", (), "for the bucket and all objects", deny(**SECURE)),
    policy("http-denied-in-list", (), "a list of one", deny(Bool={"aws:SecureTransport": ["false"]})),
    policy("http-denied-if-exists", (), "the key is always there", deny(BoolIfExists={"aws:SecureTransport": "false"})),
    policy("http-denied-aws-star", (), "everybody, the other way", deny(**SECURE) | {"Principal": {"AWS": "*"}}),
    policy("http-denied-aws-star-list", (), "everybody, in a list", deny(**SECURE) | {"Principal": {"AWS": ["*"]}}),
    policy("http-denied-by-pattern", (), "the bucket and all in it", deny(**SECURE) | {"Resource": "BUCKET*"}),
    policy("http-denied-boolean", (), "no text, but false itself", deny(Bool={"aws:SecureTransport": False})),
    policy("http-denied-action-list", (), "a list of one", deny(**SECURE) | {"Action": ["s3:*"]}),
    policy("http-denied-every-action", (), "all services are more", deny(**SECURE) | {"Action": "*"}),
    policy("http-denied-after-allow", (), "the second counts", allow({"AWS": OTHER_ACCOUNT}), deny(**SECURE)),
    policy("http-denied-key-in-capitals", (), "keys have no case", deny(Bool={"AWS:SECURETRANSPORT": "false"})),
    policy("http-denied-in-two", (), "two statements add up", deny(**SECURE) | {"Resource": BUCKET}, deny(**SECURE) | {"Resource": OBJECTS}),
    policy("http-denied-for-objects", (HTTP,), "listing stays open", deny(**SECURE) | {"Resource": OBJECTS}),
    policy("http-denied-for-bucket", (HTTP,), "objects stay open", deny(**SECURE) | {"Resource": BUCKET}),
    policy("http-denied-for-some-objects", (HTTP,), "one folder", deny(**SECURE) | {"Resource": "BUCKET/private/*"}),
    policy("http-denied-for-writes", (HTTP,), "reads stay open", deny(**SECURE) | {"Action": "s3:PutObject"}),
    policy("http-denied-for-reads", (HTTP,), "writes stay open", deny(**SECURE) | {"Action": "s3:GetObject"}),
    policy("http-denied-to-some", (HTTP,), "the others are served", deny(**SECURE) | {"Principal": {"AWS": OTHER_ACCOUNT}}),
    policy("https-denied", (HTTP,), "the wrong way round", deny(Bool={"aws:SecureTransport": "true"})),
    policy("http-denied-in-network", (HTTP,), "two conditions", deny(**SECURE, IpAddress={"aws:SourceIp": "203.0.113.0/24"})),
    policy("old-tls-denied", (HTTP,), "HTTP has no version of TLS", deny(NumericLessThan={"s3:TlsVersion": "1.2"})),
    policy("https-allowed", (HTTP,), "allows, and denies nothing", allow({"AWS": OTHER_ACCOUNT}, "s3:*", Condition={"Bool": {"aws:SecureTransport": "true"}})),
)

KMS_KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def sse(algorithm: str, key: str | None = None) -> dict[str, Any]:
    by_default = {"SSEAlgorithm": algorithm} | ({"KMSMasterKeyID": key} if key else {})
    return {"Rules": [{"ApplyServerSideEncryptionByDefault": by_default}]}


VERSIONS = (
    Case("versions-never", Bucket(), (VERSIONING, MFA_DELETE), "as AWS makes it"),
    Case("versions-on", Bucket(versioning="Enabled"), (MFA_DELETE,), "on"),
    Case("versions-suspended", Bucket(versioning="Suspended"), (VERSIONING, MFA_DELETE), "off again"),
    Case("mfa-delete-on", Bucket(versioning="Enabled", mfa_delete=True), (), "both"),
    Case("mfa-delete-suspended", Bucket(versioning="Suspended", mfa_delete=True), (VERSIONING,), "kept, but versions are off"),
)

ENCRYPTIONS = (
    Case("sse-s3", Bucket(encryption=sse("AES256")), (ENCRYPTION,), "S3's own keys"),
    Case("sse-kms", Bucket(encryption=sse("aws:kms", KMS_KEY)), (), "a key of KMS"),
    Case("sse-kms-default-key", Bucket(encryption=sse("aws:kms")), (), "the AWS managed key"),
    Case("sse-kms-dsse", Bucket(encryption=sse("aws:kms:dsse", KMS_KEY)), (), "two layers"),
)

LOGS = (
    Case("logs-nowhere", Bucket(), (LOGGING,), "as AWS makes it"),
    Case("logs-elsewhere", Bucket(logging_to="log-target"), (), "to another bucket"),
    Case("log-target", Bucket(acl={"ACL": "log-delivery-write"}), (LOGGING,), "takes logs, and has none"),
)

TABLES = (
    Table("S3 buckets", "buckets", (PUBLIC,), ACLS + PRINCIPALS + CONDITIONS),
    Table("S3 buckets", "buckets", (HTTP,), HTTPS),
    Table("S3 buckets", "buckets", (VERSIONING, MFA_DELETE), VERSIONS),
    Table("S3 buckets", "buckets", (ENCRYPTION,), ENCRYPTIONS),
    Table("S3 buckets", "buckets", (LOGGING,), LOGS),
)
