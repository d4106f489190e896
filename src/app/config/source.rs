//! Where a file is that people write for orgscan, and its text.

use std::path::Path;

use aws_config::SdkConfig;
use orgscan_core::document::{ConfigError, Problem};
use orgscan_core::model::{Cause, Region, S3Object};
use orgscan_core::services::s3;
use orgscan_core::settings::{Config, ConfigSource, FileLocation};

use orgscan_aws::rate_limit::{ApiCaller, Deadline, RateLimitSettings, RateLimits, RateScope};
use orgscan_aws::{Failure, ObjectError, Source, own_config, read_object};
use orgscan_files::local_file;

/// The text of a file that people write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigText {
    /// How error messages call it: its path or its URL.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// Reads a file, from S3 with the caller's own credentials. `caller` is the caller's
/// configuration where it is known already; else that of the AWS profile, or the environment's.
///
/// # Errors
/// Where it cannot be read, with what would have to be allowed or corrected.
pub async fn read(
    source: &ConfigSource,
    caller: Option<&SdkConfig>,
    profile: Option<&str>,
    deadline: Deadline,
) -> Result<ConfigText, ConfigError> {
    let object = match &source.location {
        FileLocation::File(path) => return ConfigText::read(path, source),
        FileLocation::S3(object) => object,
    };
    // What decides how to ask is what is being asked for, so the defaults hold.
    let defaults = Config {
        profile: profile.map(str::to_owned),
        ..Config::default()
    };
    let sdk = match caller {
        Some(sdk) => sdk.clone(),
        None => {
            own_config(&defaults, &Source::Environment)
                .await
                .map_err(|error| problem(&object.to_string(), error.to_string()))?
                .0
        }
    };
    let region = sdk.region().map_or("", AsRef::as_ref);
    let scope = RateScope::unknown_caller(&Region::new(region));
    let api_caller = RateLimits::new(RateLimitSettings::of(&defaults)).api_caller(&scope, deadline);
    read_by(source, &sdk, &api_caller).await
}

/// The same within a run: its other requests are sent at the same time.
///
/// # Errors
/// As [`read`].
pub async fn read_by(
    source: &ConfigSource,
    sdk: &SdkConfig,
    api_caller: &ApiCaller,
) -> Result<ConfigText, ConfigError> {
    let see = source.see();
    let object = match &source.location {
        FileLocation::File(path) => return ConfigText::read(path, source),
        FileLocation::S3(object) => object,
    };
    let name = object.to_string();
    let bytes = read_object(sdk, object, source.longest(), api_caller)
        .await
        .map_err(|error| problem(&name, unreadable(object, &error, see)))?;
    let text = String::from_utf8(bytes).map_err(|_| {
        let message = format!("is not UTF-8 text; save it as UTF-8, or {see}");
        problem(&name, message)
    })?;
    Ok(ConfigText { name, text })
}

impl ConfigText {
    /// Reads a configuration file of this machine.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn of_file(path: &Path) -> Result<Self, ConfigError> {
        Self::read(path, &ConfigSource::of(path.to_owned())?)
    }

    fn read(path: &Path, source: &ConfigSource) -> Result<Self, ConfigError> {
        let see = source.see();
        let name = path.display().to_string();
        let text = local_file::read_text(path, source.longest())
            .map_err(|error| problem(&name, format!("cannot be read: {error}; {see}")))?;
        Ok(Self { name, text })
    }
}

fn problem(name: &str, message: String) -> ConfigError {
    Problem {
        origin: name.to_owned(),
        field: String::new(),
        message,
    }
    .into()
}

/// Why an object cannot be read, and what to do about it.
fn unreadable(object: &S3Object, error: &ObjectError, see: &str) -> String {
    let remediation = match error {
        ObjectError::TooLong { .. } => "use another file".to_owned(),
        ObjectError::Failed(failure) => remediation(object, failure),
    };
    format!("cannot be read: {error}; {remediation}; {see}")
}

