//! Access keys that say whose they are and until when, so that no session need be remembered.

use super::rng::mix;

/// How the keys of sessions begin.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids>
const PREFIX: &str = "ASIA";

/// The digits of the rest: 16 of 5 bits each.
const DIGITS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

const EXPIRY_BITS: u32 = 34;
const CHECK_BITS: u32 = 26;

/// A session in an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SessionKey {
    /// The account's position in the list.
    pub(super) account: u32,
    /// When it ends, in seconds since 1970.
    pub(super) expires: u64,
}

impl SessionKey {
    /// The access key's id.
    pub(super) fn id(self) -> String {
        let packed = (u128::from(self.account) << (EXPIRY_BITS + CHECK_BITS))
            | (u128::from(self.expires) << CHECK_BITS)
            | u128::from(self.check());
        let digits = (0..16).rev().map(|at| (packed >> (at * 5)) as usize & 31);
        let digits = digits.map(|digit| char::from(DIGITS[digit]));
        PREFIX.chars().chain(digits).collect()
    }

    /// The session of an access key's id; none if it is not one of these.
    pub(super) fn parse(id: &str) -> Option<Self> {
        let digits = id.strip_prefix(PREFIX).filter(|rest| rest.len() == 16)?;
        let packed = digits.bytes().try_fold(0_u128, |packed, byte| {
            let digit = DIGITS.iter().position(|digit| *digit == byte)?;
            Some((packed << 5) | digit as u128)
        })?;
        let expires = (packed >> CHECK_BITS) & ((1 << EXPIRY_BITS) - 1);
        let key = Self {
            account: u32::try_from(packed >> (EXPIRY_BITS + CHECK_BITS)).ok()?,
            expires: u64::try_from(expires).ok()?,
        };
        (packed & ((1 << CHECK_BITS) - 1) == u128::from(key.check())).then_some(key)
    }

    /// Keeps keys from elsewhere from passing for one of these.
    fn check(self) -> u64 {
        mix(mix(u64::from(self.account)) ^ self.expires) & ((1 << CHECK_BITS) - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_its_account_and_its_expiry() {
        for (account, expires) in [
            (0, 1_795_000_000),
            (49_999, 1),
            ((1 << 20) - 1, (1 << 34) - 1),
        ] {
            let key = SessionKey { account, expires };
            let id = key.id();
            assert_eq!(id.len(), 20);
            assert_eq!(SessionKey::parse(&id), Some(key));
        }
    }

    #[test]
    fn other_keys_are_none() {
        let id = SessionKey {
            account: 3,
            expires: 1_795_000_000,
        }
        .id();
        let other = if id.ends_with('A') { "B" } else { "A" };
        assert_eq!(SessionKey::parse(&format!("{}{other}", &id[..19])), None);
        for id in ["demo", "management", "ASIA", "ASIAIOSFODNN7EXAMPLE", ""] {
            assert_eq!(SessionKey::parse(id), None, "{id}");
        }
    }
}
