//! How a bucket is set up, one request for each question.

use aws_sdk_s3::types::{
    BucketVersioningStatus, MfaDeleteStatus, ServerSideEncryption, ServerSideEncryptionRule,
};
use orgscan_core::api::Meaning;
use orgscan_core::services::s3::{
    BucketLogging, BucketPolicy, Encryption, GET_BUCKET_ENCRYPTION, GET_BUCKET_LOGGING,
    GET_BUCKET_POLICY, GET_BUCKET_VERSIONING, Versioning, VersioningState,
};

use super::bucket::BucketScope;
use crate::collect::{Collect, FactError};
use crate::{Failure, require};

impl Collect<BucketScope<'_>> for BucketPolicy {
    async fn collect(scope: &BucketScope<'_>) -> Result<Option<String>, FactError> {
        let request = || scope.client.get_bucket_policy().bucket(scope.bucket).send();
        match scope.ask(&GET_BUCKET_POLICY, request).await {
            Err(failure) if failure.means(Meaning::Absent) => Ok(None),
            answer => Ok(Some(require(
                GET_BUCKET_POLICY.action,
                "Policy",
                answer?.policy,
            )?)),
        }
    }
}

impl Collect<BucketScope<'_>> for Versioning {
    async fn collect(scope: &BucketScope<'_>) -> Result<Self, FactError> {
        let request = || {
            let request = scope.client.get_bucket_versioning();
            request.bucket(scope.bucket).send()
        };
        // A bucket whose versioning was never set has no status, and one without MFA Delete nothing of it.
        // Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html>
        let answer = scope.ask(&GET_BUCKET_VERSIONING, request).await?;
        Ok(Self {
            state: match answer.status {
                Some(BucketVersioningStatus::Enabled) => VersioningState::Enabled,
                // A state that S3 may add later is not taken for the good one.
                Some(_) => VersioningState::Suspended,
                None => VersioningState::Never,
            },
            mfa_delete: answer.mfa_delete == Some(MfaDeleteStatus::Enabled),
        })
    }
}

impl Collect<BucketScope<'_>> for BucketLogging {
    async fn collect(scope: &BucketScope<'_>) -> Result<Option<String>, FactError> {
        let request = || {
            scope
                .client
                .get_bucket_logging()
                .bucket(scope.bucket)
                .send()
        };
        // Without logging the answer is empty. The SDK writes an empty text for a bucket that is missing.
        // Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLogging.html>
        let Some(logging) = scope
            .ask(&GET_BUCKET_LOGGING, request)
            .await?
            .logging_enabled
        else {
            return Ok(None);
        };
        let target = Some(logging.target_bucket).filter(|bucket| !bucket.is_empty());
        Ok(Some(require(
            GET_BUCKET_LOGGING.action,
            "TargetBucket",
            target,
        )?))
    }
}

impl Collect<BucketScope<'_>> for Encryption {
    async fn collect(scope: &BucketScope<'_>) -> Result<Self, FactError> {
        let request = || {
            let request = scope.client.get_bucket_encryption();
            request.bucket(scope.bucket).send()
        };
        let rules = match scope.ask(&GET_BUCKET_ENCRYPTION, request).await {
            Err(failure) if failure.means(Meaning::Absent) => return Ok(Self::S3),
            answer => answer?.server_side_encryption_configuration,
        };
        let rules = rules
            .map(|rules| rules.rules)
            .filter(|rules| !rules.is_empty());
        let rules = require(GET_BUCKET_ENCRYPTION.action, "Rule", rules)?;
        Ok(encryption(&rules)?)
    }
}

/// What the rules encrypt new objects with. S3's own keys are the base level of every bucket, so they are
/// what is left where no rule names an algorithm.
fn encryption(rules: &[ServerSideEncryptionRule]) -> Result<Encryption, Failure> {
    let defaults = rules
        .iter()
        .filter_map(|rule| rule.apply_server_side_encryption_by_default.as_ref());
    let read = defaults.map(|default| match &default.sse_algorithm {
        ServerSideEncryption::AwsKms | ServerSideEncryption::AwsKmsDsse => Ok(Encryption::Kms),
        ServerSideEncryption::Aes256 => Ok(Encryption::S3),
        _ => require(GET_BUCKET_ENCRYPTION.action, "a known SSEAlgorithm", None),
    });
    let read: Vec<_> = read.collect();
    match read.contains(&Ok(Encryption::Kms)) {
        true => Ok(Encryption::Kms),
        false => read
            .into_iter()
            .find(Result::is_err)
            .unwrap_or(Ok(Encryption::S3)),
    }
}
