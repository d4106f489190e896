//! Ids for exceptions that have none of their own.

use std::collections::BTreeSet;

use serde::Serialize;

/// An id that comes from what an exception matches, and nothing else: it stays when the reason, the
/// expiry date or the position in the file changes.
pub(super) fn derived(kind: &str, matches: &impl Serialize, taken: &BTreeSet<String>) -> String {
    // Mappings of plain values always have a form as JSON.
    let text = serde_json::to_string(matches).unwrap_or_default();
    let id = format!("{kind}-{:08x}", fnv1a(text.as_bytes()) as u32);
    let again = (2_u32..).map(|n| format!("{id}-{n}"));
    let mut candidates = std::iter::once(id.clone()).chain(again);
    candidates.find(|id| !taken.contains(id)).unwrap_or(id)
}

/// FNV-1a, 64 bits: the same on every machine and in every version, which the standard library's
/// hashes do not promise.
///
/// Source: <http://www.isthe.com/chongo/tech/comp/fnv/>
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn the_same_match_twice_has_two_ids() {
        let mut taken = BTreeSet::new();
        let first = derived("exception", &["a"], &taken);
        assert_eq!(first, derived("exception", &["a"], &taken));
        assert_ne!(first, derived("exception", &["b"], &taken));
        taken.insert(first.clone());
        assert_eq!(derived("exception", &["a"], &taken), format!("{first}-2"));
    }
}
