//! The PutObject request.

use aws_sdk_s3::Client;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::put_object::{PutObjectError, PutObjectOutput};
use aws_sdk_s3::primitives::ByteStream;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use orgscan_aws::encrypted;

use super::{Part, ReportFile};

/// One attempt at sending a file to S3, streamed from disk: up to 5 GB, S3's limit for one request.
/// IAM actions: `s3:PutObject`; with a KMS key also `kms:GenerateDataKey` on it.
///
/// # Errors
/// The SDK's; a file that cannot be read is a construction failure.
pub async fn put_object(
    client: &Client,
    bucket: &str,
    key: &str,
    kms_key_id: Option<&str>,
    file: &ReportFile,
) -> Result<PutObjectOutput, SdkError<PutObjectError, HttpResponse>> {
    let body = ByteStream::from_path(&file.path)
        .await
        .map_err(SdkError::construction_failure)?;
    let request = client
        .put_object()
        .bucket(bucket)
        .key(key)
        .content_type(file.content_type)
        .body(body);
    encrypted(request, kms_key_id).send().await
}

/// One attempt at sending a file of an account's own part to S3. IAM actions as for [`put_object`].
///
/// # Errors
/// The SDK's.
pub async fn put_part(
    client: &Client,
    bucket: &str,
    key: &str,
    kms_key_id: Option<&str>,
    part: &Part,
) -> Result<PutObjectOutput, SdkError<PutObjectError, HttpResponse>> {
    let request = client
        .put_object()
        .bucket(bucket)
        .key(key)
        .content_type(part.content_type)
        .body(ByteStream::from(part.bytes.clone()));
    encrypted(request, kms_key_id).send().await
}
