//! What was created in the emulated organization, and so is in its recording.

use std::collections::BTreeMap;

use orgscan_core::model::{AccountId, Region};
use serde::Deserialize;

/// What was created in the organization, under the names that its makers gave it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Inventory {
    /// The management account.
    pub(crate) management_account: AccountId,
    /// The Regions that have something in them, or are off in an interesting way.
    pub(crate) regions: Vec<Region>,
    /// Accounts by name.
    pub(crate) accounts: BTreeMap<String, InventoryAccount>,
    /// Resources by logical name.
    pub(crate) resources: BTreeMap<String, InventoryResource>,
}

/// An account that was created.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct InventoryAccount {
    /// Its id.
    pub(crate) id: AccountId,
}

/// A resource that was created.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct InventoryResource {
    /// Its ARN.
    pub(crate) arn: String,
}
