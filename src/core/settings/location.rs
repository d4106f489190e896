//! Where files are that orgscan reads or writes: on this machine, or in S3. Both kinds are parsed once, where the text
//! comes in.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use ipnet::Ipv4Net;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::s3_url::{self, SCHEME};
use crate::model::S3Object;

/// Where reports are: a folder of this machine, or `s3://bucket/prefix`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(inline, with = "String")]
pub enum Location {
    /// A folder.
    Folder(PathBuf),
    /// In S3.
    S3(S3Prefix),
}

/// A bucket, and how the keys begin of what is meant in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct S3Prefix {
    /// The bucket.
    pub bucket: String,
    /// As it was written: with a slash at its end or without.
    prefix: String,
}

/// Where one file is: a path of this machine, or `s3://bucket/key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(inline, with = "String")]
pub enum FileLocation {
    /// On this machine.
    File(PathBuf),
    /// In S3.
    S3(S3Object),
}

/// A text that should have said where something is, and does not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidLocation(String);

impl Location {
    /// The bucket and the prefix, if it is in S3.
    pub fn s3(&self) -> Option<&S3Prefix> {
        match self {
            Self::Folder(_) => None,
            Self::S3(prefix) => Some(prefix),
        }
    }

    /// The folder, if it is one.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::Folder(folder) => Some(folder),
            Self::S3(_) => None,
        }
    }
}

impl S3Prefix {
    /// What all keys begin with: nothing, or the prefix with a slash at its end.
    pub fn key_prefix(&self) -> String {
        match self.prefix.trim_end_matches('/') {
            "" => String::new(),
            prefix => format!("{prefix}/"),
        }
    }
}

impl FileLocation {
    /// The object, if it is in S3.
    pub fn s3(&self) -> Option<&S3Object> {
        match self {
            Self::File(_) => None,
            Self::S3(object) => Some(object),
        }
    }
}

impl FromStr for Location {
    type Err = InvalidLocation;

    fn from_str(text: &str) -> Result<Self, InvalidLocation> {
        const FIX: &str = "give `s3://bucket/prefix` or a folder";
        let Some((bucket, prefix)) = s3_parts(text)? else {
            check(!text.trim().is_empty(), || format!("empty; {FIX}"))?;
            let is_path = !text.contains("://") && !text.starts_with("arn:");
            check(is_path, || {
                format!("{} is neither an S3 URL nor a folder; {FIX}", shown(text))
            })?;
            return Ok(Self::Folder(PathBuf::from(text)));
        };
        check(!prefix.starts_with('/') && !prefix.contains("//"), || {
            let prefix = shown(prefix);
            format!("prefix {prefix} has an empty part; remove the extra `/`")
        })?;
        Ok(Self::S3(S3Prefix {
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
        }))
    }
}

impl FromStr for FileLocation {
    type Err = InvalidLocation;

    fn from_str(text: &str) -> Result<Self, InvalidLocation> {
        const FIX: &str = "give `s3://bucket/key` or a file";
        let Some((bucket, key)) = s3_parts(text)? else {
            check(!text.trim().is_empty(), || format!("empty; {FIX}"))?;
            return Ok(Self::File(PathBuf::from(text)));
        };
        check(!key.is_empty() && !key.ends_with('/'), || {
            format!("{} names no object; {FIX}", shown(text))
        })?;
        Ok(Self::S3(S3Object {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
        }))
    }
}

/// The bucket of an S3 URL and what follows it; none where the text is a path.
fn s3_parts(text: &str) -> Result<Option<(&str, &str)>, InvalidLocation> {
    if let Some(url) = s3_url::meant(text) {
        let (text, url) = (shown(text), shown(&url));
        let message = format!("{text} is not an S3 URL; write {url}, or `./` before a path");
        return Err(InvalidLocation(message));
    }
    let Some(rest) = text.strip_prefix(SCHEME) else {
        return Ok(None);
    };
    let (name, rest) = rest.split_once('/').unwrap_or((rest, ""));
    bucket(name)?;
    Ok(Some((name, rest)))
}

