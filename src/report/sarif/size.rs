//! How large texts are when they are compressed.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

/// Counts bytes and forgets them.
#[derive(Debug, Default)]
struct Counter(u64);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The size of texts together, compressed.
#[derive(Debug)]
pub(super) struct CompressedSize(GzEncoder<Counter>);

impl Default for CompressedSize {
    fn default() -> Self {
        // No uploader compresses less.
        Self(GzEncoder::new(Counter::default(), Compression::fast()))
    }
}

impl CompressedSize {
    /// The size with one text more. What the compressor still has in its buffers is missing from it: less
    /// than a megabyte.
    pub(super) fn of(&mut self, text: &str) -> io::Result<u64> {
        self.0.write_all(text.as_bytes())?;
        Ok(self.0.get_ref().0)
    }
}
