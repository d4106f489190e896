//! Files of the local disk that are read line by line, as far as their reader wants.

use std::io::{self, BufRead, BufReader};
use std::path::Path;

use orgscan_core::lines::{LineSplitter, LineVisitor};
use orgscan_files::disk;

/// Reads a file of the local disk. Gives whether there is one.
pub(super) fn read(path: &Path, lines: &mut impl LineVisitor) -> io::Result<bool> {
    let file = match disk::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let mut file = BufReader::with_capacity(65_536, file);
    let mut cutter = LineSplitter::default();
    loop {
        let piece = file.fill_buf()?;
        if piece.is_empty() {
            cutter.rest(lines);
            return Ok(true);
        }
        let read = piece.len();
        if cutter.piece(piece, lines)?.is_break() {
            return Ok(true);
        }
        file.consume(read);
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;

    struct NoLines;

    impl LineVisitor for NoLines {
        fn line(&mut self, line: &[u8]) -> ControlFlow<()> {
            panic!("{line:?}");
        }
    }

    #[test]
    fn a_file_that_is_not_there_has_no_lines() {
        assert!(!read(Path::new("/nonexistent"), &mut NoLines).unwrap());
    }
}
