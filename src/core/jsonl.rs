//! Files with a value of JSON in each line, compressed by gzip.

use std::io::{self, BufRead, BufReader, Read, Write};

use flate2::Compression;
use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The largest file that is read into memory, and the longest line of one that is read line by line, in
/// bytes. The longest line of a report has the totals of all OUs.
pub const LARGEST: usize = 64 * 1_024 * 1_024;

/// The lines of a file, from its beginning to its end.
#[derive(Debug)]
pub struct JsonlReader<R: Read> {
    lines: BufReader<MultiGzDecoder<BufReader<R>>>,
    /// The line that was read last, counted from 1.
    number: u64,
}

/// A line could not be read.
#[derive(Debug)]
pub enum LineError {
    /// The content is to blame.
    Content(String),
    /// The disk is.
    Io(io::Error),
}

impl<R: Read> JsonlReader<R> {
    /// Begins to read.
    pub fn new(file: R) -> Self {
        Self {
            lines: BufReader::new(MultiGzDecoder::new(BufReader::new(file))),
            number: 0,
        }
    }

    /// The number of the line that was read last, counted from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The next line; none at the end, which is reached only where the checksum is right.
    ///
    /// # Errors
    /// [`LineError`]
    pub fn line(&mut self) -> Result<Option<Vec<u8>>, LineError> {
        let mut line = Vec::new();
        self.number += 1;
        // A few bytes that are compressed can become any number of them.
        let mut lines = self.lines.by_ref().take(LARGEST as u64 + 1);
        match lines.read_until(b'\n', &mut line) {
            Ok(0) => Ok(None),
            Ok(_) if line.len() > LARGEST => {
                let why = format!("it has more than {LARGEST} bytes, the most that is read");
                Err(LineError::Content(why))
            }
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
pub fn parse<T: DeserializeOwned>(line: &[u8]) -> Result<T, LineError> {
    serde_json::from_slice(line).map_err(|error| LineError::Content(error.to_string()))
}

/// A file in the making. The same values give the same bytes.
#[derive(Debug)]
pub struct JsonlWriter<W: Write> {
    out: GzEncoder<W>,
    /// The line in the making: JSON comes in many small pieces, each of which would cost more to compress
    /// than to write.
    line: Vec<u8>,
}

impl<W: Write> JsonlWriter<W> {
    /// Begins; there is nothing to write yet.
    pub fn new(out: W, compression: Compression) -> Self {
        Self {
            out: GzEncoder::new(out, compression),
            line: Vec::new(),
        }
    }

    /// Writes a value as a line.
    ///
    /// # Errors
    /// The writer's own.
    pub fn write(&mut self, value: &impl Serialize) -> io::Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, value)?;
        self.line.push(b'\n');
        self.out.write_all(&self.line)
    }

    /// Writes the end, and gives the writer back.
    ///
    /// # Errors
    /// The writer's own.
    pub fn finish(self) -> io::Result<W> {
        self.out.finish()
    }
}

/// Whether the content is to blame and not the disk.
fn is_about_content(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What this compresses to.
    fn compressed(bytes: &[u8]) -> Vec<u8> {
        let mut out = GzEncoder::new(Vec::new(), Compression::fast());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    /// A file with a line of so many bytes, and one after it. It is a hundred times smaller.
    fn long_line(bytes: usize) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let chunk = vec![b' '; 1 << 20];
        let whole = compressed(&chunk).repeat(bytes / chunk.len());
        file.write_all(&whole).unwrap();
        let rest = compressed(&chunk[..bytes % chunk.len()]);
        file.write_all(&rest).unwrap();
        file.write_all(&compressed(b"\nnext\n")).unwrap();
        file
    }

    #[test]
    fn a_line_that_is_too_long_is_an_error_and_is_not_read_to_its_end() {
        let file = long_line(LARGEST - 1);
        assert!(file.as_file().metadata().unwrap().len() < 1_000_000);
        let mut lines = JsonlReader::new(std::fs::File::open(file.path()).unwrap());
        assert_eq!(lines.line().unwrap().unwrap().len(), LARGEST);
        assert_eq!(lines.line().unwrap().unwrap(), b"next\n");
        assert_eq!(lines.line().unwrap(), None);
        let file = long_line(2 * LARGEST);
        let mut lines = JsonlReader::new(std::fs::File::open(file.path()).unwrap());
        match lines.line() {
            Err(LineError::Content(why)) => assert!(why.contains("more than 67108864"), "{why}"),
            other => panic!("{other:?}"),
        }
    }
}
