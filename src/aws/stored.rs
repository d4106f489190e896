//! An object in S3 that somebody else has put there.

use std::sync::{Mutex, PoisonError};

use aws_config::SdkConfig;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_smithy_runtime_api::client::result::ConnectorError;
use orgscan_core::model::S3Object;
use orgscan_core::services::s3;

use super::{AwsError, Failure, s3_client};
use crate::rate_limit::ApiCaller;

/// Why an object could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ObjectError {
    /// S3 did not give it out.
    #[error(transparent)]
    Failed(#[from] Failure),
    /// It is larger than what it should be could ever be.
    #[error("it has more than {most} bytes")]
    TooLong {
        /// How long it may be, in bytes.
        most: u64,
    },
}

/// Codes of answers from a Region that the bucket is not in. They say in which it is.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>
const ELSEWHERE: &[&str] = &["PermanentRedirect", "AuthorizationHeaderMalformed"];

/// Reads an object of up to `most` bytes, in whatever Region of the partition its bucket is. IAM
/// action: `s3:GetObject` on it; with a KMS key also `kms:Decrypt` on that.
///
/// # Errors
/// See [`ObjectError`].
pub async fn read_object(
    sdk: &SdkConfig,
    object: &S3Object,
    most: u64,
    api_caller: &ApiCaller,
) -> Result<Vec<u8>, ObjectError> {
    let reading = ObjectReader {
        object,
        most,
        bucket_region: Mutex::default(),
    };
    let bytes = match reading.read(sdk, api_caller).await {
        Err(failure) if failure.has_code(ELSEWHERE) => {
            match reading.config_for_bucket_region(sdk) {
                Some(sdk) => reading.read(&sdk, api_caller).await,
                None => Err(failure),
            }
        }
        answer => answer,
    }?;
    match bytes.len() as u64 > most {
        true => Err(ObjectError::TooLong { most }),
        false => Ok(bytes),
    }
}

struct ObjectReader<'a> {
    object: &'a S3Object,
    most: u64,
    /// Where an answer has said that the bucket is.
    bucket_region: Mutex<Option<String>>,
}

impl ObjectReader<'_> {
    async fn read(&self, sdk: &SdkConfig, api_caller: &ApiCaller) -> Result<Vec<u8>, Failure> {
        let s3 = s3_client(sdk);
        api_caller.call(&s3::GET_OBJECT, || self.attempt(&s3)).await
    }

    /// The object, or a bit more of it than it may have.
    async fn attempt(&self, s3: &aws_sdk_s3::Client) -> Result<Vec<u8>, AwsError<GetObjectError>> {
        let S3Object { bucket, key } = self.object;
        let answer = s3.get_object().bucket(bucket).key(key).send().await;
        let mut body = answer.inspect_err(|error| self.note_region(error))?.body;
        let mut bytes = Vec::new();
        while let Some(part) = body.next().await {
            let broken = |error| SdkError::dispatch_failure(ConnectorError::io(error));
            bytes.extend_from_slice(&part.map_err(|error| broken(error.into()))?);
            if bytes.len() as u64 > self.most {
                break;
            }
        }
        Ok(bytes)
    }

    fn note_region(&self, error: &AwsError<GetObjectError>) {
        let headers = error.raw_response().map(|answer| answer.headers());
        if let Some(region) = headers.and_then(|headers| headers.get("x-amz-bucket-region")) {
            let mut slot = self.bucket_region();
            *slot = Some(region.to_owned());
        }
    }

    fn config_for_bucket_region(&self, sdk: &SdkConfig) -> Option<SdkConfig> {
        let region = aws_config::Region::new(self.bucket_region().clone()?);
        Some(sdk.to_builder().region(region).build())
    }

    fn bucket_region(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.bucket_region
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use aws_smithy_http_client::test_util::{ReplayEvent, StaticReplayClient};
    use aws_smithy_types::body::SdkBody;
    use orgscan_core::model::Region;
    use orgscan_core::settings::Config;

    use super::*;
    use crate::rate_limit::{Deadline, RateLimitSettings, RateLimits, RateScope};
    use crate::testing::s3::FakeBucket;

    fn event(status: u16, region: &str, body: &str) -> ReplayEvent {
        let request = http::Request::builder().body(SdkBody::empty()).unwrap();
        let answer = http::Response::builder().status(status);
        let answer = answer.header("x-amz-bucket-region", region);
        ReplayEvent::new(request, answer.body(SdkBody::from(body)).unwrap())
    }

    #[tokio::test]
    async fn a_bucket_is_found_in_the_region_of_the_redirect() {
        let redirect = "<Error><Code>PermanentRedirect</Code><Message>x</Message></Error>";
        let client = StaticReplayClient::new(vec![
            event(301, "eu-west-1", redirect),
            event(200, "eu-west-1", "found"),
        ]);
        let sdk = FakeBucket::default().sdk();
        let sdk = sdk.to_builder().http_client(client.clone()).build();
        let object = S3Object {
            bucket: "bucket".into(),
            key: "orgscan.yaml".into(),
        };
        let scope = RateScope::unknown_caller(&Region::new("us-east-1"));
        let rate_limits = RateLimits::new(RateLimitSettings::of(&Config::default()));
        let api_caller = rate_limits.api_caller(&scope, Deadline::never());
        let found = read_object(&sdk, &object, 5, &api_caller).await;
        assert_eq!(found, Ok(b"found".to_vec()));
        let asked: Vec<_> = client.actual_requests().map(|one| one.uri()).collect();
        assert!(
            asked[0].contains("us-east-1") && asked[1].contains("eu-west-1"),
            "{asked:?}"
        );
    }
}
