//! Where a file is that people write for orgscan, and its text.

use std::path::{Path, PathBuf};

use aws_config::SdkConfig;

use super::Config;
use super::error::{ConfigError, Problem};
use super::{names, s3_url};
use crate::aws::{Failure, ObjectError, S3Object, Source, own_config, read_object};
use crate::local_file;
use crate::model::{Cause, Region};
use crate::pace::{Api, Deadline, Lane, PaceSettings, Pacer, RateScope, api};

/// How the URL of an object begins.
const S3: &str = "s3://";

/// A file that people write for orgscan, and what errors about its place say.
#[derive(Debug, PartialEq, Eq)]
struct Kind {
    /// A name for such a file.
    example: &'static str,
    /// What says where it is.
    see: &'static str,
    /// One with more bytes is none.
    longest: u64,
}

const CONFIGURATION: Kind = Kind {
    example: "orgscan.yaml",
    see: "see --config and ORGSCAN_CONFIG",
    longest: local_file::SMALL,
};

const EXCEPTIONS: Kind = Kind {
    example: "exceptions.yaml",
    see: "see --exceptions, ORGSCAN_EXCEPTIONS and exceptions.location",
    longest: local_file::LIST,
};

/// Where a file is that people write for orgscan: the configuration, or the exceptions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigSource {
    place: Place,
    kind: &'static Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// On this machine.
    File(PathBuf),
    /// In S3.
    S3(S3Object),
}

/// The text of a file that people write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigText {
    /// How error messages call it: its path or its URL.
    pub name: String,
    /// What is in it.
    pub text: String,
}

impl ConfigSource {
    /// The configuration file: its path, or `s3://bucket/key`.
    ///
    /// # Errors
    /// Where a URL names no object.
    pub fn of(place: PathBuf) -> Result<Self, ConfigError> {
        Self::new(place, &CONFIGURATION)
    }

    /// The file that lists the exceptions, in the same way.
    ///
    /// # Errors
    /// Where a URL names no object.
    pub fn of_exceptions(place: PathBuf) -> Result<Self, ConfigError> {
        Self::new(place, &EXCEPTIONS)
    }

    fn new(place: PathBuf, kind: &'static Kind) -> Result<Self, ConfigError> {
        if let Some(url) = place.to_str().and_then(s3_url::meant) {
            let see = kind.see;
            let message =
                format!("is no S3 URL; write it as `{url}`, or `./` before a path; {see}");
            return Err(problem(&place.display().to_string(), message));
        }
        let Some(url) = place.to_str().and_then(|place| place.strip_prefix(S3)) else {
            let place = Place::File(place);
            return Ok(Self { place, kind });
        };
        let (bucket, key) = url.split_once('/').unwrap_or((url, ""));
        let object = S3Object {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
        };
        if key.is_empty() || key.ends_with('/') {
            let Kind { example, see, .. } = kind;
            let message = format!("names no object; write it as `s3://bucket/{example}`, {see}");
            return Err(problem(&object.to_string(), message));
        }
        names::bucket(bucket).map_err(|message| problem(&object.to_string(), message))?;
        let place = Place::S3(object);
        Ok(Self { place, kind })
    }

    /// The request that reading it takes, where it is not on this machine.
    pub fn api(&self) -> Option<&'static Api> {
        match self.place {
            Place::File(_) => None,
            Place::S3(_) => Some(&api::GET_OBJECT),
        }
    }

    /// Reads the file, from S3 with the caller's own credentials. `caller` is the caller's
    /// configuration where it is known already; else that of the AWS profile, or the environment's.
    ///
    /// # Errors
    /// Where it cannot be read, with what would have to be allowed or corrected.
    pub async fn read(
        &self,
        caller: Option<&SdkConfig>,
        profile: Option<&str>,
        deadline: Deadline,
    ) -> Result<ConfigText, ConfigError> {
        let object = match &self.place {
            Place::File(path) => return ConfigText::read(path, self.kind),
            Place::S3(object) => object,
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
        let lane = Pacer::new(PaceSettings::of(&defaults)).lane(&scope, deadline);
        self.read_by(&sdk, &lane).await
    }

    /// The same within a run: its other requests are sent at the same time.
    ///
    /// # Errors
    /// As [`ConfigSource::read`].
    pub async fn read_by(&self, sdk: &SdkConfig, lane: &Lane) -> Result<ConfigText, ConfigError> {
        let Kind { see, longest, .. } = self.kind;
        let object = match &self.place {
            Place::File(path) => return ConfigText::read(path, self.kind),
            Place::S3(object) => object,
        };
        let name = object.to_string();
        let bytes = read_object(sdk, object, *longest, lane)
            .await
            .map_err(|error| problem(&name, unreadable(object, &error, see)))?;
        let text = String::from_utf8(bytes).map_err(|_| {
            let message = format!("is no UTF-8 text; save it as UTF-8, or {see}");
            problem(&name, message)
        })?;
        Ok(ConfigText { name, text })
    }
}

