//! How a bucket is set up, one request for each question.

use aws_sdk_s3::types::{BucketVersioningStatus, MfaDeleteStatus, ServerSideEncryption};

use super::asked::Asked;
use crate::aws::Failure;
use crate::model::{Encryption, Versioning, VersioningState};
use crate::pace::api::{
    GET_BUCKET_ENCRYPTION, GET_BUCKET_LOGGING, GET_BUCKET_POLICY, GET_BUCKET_VERSIONING,
};

/// S3's code for a bucket whose default encryption was never set. All have one since 2023, so that it
/// comes from before.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html>
const NO_ENCRYPTION: &[&str] = &["ServerSideEncryptionConfigurationNotFoundError"];

impl Asked<'_> {
    pub(super) async fn policy(&self) -> Result<Option<String>, Failure> {
        let request = || self.client.get_bucket_policy().bucket(self.bucket).send();
        match self.ask(&GET_BUCKET_POLICY, request).await {
            Err(failure) if failure.has_code(&["NoSuchBucketPolicy"]) => Ok(None),
            answer => Ok(answer?.policy),
        }
    }

    pub(super) async fn versioning(&self) -> Result<Versioning, Failure> {
        let request = || {
            let request = self.client.get_bucket_versioning();
            request.bucket(self.bucket).send()
        };
        let answer = self.ask(&GET_BUCKET_VERSIONING, request).await?;
        Ok(Versioning {
            state: match answer.status {
                Some(BucketVersioningStatus::Enabled) => VersioningState::Enabled,
                // A state that S3 may add later is not taken for the good one.
                Some(_) => VersioningState::Suspended,
                None => VersioningState::Never,
            },
            mfa_delete: answer.mfa_delete == Some(MfaDeleteStatus::Enabled),
        })
    }

    pub(super) async fn logs_to(&self) -> Result<Option<String>, Failure> {
        let request = || self.client.get_bucket_logging().bucket(self.bucket).send();
        let answer = self.ask(&GET_BUCKET_LOGGING, request).await?;
        Ok(answer.logging_enabled.map(|logging| logging.target_bucket))
    }

    pub(super) async fn encryption(&self) -> Result<Encryption, Failure> {
        let request = || {
            let request = self.client.get_bucket_encryption();
            request.bucket(self.bucket).send()
        };
        let rules = match self.ask(&GET_BUCKET_ENCRYPTION, request).await {
            Err(failure) if failure.has_code(NO_ENCRYPTION) => return Ok(Encryption::S3),
            answer => answer?.server_side_encryption_configuration,
        };
        let rules = rules.map(|rules| rules.rules).unwrap_or_default();
        let defaults = rules
            .into_iter()
            .filter_map(|rule| rule.apply_server_side_encryption_by_default);
        let mut algorithms = defaults.map(|default| default.sse_algorithm);
        let is_kms = algorithms.any(|algorithm| {
            matches!(
                algorithm,
                ServerSideEncryption::AwsKms | ServerSideEncryption::AwsKmsDsse
            )
        });
        Ok(if is_kms {
            Encryption::Kms
        } else {
            Encryption::S3
        })
    }
}
