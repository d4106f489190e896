//! PEM, as far as keys need it: one block, strict.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// How many characters a line has.
const LINE: usize = 64;

/// A block of this kind, `PUBLIC KEY`.
pub(super) fn write(kind: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut out = format!("-----BEGIN {kind}-----\n");
    for (index, character) in text.chars().enumerate() {
        if index > 0 && index % LINE == 0 {
            out.push('\n');
        }
        out.push(character);
    }
    out.push_str(&format!("\n-----END {kind}-----\n"));
    out
}

/// What is in the first block of this kind; none where there is no such block, or it is damaged.
pub(super) fn read(kind: &str, text: &str) -> Option<Vec<u8>> {
    let (_, rest) = text.split_once(&format!("-----BEGIN {kind}-----"))?;
    let (body, _) = rest.split_once(&format!("-----END {kind}-----"))?;
    let body: String = body.split_ascii_whitespace().collect();
    STANDARD.decode(body).ok()
}

/// Base64 on one line, as it stands in a file: nothing else, and written in one way.
pub(super) fn line(bytes: &[u8]) -> String {
    format!("{}\n", STANDARD.encode(bytes))
}

/// What such a line has in it; none where a single byte is amiss.
pub(super) fn from_line(text: &[u8]) -> Option<Vec<u8>> {
    let bytes = STANDARD.decode(text.strip_suffix(b"\n")?).ok()?;
    (line(&bytes).as_bytes() == text).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let der: Vec<u8> = (0..91).collect();
        let text = write("PUBLIC KEY", &der);
        assert!(text.lines().all(|line| line.len() <= LINE), "{text}");
        assert_eq!(read("PUBLIC KEY", &text).as_deref(), Some(&*der));
        assert_eq!(read("PRIVATE KEY", &text), None);
        assert_eq!(read("PUBLIC KEY", "not a key"), None);
    }

    #[test]
    fn every_byte_of_a_line_counts() {
        for length in [63, 64, 71] {
            let bytes = vec![7; length];
            let text = line(&bytes);
            assert_eq!(from_line(text.as_bytes()), Some(bytes.clone()));
            for at in 0..text.len() {
                for bit in 0..8 {
                    let mut flipped = text.clone().into_bytes();
                    flipped[at] ^= 1 << bit;
                    assert_ne!(from_line(&flipped), Some(bytes.clone()), "byte {at}");
                }
            }
        }
    }
}
