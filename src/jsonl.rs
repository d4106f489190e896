//! Files with a value of JSON in each line, compressed by gzip.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The lines of a file, from its beginning to its end.
#[derive(Debug)]
pub(crate) struct Lines {
    lines: BufReader<MultiGzDecoder<BufReader<File>>>,
    /// The line that was read last, counted from 1.
    number: u64,
}

/// A line could not be read.
#[derive(Debug)]
pub(crate) enum LineError {
    /// The content is to blame.
    Content(String),
    /// The disk is.
    Io(io::Error),
}

impl Lines {
    /// Begins to read.
    ///
    /// # Errors
    /// The file system's.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = BufReader::new(File::open(path)?);
        Ok(Self {
            lines: BufReader::new(MultiGzDecoder::new(file)),
            number: 0,
        })
    }

    /// The number of the line that was read last, counted from 1.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// The next line; none at the end, which is reached only where the checksum is right.
    ///
    /// # Errors
    /// [`LineError`]
    pub(crate) fn line(&mut self) -> Result<Option<Vec<u8>>, LineError> {
        let mut line = Vec::new();
        self.number += 1;
        match self.lines.read_until(b'\n', &mut line) {
            Ok(0) => Ok(None),
            Ok(_) => Ok(Some(line)),
            Err(error) if is_about_content(&error) => Err(LineError::Content(error.to_string())),
            Err(error) => Err(LineError::Io(error)),
        }
    }
}

/// A line's value.
///
/// # Errors
/// [`LineError::Content`]
pub(crate) fn parse<T: DeserializeOwned>(line: &[u8]) -> Result<T, LineError> {
    serde_json::from_slice(line).map_err(|error| LineError::Content(error.to_string()))
}

/// Writes a value as a line.
///
/// # Errors
/// The writer's own.
pub(crate) fn write(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value).map_err(io::Error::from)?;
    out.write_all(b"\n")
}

/// Whether the content is to blame and not the disk.
fn is_about_content(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof
    )
}
