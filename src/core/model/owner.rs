//! Whose a resource is.

use super::{AccountId, Gap};

/// Whose a resource is that AWS lists for an account.
///
/// Resources that another account shares are listed too. They count for what depends on them, and the
/// account that owns them reports them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Owner {
    /// The account's own.
    #[default]
    Own,
    /// Another account's, by its id.
    Other(String),
    /// AWS does not say.
    Unknown(Gap),
}

impl Owner {
    /// The owner by the id that AWS gives; or why there is none.
    pub fn new(id: Result<String, Gap>, account: &AccountId) -> Self {
        match id {
            Ok(id) if id == account.as_str() => Self::Own,
            Ok(id) => Self::Other(id),
            Err(gap) => Self::Unknown(gap),
        }
    }
}
