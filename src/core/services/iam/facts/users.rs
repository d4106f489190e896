//! Facts of IAM users and of the root user: who can sign in, with what, and when that was last used.

use super::AccountNumbers;
use crate::facts::{Fact, FactSpec};
use std::time::Instant;

use jiff::Timestamp;

use crate::model::{Arn, Gap, Items, Reading};
use crate::services::iam::apis;

/// The account's IAM users, and where they were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Users {
    /// All users; never the root user.
    pub list: Items<User>,
    /// The root user, whom only the credential report tells of.
    pub root: Reading<Root>,
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
        /// How many users it lacks, which were read with calls of their own.
        added: u64,
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
    pub arn: Arn,
    /// When it was made.
    pub created: Timestamp,
    /// Its console password, if it has one.
    pub password: Option<Password>,
    /// Whether it has an MFA device of any kind.
    pub has_mfa: bool,
    /// Its access keys, inactive ones too: two at most.
    pub keys: Vec<AccessKey>,
}

impl User {
    /// How many of its access keys are active.
    pub fn active_keys(&self) -> u64 {
        self.keys.iter().filter(|key| key.active).count() as u64
    }
}

/// A console password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Password {
    /// When it was set; nothing where IAM does not know.
    pub changed: Option<Timestamp>,
    /// When its owner signed in with it last.
    pub used: LastUsed,
}

/// An access key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessKey {
    /// Its place among the user's keys, 1 or 2, as the credential report has them.
    pub slot: u8,
    /// Whether it works.
    pub active: bool,
    /// When it was made or last rotated; nothing where IAM does not know.
    pub rotated: Option<Timestamp>,
    /// When a request was signed with it last.
    pub used: LastUsed,
}

/// When a credential was last used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastUsed {
    /// At this time.
    At(Timestamp),
    /// Never since IAM takes note of it: October 2014 for passwords, April 2015 for keys.
    Never,
    /// It was not asked for.
    NotRead,
}

/// The root user's credentials, as the credential report has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// When somebody signed in with its password last.
    pub password: LastUsed,
    /// Its access keys, inactive ones too.
    pub keys: Vec<AccessKey>,
}

/// That IAM has been asked for the credential report, which it takes a while to make.
#[derive(Debug)]
pub struct CredentialReportRequest {
    /// When it was asked.
    pub at: Instant,
    /// Whether there is one that IAM made before.
    pub is_ready: bool,
}

impl Fact for CredentialReportRequest {
    type Value = Self;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "iam.credential_report_asked",
        calls: &[&apis::GENERATE_CREDENTIAL_REPORT],
        ..FactSpec::ACCOUNT
    };
}

impl Fact for Users {
    type Value = Self;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "iam.users",
        // The last four only where the credential report cannot be had, or lacks users.
        calls: &[
            &apis::GET_CREDENTIAL_REPORT,
            &apis::LIST_USERS,
            &apis::GET_LOGIN_PROFILE,
            &apis::LIST_MFA_DEVICES,
            &apis::LIST_ACCESS_KEYS,
        ],
        reads: &[CredentialReportRequest::SPEC, AccountNumbers::SPEC],
        is_late: true,
        ..FactSpec::ACCOUNT
    };
}
