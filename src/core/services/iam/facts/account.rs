//! Facts of IAM about the account as a whole: the root user's credentials, the password policy, server
//! certificates, and what the organization does about root users.

use crate::facts::{Fact, FactSpec};
use jiff::Timestamp;

use crate::model::{Arn, Gap, Items, Reading};
use crate::services::iam::apis;

/// What the account's summary says of the root user's credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RootCredentials {
    /// Whether it has an access key.
    pub has_key: Reading<bool>,
    /// Whether it has an MFA device of any kind.
    pub has_mfa: Reading<bool>,
    /// Whether it has a password. It has none where the organization manages root access centrally.
    pub has_password: bool,
}

impl RootCredentials {
    /// Whether nobody can sign in as the root user, nor sign a request.
    ///
    /// # Errors
    /// The gap, where it depends on the access key and nothing is known of it.
    pub fn are_removed(&self) -> Result<bool, Gap> {
        Ok(!self.has_password && !*self.has_key.get()?)
    }
}

/// What the account asks of its users' passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// The fewest characters.
    pub minimum_length: u32,
    /// How many former passwords cannot be used again.
    pub remembered: u32,
    /// Whether there has to be an upper case letter.
    pub uppercase: bool,
    /// Whether there has to be a lower case letter.
    pub lowercase: bool,
    /// Whether there has to be a digit.
    pub numbers: bool,
    /// Whether there has to be a character that is neither letter nor digit.
    pub symbols: bool,
}

/// A server certificate that is kept in IAM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerCertificate {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: Arn,
    /// When it expires.
    pub expires: Timestamp,
}

/// What the organization does about the root users of its members.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RootAccess {
    /// Whether root credentials of members can be removed, and stay removed: `RootCredentialsManagement`.
    pub manages_credentials: bool,
    /// Whether the central account can do in members what only a root user can: `RootSessions`.
    pub has_sessions: bool,
}

/// What the account's summary tells.
#[derive(Clone, Debug)]
pub struct AccountNumbers {
    /// The root user's credentials.
    pub root: RootCredentials,
    /// How many IAM users there are.
    pub users: Reading<u64>,
}

impl Fact for AccountNumbers {
    type Value = Self;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "iam.account_summary",
        calls: &[&apis::GET_ACCOUNT_SUMMARY],
        ..FactSpec::ACCOUNT
    };
}

impl Fact for RootCredentials {
    type Value = Self;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "iam.root",
        least: 0,
        reads: &[AccountNumbers::SPEC],
        ..FactSpec::ACCOUNT
    };
}

/// Whether the root user's MFA device, or one of them, is a virtual one; read only where it has one.
#[derive(Debug)]
pub struct RootVirtualMfa;

impl Fact for RootVirtualMfa {
    type Value = bool;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "iam.root_virtual_mfa",
        calls: &[&apis::LIST_VIRTUAL_MFA_DEVICES],
        least: 0,
        reads: &[AccountNumbers::SPEC],
        ..FactSpec::ACCOUNT
    };
}

/// The account's own password policy; none where AWS's default is in force.
#[derive(Debug)]
pub struct AccountPasswordPolicy;

impl Fact for AccountPasswordPolicy {
    type Value = Option<PasswordPolicy>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "iam.password_policy",
        calls: &[&apis::GET_PASSWORD_POLICY],
        ..FactSpec::ACCOUNT
    };
}

/// Server certificates that are kept in IAM.
#[derive(Debug)]
pub struct ServerCertificates;

impl Fact for ServerCertificates {
    type Value = Items<ServerCertificate>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "iam.server_certificates",
        calls: &[&apis::LIST_SERVER_CERTIFICATES],
        ..FactSpec::ACCOUNT
    };
}

/// What the organization does about root users; none outside an organization.
#[derive(Debug)]
pub struct CentralRootAccess;

impl Fact for CentralRootAccess {
    type Value = Option<RootAccess>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "iam.central_root_access",
        calls: &[&apis::LIST_ORGANIZATIONS_FEATURES],
        ..FactSpec::ORGANIZATION
    };
}