/// The name of a general purpose bucket.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
fn bucket(name: &str) -> Result<(), InvalidLocation> {
    const STARTS: [&str; 3] = ["xn--", "sthree-", "amzn-s3-demo-"];
    const ENDS: [&str; 5] = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let fits = (3..=63).contains(&name.len())
        && name.bytes().all(|b| inner(b) || matches!(b, b'.' | b'-'))
        && name.bytes().next().is_some_and(inner)
        && name.bytes().last().is_some_and(inner)
        && !name.contains("..")
        && format!("{name}/32").parse::<Ipv4Net>().is_err();
    check(fits, || {
        let fix = "use 3 to 63 lower-case letters, digits, `.` and `-`";
        format!("{} is not a bucket name; {fix}", shown(name))
    })?;
    let reserved = STARTS.iter().any(|start| name.starts_with(start))
        || ENDS.iter().any(|end| name.ends_with(end));
    check(!reserved, || {
        let name = shown(name);
        format!("{name} is reserved by AWS; give a general purpose bucket")
    })
}

fn check(fits: bool, otherwise: impl FnOnce() -> String) -> Result<(), InvalidLocation> {
    if fits {
        Ok(())
    } else {
        Err(InvalidLocation(otherwise()))
    }
}

fn shown(text: &str) -> String {
    format!("`{}`", text.escape_debug())
}

impl fmt::Display for S3Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slash = if self.prefix.is_empty() { "" } else { "/" };
        write!(f, "{SCHEME}{}{slash}{}", self.bucket, self.prefix)
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => folder.display().fmt(f),
            Self::S3(prefix) => prefix.fmt(f),
        }
    }
}

impl fmt::Display for FileLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::S3(object) => object.fmt(f),
        }
    }
}

impl TryFrom<String> for Location {
    type Error = InvalidLocation;

    fn try_from(text: String) -> Result<Self, InvalidLocation> {
        text.parse()
    }
}

impl From<Location> for String {
    fn from(location: Location) -> Self {
        location.to_string()
    }
}

impl TryFrom<String> for FileLocation {
    type Error = InvalidLocation;

    fn try_from(text: String) -> Result<Self, InvalidLocation> {
        text.parse()
    }
}

impl From<FileLocation> for String {
    fn from(location: FileLocation) -> Self {
        location.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// These texts are accepted and shown as they were written; the others are refused with a fix.
    fn table<T: FromStr<Err = InvalidLocation> + fmt::Display>(good: &[&str], bad: &[&str]) {
        for text in good {
            assert_eq!(text.parse::<T>().unwrap().to_string(), *text);
        }
        for text in bad {
            let error = text.parse::<T>().err().expect(text).to_string();
            assert!(error.contains(';'), "no fix in: {error}");
        }
    }

    const NO_BUCKET: &[&str] = &[
        "",
        " ",
        "s3://",
        "s3:///prefix",
        "s3://Example/x",
        "s3://ab/x",
        "s3://a..b/x",
        "s3://-ab/x",
        "s3://192.168.5.4/x",
        "s3://xn--example/x",
        "s3://example--x-s3/x",
        "S3://example-reports/x",
        "s3:/example-reports/x",
        "s3:example-reports/x",
        "s3//example-reports/x",
        "arn:aws:s3:::example-reports/x",
    ];

    #[test]
    fn reports_are_in_a_folder_or_below_a_prefix() {
        table::<Location>(
            &[
                "s3://example-reports",
                "s3://example-reports/orgscan/prod",
                "s3://example-reports/orgscan/prod/",
                "reports",
                "reports/",
                "/var/orgscan",
                "./s3",
            ],
            NO_BUCKET,
        );
        let others = [
            "s3://example-reports//x",
            "https://example-reports.s3.amazonaws.com",
            "arn:aws:sns:eu-west-1:123456789012:alerts",
        ];
        table::<Location>(&[], &others);
    }

    #[test]
    fn keys_begin_with_the_prefix_and_a_slash() {
        for (url, prefix) in [
            ("s3://bucket", ""),
            ("s3://bucket/", ""),
            ("s3://bucket/a/b", "a/b/"),
            ("s3://bucket/a/b/", "a/b/"),
        ] {
            let location: Location = url.parse().unwrap();
            assert_eq!(location.s3().unwrap().key_prefix(), prefix, "{url}");
            assert_eq!(location.folder(), None);
        }
    }

    #[test]
    fn a_file_is_a_path_or_an_object() {
        table::<FileLocation>(
            &["orgscan.yaml", "/etc/x", "s3://bucket/a/b.yaml"],
            NO_BUCKET,
        );
        table::<FileLocation>(&[], &["s3://bucket", "s3://bucket/", "s3://bucket/folder/"]);
    }
}
