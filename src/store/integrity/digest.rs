//! SHA-256, as manifests write it.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A SHA-256 hash: 64 lower-case hexadecimal digits.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", extend("pattern" = "^[0-9a-f]{64}$"))]
pub struct Sha256Sum([u8; 32]);

/// A text that should have been a SHA-256 hash, and is not.
#[derive(Debug, thiserror::Error)]
#[error("`{}` is not a SHA-256 hash; give 64 lower-case hexadecimal digits", .0.escape_debug())]
pub struct InvalidSha256(String);

impl Sha256Sum {
    /// The hash of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The hash itself.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Sha256Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Sha256Sum {
    type Err = InvalidSha256;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = || InvalidSha256(text.to_owned());
        let digit = |c: u8| match c {
            b'0'..=b'9' => Ok(c - b'0'),
            b'a'..=b'f' => Ok(c - b'a' + 10),
            _ => Err(refuse()),
        };
        let mut bytes = [0; 32];
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != bytes.len() || !rest.is_empty() {
            return Err(refuse());
        }
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for Sha256Sum {
    type Error = InvalidSha256;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Sha256Sum> for String {
    fn from(sum: Sha256Sum) -> Self {
        sum.to_string()
    }
}

/// Size and hash of what comes in chunks.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    size: u64,
    hash: Sha256,
}

impl Tally {
    /// Takes what comes next.
    pub fn add(&mut self, chunk: &[u8]) {
        self.size += chunk.len() as u64;
        self.hash.update(chunk);
    }

    /// Bytes, and their hash.
    pub fn finish(self) -> (u64, Sha256Sum) {
        (self.size, Sha256Sum(self.hash.finalize().into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_written_in_one_way_alone() {
        let text = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let sum = Sha256Sum::of(b"");
        assert_eq!(sum.to_string(), text);
        assert_eq!(text.parse::<Sha256Sum>().unwrap(), sum);
        let (size, tally) = Tally::default().finish();
        assert_eq!((size, tally), (0, sum));
        for bad in [&text[1..], &text.to_uppercase(), "", &format!("{text}00")] {
            assert!(bad.parse::<Sha256Sum>().is_err(), "{bad}");
        }
    }
}
