//! Files that are read line by line, as far as their reader wants.

use std::io::{self, BufRead, BufReader};
use std::ops::ControlFlow;
use std::path::Path;

use crate::disk::{self, LARGEST};

/// Reads a file line by line.
pub trait Lines: Send + 'static {
    /// Takes a line, without its end. Nothing more is read after a break.
    fn line(&mut self, line: &[u8]) -> ControlFlow<()>;
}

/// Cuts what comes in pieces into lines.
#[derive(Debug, Default)]
pub(super) struct Cutter {
    /// The beginning of a line whose end has not come yet.
    begun: Vec<u8>,
}

impl Cutter {
    /// Hands over the lines that end in this piece.
    ///
    /// # Errors
    /// Where a line is too long.
    pub(super) fn piece(
        &mut self,
        mut piece: &[u8],
        lines: &mut impl Lines,
    ) -> io::Result<ControlFlow<()>> {
        while let Some(end) = piece.iter().position(|byte| *byte == b'\n') {
            let (line, rest) = piece.split_at(end);
            let told = match self.begun.is_empty() {
                true => lines.line(line),
                false => {
                    self.begun.extend_from_slice(line);
                    let told = lines.line(&self.begun);
                    self.begun.clear();
                    told
                }
            };
            if told.is_break() {
                return Ok(ControlFlow::Break(()));
            }
            piece = &rest[1..];
        }
        if self.begun.len() + piece.len() > LARGEST {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("a line has more than {LARGEST} bytes"),
            ));
        }
        self.begun.extend_from_slice(piece);
        Ok(ControlFlow::Continue(()))
    }

    /// Hands over a last line that has no end.
    pub(super) fn rest(self, lines: &mut impl Lines) {
        if !self.begun.is_empty() {
            let _ = lines.line(&self.begun);
        }
    }
}

/// Reads a file of the local disk. Gives whether there is one.
pub(super) fn read(path: &Path, lines: &mut impl Lines) -> io::Result<bool> {
    let file = match disk::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let mut file = BufReader::with_capacity(65_536, file);
    let mut cutter = Cutter::default();
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
    use super::*;

    /// Keeps so many lines.
    struct Kept(usize, Vec<String>);

    impl Lines for Kept {
        fn line(&mut self, line: &[u8]) -> ControlFlow<()> {
            self.1.push(String::from_utf8(line.to_vec()).unwrap());
            match self.1.len() == self.0 {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        }
    }

    #[test]
    fn lines_are_whole_however_their_pieces_come() {
        let text = b"one\n\ntwo and more\nthree";
        for size in 1..=text.len() {
            for most in 1..=4 {
                let mut kept = Kept(most, Vec::new());
                let mut cutter = Cutter::default();
                let ended = text
                    .chunks(size)
                    .any(|piece| cutter.piece(piece, &mut kept).unwrap().is_break());
                if !ended {
                    cutter.rest(&mut kept);
                }
                assert_eq!(kept.1, ["one", "", "two and more", "three"][..most]);
            }
        }
    }

    #[test]
    fn a_file_that_is_not_there_has_no_lines() {
        let mut kept = Kept(9, Vec::new());
        assert!(!read(Path::new("/nonexistent"), &mut kept).unwrap());
        assert_eq!(kept.1.len(), 0);
    }
}
