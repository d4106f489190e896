//! Text that is read line by line, as far as its reader wants.

use std::io;
use std::ops::ControlFlow;

use crate::jsonl::LARGEST;

/// Reads a file line by line.
pub trait LineVisitor: Send + 'static {
    /// Takes a line, without its end. Nothing more is read after a break.
    fn line(&mut self, line: &[u8]) -> ControlFlow<()>;
}

/// Cuts what comes in pieces into lines.
#[derive(Debug, Default)]
pub struct LineSplitter {
    /// The beginning of a line whose end has not come yet.
    partial: Vec<u8>,
}

impl LineSplitter {
    /// Hands over the lines that end in this piece.
    ///
    /// # Errors
    /// Where a line is too long.
    pub fn piece(
        &mut self,
        mut piece: &[u8],
        lines: &mut impl LineVisitor,
    ) -> io::Result<ControlFlow<()>> {
        while let Some(end) = piece.iter().position(|byte| *byte == b'\n') {
            let (line, rest) = piece.split_at(end);
            let flow = match self.partial.is_empty() {
                true => lines.line(line),
                false => {
                    self.partial.extend_from_slice(line);
                    let flow = lines.line(&self.partial);
                    self.partial.clear();
                    flow
                }
            };
            if flow.is_break() {
                return Ok(ControlFlow::Break(()));
            }
            piece = &rest[1..];
        }
        if self.partial.len() + piece.len() > LARGEST {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("a line has more than {LARGEST} bytes"),
            ));
        }
        self.partial.extend_from_slice(piece);
        Ok(ControlFlow::Continue(()))
    }

    /// Hands over a last line that has no end.
    pub fn rest(self, lines: &mut impl LineVisitor) {
        if !self.partial.is_empty() {
            let _ = lines.line(&self.partial);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keeps so many lines.
    struct FirstLines(usize, Vec<String>);

    impl LineVisitor for FirstLines {
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
                let mut kept = FirstLines(most, Vec::new());
                let mut cutter = LineSplitter::default();
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
}
