//! Ids of checks.

use std::borrow::Borrow;
use std::cell::RefCell;
use std::collections::HashSet;
use std::convert::Infallible;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use schemars::JsonSchema;

use super::text::serde_as_text;

/// The id of a check: `s3-bucket-public`. It can be the id of a check that only another version has.
// A run repeats each id for every account and Region, so equal ids of a thread share one text.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema)]
#[schemars(with = "String")]
pub struct CheckId(Arc<str>);

/// How many ids a thread shares. There are a few hundred checks; a file with more ids than that was not written by
/// orgscan, and must not fill the memory.
const SHARED: usize = 1_024;

thread_local! {
    static KNOWN: RefCell<HashSet<Arc<str>>> = RefCell::default();
}

impl CheckId {
    /// The id with this text.
    pub fn new(id: &str) -> Self {
        KNOWN.with_borrow_mut(|known| {
            if let Some(shared) = known.get(id) {
                return Self(shared.clone());
            }
            let new: Arc<str> = id.into();
            if known.len() < SHARED {
                known.insert(new.clone());
            }
            Self(new)
        })
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for CheckId {
    fn from(id: &str) -> Self {
        Self::new(id)
    }
}

impl From<String> for CheckId {
    fn from(id: String) -> Self {
        Self::new(&id)
    }
}

serde_as_text!(CheckId, |text| Ok::<_, Infallible>(CheckId::new(text)));

impl Deref for CheckId {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for CheckId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CheckId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for CheckId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl PartialEq<str> for CheckId {
    fn eq(&self, id: &str) -> bool {
        &*self.0 == id
    }
}

impl PartialEq<&str> for CheckId {
    fn eq(&self, id: &&str) -> bool {
        &*self.0 == *id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_ids_share_their_text() {
        let id = CheckId::new("s3-bucket-public");
        let read: CheckId = serde_json::from_str("\"s3-bucket-public\"").unwrap();
        assert!(Arc::ptr_eq(&id.0, &read.0));
        assert_eq!(
            serde_json::to_string(&read).unwrap(),
            "\"s3-bucket-public\""
        );
    }

    #[test]
    fn a_thread_shares_no_more_ids_than_there_can_be_checks() {
        let ids: Vec<_> = (0..2 * SHARED)
            .map(|n| CheckId::new(&format!("check-{n}")))
            .collect();
        assert_eq!(KNOWN.with_borrow(HashSet::len), SHARED);
        assert_eq!(ids[2 * SHARED - 1], "check-2047");
    }
}
