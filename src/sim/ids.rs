//! Resource ids: found in recorded answers, renamed in copies, and led back to the recorded ones.

use std::collections::HashMap;
use std::ops::Range;

use super::recording::Exchange;
use super::rng::{SeededRng, mix, unmix};

/// A kind of resource, by the prefix of its ids.
struct IdKind {
    prefix: &'static str,
    /// Whether each multiple of a resource has an id of its own. Networks and prefix lists are not
    /// multiplied, so that all multiples lie in the same ones.
    multiplied: bool,
}

const fn kind(prefix: &'static str, multiplied: bool) -> IdKind {
    IdKind { prefix, multiplied }
}

static KINDS: &[IdKind] = &[
    kind("vol-", true),
    kind("i-", true),
    kind("r-", true),
    kind("eni-", true),
    kind("eni-attach-", true),
    kind("eipalloc-", true),
    kind("eipassoc-", true),
    kind("sg-", true),
    kind("sgr-", true),
    kind("snap-", true),
    kind("ami-", true),
    kind("vpc-", false),
    kind("subnet-", false),
    kind("rtb-", false),
    kind("rtbassoc-", false),
    kind("pl-", false),
    kind("igw-", false),
    kind("eigw-", false),
    kind("acl-", false),
    kind("aclassoc-", false),
    kind("fl-", false),
    kind("pcx-", false),
    kind("vpce-", false),
];

/// Hexadecimal digits of an id: 8 in old ones, 17 in those of today.
const DIGITS: std::ops::RangeInclusive<usize> = 8..=17;

/// Bits of a renamed id that hold the recorded id's code, and the number of the multiple.
const CODE_BITS: u32 = 24;
const MULTIPLE_BITS: u32 = 20;
const CODE_MASK: u64 = (1 << CODE_BITS) - 1;

/// The largest account number and multiple that a renamed id can hold.
pub(super) const LARGEST: u32 = (1 << MULTIPLE_BITS) - 1;

/// Whose id it is: `copy` is the number of the account, 0 for every recorded one; `multiple` is 0
/// for the recorded resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) copy: u32,
    pub(super) multiple: u32,
}

/// All ids of a recording.
#[derive(Debug, Default)]
pub(super) struct Ids {
    by_text: HashMap<Box<str>, u32>,
    by_code: HashMap<u32, u32>,
    recorded: Vec<RecordedId>,
}

#[derive(Debug)]
struct RecordedId {
    text: Box<str>,
    kind: usize,
    /// What stands for it in renamed ids. It follows from the text alone, so that ids of copies stay what they are
    /// when more is recorded.
    code: u32,
}

impl Ids {
    /// The ids in all answers of a recording.
    pub(super) fn of(exchanges: &[Exchange]) -> Self {
        let mut ids = Self::default();
        for exchange in exchanges {
            ids.find(&exchange.body);
        }
        ids
    }

    /// The ids in a text, each with its place, in the text's order. New ones are taken in.
    pub(super) fn find(&mut self, text: &str) -> Vec<(Range<usize>, u32)> {
        let dashes = text.match_indices('-');
        dashes
            .filter_map(|(dash, _)| {
                let (range, kind) = id_around(text, dash)?;
                let index = self.take_in(&text[range.clone()], kind)?;
                Some((range, index))
            })
            .collect()
    }

    fn take_in(&mut self, text: &str, kind: usize) -> Option<u32> {
        if let Some(index) = self.by_text.get(text) {
            return Some(*index);
        }
        let index = u32::try_from(self.recorded.len()).ok()?;
        let code = self.free_code(text)?;
        self.by_text.insert(text.into(), index);
        self.by_code.insert(code, index);
        self.recorded.push(RecordedId {
            text: text.into(),
            kind,
            code,
        });
        Some(index)
    }

    /// The code of an id: the first after its hash that no other has.
    fn free_code(&self, text: &str) -> Option<u32> {
        let bits = SeededRng::new(0).with(text).bits();
        let codes = (0..1 << CODE_BITS).map(|step| bits.wrapping_add(step) & CODE_MASK);
        let mut codes = codes.filter_map(|code| u32::try_from(code).ok());
        codes.find(|code| !self.by_code.contains_key(code))
    }

    /// Writes the id that a recorded one has for this owner.
    pub(super) fn write(&self, index: u32, owner: Owner, out: &mut String) {
        let Some(recorded) = self.recorded.get(index as usize) else {
            return;
        };
        let kind = &KINDS[recorded.kind];
        let multiple = if kind.multiplied { owner.multiple } else { 0 };
        if owner.copy == 0 && multiple == 0 {
            return out.push_str(&recorded.text);
        }
        let packed = (u64::from(owner.copy) << (CODE_BITS + MULTIPLE_BITS))
            | (u64::from(multiple) << CODE_BITS)
            | u64::from(recorded.code);
        out.push_str(kind.prefix);
        out.push('0');
        push_hex(mix(packed), out);
    }

