//! What an emulator answered once, as a file: JSON Lines in gzip, a header and then an exchange a
//! line.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use orgscan_core::model::AccountId;
use serde::{Deserialize, Serialize};

use orgscan_core::jsonl;

/// The only format that there is so far.
pub const FORMAT: u32 = 1;

/// The recording that is part of the program.
static EMBEDDED: &[u8] = include_bytes!("organization.jsonl.gz");

/// A request's parameters by name, sorted, so that equal requests are equal here.
pub type Parameters = BTreeMap<String, String>;

/// Where a recording comes from: its first line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// [`FORMAT`].
    pub format: u32,
    /// The command that makes this recording again.
    pub made_by: String,
    /// Whose answers these are: `moto 5.2.5`.
    pub emulator: String,
    /// The account that Organizations is called from.
    pub management_account: AccountId,
    /// What was created in the organization, under the names that its makers gave it.
    pub inventory: serde_json::Value,
}

/// A request, and what was answered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// The account whose credentials signed the request.
    pub account: String,
    /// The Region of the credential scope.
    pub region: String,
    /// The service's name as in [`orgscan_core::api`]: `ec2`, `s3control`.
    pub service: String,
    /// The operation as AWS names it: `GetBucketPolicyStatus`.
    pub operation: String,
    /// See [`super::call::Call::parameters`].
    pub parameters: Parameters,
    /// The answer's HTTP status.
    pub status: u16,
    /// The answer's content type.
    pub content_type: String,
    /// The answer's body: XML or JSON. Ids of requests are replaced by a constant.
    pub body: String,
}

/// All that was recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// Where it comes from.
    pub header: Header,
    /// Sorted by account, Region, service, operation and parameters.
    pub exchanges: Vec<Exchange>,
}

/// Why a recording cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// It is not gzip, or ends early.
    #[error("the recording cannot be unpacked: {0}; make it again")]
    Unpack(#[from] io::Error),
    /// It has no line at all.
    #[error("the recording is empty; make it again")]
    Empty,
    /// A line is not what it should be.
    #[error("line {line} of the recording cannot be read: {source}; make it again")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// It was made by another version.
    #[error("the recording has format {found}, this version reads {FORMAT}; make it again")]
    Format {
        /// The header's.
        found: u32,
    },
}

impl Recording {
    /// Sorts the exchanges; of several that are the same, one is kept.
    pub fn new(header: Header, mut exchanges: Vec<Exchange>) -> Self {
        exchanges.sort();
        exchanges.dedup();
        Self { header, exchanges }
    }

    /// The recording that is part of the program.
    ///
    /// # Errors
    /// See [`RecordingError`].
    pub fn embedded() -> Result<Self, RecordingError> {
        Self::read(EMBEDDED)
    }

    /// Reads a recording from gzip'd JSON Lines.
    ///
    /// # Errors
    /// See [`RecordingError`].
    pub fn read(bytes: impl Read) -> Result<Self, RecordingError> {
        let mut lines = BufReader::new(GzDecoder::new(bytes)).lines();
        let first = lines.next().ok_or(RecordingError::Empty)??;
        let header: Header = parse(1, &first)?;
        if header.format != FORMAT {
            return Err(RecordingError::Format {
                found: header.format,
            });
        }
        let exchanges = lines
            .enumerate()
            .map(|(at, line)| parse(at + 2, &line?))
            .collect::<Result<_, _>>()?;
        Ok(Self::new(header, exchanges))
    }

    /// Writes the recording as gzip'd JSON Lines. The same recording gives the same bytes.
    ///
    /// # Errors
    /// Where the writer fails.
    pub fn write(&self, to: impl Write) -> io::Result<()> {
        let mut out = jsonl::JsonlWriter::new(to, Compression::best());
        out.write(&self.header)?;
        for exchange in &self.exchanges {
            out.write(exchange)?;
        }
        out.finish()?.flush()
    }
}

fn parse<'a, T: Deserialize<'a>>(line: usize, text: &'a str) -> Result<T, RecordingError> {
    serde_json::from_str(text).map_err(|source| RecordingError::Line { line, source })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(region: &str) -> Exchange {
        Exchange {
            account: "111122223333".to_owned(),
            region: region.to_owned(),
            service: "ec2".to_owned(),
            operation: "DescribeVolumes".to_owned(),
            parameters: Parameters::from([("IncludeManagedResources".into(), "true".into())]),
            status: 200,
            content_type: "text/xml".to_owned(),
            body: "<a>\n</a>".to_owned(),
        }
    }

    fn recording() -> Recording {
        let header = Header {
            format: FORMAT,
            made_by: "cargo test".to_owned(),
            emulator: "none".to_owned(),
            management_account: "111122223333".parse().unwrap(),
            inventory: serde_json::Value::Null,
        };
        let exchanges = vec![exchange("us-east-1"), exchange("eu-west-1")];
        Recording::new(header, [exchanges.clone(), exchanges].concat())
    }

    #[test]
    fn a_recording_is_read_as_it_was_written_sorted_and_each_exchange_once() {
        let recording = recording();
        assert_eq!(recording.exchanges.len(), 2);
        assert_eq!(recording.exchanges[0].region, "eu-west-1");
        let mut bytes = Vec::new();
        recording.write(&mut bytes).unwrap();
        assert_eq!(Recording::read(bytes.as_slice()).unwrap(), recording);
        let mut again = Vec::new();
        recording.write(&mut again).unwrap();
        assert_eq!(bytes, again);
    }

    #[test]
    fn a_problem_of_a_recording_has_its_line() {
        let mut other = recording();
        other.header.format = 7;
        let mut bytes = Vec::new();
        other.write(&mut bytes).unwrap();
        let error = Recording::read(bytes.as_slice()).unwrap_err().to_string();
        assert!(error.contains("format 7"), "{error}");

        let mut bytes = Vec::new();
        let mut out = jsonl::JsonlWriter::new(&mut bytes, Compression::fast());
        out.write(&recording().header).unwrap();
        out.write(&serde_json::json!({})).unwrap();
        out.finish().unwrap();
        let error = Recording::read(bytes.as_slice()).unwrap_err().to_string();
        assert!(error.starts_with("line 2 of"), "{error}");
        assert!(Recording::read(&b"no gzip"[..]).is_err());
    }

    #[test]
    fn the_embedded_recording_can_be_read() {
        assert_eq!(Recording::embedded().unwrap().header.format, FORMAT);
    }
}
