//! The facts of one account.

use std::collections::BTreeMap;

use super::FactStore;
use crate::model::{Account, Region};

/// All facts and gaps of one account. Dropped as soon as it is evaluated.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Whose facts these are.
    pub account: Account,
    /// The AWS partition, for ARNs: `aws`, `aws-us-gov`.
    pub partition: String,
    /// Facts of the account as a whole.
    pub global: FactStore,
    /// Facts of each Region that was planned.
    pub regions: BTreeMap<Region, FactStore>,
}
