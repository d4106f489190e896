//! Where a file is that people write for orgscan.

use std::path::PathBuf;

use super::FileLocation;
use crate::api::Api;
use crate::document::{ConfigError, Problem};
use crate::services::s3;

/// A file that people write for orgscan, and what errors about its place say.
#[derive(Debug, PartialEq, Eq)]
struct FileKind {
    /// What says where it is.
    see: &'static str,
    /// One with more bytes is none.
    longest: u64,
}

const CONFIGURATION: FileKind = FileKind {
    see: "see --config and ORGSCAN_CONFIG",
    longest: 1 << 20,
};

const EXCEPTIONS: FileKind = FileKind {
    see: "see --exceptions, ORGSCAN_EXCEPTIONS_LOCATION and exceptions.location",
    longest: 1 << 22,
};

/// Where a file is that people write for orgscan: the configuration, or the exceptions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigSource {
    /// Where it is.
    pub location: FileLocation,
    kind: &'static FileKind,
}

impl ConfigSource {
    /// The configuration file: its path, which may be no text, or `s3://bucket/key`.
    ///
    /// # Errors
    /// Where a URL names no object.
    pub fn of(path: PathBuf) -> Result<Self, ConfigError> {
        let location = match path.to_str() {
            None => FileLocation::File(path),
            Some(text) => text.parse().map_err(|error| Problem {
                origin: text.to_owned(),
                field: String::new(),
                message: format!("{error}; {}", CONFIGURATION.see),
            })?,
        };
        let kind = &CONFIGURATION;
        Ok(Self { location, kind })
    }

    /// The file that lists the exceptions.
    pub fn of_exceptions(location: FileLocation) -> Self {
        let kind = &EXCEPTIONS;
        Self { location, kind }
    }

    /// The request that reading it takes, where it is not on this machine.
    pub fn api(&self) -> Option<&'static Api> {
        self.location.s3().map(|_| &s3::GET_OBJECT)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_a_path_or_the_url_of_an_object() {
        let of = |text: &str| ConfigSource::of(text.into());
        let file = of("orgscan.yaml").unwrap();
        assert_eq!(file.location, FileLocation::File("orgscan.yaml".into()));
        let found = of("s3://bucket/a/b.yaml").unwrap();
        let object = found.location.s3().unwrap();
        assert_eq!((&*object.bucket, &*object.key), ("bucket", "a/b.yaml"));
        let error = of("s3://bucket/folder/").unwrap_err().to_string();
        for expected in ["names no object", "`s3://bucket/key`", "see --config"] {
            assert!(error.contains(expected), "{error}");
        }
    }
}
