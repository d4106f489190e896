//! Who orgscan runs as.

use orgscan_core::model::{AccountId, Arn};

/// Where the caller's credentials and endpoints come from.
#[derive(Clone, Debug, Default)]
pub enum Source {
    /// The environment, the shared configuration files, the instance or function: AWS's own chain.
    #[default]
    Environment,
    /// An emulator at this URL, which takes any credentials.
    Emulator(String),
}

/// Who orgscan runs as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The caller's account.
    pub account: AccountId,
    /// The caller's ARN.
    pub arn: Arn,
    /// The caller's partition.
    pub partition: String,
}