    /// The recorded id that an id was written for, and its owner.
    pub(super) fn recorded(&self, id: &str) -> Option<(&str, Owner)> {
        if let Some(index) = self.by_text.get(id) {
            let owner = Owner {
                copy: 0,
                multiple: 0,
            };
            return Some((&self.recorded[*index as usize].text, owner));
        }
        let (_, digits) = id.rsplit_once('-')?;
        let digits = digits.strip_prefix('0').filter(|rest| rest.len() == 16)?;
        let packed = unmix(u64::from_str_radix(digits, 16).ok()?);
        let code = u32::try_from(packed & CODE_MASK).ok()?;
        let multiple = (packed >> CODE_BITS) & u64::from(LARGEST);
        let owner = Owner {
            copy: u32::try_from(packed >> (CODE_BITS + MULTIPLE_BITS)).ok()?,
            multiple: u32::try_from(multiple).ok()?,
        };
        let recorded = &self.recorded[*self.by_code.get(&code)? as usize];
        let same_kind = id.len() == KINDS[recorded.kind].prefix.len() + 17
            && id.starts_with(KINDS[recorded.kind].prefix);
        same_kind.then_some((&*recorded.text, owner))
    }
}

fn push_hex(number: u64, out: &mut String) {
    for shift in (0..16).rev() {
        let digit = (number >> (shift * 4)) as u32 & 15;
        out.extend(char::from_digit(digit, 16));
    }
}

/// The id whose last dash is here, with its kind.
fn id_around(text: &str, dash: usize) -> Option<(Range<usize>, usize)> {
    let bytes = text.as_bytes();
    let after = &bytes[dash + 1..];
    let is_hex = |byte: &&u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte);
    let digits = after.iter().take_while(is_hex).count();
    let ended = after.get(digits).is_none_or(|byte| !is_word(*byte));
    if !DIGITS.contains(&digits) || !ended {
        return None;
    }
    let start = bytes[..dash]
        .iter()
        .rposition(|byte| !(byte.is_ascii_lowercase() || *byte == b'-'))
        .map_or(0, |before| before + 1);
    if start > 0 && is_word(bytes[start - 1]) {
        return None;
    }
    let prefix = &text[start..=dash];
    let kind = KINDS.iter().position(|kind| kind.prefix == prefix)?;
    Some((start..dash + 1 + digits, kind))
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const TEXT: &str = "<a>vol-0123456789abcdef0</a><b>arn:x:subnet/subnet-12345678</b>\
                        <c>eni-attach-00112233</c><d>vol-0123456789abcdef0</d>";

    fn written(ids: &Ids, index: u32, copy: u32, multiple: u32) -> String {
        let mut out = String::new();
        ids.write(index, Owner { copy, multiple }, &mut out);
        out
    }

    #[test]
    fn ids_are_found_whole_and_each_is_known_once() {
        let mut ids = Ids::default();
        let found = ids.find(TEXT);
        let texts: Vec<_> = found
            .iter()
            .map(|(range, _)| &TEXT[range.clone()])
            .collect();
        assert_eq!(
            texts,
            [
                "vol-0123456789abcdef0",
                "subnet-12345678",
                "eni-attach-00112233",
                "vol-0123456789abcdef0"
            ]
        );
        assert_eq!(found[0].1, found[3].1);
        for other in [
            "550e8400-e29b-41d4-a716-446655440000",
            "my-vol-0123456789abcdef0",
            "vol-0123456789abcdef01",
            "vol-1234567",
            "dopt-0123456789abcdef0",
            "Xvol-0123456789abcdef0",
            "vol-01234567z",
        ] {
            assert!(ids.find(other).is_empty(), "{other}");
        }
    }

    #[test]
    fn a_renamed_id_leads_back_to_the_recorded_one() {
        let mut ids = Ids::default();
        ids.find(TEXT);
        assert_eq!(written(&ids, 0, 0, 0), "vol-0123456789abcdef0");
        for (copy, multiple) in [(0, 1), (1, 0), (17, 3), (LARGEST, LARGEST)] {
            let id = written(&ids, 0, copy, multiple);
            assert_eq!(id.len(), "vol-".len() + 17, "{id}");
            let expected = ("vol-0123456789abcdef0", Owner { copy, multiple });
            assert_eq!(ids.recorded(&id), Some(expected));
        }
        assert_eq!(ids.recorded("vol-0ffffffffffffffff"), None);
        assert_eq!(ids.recorded("vol-1"), None);
    }

    #[test]
    fn copies_and_multiples_share_no_id_and_networks_no_multiples() {
        let mut ids = Ids::default();
        ids.find(TEXT);
        let mut seen = HashSet::new();
        for (copy, multiple) in (0..50).flat_map(|copy| (0..20).map(move |k| (copy, k))) {
            assert!(seen.insert(written(&ids, 0, copy, multiple)));
        }
        assert_eq!(written(&ids, 1, 4, 9), written(&ids, 1, 4, 0));
        assert_ne!(written(&ids, 1, 4, 0), written(&ids, 1, 5, 0));
    }
}
