"""Buckets, and the account's Block Public Access."""

import json
from typing import Any

from cases.blocks import SETTINGS, AccountBlock
from cases.model import Bucket

from .site import Site, make


@make.register
def _(bucket: Bucket, name: str, site: Site) -> None:
    s3 = site.clients.of("s3", bucket.region)
    bucket_name = bucket_called(name)
    arn = f"arn:aws:s3:::{bucket_name}"
    # ACLs count only where the writer owns the object; AWS turns them off in new buckets.
    ownership = {"ObjectOwnership": "ObjectWriter"} if bucket.acl else {}
    s3.create_bucket(Bucket=bucket_name, **ownership)
    if bucket.acl:
        s3.put_bucket_acl(Bucket=bucket_name, **bucket.acl)
    if bucket.statements:
        policy = {"Version": "2012-10-17", "Statement": list(bucket.statements)}
        s3.put_bucket_policy(Bucket=bucket_name, Policy=json.dumps(policy).replace('"BUCKET', f'"{arn}'))
    if bucket.block is not None:
        s3.put_public_access_block(Bucket=bucket_name, PublicAccessBlockConfiguration=settings(bucket.block))
    configure(s3, bucket_name, bucket)
    if bucket.mfa_delete:
        site.tell("mfa-delete", bucket=bucket_name)
    site.arns[name] = arn


def configure(s3: Any, bucket_name: str, bucket: Bucket) -> None:
    if bucket.versioning:
        s3.put_bucket_versioning(Bucket=bucket_name, VersioningConfiguration={"Status": bucket.versioning})
    if bucket.encryption:
        s3.put_bucket_encryption(Bucket=bucket_name, ServerSideEncryptionConfiguration=bucket.encryption)
    if bucket.logging_to:
        target = {"TargetBucket": bucket_called(bucket.logging_to), "TargetPrefix": bucket_name}
        s3.put_bucket_logging(Bucket=bucket_name, BucketLoggingStatus={"LoggingEnabled": target})


def bucket_called(name: str) -> str:
    return f"acme-{name}"


def settings(on: tuple[str, ...]) -> dict[str, bool]:
    return {setting: setting in on for setting in SETTINGS}


@make.register
def _(block: AccountBlock, name: str, site: Site) -> None:
    site.arns[name] = f"arn:aws:s3::{site.account_id}:account"
    if block.settings is not None:
        site.clients.of("s3control", "us-east-1").put_public_access_block(
            AccountId=site.account_id, PublicAccessBlockConfiguration=settings(block.settings)
        )
