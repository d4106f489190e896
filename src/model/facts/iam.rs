//! Facts of IAM.

use jiff::Timestamp;

use crate::model::Gap;

/// The account's IAM users, and where they were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Users {
    /// All users; never the root user.
    pub list: Vec<User>,
    /// Where they were read.
    pub source: UserSource,
}

/// Where the IAM users were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserSource {
    /// The IAM credential report, which IAM makes at most once in four hours.
    CredentialReport {
        /// When IAM made it.
        generated: Timestamp,
        /// How old it was when it was read, in whole minutes.
        age_minutes: i64,
    },
    /// Calls per user, because the credential report could not be had.
    PerUserCalls {
        /// Why the credential report could not be had.
        because: Gap,
    },
}

/// An IAM user, as far as signing in goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// Whether it has a console password.
    pub has_password: bool,
    /// Whether it has an MFA device of any kind.
    pub has_mfa: bool,
    /// How many of its access keys are active: 0 to 2.
    pub active_keys: u8,
}
