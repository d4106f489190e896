//! How orgscan writes to S3, whatever it writes.

use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use aws_sdk_s3::types::{ChecksumAlgorithm, ServerSideEncryption};

/// A client for objects of any bucket in a Region. Path-style, so that all buckets share one host and
/// its connections.
pub fn s3_client(sdk: &SdkConfig) -> Client {
    let config = aws_sdk_s3::config::Builder::from(sdk).force_path_style(true);
    Client::from_conf(config.build())
}

/// Has an object encrypted with the KMS key if there is one, else with S3's own keys, and gives it a
/// SHA-256 checksum that S3 verifies and keeps. IAM action with a KMS key: `kms:GenerateDataKey` on
/// it.
pub fn encrypted(
    request: PutObjectFluentBuilder,
    kms_key_id: Option<&str>,
) -> PutObjectFluentBuilder {
    let request = request.checksum_algorithm(ChecksumAlgorithm::Sha256);
    match kms_key_id {
        Some(id) => request
            .server_side_encryption(ServerSideEncryption::AwsKms)
            .ssekms_key_id(id)
            .bucket_key_enabled(true),
        None => request.server_side_encryption(ServerSideEncryption::Aes256),
    }
}
