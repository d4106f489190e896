//! What a run tells whoever watches it: a progress line, a test, or nobody.

use orgscan_core::model::{Account, AccountResult, Place};

/// Something that a run tells whoever watches it.
#[derive(Clone, Debug)]
pub enum Event<'a> {
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
    /// An account's Regions are known: so many targets (places) more.
    TargetsPlanned {
        /// The account.
        account: &'a Account,
        /// Its places: the account as a whole, and each Region to scan.
        places: usize,
    },
    /// All facts of one place are collected.
    TargetDone {
        /// The account.
        account: &'a Account,
        /// The place.
        place: &'a Place,
    },
    /// An account is done.
    AccountDone {
        /// What came of it.
        result: &'a AccountResult,
    },
    /// A stage of the run begins: "publishing", say.
    Stage(&'static str),
}

/// Watches a run. Told from many tasks at once, so it must not wait or block.
pub trait Observer: Send + Sync {
    /// Takes note of what happened.
    fn observe(&self, event: Event<'_>);
}

/// Watches nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {
    fn observe(&self, _: Event<'_>) {}
}
