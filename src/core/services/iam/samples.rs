//! What the tests of the checks share.

use jiff::Timestamp;

use super::{AccessKey, LastUsed, Password, Root, User, UserSource, Users};
use crate::checks::samples::{NOW, ago};
use crate::facts::FactStore;
use crate::model::Reading;

/// A user without credentials, made two years ago.
pub(super) fn user(name: &str) -> User {
    User {
        name: name.into(),
        arn: format!("arn:aws:iam::111122223333:user/{name}").into(),
        created: ago(730),
        password: None,
        has_mfa: true,
        keys: Vec::new(),
    }
}

pub(super) fn password(changed: Timestamp, used: LastUsed) -> Password {
    Password {
        changed: Some(changed),
        used,
    }
}

pub(super) fn key(slot: u8, active: bool, rotated: Timestamp, used: LastUsed) -> AccessKey {
    AccessKey {
        slot,
        active,
        rotated: Some(rotated),
        used,
    }
}

/// An account with these users and a root user that was never used, by its credential report.
pub(super) fn users(list: Vec<User>) -> FactStore {
    FactStore::default().with::<Users>(Reading::known(Users {
        list: list.into(),
        root: Reading::known(Root {
            password: LastUsed::Never,
            keys: Vec::new(),
        }),
        source: UserSource::CredentialReport {
            generated: NOW.parse().unwrap(),
            age_minutes: 0,
            added: 0,
        },
    }))
}
