//! The checks. A check is one file, and two lines here.

mod bucket_exposure;
mod buckets;
mod cloudtrail_bucket_logging_off;
mod cloudtrail_bucket_public;
mod log_bucket;
mod s3_account_public_access_block_off;
mod s3_bucket_encryption_type;
mod s3_bucket_http_allowed;
mod s3_bucket_logging_off;
mod s3_bucket_mfa_delete_off;
mod s3_bucket_public;
mod s3_bucket_public_access_block_off;
mod s3_bucket_versioning_off;
mod secure_transport;
mod trail_buckets;
mod vpc_flow_log_bucket_public;

use crate::checks::Check;

/// All of them, in the order in which they are shown.
pub(super) const CHECKS: &[&Check] = &[
    &s3_bucket_public::CHECK,
    &s3_account_public_access_block_off::CHECK,
    &s3_bucket_public_access_block_off::CHECK,
    &s3_bucket_http_allowed::CHECK,
    &s3_bucket_mfa_delete_off::CHECK,
    &s3_bucket_versioning_off::CHECK,
    &s3_bucket_logging_off::CHECK,
    &s3_bucket_encryption_type::CHECK,
    &vpc_flow_log_bucket_public::CHECK,
    &cloudtrail_bucket_public::CHECK,
    &cloudtrail_bucket_logging_off::CHECK,
];
