//! Public keys, and what they say about signatures. Asks nobody: both algorithms are checked here.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use ring::signature::{ECDSA_P256_SHA256_ASN1, ED25519, UnparsedPublicKey, VerificationAlgorithm};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Sha256Sum, pem};

/// How a manifest is signed.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Algorithm {
    /// Ed25519 (RFC 8032): a local key.
    Ed25519,
    /// ECDSA on the curve P-256 with SHA-256, the signature in ASN.1: a KMS key of the kind
    /// `ECC_NIST_P256`.
    EcdsaP256Sha256,
}

/// What a SubjectPublicKeyInfo begins with, before the key itself: its kind, and no parameter that could
/// be otherwise.
///
/// Source: RFC 8410, sections 3 and 4.
const ED25519_PREFIX: &[u8] = &[
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

/// Source: RFC 5480, section 2; the last byte says that the point is written out.
const P256_PREFIX: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

const PUBLIC_KEY: &str = "PUBLIC KEY";

/// A public key that can have signed a manifest.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", extend("contentEncoding" = "base64"))]
pub struct PublicKey {
    algorithm: Algorithm,
    /// SubjectPublicKeyInfo.
    der: Vec<u8>,
}

/// What should have been a public key, and is not.
#[derive(Debug, thiserror::Error)]
#[error("not a public key for manifests; use Ed25519 or ECDSA on P-256, in PEM")]
pub struct KeyError;

impl PublicKey {
    /// The key of this SubjectPublicKeyInfo, which is what KMS hands out.
    ///
    /// # Errors
    /// Where it is of no kind that signs manifests.
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        let kinds = [
            (Algorithm::Ed25519, ED25519_PREFIX, 32),
            (Algorithm::EcdsaP256Sha256, P256_PREFIX, 65),
        ];
        let kind = kinds.into_iter().find(|(_, prefix, length)| {
            let key = der.strip_prefix(*prefix);
            key.is_some_and(|key| key.len() == *length)
        });
        let (algorithm, ..) = kind.ok_or(KeyError)?;
        Ok(Self {
            algorithm,
            der: der.to_owned(),
        })
    }

    /// The key in a PEM file.
    ///
    /// # Errors
    /// If there is no key, or its kind cannot sign manifests.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        Self::from_der(&pem::read(PUBLIC_KEY, text).ok_or(KeyError)?)
    }

    /// An Ed25519 key.
    pub(super) fn ed25519(key: &[u8]) -> Self {
        Self {
            algorithm: Algorithm::Ed25519,
            der: [ED25519_PREFIX, key].concat(),
        }
    }

    /// The key as a PEM file.
    pub fn to_pem(&self) -> String {
        pem::write(PUBLIC_KEY, &self.der)
    }

    /// How it signs.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The key's short name: the hash of its SubjectPublicKeyInfo, `SHA256:` and base64.
    pub fn fingerprint(&self) -> String {
        let sum = Sha256Sum::of(&self.der);
        format!("SHA256:{}", STANDARD_NO_PAD.encode(sum.as_bytes()))
    }

    /// Whether this is the key's signature of these bytes.
    pub fn has_signed(&self, bytes: &[u8], signature: &[u8]) -> bool {
        let (algorithm, prefix): (&'static dyn VerificationAlgorithm, _) = match self.algorithm {
            Algorithm::Ed25519 => (&ED25519, ED25519_PREFIX),
            Algorithm::EcdsaP256Sha256 => (&ECDSA_P256_SHA256_ASN1, P256_PREFIX),
        };
        let key = self.der.get(prefix.len()..).unwrap_or_default();
        let key = UnparsedPublicKey::new(algorithm, key);
        key.verify(bytes, signature).is_ok()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.fingerprint())
    }
}

impl TryFrom<String> for PublicKey {
    type Error = KeyError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::from_der(&STANDARD.decode(text).map_err(|_| KeyError)?)
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        STANDARD.encode(key.der)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // From RFC 8410, section 10.1, and made by `openssl ecparam -name prime256v1 -genkey`.
    const ED25519_PEM: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
";

    #[test]
    fn a_key_is_read_and_written_in_one_way() {
        let key = PublicKey::from_pem(ED25519_PEM).unwrap();
        assert_eq!(key.algorithm(), Algorithm::Ed25519);
        assert_eq!(key.to_pem(), ED25519_PEM);
        let text = String::from(key.clone());
        assert_eq!(PublicKey::try_from(text).unwrap(), key);
        assert!(key.fingerprint().starts_with("SHA256:"));
        assert_eq!(key.fingerprint().len(), 50);
    }

    #[test]
    fn other_keys_are_none() {
        let rsa = [0x30, 0x82, 0x01, 0x22, 0x30, 0x0d];
        for der in [
            &rsa[..],
            &[],
            ED25519_PREFIX,
            &[ED25519_PREFIX, &[0; 33]].concat(),
        ] {
            assert!(PublicKey::from_der(der).is_err(), "{der:?}");
        }
    }
}