impl ConfigText {
    /// Reads a configuration file of this machine.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn of_file(path: &Path) -> Result<Self, ConfigError> {
        Self::read(path, &CONFIGURATION)
    }

    fn read(path: &Path, kind: &Kind) -> Result<Self, ConfigError> {
        let Kind { see, longest, .. } = kind;
        let name = path.display().to_string();
        let text = local_file::read_text(path, *longest)
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
    let mend = match error {
        ObjectError::TooLong { .. } => "give the URL of another file".to_owned(),
        ObjectError::Failed(failure) => mend(object, failure),
    };
    format!("cannot be read: {error}; {mend}; {see}")
}

fn mend(object: &S3Object, failure: &Failure) -> String {
    let S3Object { bucket, key } = object;
    if failure.has_code(&["NoSuchKey", "NoSuchBucket"]) {
        return "put the file there, or correct the URL".to_owned();
    }
    if failure.has_code(&["AccessDenied"]) {
        return format!(
            "allow the caller {} on arn:aws:s3:::{bucket}/{key}, and kms:Decrypt on its key if it has \
             one (a caller without s3:ListBucket is told the same of an object that is not there)",
            api::GET_OBJECT.action
        );
    }
    match failure.cause {
        Cause::CredentialsRejected | Cause::Expired => {
            "check the credentials with `aws sts get-caller-identity`".to_owned()
        }
        Cause::ClockSkew => "set the clock of this machine".to_owned(),
        _ => "try again, or name a file of this machine".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::s3::FakeBucket;

    fn object(key: &str) -> ConfigSource {
        ConfigSource::of(PathBuf::from(format!("s3://bucket/{key}"))).unwrap()
    }

    async fn read(bucket: &FakeBucket, key: &str) -> Result<ConfigText, String> {
        let sdk = bucket.sdk();
        let text = object(key).read(Some(&sdk), None, Deadline::never()).await;
        text.map_err(|error| error.to_string())
    }

    #[test]
    fn a_place_is_a_path_or_the_url_of_an_object() {
        let path = PathBuf::from("orgscan.yaml");
        let file = ConfigSource::of(path.clone()).unwrap();
        assert_eq!(file.place, Place::File(path));
        let Place::S3(found) = object("a/b.yaml").place else {
            panic!("no object");
        };
        assert_eq!((&*found.bucket, &*found.key), ("bucket", "a/b.yaml"));
        for (url, says) in [
            ("s3://bucket", "names no object"),
            (
                "s3://bucket/folder/",
                "write it as `s3://bucket/orgscan.yaml`",
            ),
            ("s3://No/orgscan.yaml", "`No` is not a bucket name"),
        ] {
            let error = ConfigSource::of(url.into()).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
        let error = ConfigSource::of_exceptions("s3://bucket".into()).unwrap_err();
        let says = "write it as `s3://bucket/exceptions.yaml`, see --exceptions";
        assert!(error.to_string().contains(says), "{error}");
    }

    #[tokio::test]
    async fn a_file_of_this_machine_has_the_same_bound() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("orgscan.yaml");
        let file = std::fs::File::create(&path).unwrap();
        file.set_len(CONFIGURATION.longest + 1).unwrap();
        let read = |source: Result<ConfigSource, ConfigError>| async {
            let text = source.unwrap().read(None, None, Deadline::never()).await;
            text.unwrap_err().to_string()
        };
        let large = read(ConfigSource::of(path.clone())).await;
        assert!(
            large.contains("more than 1048576 bytes; see --config"),
            "{large}"
        );
        file.set_len(EXCEPTIONS.longest + 1).unwrap();
        let large = read(ConfigSource::of_exceptions(path)).await;
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
    async fn what_cannot_be_read_is_named_with_the_mend() {
        let bucket = FakeBucket::default();
        let missing = read(&bucket, "none.yaml").await.unwrap_err();
        for says in [
            "s3://bucket/none.yaml",
            "NoSuchKey",
            "correct the URL",
            "ORGSCAN_CONFIG",
        ] {
            assert!(missing.contains(says), "{missing}");
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
