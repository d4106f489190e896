//! What a run reports to its observer: a progress line, a test, or nobody.

use orgscan_core::model::{Account, AccountResult, TargetScope};

/// Something that a run reports to its observer.
#[derive(Clone, Debug)]
pub enum RunEvent<'a> {
    /// So many accounts more are listed and to be scanned.
    Planned {
        /// Accounts to scan.
        accounts: usize,
    },
    /// All accounts are listed.
    Listed,
    /// Work on an account begins.
    AccountStarted {
        /// The account.
        account: &'a Account,
    },
    /// An account's Regions are known: so many scopes more.
    TargetsPlanned {
        /// The account.
        account: &'a Account,
        /// Its scopes: the account as a whole, and each Region to scan.
        scopes: usize,
    },
    /// All facts of one scope are collected.
    TargetDone {
        /// The account.
        account: &'a Account,
        /// The scope.
        scope: &'a TargetScope,
    },
    /// An account is done.
    AccountDone {
        /// What came of it.
        result: &'a AccountResult,
    },
    /// A stage of the run begins: "publishing", say.
    Stage(&'static str),
}

/// Watches a run. Called from many tasks at once, so it must not wait or block.
pub trait Observer: Send + Sync {
    /// Takes note of what happened.
    fn observe(&self, event: RunEvent<'_>);
}

/// Watches nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoObserver;

impl Observer for NoObserver {
    fn observe(&self, _: RunEvent<'_>) {}
}