fn remediation(object: &S3Object, failure: &Failure) -> String {
    let S3Object { bucket, key } = object;
    if failure.has_code(&["NoSuchKey", "NoSuchBucket"]) {
        return "upload the file, or correct the URL".to_owned();
    }
    if failure.has_code(&["AccessDenied"]) {
        return format!(
            "grant the caller {} on arn:aws:s3:::{bucket}/{key}, and kms:Decrypt on its key if it has one; a caller \
             without s3:ListBucket also gets this error for an object that does not exist",
            s3::GET_OBJECT.action
        );
    }
    match failure.cause {
        Cause::CredentialsRejected | Cause::CredentialsExpired => {
            "check the credentials with `aws sts get-caller-identity`".to_owned()
        }
        Cause::ClockSkew => "set the clock of this machine".to_owned(),
        _ => "try again, or use a file on this machine".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use orgscan_aws::testing::s3::FakeBucket;

    use super::*;

    fn object(key: &str) -> ConfigSource {
        ConfigSource::of(PathBuf::from(format!("s3://bucket/{key}"))).unwrap()
    }

    async fn read(bucket: &FakeBucket, key: &str) -> Result<ConfigText, String> {
        let sdk = bucket.sdk();
        let text = super::read(&object(key), Some(&sdk), None, Deadline::never()).await;
        text.map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn a_file_of_this_machine_has_the_same_bound() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("orgscan.yaml");
        let file = std::fs::File::create(&path).unwrap();
        file.set_len((1 << 20) + 1).unwrap();
        let read = |source: Result<ConfigSource, ConfigError>| async {
            let text = super::read(&source.unwrap(), None, None, Deadline::never()).await;
            text.unwrap_err().to_string()
        };
        let large = read(ConfigSource::of(path.clone())).await;
        assert!(
            large.contains("more than 1048576 bytes; see --config"),
            "{large}"
        );
        file.set_len((1 << 22) + 1).unwrap();
        let large = read(Ok(ConfigSource::of_exceptions(FileLocation::File(path)))).await;
        assert!(
            large.contains("more than 4194304 bytes; see --exceptions"),
            "{large}"
        );
        let device = read(ConfigSource::of(PathBuf::from("/dev/zero"))).await;
        assert!(device.contains("not a regular file"), "{device}");
    }

    #[tokio::test]
    async fn an_object_is_read_with_its_url_for_a_name() {
        let bucket = FakeBucket::default();
        bucket.write("orgscan.yaml", b"api_share: 0.1");
        let text = read(&bucket, "orgscan.yaml").await.unwrap();
        assert_eq!(text.name, "s3://bucket/orgscan.yaml");
        assert_eq!(text.text, "api_share: 0.1");
    }

    #[tokio::test]
    async fn unreadable_input_is_named_with_a_fix() {
        let bucket = FakeBucket::default();
        let missing = read(&bucket, "none.yaml").await.unwrap_err();
        for expected in [
            "s3://bucket/none.yaml",
            "NoSuchKey",
            "correct the URL",
            "ORGSCAN_CONFIG",
        ] {
            assert!(missing.contains(expected), "{missing}");
        }
        bucket.write("large.yaml", &vec![b'#'; 1 << 21]);
        let large = read(&bucket, "large.yaml").await.unwrap_err();
        assert!(large.contains("more than 1048576 bytes"), "{large}");
        bucket.write("binary.yaml", &[0xff, 0xfe]);
        let binary = read(&bucket, "binary.yaml").await.unwrap_err();
        assert!(binary.contains("save it as UTF-8"), "{binary}");
        bucket.deny(true);
        let denied = read(&bucket, "large.yaml").await.unwrap_err();
        assert!(
            denied.contains("s3:GetObject on arn:aws:s3:::bucket/large.yaml"),
            "{denied}"
        );
    }
}
