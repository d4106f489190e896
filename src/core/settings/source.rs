//! Where a file is that people write for orgscan.

use std::path::PathBuf;

use super::names;
use super::s3_url::{self, S3};
use crate::api::Api;
use crate::document::{ConfigError, Problem};
use crate::model::S3Object;
use crate::services::s3;

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
    longest: 1 << 20,
};

const EXCEPTIONS: Kind = Kind {
    example: "exceptions.yaml",
    see: "see --exceptions, ORGSCAN_EXCEPTIONS and exceptions.location",
    longest: 1 << 22,
};

/// Where a file is that people write for orgscan: the configuration, or the exceptions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigSource {
    /// Where it is.
    pub place: Place,
    kind: &'static Kind,
}

/// Where a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// On this machine.
    File(PathBuf),
    /// In S3.
    S3(S3Object),
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
            Place::S3(_) => Some(&s3::GET_OBJECT),
        }
    }

    /// What says where it is, for a person who has to correct that.
    pub fn see(&self) -> &'static str {
        self.kind.see
    }

    /// A file with more bytes is none of its kind.
    pub fn longest(&self) -> u64 {
        self.kind.longest
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

#[cfg(test)]
mod tests {
    use super::*;

    fn object(key: &str) -> ConfigSource {
        ConfigSource::of(PathBuf::from(format!("s3://bucket/{key}"))).unwrap()
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
}
